"""Payloads: made from a seed, summarised, compared. Pure, standard library only.

Large contents are repetitions of a short random unit whose length divides nothing, so a shift or a loss changes the
digest of every block after it, and a trace needs no megabytes to prove it.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, field

from grader.model import Value

BLOCK = 65_536
SHOWN = 120
ITEMS = 1000  # so many of a list are kept one by one; all count in its digest
PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,;:!?你好世界网络并发编程é😀"


def text(rng: random.Random, size: int, alphabet: str = ALPHABET) -> str:
    """A random text of exactly `size` bytes in UTF-8; by default with characters of one to four bytes."""
    unit = "".join(rng.choices(alphabet, k=min(size, 499) + 1))
    width = len(unit.encode())
    raw = (unit * (size // width + 1)).encode()[:size]
    whole = raw.decode(errors="ignore")
    return whole + "-" * (size - len(whole.encode()))


def octets(rng: random.Random, size: int) -> bytes:
    """Random bytes, all 256 values likely."""
    unit = rng.randbytes(min(size, 4093) or 1)
    return (unit * (size // len(unit) + 1))[:size]


def value_of(x: object) -> Value:
    """The summary of a value, as the agent makes it of what a student's function returned."""
    if x is None:
        return Value("none", shown="None")
    if isinstance(x, str):
        raw = x.encode("utf-8", "surrogatepass")
        return Value("str", len(raw), hashlib.sha256(raw).hexdigest(), _shorten(repr(x[:SHOWN]), len(x)))
    if isinstance(x, bytes | bytearray | memoryview):
        raw = bytes(x)
        return Value("bytes", len(raw), hashlib.sha256(raw).hexdigest(), _shorten(repr(raw[:SHOWN]), len(raw)))
    if isinstance(x, list | tuple):
        items = tuple(value_of(i) for i in x)
        digest = hashlib.sha256("".join(f"{i.kind}:{i.size}:{i.digest};" for i in items).encode()).hexdigest()
        return Value(type(x).__name__, len(x), digest, repr(x)[:SHOWN], items[:ITEMS])
    shown = repr(x)
    return Value(type(x).__name__, 0, hashlib.sha256(shown.encode()).hexdigest(), shown[:SHOWN])


def _shorten(shown: str, length: int) -> str:
    return shown if length <= SHOWN else f"{shown}… ({length})"


@dataclass
class FlowMeter:
    """Adds up one direction of a connection: size, digest of each 64 KiB block, first bytes."""

    size: int = 0
    head: bytes = b""
    _done: list[str] = field(default_factory=list)
    _open: bytearray = field(default_factory=bytearray)

    def add(self, data: bytes | bytearray | memoryview) -> None:
        self.size += len(data)
        if len(self.head) < SHOWN:
            self.head += bytes(data[: SHOWN - len(self.head)])
        self._open += data
        while len(self._open) >= BLOCK:
            self._done.append(_digest(self._open[:BLOCK]))
            del self._open[:BLOCK]

    def blocks(self) -> tuple[str, ...]:
        return (*self._done, _digest(self._open)) if self._open else tuple(self._done)


def blocks_of(data: bytes) -> tuple[str, ...]:
    meter = FlowMeter()
    meter.add(data)
    return meter.blocks()


def _digest(data: bytes | bytearray) -> str:
    return hashlib.sha256(data).hexdigest()[:16]
