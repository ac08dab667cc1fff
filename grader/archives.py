"""The members of a zip or tar that was handed in. Layer 4: bytes in, members out, no file is opened.

Rule 1: nothing is unpacked. A member is read only when asked for, and never further than asked for.
Rule 2: the whole archive is judged by names, kinds and announced sizes before a member is read: one link, device,
    password or name that leads outside, and all of it is refused. Somebody may unpack by hand what we pass on.
Rule 3: what an archive says about itself costs nothing if it lies. Compressed tars are inflated up to a cap; zips may
    use `deflate` only (zipfile inflates bzip2 and LZMA members without any bound); every loop ends with the bytes.

Tar headers are read here, not by `tarfile`: that takes a damaged header in the middle for the end of the archive, so
that the rest would be lost without a word, and Python releases before 3.11.10 search hostile pax headers in quadratic
time (CVE-2024-6232), later ones still loop on negative sizes (CVE-2025-8194).
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from grader.errors import SubmissionError
from grader.model import say
from grader.report import escape

MIB = 1 << 20
NAME = 200  # characters shown of a name
UNPACKED = 20 * MIB  # bytes of all members together
ENTRIES = 2_000  # files and folders
DEPTH = 32  # folders in folders
ARCHIVE = UNPACKED + ENTRIES * 2_048  # bytes: a tar adds up to 2 KiB of headers and padding to each entry

INFLATERS: dict[bytes, Callable[[io.BytesIO], io.BufferedIOBase]] = {
    b"\x1f\x8b": lambda packed: gzip.GzipFile(fileobj=packed),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\0": lzma.LZMAFile,
}
ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
ZIP_DIRECTORY_ENTRY = b"PK\x01\x02"
ZIP_ENCRYPTED, ZIP_UTF8 = 0x1, 0x800
BLOCK = 512  # bytes of a tar header
TAR_KINDS = {
    **dict.fromkeys((b"0", b"\0", b"7"), stat.S_IFREG),
    **dict.fromkeys((b"1", b"2"), stat.S_IFLNK),
    b"5": stat.S_IFDIR,
}


@dataclass(frozen=True, slots=True)
class Member:
    """A regular file of a submission. read(n): its first n bytes, or all if fewer. Raises SubmissionError."""

    parts: tuple[str, ...]
    read: Callable[[int], bytes]

    def __str__(self) -> str:
        return shown("/".join(self.parts))


@dataclass(frozen=True, slots=True)
class _Entry:
    """What an archive says of one of its members. mode: as in os.stat."""

    name: str
    mode: int
    size: int
    read: Callable[[int], bytes]


def members(archive: bytes) -> list[Member]:
    """The regular files in a zip or tar. Raises SubmissionError with the reason for which it is refused."""
    if len(archive) > ARCHIVE:
        raise too_large()
    with _damaged():
        return list(_files(_entries(archive)))


def shown(name: str) -> str:
    """A name on one line, safe to print."""
    return escape.line(name, NAME)


# --- reasons to refuse a submission --------------------------------------------------------------------------------


def too_large() -> SubmissionError:
    return SubmissionError(
        say("the submission holds more than {limit} MiB: hand in the exercises' files only", limit=UNPACKED // MIB)
    )


def too_many() -> SubmissionError:
    return SubmissionError(
        say(
            "the submission holds more than {limit} files and folders: hand in the exercises' files only", limit=ENTRIES
        )
    )


def too_deep(name: str) -> SubmissionError:
    return SubmissionError(say("{name} lies more than {limit} folders deep", name=shown(name), limit=DEPTH))


def is_link(name: str) -> SubmissionError:
    return SubmissionError(say("{name} is a link: hand in the file itself", name=shown(name)))


def is_special(name: str) -> SubmissionError:
    return SubmissionError(say("{name} is neither a file nor a folder", name=shown(name)))


@contextmanager
def _damaged() -> Iterator[None]:
    try:
        yield
    except SubmissionError:
        raise
    except Exception as e:  # what parsers raise on hostile bytes is documented nowhere and differs between versions
        raise SubmissionError(say("the archive is damaged or cut off: make it again")) from e


# --- any archive ---------------------------------------------------------------------------------------------------


def _entries(archive: bytes) -> Iterator[_Entry]:
    if archive.startswith(ZIP_STARTS):
        return _zip(archive)
    inflater = next((f for magic, f in INFLATERS.items() if archive.startswith(magic)), None)
    if inflater:
        with inflater(io.BytesIO(archive)) as f:
            archive = _inflated(f)
    if archive[257:262] == b"ustar":
        return _tar(archive)
    raise SubmissionError(say("the submission is neither a folder, a zip nor a tar (plain, gz, bz2, xz): make a zip"))


def _inflated(packed: io.BufferedIOBase) -> bytes:
    plain = bytearray()
    while piece := packed.read(BLOCK * 128):
        plain += piece
        if len(plain) > ARCHIVE:
            raise too_large()
    return bytes(plain)


def _files(entries: Iterator[_Entry]) -> Iterator[Member]:
    total = 0
    for count, entry in enumerate(entries, 1):
        total += entry.size
        if count > ENTRIES:
            raise too_many()
        if total > UNPACKED:
            raise too_large()
        parts = _parts(entry.name)
        _must_be_plain(entry)
        if stat.S_ISREG(entry.mode):
            if not parts:
                raise ValueError("a file without a name")
            yield Member(parts, entry.read)


def _parts(name: str) -> tuple[str, ...]:
    """The parts of a name, which programs on Windows separate with backslashes."""
    path = name.replace("\\", "/")
    parts = tuple(p for p in path.split("/") if p not in ("", "."))
    if path.startswith("/") or re.match("[A-Za-z]:", path) or ".." in parts or "\0" in path:
        raise SubmissionError(say("{name} is a name that leads out of the folder", name=shown(name)))
    if len(parts) - 1 > DEPTH:
        raise too_deep(name)
    return parts


def _must_be_plain(entry: _Entry) -> None:
    if stat.S_ISLNK(entry.mode):
        raise is_link(entry.name)
    if stat.S_ISDIR(entry.mode):
        return
    if not stat.S_ISREG(entry.mode):
        raise is_special(entry.name)
    if entry.mode & (stat.S_ISUID | stat.S_ISGID):
        raise SubmissionError(say("{name} asks to run with somebody else's rights (setuid)", name=shown(entry.name)))


def _decoded(raw: bytes) -> str:
    """A name of unknown encoding: UTF-8, or else that of a Chinese Windows."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp936", "surrogateescape")


