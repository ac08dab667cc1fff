"""Streams are compared by sizes, heads and digests of blocks."""

from __future__ import annotations

import pytest

from grader.analysis.flows import begins, first_difference, flow, same_bytes
from grader.model import Flow, Trace
from grader.wire.payload import BLOCK, FlowMeter

WHOLE = bytes(range(256)) * 1024  # 4 blocks


def of(data: bytes) -> Flow:
    meter = FlowMeter()
    meter.add(data)
    return Flow(0.0, "a", "received", meter.size, meter.blocks(), meter.head)


def test_a_flow_that_was_not_recorded_is_empty() -> None:
    there = of(b"abc")
    assert flow(Trace("case", (there,)), "a", "received") is there
    assert flow(Trace("case", (there,)), "a", "due").size == 0


@pytest.mark.parametrize(
    ("came", "at"),
    [
        (b"x" + WHOLE[1:], 0),
        (WHOLE[:100], 100),
        (WHOLE[:50] + WHOLE[51:], 50),
        (WHOLE[: 2 * BLOCK] + b"x" + WHOLE[2 * BLOCK + 1 :], 2 * BLOCK),
        (WHOLE[: 2 * BLOCK + 9] + b"x" + WHOLE[2 * BLOCK + 10 :], 2 * BLOCK),
    ],
)
def test_the_first_difference_lies_at_or_behind_the_offset_that_is_named(came: bytes, at: int) -> None:
    assert not same_bytes(of(WHOLE), of(came))
    assert first_difference(of(WHOLE), of(came)) == at


@pytest.mark.parametrize(
    ("came", "yes"),
    [
        (WHOLE, True),
        (WHOLE[:-1], True),
        (b"", True),
        (WHOLE[:BLOCK] + b"x", True),
        (WHOLE + b"x", False),
        (WHOLE[1:], False),
        (WHOLE[:300] + b"x" + WHOLE[301:], False),
    ],
)
def test_a_beginning(came: bytes, yes: bool) -> None:
    """A block that was cut has another digest: what differs only in the last one cannot be told."""
    assert begins(of(WHOLE), of(came)) is yes
