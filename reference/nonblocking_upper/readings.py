"""How the checks of `nonblocking_upper` read a trace: as grader.analysis.serving does, where the answer is
bytes.upper(); and where the program stands when it waits, because with one thread that is what everybody waits for."""

from __future__ import annotations

from collections.abc import Mapping

from grader.analysis import serving
from grader.analysis.serving import Program
from grader.model import Frame, Quiet, Raised, Text, Trace

MODULES = ("upper_server.py",)
BOOKS = ("RuntimeError", "ValueError", "KeyError", "IndexError")  # what lists, dictionaries and selectors raise


def upper(data: bytes) -> bytes:
    return data.upper()


def program(trace: Trace, run: str = "server") -> Program:
    return Program(trace, MODULES, run)


def uppered(
    trace: Trace, conn: str, count: int, table: Mapping[str, str], about: Text | None = None, run: str = "server"
) -> int:
    """See serving.answered."""
    return serving.answered(program(trace, run), conn, count, table, about, upper)


def crowd_served(trace: Trace, what: str, count: int, table: Mapping[str, str]) -> int:
    """See serving.crowd_served."""
    return serving.crowd_served(program(trace), what, count, table, upper)


def streamed(trace: Trace, conn: str, short: str) -> Text:
    """See serving.streamed."""
    return serving.streamed(program(trace), conn, short, "not-upper", "due")


def stands(trace: Trace) -> Frame | None:
    """The student's line in which all of the program waits, where it does and that is known."""
    quiet = trace.first(Quiet)
    return quiet.where if quiet else None


def waits_in(trace: Trace, *calls: str) -> bool:
    """Its line calls one of these methods."""
    line = stands(trace)
    return line is not None and any(f".{call}(" in line.source for call in calls)


def died_of(trace: Trace, *errors: str) -> bool:
    """An exception of one of these names ended serve."""
    raised = trace.first(Raised, run="server")
    return raised is not None and raised.error in errors
