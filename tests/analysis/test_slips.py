"""Which slip of a beginner's Python an exception speaks of."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Callable

import pytest

from grader.analysis.slips import SLIPS, slip
from grader.model import Raised


def raised(act: Callable[[], object]) -> Raised:
    """The exception that this really ends in, as the agent tells it."""
    try:
        act()
    except Exception as e:
        return Raised(0, "r", 0, type(e).__name__, tuple(c.__name__ for c in type(e).__mro__), str(e))
    raise AssertionError("nothing was raised")


def with_socket(act: Callable[[socket.socket], object]) -> Callable[[], object]:
    def run() -> object:
        with socket.socket() as sock:
            return act(sock)

    return run


TEXT, DATA, PAIR = "hello", b"hello", (1, 2)
SLIPPED: list[tuple[str, Callable[[], object]]] = [
    ("bytes-and-str", with_socket(lambda s: s.send(TEXT))),
    ("bytes-and-str", lambda: TEXT + DATA),
    ("bytes-and-str", lambda: DATA + TEXT),
    ("bytes-and-str", lambda: TEXT.decode()),
    ("bytes-and-str", lambda: DATA.encode()),
    ("bytes-and-str", lambda: DATA.startswith(TEXT)),
    ("bytes-and-str", lambda: TEXT.startswith(DATA)),
    ("bytes-and-str", lambda: bytes(TEXT)),
    ("tuple-for-value", lambda: struct.unpack("<i", b"1234") > 0),
    ("tuple-for-value", lambda: PAIR.recv(4)),
    ("address-in-two", with_socket(lambda s: s.bind("127.0.0.1", 0))),
    ("address-in-two", with_socket(lambda s: s.connect("127.0.0.1", 0))),
    ("unknown-name", lambda: strcut.pack("<i", 1)),  # noqa: F821
    ("own-exception", lambda: len(5)),
    ("own-exception", lambda: None.close()),
]


@pytest.mark.parametrize(("code", "act"), SLIPPED)
def test_a_slip_is_told_by_its_exception(code: str, act: Callable[[], object]) -> None:
    assert slip(raised(act)) == code
    assert code in {m.code for m in SLIPS}


@pytest.mark.parametrize(
    "act",
    [lambda: DATA.decode("utf-16"), lambda: json.loads("{"), lambda: {}["filename"], lambda: struct.unpack("<i", b"1")],
)
def test_what_bad_input_can_bring_about_is_none(act: Callable[[], object]) -> None:
    assert slip(raised(act)) is None


def test_nothing_raised_is_none() -> None:
    assert slip(None) is None
