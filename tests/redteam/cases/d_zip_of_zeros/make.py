# @attack  a zip of a few hundred kilobytes that holds a quarter of a gigabyte
# @expect  refused
import sys
import zipfile
from pathlib import Path


with zipfile.ZipFile(Path(sys.argv[1]) / "submission.zip", "w", zipfile.ZIP_DEFLATED) as z:
    with z.open("framing/framing.py", "w", force_zip64=True) as f:
        for _ in range(16):
            f.write(b"\0" * (1 << 24))
