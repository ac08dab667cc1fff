"""Makes the submissions of tests/classroom that are copies, or no plain text: `python tests/make_classroom.py [DIR]`.

Running it again gives identical bytes, whatever the version of Python or zlib: dates are fixed and nothing is deflated.
Contents come from the plain submissions beside them, so that one right solution is written down once.
"""

from __future__ import annotations

import io
import struct
import sys
import tarfile
import zipfile
import zlib
from pathlib import Path

CLASSROOM = Path(__file__).parent / "classroom"
EXERCISES = Path(__file__).parent.parent / "exercises"
FRAMING, ECHO = "framing/framing.py", "threaded_echo/echo_server.py"
DATE = (2024, 3, 1, 9, 0, 0)
HOMEWORK = "作业"
PLACEHOLDER = "@@@@"  # as many bytes as HOMEWORK has in GBK


def files() -> dict[str, bytes]:
    """Path below the classroom → content."""
    return {
        f"jiang_untouched/{FRAMING}": (EXERCISES / FRAMING).read_bytes(),
        f"jiang_untouched/{ECHO}": (EXERCISES / ECHO).read_bytes(),
        f"chen_gbk/{FRAMING}": source("xu_zhongwen", FRAMING).decode().encode("gbk"),
        f"chen_gbk/{ECHO}": source("xu_zhongwen", ECHO),
        f"he_bom/{FRAMING}": b"\xef\xbb\xbf" + crlf(source("zhao_memoryview", FRAMING)),
        f"he_bom/{ECHO}": b"\xef\xbb\xbf" + crlf(source("zhao_memoryview", ECHO)),
        "wang_windows_zip.zip": windows_zip({p: crlf(source("sun_makefile", p)) for p in (FRAMING, ECHO)}),
        "zhang_tar_gz.tar.gz": gzip_stored(
            plain_tar({FRAMING: source("shen_one_missing", FRAMING), ECHO: source("ma_capital_letter", ECHO)})
        ),
        "cao_corrupt_zip.zip": windows_zip({FRAMING: source("liu_beginner", FRAMING)})[:-40],
        "yan_rar.rar": b"Rar!\x1a\x07\x01\x00" + bytes(range(64)),
    }


def source(student: str, path: str) -> bytes:
    return (CLASSROOM / student / path).read_bytes()


def crlf(text: bytes) -> bytes:
    return text.replace(b"\n", b"\r\n")


def windows_zip(contents: dict[str, bytes]) -> bytes:
    """As a program on a Chinese Windows makes it: backslashes, names in GBK without a word about it, no modes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        for path, data in contents.items():
            info = zipfile.ZipInfo(f"{PLACEHOLDER}\\" + path.replace("/", "\\"), DATE)
            info.create_system, info.external_attr = 0, 0x20
            file.writestr(info, data)
    return out.getvalue().replace(PLACEHOLDER.encode(), HOMEWORK.encode("gbk"))


def plain_tar(contents: dict[str, bytes]) -> bytes:
    """With a folder of its own around, as `tar czf homework.tar.gz homework` makes it."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path, data in contents.items():
            info = tarfile.TarInfo(f"{HOMEWORK}/{path}")
            info.size, info.mtime, info.mode = len(data), 1_709_283_600, 0o644
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


def gzip_stored(data: bytes) -> bytes:
    """A gzip file of one stored block, which is the same whichever library writes it. At most 65,535 bytes."""
    header = b"\x1f\x8b\x08" + bytes(6) + b"\xff"
    block = struct.pack("<BHH", 1, len(data), len(data) ^ 0xFFFF) + data
    return header + block + struct.pack("<II", zlib.crc32(data), len(data))


def main(folder: Path) -> None:
    for path, data in files().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else CLASSROOM)
