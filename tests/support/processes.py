"""Lives of processes told in few words, for traces written by hand. A line is a moment: a second each.

    story("start a", "start b", "call over", "end a 0", "reap a")

main is process 10, the jobs get numbers from 11 on in the order in which they are started. Words:
    start JOB [by JOB]   JOB is forked, and says so to us        here JOB [THREAD]   JOB runs in main itself
    let JOB HOW…         we let it go on                          hit JOB SIGNAL      main sends it a signal
    end JOB CODE         it ends, with a code or by a signal      reap JOB            main collects it
    call NAME / over VALUE / raises ERROR                         the call of a function, and what comes of it
    stands [LINE]        nothing goes on any more                 left                the main code has ended
    census JOB=STATE…    what /proc shows of these                quit CODE           main ends; the record is whole
"""

from __future__ import annotations

from collections.abc import Iterator

from grader.model import (
    Arrived,
    Called,
    Census,
    Died,
    Event,
    Forked,
    Frame,
    Imported,
    Killed,
    Left,
    Quiet,
    Raised,
    Reaped,
    Recorded,
    Released,
    Returned,
    Seen,
    Started,
    Trace,
)
from grader.wire.payload import value_of

MAIN, AGENT = 10, 2


def story(case: str, *lines: str) -> Trace:
    return Trace(case, tuple(_events(lines)))


def _events(lines: tuple[str, ...]) -> Iterator[Event]:
    yield Started(0, "a", "run", MAIN)
    yield Imported(0, "a")
    pids = {"main": MAIN}
    for at, line in enumerate(lines, 1):
        yield from _moment(float(at), line.split(), pids)


def _moment(at: float, words: list[str], pids: dict[str, int]) -> Iterator[Event]:
    match words:
        case ["start", job, *rest]:
            pids[job] = pid = MAIN + len(pids)
            by = pids[rest[1]] if rest else MAIN
            yield Forked(at, "a", pid, by)
            yield Arrived(at + 0.1, "a", job, pid, by, pid)
        case ["here", job, *thread]:
            yield Arrived(at, "a", job, MAIN, AGENT, int(thread[0]) if thread else MAIN)
        case ["let", job, *how]:
            yield Released(at, "a", job, " ".join(how))
        case ["hit", job, signal]:
            yield Killed(at, "a", pids[job], signal, MAIN)
        case ["end", job, how]:
            code = int(how) if not how.startswith("SIG") else None
            yield Died(at, "a", pids[job], code, None if code is not None else how)
        case ["reap", job]:
            yield Reaped(at, "a", pids[job], MAIN)
        case ["call", name]:
            yield Called(at, "a", 0, name)
        case ["over", *value]:
            yield Returned(at, "a", 0, value_of(eval(" ".join(value))))
            yield Arrived(at + 0.1, "a", "main", MAIN, AGENT, MAIN)
        case ["raises", error]:
            yield Raised(at, "a", 0, error, (error, "Exception"), "as it is", (Frame("m.py", 9, "f"),))
        case ["stands", *where]:
            yield Quiet(at, "a", "job", Frame("m.py", int(where[0]), "f") if where else None)
        case ["left"]:
            yield Left(at, "a")
        case ["census", *those]:
            states = dict(one.split("=") for one in those)
            seen = (Seen(pids[job], MAIN, state, 1) for job, state in states.items())
            yield Census(at, (Seen(MAIN, AGENT, "S", 1), *seen))
        case ["quit", code]:
            yield Died(at, "a", MAIN, int(code))
            yield Recorded(at + 0.1, "a", True)
        case _:
            raise ValueError(words)