# --- zip -----------------------------------------------------------------------------------------------------------


def _zip(archive: bytes) -> Iterator[_Entry]:
    # zipfile builds an object for each entry before we see the first; each begins with this signature.
    if archive.count(ZIP_DIRECTORY_ENTRY) > ENTRIES:
        raise too_many()
    file = zipfile.ZipFile(io.BytesIO(archive))
    for info in file.infolist():
        name = _zip_name(info)
        if info.flag_bits & ZIP_ENCRYPTED:
            raise SubmissionError(say("the archive is encrypted: make it again without a password"))
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise SubmissionError(say("{name} is packed in an unusual way: make an ordinary zip", name=shown(name)))
        yield _Entry(name, _zip_mode(info, name), info.file_size, partial(_read_zipped, file, info))


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The whole name as its maker meant it; zipfile cuts `filename` at NUL, and reads all but UTF-8 as cp437."""
    name = info.orig_filename
    return name if info.flag_bits & ZIP_UTF8 else _decoded(name.encode("cp437"))


def _zip_mode(info: zipfile.ZipInfo, name: str) -> int:
    """The mode, of which programs on Windows write nothing."""
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode):
        return mode
    return mode | (stat.S_IFDIR if name.endswith(("/", "\\")) else stat.S_IFREG)


def _read_zipped(file: zipfile.ZipFile, info: zipfile.ZipInfo, size: int) -> bytes:
    with _damaged(), file.open(info) as f:
        data = f.read(size)
        if len(data) < min(size, info.file_size):
            raise ValueError("shorter than announced")
        return data


# --- tar -----------------------------------------------------------------------------------------------------------


def _tar(archive: bytes) -> Iterator[_Entry]:
    """Entries of a ustar, pax or GNU tar. Raises ValueError unless every header and the end mark are sound."""
    at, long_name = 0, b""
    while any(header := _tar_header(archive, at)):
        start, size, kind = at + BLOCK, _octal(header[124:136]), header[156:157]
        body = memoryview(archive)[start : start + size]
        if size < 0 or len(body) < size:
            raise ValueError("cut off")
        at = start + -(-size // BLOCK) * BLOCK
        if kind == b"L":
            long_name = bytes(body).rstrip(b"\0")
        elif kind == b"x":
            long_name = _pax_path(bytes(body)) or long_name
        elif kind not in (b"g", b"K"):  # defaults for what follows, and a link's long target: neither matters here
            name = _decoded(long_name or _tar_name(header))
            long_name = b""
            yield _Entry(name, _tar_mode(header, name), size, partial(_read_stored, body))


def _tar_header(archive: bytes, at: int) -> bytes:
    """A header, or the block of zeros that marks the end."""
    header = archive[at : at + BLOCK]
    if len(header) < BLOCK:
        raise ValueError("no end mark")
    checksum = sum(header) - sum(header[148:156]) + 8 * ord(" ")
    if any(header) and checksum != _octal(header[148:156]):
        raise ValueError("wrong checksum")
    return header


def _tar_name(header: bytes) -> bytes:
    name, prefix = header[:100].partition(b"\0")[0], header[345:500].partition(b"\0")[0]
    return prefix + b"/" + name if prefix and header[257:263] == b"ustar\0" else name


def _tar_mode(header: bytes, name: str) -> int:
    kind = TAR_KINDS.get(header[156:157], stat.S_IFIFO)
    if stat.S_ISREG(kind) and name.endswith("/"):  # so were folders written before they had a kind of their own
        kind = stat.S_IFDIR
    return kind | _octal(header[100:108]) & 0o7777


def _octal(field: bytes) -> int:
    return int(field.strip(b" \0") or b"0", 8)


def _pax_path(body: bytes) -> bytes:
    """The value of `path` among records "length key=value\\n"; length counts the whole record."""
    at, path = 0, b""
    while at < len(body):
        length = body[at : at + 20].partition(b" ")[0]
        key, _, value = body[at + len(length) + 1 : at + int(length)].partition(b"=")
        if not value.endswith(b"\n") or key == b"size" or key.startswith(b"GNU.sparse"):
            raise ValueError("a record that is broken, or that only a file of gigabytes needs")
        at += int(length)
        path = value[:-1] if key == b"path" else path
    return path


def _read_stored(body: memoryview, size: int) -> bytes:
    return bytes(body[:size])
