# @attack  a tar with a link to a file of the host in the place of a module, and a file that goes through a linked folder
# @expect  refused
import io
import sys
import tarfile
from pathlib import Path

with tarfile.open(Path(sys.argv[1]) / "submission.tar.gz", "w:gz") as tar:
    link = tarfile.TarInfo("framing/framing.py")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    tar.addfile(link)
    folder = tarfile.TarInfo("threaded_echo")
    folder.type, folder.linkname = tarfile.SYMTYPE, "/tmp"
    tar.addfile(folder)
    content = b"pwned"
    through = tarfile.TarInfo("threaded_echo/pwned_by_tar")
    through.size = len(content)
    tar.addfile(through, io.BytesIO(content))
