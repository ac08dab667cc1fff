"""A conversation turn by turn: what we sent, and what came back before we sent again. Layer 1, pure.

Only what an event keeps of its bytes is compared here; whole streams are compared by their Flow events (`streams`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from grader.model import Ended, Flow, Printed, Received, Sent, Trace
from grader.wire.payload import BLOCK

STACK_LINE = re.compile(r'^  File "[^"]*?([^"/\\]+\.py)", line (\d+)', re.MULTILINE)
EXCEPTION_LINE = re.compile(
    r"^(?:[\w.]*(?:Error|Exception|Interrupt|Exit)|[a-z_][a-z_.]*\.[A-Z]\w*)(?:: .*)?$",  # or as in queue.Full
    re.MULTILINE,
)


Answer = Callable[[bytes], bytes]  # what is due for bytes that were sent: as many, each by itself


def same(data: bytes) -> bytes:
    """The answer of an echo."""
    return data


@dataclass(frozen=True, slots=True)
class Turn:
    """due, got: the bytes, or their beginning; the sizes are those of all of them. ended: "fin", "reset" or "".

    due: the answer to what was sent, as long as that.
    """

    due: bytes = b""
    sent_size: int = 0
    got: bytes = b""
    got_size: int = 0
    ended: str = ""

    @property
    def answered(self) -> bool:
        """Exactly what is due came back."""
        return self.got_size == self.sent_size and self._alike

    @property
    def symptom(self) -> str:
        """What is wrong: "" | "silent" | "closed" | "short" | "cut" (short, and then closed) | "other" bytes."""
        if self.answered:
            return ""
        if not self.got_size:
            return "closed" if self.ended else "silent"
        if self._alike and self.got_size < self.sent_size:
            return "cut" if self.ended else "short"
        return "other"

    @property
    def _alike(self) -> bool:
        size = min(len(self.got), len(self.due))
        return self.got[:size] == self.due[:size]


def turns(trace: Trace, conn: str, answer: Answer = same) -> tuple[Turn, ...]:
    """The turns of one connection, in order. What came before we sent anything belongs to the first."""
    found: list[Turn] = []
    sent, got, got_size, ended = Sent(0, conn, b"", 0), b"", 0, ""

    def close() -> None:
        if sent.size or got_size:
            found.append(Turn(answer(sent.data), sent.size, got, got_size, ended))

    for e in trace.events:
        match e:
            case Sent(conn=name) if name == conn:
                if sent.size:
                    close()
                    got, got_size = b"", 0
                sent = e
            case Received(conn=name) if name == conn:
                got, got_size = got + e.data, got_size + e.size
            case Ended(conn=name) if name == conn:
                ended = e.how
    close()
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Streams:
    """Both directions of one connection, whole. wrong_from: offset of the first 64 KiB block that differs, or -1."""

    sent: int
    got: int
    wrong_from: int


def streams(trace: Trace, conn: str, direction: str = "sent") -> Streams:
    """What came back beside what we sent, or beside what the script has said to be due (direction "due")."""
    sent = trace.last(Flow, conn=conn, direction=direction)
    got = trace.last(Flow, conn=conn, direction="received")
    if not sent or not got:
        return Streams(sent.size if sent else 0, got.size if got else 0, -1)
    whole = len(got.blocks) if got.size >= sent.size else got.size // BLOCK  # a block that is cut has another digest
    wrong = (i * BLOCK for i, (a, b) in enumerate(zip(sent.blocks, got.blocks[:whole], strict=False)) if a != b)
    return Streams(sent.size, got.size, next(wrong, -1))


@dataclass(frozen=True, slots=True)
class LastWords:
    """The last exception that a run told of on stderr, and the place in the student's file that it named last."""

    error: str = ""
    where: str = ""


def last_words(trace: Trace, run: str, modules: tuple[str, ...]) -> LastWords:
    printed = trace.last(Printed, run=run, stream="stderr")
    text = printed.text if printed else ""
    errors = EXCEPTION_LINE.findall(text)
    places = [f"{file}:{line}" for file, line in STACK_LINE.findall(text) if file in modules]
    return LastWords(errors[-1][:200] if errors else "", places[-1] if places else "")
