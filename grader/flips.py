"""How often is a verdict wrong? Programs whose outcome is known, graded again and again under growing load. Layer 7.

A right program that loses a must or a should is a false fail; a mutant that passes the check it names is a missed bug;
an UNDECIDED that its second playing did not resolve is counted by itself. Each count comes with the rate that it
excludes: 0 of n is no proof of 0, but with 95 % confidence the rate is below `upper(0, n)`.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from grader.model import Verdict
from grader.selftest import Jobs, Played, Trial, busy

LOADS = (0, 2, 4, 8)  # busy loops
COUNTS = ("gradings", "false_fails", "missed", "undecided")
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Flips:
    """The gradings under one load, or all of them. wrong: a line for each, naming program, seed and check."""

    load: str
    gradings: int
    false_fails: int
    missed: int
    undecided: int
    wrong: tuple[str, ...]


def known(trials: Iterable[Trial]) -> list[Trial]:
    """Those whose every outcome is known: right programs and mutants."""
    return [t for t in trials if t.kind != "stub"]


def plan(trials: Sequence[Trial], count: int, seed: int) -> Iterator[tuple[int, Jobs]]:
    """For each load, which programs are graded with which seeds: all equally often, shuffled anew in every round."""
    rng = random.Random(seed)
    rounds: list[Trial] = []
    while len(rounds) < count:
        rounds += rng.sample(trials, len(trials))
    share = math.ceil(count / len(LOADS))
    for i, load in enumerate(LOADS):
        yield load, [(t, rng.randrange(1, 1_000_000)) for t in rounds[:count][i * share : (i + 1) * share]]


def run(trials: Sequence[Trial], count: int, seed: int, play: Callable[[Jobs], list[Played]]) -> list[Flips]:
    """A row for each load. play: grades the programs given, in any order; fewer where Ctrl-C has ended it."""
    rows = []
    for load, jobs in plan(trials, count, seed):
        with busy(load):
            played = play(jobs)
        rows.append(counted(str(load), played))
        if len(played) < len(jobs):
            break
    return rows


def counted(load: str, played: Sequence[Played]) -> Flips:
    found = [(outcome(p), p) for p in played]
    count = Counter(kind for kind, _ in found)
    lines = tuple(f"{p.trial}, seed {p.seed}: {'; '.join(map(str, p.misses))}" for kind, p in found if kind)
    return Flips(load, len(played), count["false fail"], count["missed"], count["undecided"], lines)


def outcome(p: Played) -> str:
    """ "" where a grading said what is true; otherwise "false fail", "missed" or "undecided"."""
    asked = [v for i, v in p.verdicts.items() if p.trial.kind != "mutant" or i in p.trial.kills]
    if not p.misses:
        return ""
    if not asked or Verdict.UNDECIDED in asked:
        return "undecided"
    return "missed" if p.trial.kind == "mutant" else "false fail"


def total(rows: Sequence[Flips]) -> Flips:
    sums = {name: sum(getattr(r, name) for r in rows) for name in COUNTS}
    return Flips("all", **sums, wrong=tuple(w for r in rows for w in r.wrong))


def upper(wrong: int, of: int) -> float:
    """The rate that `wrong` of `of` excludes with 95 % confidence (Clopper and Pearson, one-sided): 3/n for 0 of n."""
    low, high = wrong / of if of else 1.0, 1.0
    while high - low > 1e-9:
        rate = (low + high) / 2
        low, high = (rate, high) if _at_most(wrong, of, rate) > 1 - CONFIDENCE else (low, rate)
    return high


def _at_most(wrong: int, of: int, rate: float) -> float:
    """The chance to see so few at this rate; through logarithms, because of! has no float."""
    return math.fsum(
        math.exp(
            math.lgamma(of + 1)
            - math.lgamma(k + 1)
            - math.lgamma(of - k + 1)
            + k * math.log(rate)
            + (of - k) * math.log1p(-rate)
        )
        for k in range(wrong + 1)
    )
