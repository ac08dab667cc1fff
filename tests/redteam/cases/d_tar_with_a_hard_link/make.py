# @attack  a tar with a hard link to a file of the host
# @expect  refused
import io
import sys
import tarfile
from pathlib import Path


def entry(name, kind=tarfile.REGTYPE, link="", content=b"pwned = True\n", mode=0o644):
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mode = kind, link, mode
    info.size = len(content) if kind == tarfile.REGTYPE else 0
    return info, io.BytesIO(content)



with tarfile.open(Path(sys.argv[1]) / "submission.tar.xz", "w:xz") as tar:
    tar.addfile(*entry("framing/framing.py", tarfile.LNKTYPE, "../../../../etc/passwd"))
