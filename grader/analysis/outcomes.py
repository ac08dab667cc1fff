"""What became of the calls into the student's code: a pure reading of a trace. Layer 1."""

from __future__ import annotations

from dataclasses import dataclass

from grader.model import (
    Busy,
    Called,
    Exited,
    Frame,
    GaveUp,
    PassedOver,
    Quiet,
    Raised,
    Returned,
    Text,
    Trace,
    Value,
    say,
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One call that came to an end: a value, or an exception."""

    value: Value | None = None
    raised: Raised | None = None

    def is_a(self, *names: str) -> bool:
        """An exception of one of these builtin classes left the call."""
        return self.raised is not None and any(n in self.raised.bases for n in names)

    @property
    def where(self) -> Frame | None:
        return self.raised.frames[-1] if self.raised and self.raised.frames else None

    @property
    def chosen(self) -> bool:
        """The exception was raised by a line of the student's that says so; it is no accident."""
        return self.where is not None and self.where.source.lstrip().startswith(("raise ", "assert "))

    @property
    def text(self) -> Text:
        if self.raised:
            message = self.raised.message.partition("\n")[0][:200]
            return say("it raised {error}: {message}", error=self.raised.error, message=message)
        return say("it returned {value}", value=self.value.shown if self.value else "")


def outcomes(trace: Trace, run: str) -> tuple[Outcome, ...]:
    """The outcomes of a run's calls, in order; an exception at import comes last."""
    found = [e for e in trace.events if isinstance(e, Returned | Raised) and e.run == run]
    return tuple(Outcome(value=e.value) if isinstance(e, Returned) else Outcome(raised=e) for e in found)


@dataclass(frozen=True, slots=True)
class Standstill:
    """Why nothing more came from a run, and the student's line in which it stands.

    quiet: it does nothing but wait, or look again and again whether something has come.
    """

    text: Text
    where: Frame | None = None
    quiet: bool = False


def standstill(trace: Trace, run: str) -> Standstill:
    """How the run stood when our side stopped waiting for it."""
    for e in trace.events:
        match e:
            case Quiet(run=name) if name == run:
                return Standstill(_quiet(e), e.where, quiet=True)
            case Busy(run=name) if name == run:
                share = round(100 * e.share)
                text = say("it computes without a pause ({share} % of {n} s)", share=share, n=e.seconds)
                return Standstill(text, e.where)
            case PassedOver(run=name) if name == run:
                return Standstill(say("it answered another client {n} times meanwhile", n=e.turns))
            case GaveUp(run=name) if name == run and e.turns:
                text = say(
                    "it slept and woke {turns} times in {n} s, and nothing came of it", turns=e.turns, n=e.seconds
                )
                return Standstill(text, e.where, quiet=True)
            case GaveUp(run=name) if name == run:
                return Standstill(say("it was still not done after {n} s", n=e.seconds), e.where)
    ended = trace.first(Exited, run=run)
    if ended and ended.signal:
        return Standstill(say("its process was ended by {signal}", signal=ended.signal))
    if ended:
        return Standstill(say("its process ended with exit code {code}", code=ended.code))
    return Standstill(say("nothing more came from it"))


def _quiet(e: Quiet) -> Text:
    if e.where and e.where.source:
        return say(
            "it has read all that was sent and waits for more, in {where}: {source}",
            where=str(e.where),
            source=e.where.source,
        )
    return say("it has read all that was sent and waits for more")


def outcomes_of(trace: Trace, run: str, name: str) -> tuple[Outcome, ...]:
    """The outcomes of a run's calls of one name, in order; calls without one are left out."""
    calls = {c.call for c in trace.of(Called, run=run, name=name)}
    ended = (e for e in trace.events if isinstance(e, Returned | Raised) and e.run == run and e.call in calls)
    return tuple(Outcome(value=e.value) if isinstance(e, Returned) else Outcome(raised=e) for e in ended)
