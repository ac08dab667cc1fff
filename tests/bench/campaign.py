"""Searches, over and over: is every race and every deadlock found each time, and no right program ever accused?

    python tests/bench/campaign.py                                  every program of the three exercises on locks
    python tests/bench/campaign.py 'ticket_lock/mutants/*' 'ipc_queue/right/*' --searches 10
    python tests/bench/campaign.py ticket_lock/mutants/no_lock --same 10     the same seed, ten times

A search is one playing of a case of schedules, in a pod of its own and with a seed of its own; it ends with its first
find. A mutant is searched by the checks that it names, where they read such a case: each has to fail, every time. A
right program and the solution are searched until so many --schedules have been played: every check has to pass. With
--same all searches of a program have one seed: verdicts, mistakes and the schedule that is shown have to be the same,
and that schedule must have lost once more when it was played from its text. Other cases are not played here: `grader
selftest SLUG --rounds N` plays them all.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.catalog import Course
from grader.checks import Check
from grader.grading import open_sandbox
from grader.judge import judge_trace
from grader.model import Result, Scheduled, Snapshot, Step, Verdict
from grader.sandbox.base import Sandbox
from grader.selftest import Trial, chosen, trials
from grader.theatre import Graded, Theatre

COURSE = Course(Path(__file__).parents[2])
SLUGS = ("ticket_lock", "ipc_queue", "producer_consumer")
CASES = ("sale.schedules", "lock.release-on-error", "sale.buyers-fail", "queue.schedules", "kitchen.schedules")
EXPECTED = {"mutant": Verdict.FAIL, "right": Verdict.PASS, "solution": Verdict.PASS}


@dataclass(frozen=True)
class Search:
    """shown: the schedule by which a find is told, as it was played from its text; "" where there is none."""

    results: tuple[Result, ...]
    schedules: int
    shown: str

    def found(self, expected: Verdict) -> bool:
        return all(r.verdict is expected for r in self.results)

    @property
    def words(self) -> str:
        """What must not differ between two searches of one seed."""
        return ", ".join([*(f"{r.id}: {r.verdict.value} {r.mistake or ''}" for r in self.results), self.shown])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", nargs="*", help="as of grader selftest")
    parser.add_argument("--searches", type=int, default=50, help="of each mutant")
    parser.add_argument("--schedules", type=int, default=500, help="of each right program, at least")
    parser.add_argument("--same", type=int, default=0, help="so many searches with one seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--isolation", default="process")
    parser.add_argument("-j", type=int, default=2)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    sandbox = open_sandbox(options.isolation, COURSE, options.j)
    record = {}
    try:
        for trial, case, checks in plan(options.programs):
            searches = searched(trial, case, checks, sandbox, options)
            record[f"{trial}, {case}"] = told = summary(trial, searches, same=bool(options.same))
            sys.stdout.write(f"{trial}, {case}: {', '.join(f'{k} {v}' for k, v in told.items())}\n")
            sys.stdout.flush()
    finally:
        sandbox.close()
    if options.out:
        options.out.write_text(json.dumps(record, indent=2) + "\n")
    return int(any(told["otherwise"] for told in record.values()))


def plan(programs: Sequence[str]) -> Iterator[tuple[Trial, str, list[Check]]]:
    """What is searched: programs, the case that is played, the checks that read it."""
    every = [t for slug in SLUGS for t in trials(COURSE.exercise(slug)) if t.kind in EXPECTED]
    for trial in chosen(every, programs):
        for case in CASES:
            checks = [c for c in trial.exercise.checks if c.case == case and (not trial.kills or c.id in trial.kills)]
            if checks:
                yield trial, case, checks


def searched(trial: Trial, case: str, checks: Sequence[Check], sandbox: Sandbox, options: Any) -> list[Search]:
    """The searches of a program; of right ones as many as the schedules take."""
    rng = random.Random(f"{options.seed}/{trial}")

    def all_of(seeds: Iterable[int]) -> list[Search]:
        with ThreadPoolExecutor(options.j) as pool:
            return list(pool.map(lambda seed: search(trial, case, checks, seed, sandbox), seeds))

    def fresh(count: int) -> list[int]:
        return [rng.randrange(1, 10**6) for _ in range(count)]

    if options.same:
        return all_of(fresh(1) * options.same)
    if trial.kind == "mutant":
        return all_of(fresh(options.searches))
    first = all_of(fresh(1))
    return first + all_of(fresh(-(-options.schedules // max(1, first[0].schedules)) - 1))


def search(trial: Trial, case: str, checks: Iterable[Check], seed: int, sandbox: Sandbox) -> Search:
    graded = Graded(trial.exercise, seed)
    with Theatre(graded, Snapshot("campaign", {trial.exercise.slug: trial.files}, ""), sandbox) as theatre:
        theatre.play(case)
    trace = graded.traces[case]
    told = {step.run for step in trace.of(Step)}
    shown = [s.plan for s in trace.of(Scheduled) if s.run in told and s.plan.startswith("replay ")]
    return Search(tuple(judge_trace(c, trace) for c in checks), len(trace.of(Scheduled)), "".join(shown[-1:]))


def summary(trial: Trial, searches: Sequence[Search], same: bool) -> dict[str, int]:
    """otherwise: the searches that did not come to what they had to, or not to the same."""
    expected = EXPECTED[trial.kind]
    words = Counter(s.words for s in searches if s.found(expected) and (s.shown or not same))
    good = max(words.values(), default=0) if same else words.total()
    schedules = sum(s.schedules for s in searches)
    return {"searches": len(searches), "schedules": schedules, "otherwise": len(searches) - good}


if __name__ == "__main__":
    sys.exit(main())
