"""How many schedules a second of CPU plays, and how long it takes to prove a deadlock: model answers and one mutant,
under random walks, in a pod of their own.

CPU is that of the instrument, which conducts, and of the agent with all the processes that it has started and buried:
the instrument reads both from /proc. A deadlock's time runs from the last step of a schedule to the moment in which it
is said: the threads are looked at, asked what they wait for, looked at again, and ended.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.catalog import Course, Exercise
from grader.model import Measured, Scheduled, Snapshot, Step, Trace
from grader.sandbox.base import Sandbox
from grader.sandbox.docker import DockerSandbox
from grader.sandbox.process import ProcessSandbox
from grader.theatre import Graded, Theatre

COURSE = Course(Path(__file__).parents[2])
WARM, PLAYS = 3, 30
BENCH = """
import os
from pathlib import Path
from grader.instrument import case
from grader.instrument.exploring import Explorer, Situation
from grader.schedule.strategies import RandomWalk

def seconds(*pids):
    fields = [Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split() for pid in pids]
    return sum(sum(map(int, of[11:15])) for of in fields) / os.sysconf("SC_CLK_TCK")

@case("bench")
def bench(stage):
    with Explorer(stage) as explorer:
        for i in range(WARM + PLAYS):
            if i == WARM:
                before = seconds(os.getpid(), stage.watcher.agent_pid)
            explorer.play(SITUATION, "bench", RandomWalk(f"{i}"), told=TOLD)
        stage.measure("CPU", seconds(os.getpid(), stage.watcher.agent_pid) - before, "s")
"""
THREE_BUYERS = ("sell", {"users": ["a", "b", "c"], "path": "tickets.json"}, {"tickets.json": '{"count": 2}'})
FOUR_IN_A_KITCHEN = ("scheduled", {"producers": {"a": "bun", "b": "tea"}, "consumers": ["c", "d"], "n": 2})
MANY = 20  # steps: a program that had failed would need fewer


@dataclass(frozen=True)
class Benched(Exercise):
    """An exercise with a script of ours in the place of its own."""

    text: str = ""

    @property
    def script(self) -> str:  # type: ignore[override]  # read once
        return self.text


def rate(slug: str, situation: tuple[Any, ...], isolation: str) -> Callable[[Path], float]:
    """Schedules per second of CPU, of the model answer."""

    def measure(_: Path) -> float:
        trace = played(slug, COURSE.exercise(slug).solution(), situation, isolation)
        runs, cpu = trace.of(Scheduled), trace.first(Measured)
        if cpu is None or any(s.how != "ended" or s.steps < MANY for s in runs):
            raise SystemExit(f"the schedules of {slug} did not come to their end")
        return PLAYS / cpu.value

    return measure


def proof(_: Path) -> float:
    """Milliseconds in which a deadlock is proved."""
    files, _kills = COURSE.exercise("ticket_lock").mutants()["double_acquire"]
    trace = played("ticket_lock", files, THREE_BUYERS, "process", told=True)
    runs = trace.of(Scheduled, how="deadlock")
    if len(runs) < WARM + PLAYS:
        raise SystemExit("there was no deadlock")
    return statistics.median(1000 * (s.at - trace.of(Step, run=s.run)[-1].at) for s in runs)


def played(
    slug: str, files: Mapping[str, bytes], situation: tuple[Any, ...], isolation: str, told: bool = False
) -> Trace:
    exercise = COURSE.exercise(slug)
    script = f"{BENCH}\nWARM, PLAYS, TOLD, SITUATION = {WARM}, {PLAYS}, {told}, Situation(*{situation!r})"
    benched = Benched(exercise.slug, exercise.public, exercise.secret, exercise.meta, script)
    graded = Graded(benched, seed=7)
    sandbox: Sandbox = (ProcessSandbox if isolation == "process" else DockerSandbox)(COURSE.bundle())
    try:
        with Theatre(graded, Snapshot("bench", {slug: files}, ""), sandbox) as theatre:
            theatre.play("bench")
    finally:
        sandbox.close()
    return graded.traces["bench"]


BENCHES = {
    "schedules per CPU second, three buyers": rate("ticket_lock", THREE_BUYERS, "docker"),
    "schedules per CPU second, four in a kitchen": rate("producer_consumer", FOUR_IN_A_KITCHEN, "docker"),
    "until a deadlock is proved [ms]": proof,
}
