"""In which order the tasks of a run take their locks. Layer 1, pure.

Two tasks that take the same locks in opposite order can stop each other for ever, and have only been lucky where they
have not. An *edge* is a lock that is held while another is waited for. A *cycle* is a round of edges of as many tasks,
each waiting for what the next one holds. It is a finding also where nothing stood still, unless

- another lock is held in two of its edges (then only one of them is inside at a time),
- a task had not been started when the other did it, or had ended before the one that waits for its end did it,
- what looks like a lock is a signal: freed by one who does not hold it, or held by two.

A wait with a time-out is no edge: it ends. Only a run that is told in full says all this.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations

from grader.analysis.interleaving import Access, accesses_of
from grader.model import Step, Trace

EDGES = 60  # different ones that are looked at
LONGEST = 3  # tasks in a round


@dataclass(frozen=True, slots=True)
class Edge:
    """`task` holds `held`, and whatever else is in `holding`, when it wants `want.thing`. present: who was there."""

    task: str
    held: str
    want: Access
    holding: frozenset[str]
    present: frozenset[str]

    @property
    def wanted(self) -> str:
        return self.want.thing


def cycle(trace: Trace) -> tuple[Edge, ...]:
    """The first round of edges of the runs that are told in full; () where all of them keep one order."""
    for run in dict.fromkeys(s.run for s in trace.of(Step)):
        found = edges(trace, run)
        for size in range(2, LONGEST + 1):
            for some in combinations(found, size):
                if apart(some):
                    for rest in permutations(some[1:]):
                        if closed((some[0], *rest)):
                            return (some[0], *rest)
    return ()


def edges(trace: Trace, run: str) -> tuple[Edge, ...]:
    """Each different one once, in the order of the run."""
    accesses = accesses_of(trace, run)
    steps = trace.of(Step, run=run)
    signs = signals(accesses)
    found: dict[tuple[str, str, str, frozenset[str]], Edge] = {}
    for a, held in walk(accesses):
        mine = frozenset(thing for thing, owners in held.items() if a.task in owners) - signs
        if a.verb != "wants" or a.thing in mine or a.thing in signs or not a.step:
            continue
        step = steps[a.step - 1]
        present = frozenset((step.task, *step.ready, *step.blocked))
        for thing in sorted(mine):
            found.setdefault((a.task, thing, a.thing, mine), Edge(a.task, thing, a, mine, present))
    return tuple(found.values())[:EDGES]


def walk(accesses: Sequence[Access]) -> Iterator[tuple[Access, dict[str, list[str]]]]:
    """Each access, and lock → its holders before it; one that holds it twice stands there twice."""
    held: dict[str, list[str]] = {}
    for a in accesses:
        yield a, held
        if a.verb == "takes":
            held.setdefault(a.thing, []).append(a.task)
        elif a.verb == "frees" and a.task in held.get(a.thing, []):
            held[a.thing].remove(a.task)


def signals(accesses: Sequence[Access]) -> set[str]:
    """What is not used as a lock."""
    found = set()
    for a, held in walk(accesses):
        owners = set(held.get(a.thing, []))
        if (a.verb == "frees" and a.task not in owners) or (a.verb == "takes" and owners - {a.task}):
            found.add(a.thing)
    return found


def closed(ring: Sequence[Edge]) -> bool:
    return all(e.wanted == after.held for e, after in zip(ring, (*ring[1:], ring[0]), strict=True))


def apart(some: Sequence[Edge]) -> bool:
    """Whether these edges may all be under way at the same time."""
    return all(
        a.task != b.task and not a.holding & b.holding and together(*sorted((a, b), key=lambda e: e.want.step))
        for a, b in combinations(some, 2)
    )


def together(early: Edge, late: Edge) -> bool:
    waited_for = late.task == "main" or early.task.startswith(f"{late.task}.")  # a parent may wait for its child's end
    return late.task in early.present and (early.task in late.present or not waited_for)
