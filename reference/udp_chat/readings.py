"""What the checks of both sides of `udp_chat` read in a trace: terminals, datagrams as text, how a call ended.

A check says which symptoms it takes for which mistake in a table `{symptom: mistake}`, as those of other servers do
(grader/analysis/serving.py). In doubt none is named: expected and actual then speak for themselves.
"""

from __future__ import annotations

import re

from grader.analysis.outcomes import Outcome, outcomes
from grader.analysis.serving import SHOWN, shown
from grader.model import Shown, Trace
from grader.wire.terminal import readable

PAIR = re.compile(r"\(b['\"].*, \('[\d.]+', \d+\)\)")  # what recvfrom returns, printed
BYTES = re.compile(r"b'.*'|b\".*\"")
NOT_CONNECTED = ("[Errno 107]", "[Errno 32]")  # ENOTCONN, EPIPE
BAD = "龘"  # what the messages are made of that are too long; nobody prints it otherwise


def terminal(trace: Trace, run: str) -> str:
    """All that a run printed on its terminal, as a person reads it."""
    return readable("".join(e.text for e in trace.of(Shown, run=run)))


def data_of(data: bytes, size: int | None = None) -> str:
    """Text where it is text, else bytes; of both only the beginning."""
    whole = len(data) if size is None else size
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return shown(data, whole)
    return repr(text) if len(text) <= SHOWN else f"{text[:SHOWN]!r}… ({whole})"


def outcome_of(trace: Trace, run: str) -> Outcome:
    """What became of the call: an exception, a value, or neither."""
    return next(iter(outcomes(trace, run)), Outcome())


def took_tuple(trace: Trace, run: str) -> bool:
    """It took the pair that recvfrom returns for the bytes: it broke on it, or printed it."""
    raised = outcome_of(trace, run).raised
    broke = raised is not None and "tuple" in raised.message and raised.error in ("AttributeError", "TypeError")
    return broke or PAIR.search(terminal(trace, run)) is not None


def stream_socket(trace: Trace, run: str) -> bool:
    """It opened a TCP socket: nobody is at the other end, and there is nothing to receive from."""
    raised = outcome_of(trace, run).raised
    return raised is not None and any(e in raised.message for e in NOT_CONNECTED)
