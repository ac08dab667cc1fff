"""Length-prefixed frames: a 4-byte signed length N, then N bytes. Sans-IO.

Source: chapter section 1.5 (struct.pack('i', n)). Rule: the reader never trusts N before `limit` has been checked,
and it never looks past the bytes of the frame it is in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

HEADER = 4
LIMIT = 1_048_576


def encode(payload: bytes, byte_order: str = "little") -> bytes:
    """One frame. No limit is enforced here: a peer must be able to lie."""
    return header(len(payload), byte_order) + payload


def header(n: int, byte_order: str = "little") -> bytes:
    """The four bytes for a length, taken modulo 2**32 so that out-of-range ones can be sent too."""
    return (n & 0xFFFFFFFF).to_bytes(HEADER, "big" if byte_order == "big" else "little")


@dataclass(frozen=True, slots=True)
class FrameRead:
    payload: bytes


@dataclass(frozen=True, slots=True)
class BadLength:
    """The header's length is negative or above the limit; nothing after it can be understood."""

    length: int


@dataclass(frozen=True, slots=True)
class CutOff:
    """The stream ended inside a frame, `missing` bytes before its end."""

    missing: int


class FrameReader:
    """Feed it bytes as they come; iterate over what they mean. After BadLength or CutOff nothing more comes."""

    def __init__(self, byte_order: str = "little", limit: int = LIMIT) -> None:
        self._order: str = byte_order
        self._limit = limit
        self._rest = bytearray()
        self._dead = False

    def feed(self, data: bytes) -> Iterator[FrameRead | BadLength]:
        self._rest += data
        while not self._dead and len(self._rest) >= HEADER:
            n = int.from_bytes(self._rest[:HEADER], "big" if self._order == "big" else "little", signed=True)
            if not 0 <= n <= self._limit:
                self._dead = True
                yield BadLength(n)
            elif len(self._rest) < HEADER + n:
                return
            else:
                payload = bytes(self._rest[HEADER : HEADER + n])
                del self._rest[: HEADER + n]
                yield FrameRead(payload)

    def end(self) -> CutOff | None:
        """The stream has ended: None where that was between frames."""
        if self._dead or not self._rest:
            return None
        have = len(self._rest)
        if have < HEADER:
            return CutOff(HEADER - have)
        n = int.from_bytes(self._rest[:HEADER], "big" if self._order == "big" else "little", signed=True)
        return CutOff(HEADER + n - have)
