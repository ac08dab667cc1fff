"""Whatever is handed in, intake answers with a snapshot: no exception, nothing kept but modules, nothing changed.

GRADER_EXAMPLES: so many of each; the suite tries a few. `GRADER_EXAMPLES=100000 pytest tests/test_intake_properties.py`
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import re
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from grader.intake import STUDENT, take
from grader.model import Snapshot
from grader.report import escape
from tests.support.handed_in import DEFLATED, ENCRYPTED, MODULES, STORED, UTF8, Zipped, a_tar, a_zip, nothing_changed

WANTED = {(slug, module) for slug, modules in MODULES.items() for module in modules}
examples = int(os.environ.get("GRADER_EXAMPLES", "300"))
often = settings(max_examples=examples, deadline=None)  # wall time says nothing on a shared machine

part = st.sampled_from(
    ["framing", "framing.py", "threaded_echo", "echo_server.py", "Framing", "alice", "..", ".", "", ".git", "C:",
     "作业", "a b", "con", "\u202e", "\x1b[2J", "conftest.py", "__pycache__"]
)  # fmt: skip
path = st.lists(part, min_size=1, max_size=5).map("/".join)
hostile_name = st.one_of(
    path.map(str.encode),
    path.map(lambda p: p.replace("/", "\\").encode("gbk", "replace")),
    st.binary(max_size=40),
    st.integers(1, 5000).map(lambda n: b"d/" * n + b"framing/framing.py"),
)
contents = st.binary(max_size=200)
entry = st.builds(
    Zipped,
    hostile_name,
    contents,
    flags=st.sampled_from([0, 0, 0, UTF8, ENCRYPTED, 0x8, 0xFFFF]),
    method=st.sampled_from([STORED, DEFLATED, DEFLATED, 9, 12, 14]),
    mode=st.sampled_from([0, 0, 0o644, stat.S_IFREG | 0o644, stat.S_IFLNK, stat.S_IFIFO, stat.S_IFREG | 0o4755]),
    size=st.none() | st.integers(0, 0xFFFFFFFF),
    crc=st.none() | st.integers(0, 0xFFFFFFFF),
)


@st.composite
def damaged(draw: Callable, archives: st.SearchStrategy[bytes]) -> bytes:
    """An archive with some bytes changed, or cut off."""
    archive = bytearray(draw(archives))
    for _ in range(draw(st.integers(0, 4))):
        archive[draw(st.integers(0, len(archive) - 1))] = draw(st.integers(0, 255))
    return bytes(archive[: draw(st.none() | st.integers(0, len(archive)))])


@st.composite
def tars(draw: Callable) -> bytes:
    entries = []
    for name in draw(st.lists(path, max_size=4)):
        kind = draw(
            st.sampled_from([b"0", b"0", b"0", b"1", b"2", b"3", b"5", b"6", b"7", b"S", b"x", b"g", b"L", b"\xff"])
        )
        info = tarfile.TarInfo(name or "x")
        info.type, info.linkname, info.mode = kind, draw(path), draw(st.sampled_from([0o644, 0o4755]))
        info.pax_headers = draw(st.dictionaries(st.sampled_from(["path", "size", "comment"]), path, max_size=2))
        entries.append(draw(st.sampled_from([(name, draw(contents)), info])))
    return a_tar(*entries, form=draw(st.sampled_from([tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])))


zips = st.lists(entry, max_size=5).map(lambda entries: a_zip(*entries))
packers = st.sampled_from([bytes, gzip.compress, bz2.compress, lzma.compress])
archives = st.one_of(
    damaged(zips),
    st.builds(lambda pack, tar: pack(tar), packers, damaged(tars())),
    damaged(st.builds(lambda pack, tar: pack(tar), packers, tars())),
    st.builds(lambda start, rest: start + rest, st.sampled_from([b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b"]), contents),
)


def taken(archive: bytes) -> Snapshot:
    with TemporaryDirectory() as place:
        handed_in = Path(place) / "alice.zip"
        handed_in.write_bytes(archive)
        with nothing_changed():
            return take(handed_in, MODULES)


def is_sound(snapshot: Snapshot) -> bool:
    """Only what was asked for is in it, all of it is small, and every text of it may be printed."""
    files = {(slug, module): data for slug, modules in snapshot.files.items() for module, data in modules.items()}
    texts = [str(snapshot.refused or ""), *snapshot.ignored]
    return (
        files.keys() <= WANTED
        and all(isinstance(data, bytes) and len(data) <= 1 << 20 for data in files.values())
        and not (snapshot.refused and (files or snapshot.ignored))
        and len(snapshot.ignored) <= 50
        and all(text == escape.terminal(text) and len(text) <= 500 for text in texts)
        and re.fullmatch("[0-9a-f]{64}", snapshot.sha256) is not None
    )


@often
@given(archives)
def test_any_archive_gives_a_sound_snapshot(archive):
    assert is_sound(taken(archive))


@often
@given(zips)
def test_an_accepted_zip_has_no_name_that_leads_out(archive):
    snapshot = taken(archive)
    assert is_sound(snapshot)
    assert not any(name.startswith("/") or ".." in name.split("/") for name in snapshot.ignored)


plain_part = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="/\\:"), min_size=1, max_size=12)
modules = st.dictionaries(st.sampled_from(sorted(WANTED)), contents, min_size=1)


@often
@given(modules, st.lists(plain_part.filter(lambda p: p.strip(". ")), max_size=3), packers)
def test_folder_zip_and_tar_of_one_content_are_one_snapshot(files, around, pack):
    names = {"/".join((*around, *key)): data for key, data in files.items()}
    with TemporaryDirectory() as place:
        for name, data in names.items():
            target = Path(place) / "alice" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        plain = take(Path(place) / "alice", MODULES)
    from_zip = taken(a_zip(*(Zipped(n.encode(), d, flags=UTF8) for n, d in names.items())))
    from_tar = taken(pack(a_tar(*names.items())))
    assert plain.refused is from_zip.refused is from_tar.refused is None
    assert plain.files == from_zip.files == from_tar.files
    assert plain.sha256 == from_zip.sha256 == from_tar.sha256


@often
@given(modules, modules)
def test_the_hash_is_equal_exactly_where_the_files_are(one, other):
    first, second = (
        taken(a_zip(*(Zipped("/".join(key).encode(), data) for key, data in files.items()))) for files in (one, other)
    )
    assert (first.sha256 == second.sha256) == (first.files == second.files)


@often
@given(st.text(max_size=70))
def test_no_id_leads_anywhere(name):
    if STUDENT.fullmatch(name):
        assert not re.search(r"[/\\\s\0:]", name)
