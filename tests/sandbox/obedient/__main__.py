"""An agent of one part: obeys every line, a JSON string of Python, and answers with what that printed or raised."""

import contextlib
import hashlib
import io
import json
import os
import sys
from pathlib import Path

digest = hashlib.sha256(b"__main__.py" + Path(__file__).read_bytes()).hexdigest()
hello = {"op": "hello", "pid": os.getpid(), "digest": digest, "python": sys.version.split()[0]}
print(json.dumps(hello), flush=True)
for line in sys.stdin:
    with contextlib.redirect_stdout(io.StringIO()) as said:
        try:
            exec(json.loads(line), {})
        except Exception as e:
            print(type(e).__name__, getattr(e, "errno", e))
    print(json.dumps(said.getvalue().strip()), flush=True)
