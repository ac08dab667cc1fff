"""Whole streams, compared by their Flow events: size, first bytes, digest of every 64 KiB block. Layer 1, pure."""

from __future__ import annotations

from grader.model import Flow, Trace
from grader.wire.payload import BLOCK


def flow(trace: Trace, conn: str, direction: str) -> Flow:
    """One direction of a connection; an empty one where nothing of it was recorded."""
    return trace.first(Flow, conn=conn, direction=direction) or Flow(0.0, conn, direction, 0, (), b"")


def same_bytes(due: Flow, came: Flow) -> bool:
    return (due.size, due.blocks) == (came.size, came.blocks)


def first_difference(due: Flow, came: Flow) -> int:
    """The offset of the first byte that differs; where that is beyond the heads, one that lies before it."""
    pairs = enumerate(zip(due.head, came.head, strict=False))
    at = next((i for i, (a, b) in pairs if a != b), min(len(due.head), len(came.head)))
    if at < len(due.head):
        return at
    blocks = enumerate(zip(due.blocks, came.blocks, strict=False))
    return max(at, next((i for i, (a, b) in blocks if a != b), 0) * BLOCK)


def begins(due: Flow, came: Flow) -> bool:
    """What came is a beginning of what was due, as far as whole blocks can tell, or all of it."""
    whole = came.size // BLOCK
    return came.size <= due.size and due.head.startswith(came.head) and due.blocks[:whole] == came.blocks[:whole]
