"""What our side does in `daemon_process`: work that ends on our word, a sibling too, and a recorder that sees the rest.

Chapter section 1.4.9. Intervals are short and real. How many heartbeats there are is compared with how many intervals
have passed for the work itself, on the same machine at the same time.
"""

import re

from grader.instrument import Stage, case
from grader.model import GaveUp
from reference.peers.crew import SPAWNING, Crew
from reference.peers.endurance import stand_still

INTERVAL = 0.02  # seconds
TURNS = 50  # intervals in which not even three heartbeats came: less than the patience with a program that only naps
ENOUGH = 3  # heartbeats
MORE = 12  # as many as show that the heart does not only beat ten times
NAP = 0.4  # seconds; a program that waits for the end with a time-out up to this one is given that time
ROUNDS = 60  # heartbeats after which what should have come meanwhile is not waited for any longer


def begin(stage: Stage, entry: str, enough: int = ENOUGH, **args: object) -> Crew:
    """The work has begun, and has seen its heartbeats, or given up waiting for them: a deadline, so it says so."""
    turns = round(TURNS * stage.pace())
    crew = Crew(stage, effort=max(SPAWNING, 6 * turns * INTERVAL), rounds=ROUNDS)
    stage.measure("interval", INTERVAL, "s")
    crew.start(entry, interval=INTERVAL, turns=turns, enough=enough, **args)
    crew.begun("work")
    return crew


def hearts(crew: Crew) -> set[int]:
    """The processes beside the sibling that were there while the work ran, as the student's side says."""
    said, other = crew.said("work")[-1:], crew.member("sibling")
    pids = {int(pid) for pid in re.findall(r"(\d+):", said[0])} if said else set()
    return pids - ({other.pid} if other else set())


def end(stage: Stage, crew: Crew, how: str = "return") -> None:
    """The work ends; the call is looked at when it is over, and then the main code ends too."""
    crew.release("work", how)
    crew.look()
    crew.close()
    if crew.said("work")[:1] in (("0",), ("1",), ("2",)):
        stage.record(GaveUp(stage.now(), "beats", TURNS * INTERVAL, "a"))


@case("daemon.run")
def run(stage: Stage) -> None:
    end(stage, begin(stage, "run", MORE))


@case("daemon.spawn")
def spawn(stage: Stage) -> None:
    end(stage, begin(stage, "run", method="spawn"))


@case("daemon.raises")
def raises(stage: Stage) -> None:
    end(stage, begin(stage, "run"), "raise")


@case("sibling")
def sibling(stage: Stage) -> None:
    """The sibling is there beside the work. That ends first, then the main code, if it does not wait for the sibling,
    and only then the sibling."""
    crew = begin(stage, "with_sibling")
    if crew.gather("sibling"):
        crew.release("work")
        crew.rest("main", "sibling")
        if crew.member("main"):
            stage.census()
            crew.release("main")
            for pid in hearts(crew):
                crew.dead(pid)
        crew.end("sibling")
        if "main" in crew.waiting or not crew.member("main"):
            crew.look()
        else:
            crew.gone()
    crew.close()


@case("sibling.raises")
def sibling_raises(stage: Stage) -> None:
    """Whoever waits for the sibling first may: it is done before the work fails."""
    crew = begin(stage, "with_sibling")
    if crew.gather("sibling"):
        crew.release("sibling")
    end(stage, crew, "raise")


@case("stop.running")
def stop_running(stage: Stage) -> None:
    """The process takes its time to end, until all others have come to rest: so much for who does not wait."""
    crew = Crew(stage)
    calls = crew.start("stop", manner="tidy")
    if crew.gather("victim", "main is ready"):
        crew.release("main is ready")
        crew.rest("victim tidies up", "main")
        stand_still(stage, calls, most=NAP, least=0)
        crew.release("victim tidies up")
        crew.look("victim")
    crew.close()


@case("import.quiet")
def import_quiet(stage: Stage) -> None:
    crew = Crew(stage)
    crew.start("load")
    crew.look()
    crew.close()
