"""Reading what the programs of a pod say, sans-IO: bytes in, pieces out. Layer 5.

Rule: whoever writes these bytes may be hostile. Nothing is kept beyond a cap, and whoever goes over it is cut off.
"""

from __future__ import annotations

import struct

HEADER = struct.Struct(">BxxxL")
STDERR = 2
# A line costs the reader more than its bytes: so much is charged for each, or newlines alone would fill the memory.
LINE_CHARGE = 256


class Flood(ValueError):
    """More was said than is allowed."""


class Frames:
    """Docker's attach stream without a terminal: one byte of stream number, 3 of padding, 4 of size, the bytes."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._stream = 0
        self._missing = 0

    def feed(self, data: bytes) -> list[tuple[int, bytes]]:
        """The pieces that have arrived, as (stream number, bytes); a frame may come in several."""
        self._buffer += data
        pieces = []
        while self._buffer:
            if not self._missing:
                if len(self._buffer) < HEADER.size:
                    break
                self._stream, self._missing = HEADER.unpack_from(self._buffer)
                del self._buffer[: HEADER.size]
                continue
            piece = bytes(self._buffer[: self._missing])
            del self._buffer[: self._missing]
            self._missing -= len(piece)
            pieces.append((self._stream, piece))
        return pieces


class Lines:
    """Cuts bytes at newlines. line_cap: bytes of one line; total_cap: bytes of all, with LINE_CHARGE for each line."""

    def __init__(self, line_cap: int, total_cap: int) -> None:
        self._line_cap = line_cap
        self._left = total_cap
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[str]:
        """The lines that became whole, without their newline, decoded with replacement. Raises Flood."""
        head, newline, tail = data.rpartition(b"\n")
        whole: list[bytes] = []
        if newline:
            whole = bytes(self._rest + head).split(b"\n")
            self._rest.clear()
        self._rest += tail
        self._left -= len(data) + LINE_CHARGE * len(whole)
        if self._left < 0 or max([len(self._rest), *map(len, whole)]) > self._line_cap:
            raise Flood
        return [line.decode("utf-8", "replace") for line in whole]


class Tail:
    """The last `size` bytes of what was fed."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept = b""

    def feed(self, data: bytes) -> None:
        self._kept = (self._kept + data)[-self._size :]

    def __str__(self) -> str:
        return self._kept.decode("utf-8", "replace").strip()
