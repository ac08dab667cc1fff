"""Archives as students and attackers make them, built in memory, and a witness that taking them changes nothing."""

from __future__ import annotations

import io
import os
import struct
import sys
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

UTF8, ENCRYPTED = 0x800, 0x1
STORED, DEFLATED = 0, 8
MODULES = {"framing": ("framing.py",), "threaded_echo": ("echo_server.py",)}


@dataclass(frozen=True)
class Zipped:
    """One entry of a zip with every field free to lie; size, crc and packed are the true ones by default."""

    name: bytes
    data: bytes = b""
    flags: int = 0
    method: int = DEFLATED
    mode: int = 0
    size: int | None = None
    crc: int | None = None
    packed: bytes | None = None


def a_zip(*entries: Zipped) -> bytes:
    body, directory = bytearray(), bytearray()
    for e in entries:
        packed = e.packed or (_deflated(e.data) if e.method == DEFLATED else e.data)
        size = len(e.data) if e.size is None else e.size
        crc = zlib.crc32(e.data) if e.crc is None else e.crc
        common = struct.pack("<HHHHHIIIHH", 20, e.flags, e.method, 0, 0x21, crc, len(packed), size, len(e.name), 0)
        directory += struct.pack("<4sH", b"PK\x01\x02", 0x031E) + common
        directory += struct.pack("<HHHII", 0, 0, 0, e.mode << 16, len(body)) + e.name
        body += b"PK\x03\x04" + common + e.name + packed
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, len(entries), len(entries), len(directory), len(body), 0)
    return bytes(body + directory + end)


def _deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def a_tar(*entries: tarfile.TarInfo | tuple[str, bytes], packed: str = "", form: int = tarfile.PAX_FORMAT) -> bytes:
    """entries: (name, data), or a TarInfo as it is, without data."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=f"w:{packed}", format=form) as tar:
        for e in entries:
            info, data = (e, b"") if isinstance(e, tarfile.TarInfo) else (tarfile.TarInfo(e[0]), e[1])
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


def special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


class _Witness:
    """What the interpreter was asked to do while watching: opened for writing, started, moved, made or deleted."""

    ACTS = ("os.", "subprocess.", "shutil.", "socket.", "tempfile.", "exec", "ctypes.")
    HARMLESS = ("os.scandir", "os.listdir", "os.walk")

    def __init__(self) -> None:
        self.seen: list[str] | None = None
        sys.addaudithook(self._hook)

    def _hook(self, event: str, args: tuple[object, ...]) -> None:
        if self.seen is None or event in self.HARMLESS:
            return
        if event == "open":
            *_, flags = args
            if isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                self.seen.append(f"open {args}")
        elif event.startswith(self.ACTS):
            self.seen.append(f"{event} {args}")


_WITNESS = _Witness()  # an audit hook cannot be taken out again, so there is one for all tests


@contextmanager
def nothing_changed() -> Iterator[None]:
    """Fails where the code within writes, starts, moves, makes or deletes anything."""
    for codec in ("cp437", "cp936", "unicode_escape"):  # imported when first used, which is not what we look for
        b"x".decode(codec)
    _WITNESS.seen = seen = []
    try:
        yield
    finally:
        _WITNESS.seen = None
    assert seen == [], seen
