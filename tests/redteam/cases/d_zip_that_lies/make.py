# @attack  a zip whose directory says that a member is small
# @expect  refused
import sys
import zipfile
from pathlib import Path


import struct

path = Path(sys.argv[1]) / "submission.zip"
with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("framing/framing.py", b"#" * (64 << 20))
data = bytearray(path.read_bytes())
for magic, at in ((b"PK\1\2", 24), (b"PK\3\4", 22)):
    where = data.find(magic) + at
    data[where : where + 4] = struct.pack("<I", 10)
path.write_bytes(data)
