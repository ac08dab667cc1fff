"""What our side does in `ipc_queue`: asks, and compares with answers that only our side knows.

Chapter section 1.4.11. What is to be found in every order of events is played under controlled schedules; what is a
matter of amount (answers larger than a pipe, hundreds of questions) in plain runs under the recorder.
"""

from collections.abc import Sequence
from dataclasses import replace

from grader.instrument import Stage, case
from grader.instrument.exploring import Explorer, Played, Situation
from grader.model import Returned, Told
from grader.wire.payload import value_of
from reference.peers.crew import Crew

# Python's own value of these is the oracle: they hold nothing but what the exercise allows.
VALUES = (
    *("1+2", "2-3-4", "2*3+4", "2+3*4", "(2+3)*4", "8/4/2", "7/2", "1-2*3/4", "-5", "-(2+3)", "2*-3", "4--3", "-2*-2"),
    *("3.5*2", "0.1+0.2", "12.25/0.5", " 1 +\t2 ", "((7))", "10", "0", "100-10-1", "2*(3-(4-5))*6", "1/8"),
)
BAD = (
    *("", " ", "1 +", "* 2", "(1", "1)", "()", "1 2", "a", "x+1", "1+a", "abs(1)", "print(1)", "[1]", "{1}", "'a'"),
    *("2**3", "7//2", "7%2", "1;2", "1,2", "1==1", "not 1", "1 if 1 else 2", "lambda: 1", "(1).real", "True", "None"),
    *("9**9**9", "f'{1}'", "1 and 2", "1|2", "~1", "1<2", "x:=1", "await 1", "1\n+\n", "\\", "#1"),
)
EASY = ("1+1", "2*3", "9-4", "5+4", "7-6", "2*4", "8-5")
BOUND = 5
RUN = "ran"
HOSTILE = (
    f"open('{RUN}', 'w')",
    f"__import__('pathlib').Path('{RUN}').touch()",
    f"().__class__.__base__.__subclasses__() and open('{RUN}', 'w')",
    f"[open('{RUN}', 'w') for _ in [1]]",
    f"(lambda: open('{RUN}', 'w'))()",
    f"1+(open('{RUN}', 'w') and 1)",
    f'exec(\'open("{RUN}", "w")\')',
)
NESTED = 100_000


def truth(expressions: tuple[str, ...]) -> list[float]:
    return [eval(e.strip()) for e in expressions]  # our own expressions


@case("evaluate.values")
def evaluate_values(stage: Stage) -> None:
    ask(stage, VALUES, truth(VALUES))


@case("evaluate.long")
def evaluate_long(stage: Stage) -> None:
    chains = ("+".join(["1"] * 500), "1*2-" * 249 + "1", "(" * 50 + "7" + ")" * 50, "2*(" * 49 + "1" + ")" * 49)
    ask(stage, chains, truth(chains))


@case("evaluate.zero")
def evaluate_zero(stage: Stage) -> None:
    ask(stage, ("1/0", "1/(2-2)", "0/0"))


@case("evaluate.bad")
def evaluate_bad(stage: Stage) -> None:
    ask(stage, BAD)


@case("evaluate.hostile")
def evaluate_hostile(stage: Stage) -> None:
    ask(stage, HOSTILE, keep=[RUN])


@case("evaluate.deep")
def evaluate_deep(stage: Stage) -> None:
    ask(stage, ("(" * NESTED + "1" + ")" * NESTED, "-" * NESTED + "1", "1" + "+1" * NESTED))


def ask(stage: Stage, expressions: tuple[str, ...], values: Sequence[float] = (), keep: Sequence[str] = ()) -> None:
    """Each expression is evaluated in turn. values: what is due for them, where numbers are."""
    for expression in expressions:
        stage.mark(expression[:200])
    for value in values:
        stage.record(Told(stage.now(), "a", value_of(value)))
    run = stage.start("evaluate", {"expressions": list(expressions)}, name="a", keep=list(keep))
    run.wait_outcomes(len(expressions))
    run.wait()


# --- calculate -----------------------------------------------------------------------------------------------------


def sums(stage: Stage, count: int) -> tuple[str, ...]:
    return tuple(f"{stage.rng.randrange(1000)}+{stage.rng.randrange(1000)}" for _ in range(count))


def calculate(stage: Stage, name: str, expressions: tuple[str, ...], workers: int = 2) -> bool:
    """One call in a run of its own, and the answers that are due; False where it did not come back."""
    stage.mark(f"{len(expressions)} expressions, {workers} workers")
    crew = Crew(stage, run=name)
    crew.start("calculate", expressions=list(expressions), workers=workers)
    crew.rest("main")  # whoever was going to end has ended
    over = crew.look()
    crew.close()
    return over


def asked(stage: Stage, *amounts: tuple[int, int]) -> None:
    """Calls with so many expressions and workers, one after another, until one does not come back."""
    for count, workers in amounts:
        expressions, name = sums(stage, count), f"{count} questions, {workers} workers"
        stage.record(Told(stage.now(), name, value_of(truth(expressions))))
        if not calculate(stage, name, expressions, workers):
            return


@case("queue.order")
def queue_order(stage: Stage) -> None:
    asked(stage, (1, 1), (6, 2), (40, 4))


@case("queue.few")
def queue_few(stage: Stage) -> None:
    asked(stage, (0, 2), (1, 3))


@case("queue.many")
def queue_many(stage: Stage) -> None:
    asked(stage, (2000, 2))


@case("queue.errors")
def queue_errors(stage: Stage) -> None:
    if calculate(stage, "a", ("1+1", "1/0", "nonsense", "2*2", "(", "3-1")):
        calculate(stage, "an empty question", ("", "2*2"))


@case("queue.big-answers")
def queue_big_answers(stage: Stage) -> None:
    """Answers of some 450 digits each: together more than a pipe holds."""
    digits = "".join(stage.rng.choices("123456789", k=220))
    calculate(stage, "a", tuple(f"{digits}{i}*{digits}{i}" for i in range(400)))


@case("queue.schedules")
def queue_schedules(stage: Stage) -> None:
    def lost(played: Played) -> str:
        if not played.ended:
            return played.scheduled.how
        outcome = played.run.outcomes[-1] if played.run.outcomes else None
        due = [str(value) for value in truth(tuple(played.args["expressions"]))]
        got = [item.shown.removesuffix(".0") for item in outcome.value.items] if isinstance(outcome, Returned) else []
        return "" if got == due else "wrong"

    def situation(count: int, workers: int) -> Situation:
        return Situation("scheduled", {"expressions": list(EASY[:count]), "workers": workers})

    with Explorer(stage) as explorer:
        two, full = situation(3, 2), situation(BOUND + 2, 1)  # more than the queue holds where nobody takes any
        late = replace(two, feeds=True)
        explorer.explore([two, full, two], lost, random=9, pct=3, lagging=(full,), feeding=(late,))
