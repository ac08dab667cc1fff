"""How the checks of `threaded_echo` read a trace: as grader.analysis.serving does, where the answer is an echo."""

from __future__ import annotations

from collections.abc import Mapping

from grader.analysis import serving
from grader.analysis.serving import Program
from grader.model import Text, Trace

MODULES = ("echo_server.py",)


def program(trace: Trace, run: str = "server") -> Program:
    return Program(trace, MODULES, run)


def echoed(
    trace: Trace, conn: str, count: int, table: Mapping[str, str], about: Text | None = None, run: str = "server"
) -> int:
    """See serving.answered."""
    return serving.answered(program(trace, run), conn, count, table, about)


def crowd_served(trace: Trace, what: str, count: int, table: Mapping[str, str]) -> int:
    """See serving.crowd_served."""
    return serving.crowd_served(program(trace), what, count, table)


def streamed(trace: Trace, conn: str, short: str) -> Text:
    """See serving.streamed."""
    return serving.streamed(program(trace), conn, short, "strips-or-changes")
