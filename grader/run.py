"""The whole path for one submission and one exercise. Layer 6.

After each case the (pure) judge says whether the next is still worth playing: a case all of whose checks are blocked is
not played. A case in which a deadline was reached, or that came out UNDECIDED, is played again at once: alone in a
fresh pod, with three times the limits. One case is played at a time; only those in which a clock of the exercise runs
down (a time-out that the student's code has to keep) go on beside the others, each in a pod of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, nullcontext
from functools import partial

from grader.catalog import Exercise
from grader.checks import Check, Violation
from grader.judge import RETRY, judge, reached_deadline, wants_retry
from grader.model import Result, Snapshot, Trace, Unproven, Verdict
from grader.refusal import not_attempted, not_importable
from grader.sandbox.base import Sandbox
from grader.theatre import Graded, Theatre

IMPORT = "import"  # the case before all others: does the module load at all?
Progress = Callable[[str], None]
Meanwhile = Callable[[], AbstractContextManager[object]]


def grade(
    exercise: Exercise,
    snapshot: Snapshot,
    sandbox: Sandbox,
    *,
    seed: int,
    only: Iterable[str] = (),
    progress: Progress = lambda case: None,
    meanwhile: Meanwhile = nullcontext,
) -> Graded:
    """Plays and judges one exercise. only: ids of checks; those they need are played too, the others are left out.

    meanwhile: entered while there is nothing to do but to wait until a clock has run down.

    Never raises for what the submission does. Raises ExerciseError for what the exercise's author did, and
    MachineError where not even a pod could be had.
    """
    began = time.monotonic()
    checks = selected(exercise.checks, only)
    graded = Graded(exercise, seed)
    refusal = not_attempted(snapshot, exercise.slug, exercise.stubs)
    if not refusal:
        _play_all(graded, checks, Theatre(graded, snapshot, sandbox), progress, meanwhile)
    graded.results = rejudge(checks, graded.traces, refusal)
    graded.seconds = round(time.monotonic() - began, 3)
    return graded


def rejudge(
    checks: Iterable[Check], traces: Mapping[str, Trace], refusal: Violation | None = None
) -> tuple[Result, ...]:
    """The verdicts that saved traces give."""
    return judge(checks, traces, refusal or _import_failed(traces))


def _import_failed(traces: Mapping[str, Trace]) -> Violation | None:
    """Why the module cannot be imported. None where it can, and where only one playing was too slow to tell."""
    first, second = traces.get(IMPORT), traces.get(IMPORT + RETRY)
    if second:
        return not_importable(second)
    return not_importable(first) if first and not reached_deadline(first) else None


def selected(checks: Iterable[Check], only: Iterable[str]) -> tuple[Check, ...]:
    """The checks named, with all that they need, in their order; all of them where none is named."""
    by_id = {c.id: c for c in checks}
    wanted = set(only)
    while more := {n for i in wanted & set(by_id) for n in by_id[i].needs} - wanted:
        wanted |= more
    return tuple(c for c in by_id.values() if not only or c.id in wanted)


def _play_all(
    graded: Graded, checks: tuple[Check, ...], theatre: Theatre, progress: Progress, meanwhile: Meanwhile
) -> None:
    with theatre:
        for pace, saved_as in ((1.0, IMPORT), (3.0, IMPORT + RETRY)):
            theatre.play(IMPORT, pace, saved_as)
            loaded = graded.traces.get(saved_as)
            if loaded and not not_importable(loaded):
                _play_cases(graded, checks, theatre, progress, meanwhile)
                return
            if not loaded or not reached_deadline(loaded):
                return
            theatre.renew()


def _play_cases(
    graded: Graded, checks: tuple[Check, ...], theatre: Theatre, progress: Progress, meanwhile: Meanwhile
) -> None:
    on_clock = [c.id for c in checks if c.case in theatre.clocks]
    in_order = (*(selected(checks, on_clock) if on_clock else ()), *checks)  # so that the clocks begin early
    cases = {c.case: [d for d in checks if d.case == c.case] for c in in_order}
    so_far: dict[str, Result] = {}
    with Beside(theatre) as beside:
        while cases or beside.under_way:
            for name in [n for n in cases if n in theatre.clocks and _known(cases[n], so_far)]:
                mine = cases.pop(name)
                if not all(_hopeless(c, so_far) for c in mine):
                    progress(name)
                    beside.begin(name, partial(_play_case, graded, mine, dict(so_far)))
            here = [n for n in cases if not beside.under_way or (n not in theatre.clocks and _known(cases[n], so_far))]
            if here:
                mine = cases.pop(here[0])
                if all(_hopeless(c, so_far) for c in mine):
                    continue
                progress(here[0])
                so_far |= _play_case(graded, mine, so_far, theatre)
            else:
                with meanwhile():
                    beside.wait()
            for results in beside.ended():
                so_far |= results
            so_far |= _decided([c for c in checks if c.case not in beside.under_way], graded.traces, so_far)


def _play_case(
    graded: Graded, mine: Sequence[Check], so_far: Mapping[str, Result], theatre: Theatre
) -> dict[str, Result]:
    """Plays a case, again where that must be, and judges the checks that look at it."""
    name = mine[0].case
    theatre.play(name)
    results = _decided(mine, graded.traces, so_far)
    doubtful = [r for r in results.values() if wants_retry(r)]
    if name not in graded.traces or any(r.deadline or _provable(graded.traces[name]) for r in doubtful):
        theatre.renew()
        theatre.play(name, pace=3.0, saved_as=name + RETRY)
        results = _decided(mine, graded.traces, so_far)
    return results


class Beside:
    """Cases that are played beside the others, each in a theatre and a thread of its own."""

    def __init__(self, theatre: Theatre) -> None:
        self.under_way: dict[str, Future[dict[str, Result]]] = {}  # by case
        self._theatre = theatre
        self._theatres: list[Theatre] = []
        self._threads = ThreadPoolExecutor(max(1, len(theatre.clocks)), "grader-beside")

    def begin(self, case: str, play: Callable[[Theatre], dict[str, Result]]) -> None:
        theatre = self._theatre.another()
        self._theatres.append(theatre)

        def played() -> dict[str, Result]:
            with theatre:
                return play(theatre)

        self.under_way[case] = self._threads.submit(played)

    def wait(self) -> None:
        """Until one of them has ended."""
        wait(list(self.under_way.values()), return_when=FIRST_COMPLETED)

    def ended(self) -> list[dict[str, Result]]:
        """The results of those that have ended since. Raises what they raise."""
        ended = [case for case, playing in self.under_way.items() if playing.done()]
        return [self.under_way.pop(case).result() for case in ended]

    def __enter__(self) -> Beside:
        return self

    def __exit__(self, *_: object) -> None:
        for theatre in self._theatres:
            theatre.close()
        self._threads.shutdown()


def _decided(checks: Iterable[Check], traces: Mapping[str, Trace], so_far: Mapping[str, Result]) -> dict[str, Result]:
    """The results of those checks that are not decided yet and can be: all that they need is known."""
    found: dict[str, Result] = {}
    for c in checks:
        known = {**so_far, **found}
        if c.id not in known and (c.case in traces or c.case + RETRY in traces) and all(n in known for n in c.needs):
            found[c.id] = judge([c], traces, so_far=known)[0]
    return found


def _known(mine: Sequence[Check], so_far: Mapping[str, Result]) -> bool:
    """All that the checks of a case need from other cases is decided."""
    own = {c.id for c in mine}
    return all(need in so_far for c in mine for need in c.needs if need not in own)


def _hopeless(c: Check, so_far: Mapping[str, Result]) -> bool:
    """A check that it needs has failed, or was itself not worth playing."""
    needed = [so_far.get(n) for n in c.needs]
    return any(r is None or r.verdict in (Verdict.FAIL, Verdict.BLOCKED) for r in needed)


def _provable(trace: Trace) -> bool:
    """Nothing in it says that this machine cannot show what a PASS needs, today or ever."""
    return not trace.of(Unproven)


__all__ = ["IMPORT", "Graded", "grade", "rejudge", "selected"]
