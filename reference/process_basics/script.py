"""What our side does in `process_basics`: jobs that call us and wait for our word, and a recorder that sees the rest.

Chapter sections 1.4.1 to 1.4.3 and 1.4.8. Nothing is timed: jobs that are all waiting for us are alive at the same
time, and a call that has returned while they wait has not waited for them.
"""

from grader.instrument import Stage, case
from grader.wire import payload
from reference.peers.crew import DAWDLES, SPAWNING, STUBBORN, Crew

THREE = (["a"], ["b"], ["c"])
AT_ONCE = 0.5  # seconds: whoever goes to wait for as long as that does not go on at once
LONG = 2.0  # seconds: too long to wait for the end of a process that nobody has told to end
WAITS_FIRST = "stop waits, and has sent nothing"
TUPLES = (["abc"], ["x", 2], [], [["one", "list"]], [None])


def named(args_list: object) -> list[str]:
    """The names of the jobs that get these arguments."""
    return [repr(tuple(args)) for args in args_list]  # type: ignore[attr-defined]  # lists of lists


@case("start.all")
def start_all(stage: Stage) -> None:
    start(stage, "fork", THREE, twice=True)


@case("start.spawn")
def start_spawn(stage: Stage) -> None:
    start(stage, "spawn", THREE[:2])


@case("start.args")
def start_args(stage: Stage) -> None:
    start(stage, "fork", TUPLES)


@case("start.none")
def start_none(stage: Stage) -> None:
    start(stage, "fork", ())


def crew_for(stage: Stage, method: str) -> Crew:
    return Crew(stage, effort=SPAWNING) if method == "spawn" else Crew(stage)


def start(stage: Stage, method: str, args_list: object, twice: bool = False) -> None:
    """All jobs must be there, and the call must be over, before we let the first of them go."""
    crew = crew_for(stage, method)
    crew.start("start_all", args_list=args_list, method=method, twice=twice)
    names = named(args_list)
    if crew.gather(*names):
        if crew.dawdles(AT_ONCE):
            stage.mark(DAWDLES)
        crew.look(*names)
    crew.close()


@case("oop.lines")
def oop_lines(stage: Stage) -> None:
    """All are about to write when the first of them may: whoever looks at the file before has seen what is old then."""
    texts = [f"{payload.text(stage.rng, 12, payload.PLAIN)} 第{i}行" for i in range(1, 6)]
    write(stage, "fork", texts, before="kept,1,1\n", paused=True)


@case("oop.spawn")
def oop_spawn(stage: Stage) -> None:
    write(stage, "spawn", ["spawned"])


def write(stage: Stage, method: str, texts: list[str], before: str = "", paused: bool = False) -> None:
    crew = crew_for(stage, method)
    for text in texts:
        stage.mark(text)
    crew.start("write_lines", texts=texts, method=method, before=before, paused=paused)
    while crew.more() and "part" in crew.waiting and crew.rest("part"):
        for name in crew.waiting:
            crew.release(name)
    crew.look()
    crew.close()


@case("oop.base")
def oop_base(stage: Stage) -> None:
    crew = Crew(stage)
    crew.start("run_here")
    crew.look()
    crew.close()


@case("pid.whoami")
def pid_whoami(stage: Stage) -> None:
    crew = Crew(stage)
    crew.start("whoami")
    crew.look()
    crew.close()


@case("isolation.values")
def isolation_values(stage: Stage) -> None:
    bumped(stage, "fork")


@case("isolation.child")
def isolation_child(stage: Stage) -> None:
    """A child finds another number in its box than the parent has, so that nobody can know what it has seen."""
    bumped(stage, "fork", spying=True)


@case("isolation.spawn")
def isolation_spawn(stage: Stage) -> None:
    bumped(stage, "spawn")


def bumped(stage: Stage, method: str, spying: bool = False) -> None:
    value = stage.rng.randint(10, 90)
    stage.measure("box", value)
    crew = crew_for(stage, method)
    crew.start("bump", value=value, method=method, spying=spying)
    crew.look()
    crew.close()


@case("stop.running")
def stop_running(stage: Stage) -> None:
    """The process takes its time to end, until all others have come to rest: so much for who does not wait."""
    crew = Crew(stage)
    crew.start("stop", names=["victim", "other"], victim="victim", manner="tidy")
    if crew.gather("victim", "other", "main is ready"):
        crew.release("main is ready")
        if crew.dawdles(LONG) and not crew.member("victim tidies up"):
            stage.mark(WAITS_FIRST)
        elif crew.tidy("victim"):
            crew.look("other", "victim", "victim tidies up")
    crew.close()


@case("stop.ended")
def stop_ended(stage: Stage) -> None:
    crew = Crew(stage)
    crew.start("stop", names=["victim"], victim="victim", manner="")
    if crew.gather("victim", "main is ready") and crew.end("victim"):
        crew.release("main is ready")
        crew.look()
    crew.close()


@case("stop.stubborn")
def stop_stubborn(stage: Stage) -> None:
    crew = Crew(stage, patience=STUBBORN, clocked=True)
    crew.start("stop", names=["victim"], victim="victim", manner="stubborn")
    if crew.gather("victim", "main is ready"):
        crew.release("main is ready")
        crew.look("victim")
    crew.close()


@case("import.quiet")
def import_quiet(stage: Stage) -> None:
    crew = Crew(stage)
    crew.start("load")
    crew.look()
    crew.close()
