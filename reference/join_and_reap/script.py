"""What our side does in `join_and_reap`: jobs that wait for our word, let go one by one, in an order of our choice.

Chapter sections 1.4.3 to 1.4.5. A job that has been let go has died, by the kernel's word, before the next one is; so
which of them ends first is not a matter of speed.
"""

from grader.instrument import Stage, case
from reference.peers.crew import SPAWNING, Crew

HOW = {"one": "return", "two": "exit 3", "three": "raise", "four": "kill SIGKILL"}
SLOW = 60.0  # seconds that nobody waits for
SHORT = 0.2


@case("all.together")
def all_together(stage: Stage) -> None:
    run_all(stage, "fork")


@case("all.spawn")
def all_spawn(stage: Stage) -> None:
    run_all(stage, "spawn")


def run_all(stage: Stage, method: str) -> None:
    """All four must be there before the first is let go; they end in the reverse order, each before the next."""
    names = list(HOW) if method == "fork" else ["one", "two"]
    crew = Crew(stage, patience=SPAWNING) if method == "spawn" else Crew(stage)
    crew.start("run", function="run_all", names=names, method=method)
    if crew.gather(*names) and all(crew.end(name, HOW[name]) for name in reversed(names)):
        crew.look()
    crew.close()


@case("all.none")
def all_none(stage: Stage) -> None:
    crew = Crew(stage)
    crew.start("run", function="run_all", names=[])
    crew.look()
    crew.close()


@case("order.turns")
def order_turns(stage: Stage) -> None:
    """Each job is held until everything has come to rest: a second one would have been started by then."""
    names = ["two", "one", "three"]
    crew = Crew(stage)
    crew.start("run", function="run_in_order", names=names)
    if all(crew.rest(name) and crew.end(name, HOW[name]) for name in names):
        crew.look()
    crew.close()


@case("first.index")
def first_index(stage: Stage) -> None:
    run_first(stage, "return")


@case("first.failed")
def first_failed(stage: Stage) -> None:
    run_first(stage, "exit 3")


@case("first.stubborn")
def first_stubborn(stage: Stage) -> None:
    run_first(stage, "return", {"one": "stubborn"})


@case("first.tidy")
def first_tidy(stage: Stage) -> None:
    """Two processes take their time to end, until all others have come to rest: so much for who does not wait."""
    names = list(HOW)
    crew = Crew(stage)
    crew.start("run", function="run_first", names=names, manners={"one": "tidy", "four": "tidy"})
    if crew.gather(*names) and crew.end("three") and crew.tidy("one", "four"):
        crew.look("one tidies up", "four tidies up", *names)
    crew.close()


def run_first(stage: Stage, how: str, manners: dict[str, str] | None = None) -> None:
    """The third of four ends, once the call has come to rest; the others would wait for ever."""
    names = list(HOW)
    crew = Crew(stage)
    crew.start("run", function="run_first", names=names, manners=manners or {})
    if crew.gather(*names) and crew.rest(*names) and crew.end("three", how):
        crew.look(*names)
    crew.close()


@case("deadline.in-time")
def deadline_in_time(stage: Stage) -> None:
    with_deadline(stage, SLOW, "exit 3")


@case("deadline.zero")
def deadline_zero(stage: Stage) -> None:
    with_deadline(stage, SLOW, "return")


@case("deadline.over")
def deadline_over(stage: Stage) -> None:
    with_deadline(stage, SHORT)


@case("deadline.stubborn")
def deadline_stubborn(stage: Stage) -> None:
    with_deadline(stage, SHORT, manner="stubborn")


def with_deadline(stage: Stage, seconds: float, how: str = "", manner: str = "") -> None:
    """how: the job ends at once, in this way; else it outlasts every deadline."""
    crew = Crew(stage)
    crew.start("run", function="run_with_deadline", names=["one"], seconds=seconds, manners={"one": manner})
    if crew.gather("one") and (not how or crew.end("one", how)):
        crew.look("one")
    crew.close()


@case("last.waited")
def last_waited(stage: Stage) -> None:
    """The main code goes on when all jobs are there; they are let go only when it has ended and waits, if it does."""
    names = ["one", "two", "four"]
    crew = Crew(stage)
    run = crew.start("run", function="main_ends_first", names=names)
    if crew.gather(*names, "main"):
        stage.census()
        crew.release("main")
        crew.left()
        for name in names:
            crew.end(name, "exit 3" if name == "two" else "return")
        run.wait_record()
    crew.close()


@case("import.quiet")
def import_quiet(stage: Stage) -> None:
    crew = Crew(stage)
    crew.start("load")
    crew.look()
    crew.close()
