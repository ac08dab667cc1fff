# @attack  a zip with a symbolic link in the place of a module
# @expect  refused
import sys
import zipfile
from pathlib import Path


with zipfile.ZipFile(Path(sys.argv[1]) / "submission.zip", "w") as z:
    link = zipfile.ZipInfo("framing/framing.py")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    z.writestr(link, "/etc/shadow")
