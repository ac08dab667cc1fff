"""What our side does in `join_and_reap`: jobs that wait for our word, let go one by one, in an order of our choice.

Chapter sections 1.4.3 to 1.4.5. A job that has been let go has died, by the kernel's word, before the next one is; so
which of them ends first is not a matter of speed.
"""

from grader.instrument import Stage, case
from grader.instrument.waiting import IDLE_AFTER
from reference.peers.crew import DAWDLES, SPAWNING, STUBBORN, Crew

NAMES = ("one", "two", "three", "four")
SLOW = 60.0  # seconds that nobody waits for
SHORT = 0.2
OVER = 0.6  # long enough that a busy machine does not hide who waits for half of it
AT_ONCE = 0.5  # seconds: whoever goes to wait for as long as that does not go on at once
LATE = 1.5  # seconds after its start in which a job with that deadline has surely been told to end
TOO_LATE = "its time was over long ago"
ROUNDS = 200  # so often a call may look whether somebody has ended, and not see who has


def ends(stage: Stage) -> list[str]:
    """Every kind of end, in an order and with exit codes that nobody can know beforehand."""
    kinds = ["return", f"exit {stage.rng.randint(2, 99)}", "raise", "kill SIGKILL"]
    stage.rng.shuffle(kinds)
    return kinds


@case("all.together")
def all_together(stage: Stage) -> None:
    run_all(stage, "fork")


@case("all.spawn")
def all_spawn(stage: Stage) -> None:
    run_all(stage, "spawn")


def run_all(stage: Stage, method: str) -> None:
    """All must be there before the first is let go; they end in the reverse order, each before the next."""
    names = NAMES if method == "fork" else NAMES[:2]
    crew = Crew(stage, effort=SPAWNING) if method == "spawn" else Crew(stage)
    crew.start("run", function="run_all", names=names, method=method, twice=method == "fork")
    how = dict(zip(names, ends(stage), strict=False))
    if crew.gather(*names) and crew.wait_it_out(*names) and all(crew.end(n, how[n]) for n in reversed(names)):
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
    names, how = ["two", "one", "three"], [f"exit {stage.rng.randint(2, 99)}", "return", "raise"]
    crew = Crew(stage)
    crew.start("run", function="run_in_order", names=names, twice=True)
    if all(crew.wait_it_out(name) and crew.end(name, end) for name, end in zip(names, how, strict=True)):
        crew.look()
    crew.close()


@case("first.index")
def first_index(stage: Stage) -> None:
    run_first(stage, "return", winners=("two", "four"))


@case("first.failed")
def first_failed(stage: Stage) -> None:
    run_first(stage, f"exit {stage.rng.randint(2, 99)}", winners=("three",))


@case("first.stubborn")
def first_stubborn(stage: Stage) -> None:
    run_first(stage, "return", {"one": "stubborn"})


@case("first.tidy")
def first_tidy(stage: Stage) -> None:
    """All that lose take their time to end, until all others have come to rest: so much for who does not wait."""
    run_first(stage, "return", dict.fromkeys(NAMES, "tidy"))


def run_first(
    stage: Stage, how: str, manners: dict[str, str] | None = None, winners: tuple[str, ...] = NAMES[1:]
) -> None:
    """One of four ends, not the first of the list, once the call has come to rest; the others would wait for ever."""
    winner = stage.rng.choice(winners)
    losers = [name for name in NAMES if name != winner]
    clocked = "stubborn" in (manners or {}).values()
    crew = Crew(stage, patience=STUBBORN, clocked=True) if clocked else Crew(stage, rounds=ROUNDS)
    crew.start("run", function="run_first", names=NAMES, manners=manners or {})
    if crew.gather(*NAMES) and crew.wait_it_out(*NAMES) and crew.end(winner, how):
        tidying = [name for name in losers if (manners or {}).get(name) == "tidy"]
        if crew.tidy(*tidying):
            crew.look(*NAMES, *(f"{name} tidies up" for name in tidying))
    crew.close()


@case("deadline.in-time")
def deadline_in_time(stage: Stage) -> None:
    with_deadline(stage, SLOW, f"exit {stage.rng.randint(2, 99)}")


@case("deadline.zero")
def deadline_zero(stage: Stage) -> None:
    with_deadline(stage, SLOW, "return")


@case("deadline.signal")
def deadline_signal(stage: Stage) -> None:
    with_deadline(stage, SLOW, "kill SIGTERM")


@case("deadline.over")
def deadline_over(stage: Stage) -> None:
    with_deadline(stage, OVER)


@case("deadline.stubborn")
def deadline_stubborn(stage: Stage) -> None:
    with_deadline(stage, SHORT, manner="stubborn")


def with_deadline(stage: Stage, seconds: float, how: str = "", manner: str = "") -> None:
    """how: the job ends at once, in this way; else it outlasts every deadline."""
    crew = Crew(stage, patience=STUBBORN if manner == "stubborn" else IDLE_AFTER, clocked=not how)
    crew.start("run", function="run_with_deadline", names=["one"], seconds=seconds, manners={"one": manner})
    if crew.gather("one") and (not how or crew.end("one", how)):
        if seconds == OVER and crew.outlives("one", LATE):
            stage.mark(TOO_LATE)
        crew.look("one")
    crew.close()


@case("last.waited")
def last_waited(stage: Stage) -> None:
    """The main code goes on when all jobs are there; they are let go only when it has ended and waits, if it does."""
    names = ["one", "two", "four"]
    crew = Crew(stage)
    run = crew.start("run", function="main_ends_first", names=names)
    if crew.gather(*names) and crew.dawdles(AT_ONCE):
        stage.mark(DAWDLES)
    if crew.gather("main"):
        stage.census()
        crew.release("main")
        crew.left()
        for name in names:
            crew.end(name, "return")
        run.wait_record()
    crew.close()


@case("rest.spawn")
def rest_spawn(stage: Stage) -> None:
    """Each job is let go when it has come; that of the next function is not there before."""
    crew = Crew(stage, effort=SPAWNING)
    crew.start("spawned", names=NAMES, seconds=SLOW)
    if all(crew.gather(name) and crew.end(name) for name in NAMES):
        crew.look()
    crew.close()


@case("import.quiet")
def import_quiet(stage: Stage) -> None:
    crew = Crew(stage)
    crew.start("load")
    crew.look()
    crew.close()
