"""Frames cut in any way, lied about in any way, ended anywhere."""

from __future__ import annotations

import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.wire.frames import HEADER, LIMIT, BadLength, CutOff, FrameRead, FrameReader, encode, header

ORDERS = {"little": "<i", "big": "!i"}
orders = st.sampled_from(sorted(ORDERS))


def cut(data: bytes, points: list[int]) -> list[bytes]:
    edges = [0, *sorted(p % (len(data) + 1) for p in points), len(data)]
    return [data[a:b] for a, b in pairwise(edges)]


@given(st.lists(st.binary(max_size=40), max_size=8), st.lists(st.integers(min_value=0)), st.binary(max_size=3), orders)
def test_however_the_stream_is_cut_the_same_frames_come(payloads, points, rest, order):
    stream = b"".join(encode(p, order) for p in payloads) + rest
    for pieces in ([stream], cut(stream, points), [bytes([b]) for b in stream]):
        reader = FrameReader(order)
        assert [f for piece in pieces for f in reader.feed(piece)] == [FrameRead(p) for p in payloads]
        assert reader.end() == (CutOff(HEADER - len(rest)) if rest else None)


@given(st.integers(-(2**31), 2**31 - 1), orders)
def test_the_four_bytes_are_those_of_struct(n, order):
    assert header(n, order) == struct.pack(ORDERS[order], n)


@pytest.mark.parametrize("n", [-1, -(2**31), LIMIT + 1, 2**31 - 1])
@pytest.mark.parametrize("order", ORDERS)
def test_an_impossible_length_ends_all_understanding(n, order):
    reader = FrameReader(order)
    assert list(reader.feed(encode(b"before", order) + header(n, order) + encode(b"behind", order))) == [
        FrameRead(b"before"),
        BadLength(n),
    ]
    assert list(reader.feed(encode(b"later", order))) == []
    assert reader.end() is None


def test_the_limit_itself_and_nothing_at_all_are_lengths():
    reader = FrameReader(limit=5)
    assert list(reader.feed(encode(b"12345") + encode(b"") + encode(b"123456"))) == [
        FrameRead(b"12345"),
        FrameRead(b""),
        BadLength(6),
    ]


@pytest.mark.parametrize("size", range(1, 10))
def test_an_end_inside_a_frame_says_how_much_is_missing(size):
    reader = FrameReader()
    whole = encode(b"123456")
    assert list(reader.feed(whole[:size])) == []
    assert reader.end() == CutOff((HEADER if size < HEADER else len(whole)) - size)
    assert list(reader.feed(whole[size:])) == [FrameRead(b"123456")]
    assert reader.end() is None


def test_lengths_out_of_range_can_be_sent():
    assert header(2**32 + 5) == header(5)
    assert header(-1) == b"\xff\xff\xff\xff"
