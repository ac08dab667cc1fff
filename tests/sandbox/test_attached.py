from __future__ import annotations

import socket
import struct
from queue import SimpleQueue

import pytest

from grader.sandbox.attached import Line
from grader.sandbox.base import LINE_CAP, Source

Inbox = SimpleQueue[tuple[Source, str | None]]


def frame(stream: int, data: bytes) -> bytes:
    return struct.pack(">BxxxL", stream, len(data)) + data


def test_lines_arrive_stderr_is_kept_apart_and_the_end_is_said() -> None:
    ours, theirs = socket.socketpair()
    inbox: Inbox = SimpleQueue()
    line = Line("instrument", ours, inbox)
    with theirs:
        theirs.sendall(frame(1, b"one\ntw") + frame(2, b"oops") + frame(1, "o é\n".encode()) + frame(1, b"unfinished"))
        line.send(b"hello")
        assert theirs.recv(100) == b"hello"
    assert [inbox.get(timeout=10) for _ in range(3)] == [("instrument", w) for w in ("one", "two é", None)]
    assert line.ended(10)
    assert str(line.stderr) == "oops"
    line.send(b"to nobody")


@pytest.mark.parametrize("size", [LINE_CAP, LINE_CAP + 1])
def test_a_line_beyond_the_cap_is_the_end(size: int) -> None:
    ours, theirs = socket.socketpair()
    inbox: Inbox = SimpleQueue()
    Line("agent", ours, inbox)
    with theirs:
        theirs.sendall(frame(1, b"x" * size + b"\n"))
        assert (inbox.get(timeout=10)[1] is None) == (size > LINE_CAP)


def test_a_program_that_does_not_read_is_gone() -> None:
    ours, theirs = socket.socketpair()
    inbox: Inbox = SimpleQueue()
    with theirs:
        line = Line("agent", ours, inbox, patience=0.1)
        line.send(bytes(10_000_000))
        assert inbox.get(timeout=10) == ("agent", None)
        assert line.gone
