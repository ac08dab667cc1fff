"""How the checks of `tcp_chat` read a trace: the student's program as one party of a conversation."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass

from grader.analysis.serving import Program
from grader.analysis.slips import slip
from grader.analysis.terminal import Line, before, lines
from grader.model import (
    Asked,
    Busy,
    Event,
    Exited,
    Frame,
    GaveUp,
    InputEnded,
    Printed,
    Quiet,
    Raised,
    Returned,
    Text,
    Trace,
    Typed,
    Vanished,
    say,
)
from grader.wire.terminal import readable

MODULES = ("chat_server.py", "chat_client.py")
LIMIT = 1024
SHOWN = 40  # characters of a message


def program(trace: Trace, run: str = "server") -> Program:
    return Program(trace, MODULES, run)


TURNING = (Raised, Returned, Exited, Vanished, Quiet, Busy, GaveUp)
FATES: dict[type, str] = {
    Raised: "raised", Returned: "returned", Exited: "exited", Vanished: "vanished", Busy: "busy",
}  # fmt: skip


def _ours(e: Event) -> bool:
    """Every program that the script does not end is ended so when the case is over."""
    return isinstance(e, Exited) and e.signal == "SIGKILL"


@dataclass(frozen=True, slots=True)
class Party:
    """The student's program in one conversation: its run, and the connection."""

    trace: Trace
    run: str
    conn: str = "a"

    @property
    def lines(self) -> tuple[Line, ...]:
        return lines(self.trace, self.run, self.conn)

    @property
    def before(self) -> Line:
        return before(self.trace, self.run, self.conn)

    @property
    def mine(self) -> tuple[Event, ...]:
        return tuple(e for e in self.trace.events if isinstance(e, Vanished) or getattr(e, "run", "") == self.run)

    @property
    def turning_point(self) -> Event | None:
        """How it came to an end by itself, or where it first got stuck. What follows is only our side leaving."""
        return next((e for e in self.mine if isinstance(e, TURNING) and not _ours(e)), None)

    @property
    def raised(self) -> Raised | None:
        return e if isinstance(e := self.turning_point, Raised) else None

    @property
    def slip(self) -> str | None:
        """The beginner's slip that ended it, if one did."""
        return slip(self.raised)

    @property
    def fate(self) -> str:
        """What became of it by itself: "raised", "returned", "exited", "vanished", "busy", or "" where it waits."""
        return FATES.get(type(self.turning_point), "")

    @property
    def reason(self) -> Text | None:
        """Why nothing more came, as far as it can be told."""
        match self.turning_point:
            case Raised() as e:
                error = f"{e.error}: {e.message.splitlines()[0] if e.message else ''}"[:200]
                return say("it raised {error}", error=error.removesuffix(": "))
            case Returned():
                return say("it returned")
            case Quiet(where=where):
                last = next((e for e in reversed(self.mine) if isinstance(e, Asked | Typed | InputEnded)), None)
                asks = say("it waits for a line from the keyboard") if isinstance(last, Asked) else say("it waits")
                return say("{what}, at {where}", what=asks, where=str(where)) if where else asks
            case Busy(share=share):
                return say("it keeps a processor busy ({share} %)", share=min(100, round(100 * share)))
            case GaveUp(seconds=seconds):
                return say("nothing more had come after {n} s", n=seconds)
            case Exited(code=code, signal=signal):
                how = say("signal {name}", name=signal) if signal else say("exit code {code}", code=code)
                return say("the process ended ({how})", how=how)
            case Vanished():
                return say("the program ended the process that looks after it")
        return None

    @property
    def state(self) -> Text:
        return self.reason or say("the program was still running")

    @property
    def where(self) -> Frame | None:
        """The student's line: of the exception that left it, or where it stands."""
        e = self.turning_point
        return e.frames[-1] if isinstance(e, Raised) and e.frames else getattr(e, "where", None)

    def because(self, seen: Text) -> Text:
        return Text("{seen}; {why}", {"seen": seen, "why": self.reason}) if self.reason else seen


def on_stderr(party: Party, line: Line) -> bool:
    """Whether it stands where input shows its prompt and logging writes. Blanks stand everywhere."""
    written = (e.text for e in party.trace.of(Printed, run=party.run, stream="stderr"))
    return bool(line.text.strip()) and any(line.text in text for text in written)


def is_message(line: Line) -> bool:
    return 1 <= len(line.data) <= LIMIT


def quoted(data: bytes | str) -> str:
    """A text, or bytes that are none, as Python shows them; of a long one the beginning."""
    shown: str | bytes = data
    with contextlib.suppress(UnicodeDecodeError):
        shown = data.decode() if isinstance(data, bytes) else data
    return repr(shown) if len(shown) <= SHOWN else f"{shown[:SHOWN]!r}… ({len(shown)})"


def screen(shown: str) -> str:
    """What was printed, on one line."""
    return " ⏎ ".join(readable(shown).strip("\n").split("\n"))


def printed_like_a_message(party: Party, line: Line) -> bool:
    """Whether a line was printed just as the messages before it were: with nothing before it, or the same prompt."""
    earlier = [x for x in party.lines if x.by == "peer" and x != line and x.printed]
    heads = {_head(row, x.text) for x in earlier for row in _rows(x.shown) if row.endswith(x.text)} | {""}
    return any(_head(row, line.text) in heads for row in _rows(line.shown + line.late) if row.endswith(line.text))


def _rows(shown: str) -> list[str]:
    return [row.rstrip() for row in readable(shown).split("\n")]


def _head(row: str, text: str) -> str:
    """What stands before the message; the time of day in it is always another."""
    return re.sub(r"\d+", "0", row.removesuffix(text)).strip()
