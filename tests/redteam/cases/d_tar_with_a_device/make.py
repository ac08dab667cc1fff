# @attack  a tar with devices and pipes in the places of modules
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



with tarfile.open(Path(sys.argv[1]) / "submission.tar", "w") as tar:
    for name, kind in (("framing/framing.py", tarfile.CHRTYPE), ("threaded_echo/echo_server.py", tarfile.FIFOTYPE)):
        info, _ = entry(name, kind)
        info.devmajor, info.devminor = 1, 5
        tar.addfile(info)
