"""What our side does in `task_modes`: jobs that call us and wait for our word, and a recorder that sees the rest.

Chapter sections 1.4.6 and 1.4.7. Nothing is timed. Jobs that wait for us at the same time overlap; a job that calls
only when another one has been let go comes after it. Answers are numbers that only our side knows.
"""

from collections.abc import Callable

from grader.instrument import Stage, case
from grader.model import say
from reference.peers.crew import SPAWNING, Crew

Choose = Callable[[list[str]], str]
FAILS = "raise"
MANY = 40  # tasks: more than the threads that a pool has by itself on any machine


def tasks(count: int) -> list[str]:
    return [f"task {i}" for i in range(1, count + 1)]


def last(names: list[str]) -> str:
    """The one that came last: results in the order of ending are then in a wrong order."""
    return names[-1]


def first(names: list[str]) -> str:
    return names[0]


def start(stage: Stage, function: str, names: list[str], *, method: str = "fork", workers: int | None = None) -> Crew:
    crew = Crew(stage, effort=SPAWNING) if method == "spawn" else Crew(stage)
    crew.start("run", function=function, names=names, method=method, workers=workers)
    return crew


def answers(stage: Stage, names: list[str], failing: str = "") -> dict[str, str]:
    """What each job is told; the numbers are due as the results, in this order. One of them is 0, a result like any."""
    numbers = [stage.rng.randrange(10_000, 100_000) for _ in names]
    numbers[len(numbers) // 2] = 0
    for name, number in zip(names, numbers, strict=True):
        stage.measure(f"result of {name}", number)
    return {n: FAILS if n == failing else f"return {number}" for n, number in zip(names, numbers, strict=True)}


def serve(crew: Crew, words: dict[str, str], choose: Choose, *, at_rest: int = 0) -> None:
    """Lets one job go after another until the call is over. at_rest: before so many of them we wait until nothing moves
    any more, so that whoever was going to come has come."""
    for turn in range(10 * len(words)):
        if not crew.more() or "main" in crew.waiting:
            break
        if turn < at_rest:
            crew.rest(*crew.waiting)
        name = choose([n for n in crew.waiting if n != "main"])
        crew.release(name, words.get(name, "return"))
    crew.look()
    crew.close()


@case("sync.order")
def sync_order(stage: Stage) -> None:
    names = tasks(4)
    serve(start(stage, "run_sync", names), answers(stage, names), last, at_rest=4)


@case("sync.raises")
def sync_raises(stage: Stage) -> None:
    names = tasks(3)
    serve(start(stage, "run_sync", names), answers(stage, names, failing="task 2"), first)


@case("async.returns")
def async_returns(stage: Stage) -> None:
    """All jobs must be there, and the call must be over, before we let the first of them go."""
    names = tasks(4)
    crew = start(stage, "run_async", names)
    if crew.gather(*names):
        crew.look(*names)
    crew.close()


@case("parallel.bound")
def parallel_bound(stage: Stage) -> None:
    names = tasks(12)
    serve(start(stage, "run_parallel", names, workers=3), answers(stage, names), last, at_rest=2)


@case("parallel.one")
def parallel_one(stage: Stage) -> None:
    names = tasks(3)
    serve(start(stage, "run_parallel", names, workers=1), answers(stage, names), last, at_rest=1)


@case("parallel.raises")
def parallel_raises(stage: Stage) -> None:
    names = tasks(5)
    serve(start(stage, "run_parallel", names, workers=2), answers(stage, names, failing="task 2"), last)


@case("parallel.spawn")
def parallel_spawn(stage: Stage) -> None:
    names = tasks(2)
    crew = start(stage, "run_parallel", names, method="spawn", workers=2)
    serve(crew, answers(stage, names), last)


@case("concurrent.together")
def concurrent_together(stage: Stage) -> None:
    names = tasks(MANY)
    crew, words = start(stage, "run_concurrent", names), answers(stage, names)
    crew.gather(*names)
    if not stage.over:
        if stage.watcher.available:
            stage.measure(say("threads while they wait").template, stage.watcher.threads())
        serve(crew, words, last)
    crew.close()


@case("concurrent.raises")
def concurrent_raises(stage: Stage) -> None:
    names = tasks(3)
    serve(start(stage, "run_concurrent", names), answers(stage, names, failing="task 2"), last)


@case("none")
def none(stage: Stage) -> None:
    crew = Crew(stage)
    crew.start("nothing")
    crew.look()
    crew.close()


@case("import.quiet")
def import_quiet(stage: Stage) -> None:
    crew = Crew(stage)
    crew.start("load")
    crew.look()
    crew.close()
