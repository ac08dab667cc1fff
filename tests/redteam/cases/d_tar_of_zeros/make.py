# @attack  a tar of a few kilobytes that holds a quarter of a gigabyte
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



with tarfile.open(Path(sys.argv[1]) / "submission.tar.bz2", "w:bz2") as tar:
    info, _ = entry("framing/framing.py")
    info.size = 1 << 28

    class Zeros(io.RawIOBase):
        def read(self, size=-1):
            return b"\0" * size

    tar.addfile(info, Zeros())
