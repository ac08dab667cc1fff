# @attack  a zip whose names lead out of it
# @expect  refused
import sys
import zipfile
from pathlib import Path


with zipfile.ZipFile(Path(sys.argv[1]) / "submission.zip", "w") as z:
    for name in ("../../../../tmp/pwned_by_zip", "/tmp/pwned_by_zip", "C:\\pwned", "framing/../../pwned", "framing/framing.py"):
        z.writestr(name, "pwned = True")
