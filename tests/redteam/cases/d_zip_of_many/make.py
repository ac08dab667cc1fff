# @attack  a zip of a hundred thousand members
# @expect  refused
import sys
import zipfile
from pathlib import Path


with zipfile.ZipFile(Path(sys.argv[1]) / "submission.zip", "w") as z:
    for i in range(100_000):
        z.writestr(f"f/{i}", "")
