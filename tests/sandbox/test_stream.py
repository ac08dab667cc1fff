from __future__ import annotations

import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox.stream import Flood, Frames, Lines, Tail


def cut(data: bytes, at: list[int]) -> list[bytes]:
    edges = [0, *sorted(min(i, len(data)) for i in at), len(data)]
    return [data[a:b] for a, b in pairwise(edges)]


CUTS = st.lists(st.integers(0, 400), max_size=12)


@given(frames=st.lists(st.tuples(st.integers(0, 2), st.binary(max_size=60)), max_size=8), at=CUTS)
def test_frames_give_each_stream_its_bytes_however_they_are_cut(frames: list[tuple[int, bytes]], at: list[int]) -> None:
    wire = b"".join(struct.pack(">BxxxL", stream, len(data)) + data for stream, data in frames)
    reader = Frames()
    pieces = [piece for chunk in cut(wire, at) for piece in reader.feed(chunk)]
    for wanted in range(3):
        assert b"".join(d for s, d in pieces if s == wanted) == b"".join(d for s, d in frames if s == wanted)


@given(data=st.binary(max_size=300).map(lambda b: b.replace(b"a", b"\n")), at=CUTS)
def test_lines_are_whole_however_they_are_cut(data: bytes, at: list[int]) -> None:
    reader = Lines(line_cap=1000, total_cap=1_000_000)
    lines = [line for chunk in cut(data, at) for line in reader.feed(chunk)]
    assert lines == [line.decode("utf-8", "replace") for line in data.split(b"\n")[:-1]]


def test_a_line_may_be_as_long_as_the_cap_and_no_longer() -> None:
    assert Lines(10, 10_000).feed(b"x" * 10 + b"\n") == ["x" * 10]
    with pytest.raises(Flood):
        Lines(10, 10_000).feed(b"x" * 11 + b"\n")
    unfinished = Lines(10, 10_000)
    assert unfinished.feed(b"x" * 10) == []
    with pytest.raises(Flood):
        unfinished.feed(b"x")


@pytest.mark.parametrize("chunk", [b"\n", b"x" * 99 + b"\n", b"x"])
def test_a_flood_ends_whatever_it_is_made_of(chunk: bytes) -> None:
    reader = Lines(line_cap=100_000, total_cap=5_000)
    with pytest.raises(Flood):
        for _ in range(5_001):
            reader.feed(chunk)


@given(chunks=st.lists(st.binary(max_size=20), max_size=10))
def test_a_tail_keeps_the_end(chunks: list[bytes]) -> None:
    tail = Tail(16)
    for chunk in chunks:
        tail.feed(chunk)
    assert str(tail) == b"".join(chunks)[-16:].decode("utf-8", "replace").strip()
