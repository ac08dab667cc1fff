"""The checks of LineWriter and whoami."""

from __future__ import annotations

import re
from typing import NoReturn

from grader.analysis.children import Call, at_import, literal, no_child_raised
from grader.analysis.lifecycle import Record
from grader.analysis.outcomes import Outcome
from grader.checks import SHOULD, Unclear, check, fail
from grader.model import Called, Census, Marked, Raised, Text, Trace, say

KEPT = "kept,1,1\n"  # what stood in the file before


def _texts(trace: Trace) -> list[str]:
    return [m.label for m in trace.of(Marked)]


def _file(trace: Trace, expected: Text) -> list[str]:
    """The lines of the file at the end."""
    found = Call(trace, "lines").outcomes
    if not found:
        _broke(trace, expected)
    if found[0].raised:
        _never_written(trace, expected)
        fail(expected, say("there is no such file"), "writes-nothing")
    value = found[0].value
    return [str(literal(item)) for item in value.items] if value else []


def _never_written(trace: Trace, expected: Text) -> None:
    """Names what kept the children from writing, where it was something else than what they do to the file."""
    if at_import(trace):
        fail(
            say("a spawned process can import the module"),
            say("it starts processes when it is imported"),
            "starts-at-import",
        )
    no_child_raised(Call(trace, ""), expected)


def _broke(trace: Trace, expected: Text) -> NoReturn:
    raised = trace.first(Raised, run="a")
    if raised and "start a process twice" in raised.message and Call(trace, "").record.lives:
        actual = say("start() raises {error}: {message}", error=raised.error, message=raised.message)
        fail(expected, actual, "starts-in-init")
    if raised and raised.error in ("AssertionError", "AttributeError") and _in_start(trace, raised):
        actual = say("start() raises {error}: {message}", error=raised.error, message=raised.message)
        fail(expected, actual, "no-super-init", raised.frames[-1] if raised.frames else None)
    if raised and raised.error == "TypeError" and "not callable" in raised.message:
        fail(expected, say("start() raises {error}: {message}", error=raised.error, message=raised.message))
    _super_arguments(raised, expected)
    if raised and "can only join a started process" in raised.message and not Call(trace, "").record.lives:
        fail(expected, say("start() started no process"), "overrides-start")
    Call(trace, "lines").did_not_return(expected)


def _super_arguments(raised: Raised | None, expected: Text) -> None:
    if raised and "group argument must be None" in raised.message:
        fail(expected, Outcome(raised=raised).text, "super-arguments", raised.frames[-1] if raised.frames else None)


def _in_start(trace: Trace, raised: Raised) -> bool:
    return any(getattr(e, "name", "") == "start" and getattr(e, "call", -1) == raised.call for e in trace.events)


@check(
    "oop.lines",
    points=2,
    requirement=say("five LineWriters that run at the same time append five whole lines, each with its own text"),
)
def oop_lines(trace: Trace) -> Text:
    return _whole_lines(trace)


def _whole_lines(trace: Trace) -> Text:
    texts = _texts(trace)
    expected = say("{n} lines, each of them a text and two numbers", n=len(texts))
    lines = _file(trace, expected)
    new = [line for line in lines if line != KEPT]
    found = Call(trace, "").record
    if not found.lives:
        fail(expected, say("start() started no process"), "overrides-start")
    for text in texts:
        mine = [line for line in new if line.startswith(f"{text},")]
        if not new:
            _never_written(trace, expected)
        if len(mine) != 1:
            expected = say("one line that begins with {text}", text=repr(f"{text},"))
            fail(expected, say("there are {n} of it in {lines}", n=len(mine), lines=_shown(lines)), _why(lines, texts))
        if not mine[0].endswith("\n"):
            fail(say("every line ends in a newline"), repr_of(mine[0]), "no-newline")
    if len(new) > len(texts):
        fail(expected, say("{n} lines: {lines}", n=len(new), lines=_shown(new)))
    return say("{n} texts stand in lines of their own", n=len(texts))


def _why(lines: list[str], texts: list[str]) -> str | None:
    new = [line for line in lines if line != KEPT]
    whole = "".join(new)
    there = [text for text in texts if f"{text}," in whole]
    if not new:
        return "writes-nothing"
    if any(not line.endswith("\n") for line in new):
        return "no-newline"
    if len(there) < len(texts) > len(new):
        return "overwrites"
    if len(there) == 1 < len(texts):
        return "shared-by-all"
    if "\ufffd" in whole:
        return "other-encoding"
    if any(_separated(line, text) for line in new for text in texts):
        return "other-separator"
    return "name-taken" if all(re.match(r"\w+-\d+[,:]", line) for line in new) else None  # as Process names them


def _separated(line: str, text: str) -> bool:
    """The line is the text and two numbers, with something else than a comma between them."""
    found = re.fullmatch(r"(\D+)\d+(\D+)\d+\s*", line.removeprefix(text)) if line.startswith(text) else None
    return found is not None and found.groups() != (",", ",")


def repr_of(line: str) -> Text:
    return Text("{line}", {"line": repr(line)})


def _shown(lines: list[str]) -> str:
    return repr("".join(lines))[:200]


@check(
    "oop.appends",
    case="oop.lines",
    points=0.5,
    needs=("oop.lines",),
    requirement=say("what stood in the file before stays there"),
)
def oop_appends(trace: Trace) -> Text:
    lines = _file(trace, say("{line} stays in its place", line=repr(KEPT)))
    if lines[:1] != [KEPT]:
        fail(
            say("{line} stays in its place", line=repr(KEPT)),
            say("the file: {lines}", lines=_shown(lines)),
            "overwrites",
        )
    return say("the line that was there is there")


@check(
    "oop.numbers",
    case="oop.lines",
    points=2,
    needs=("oop.lines",),
    requirement=say("the line holds the numbers of the child that wrote it and of its parent"),
)
def oop_numbers(trace: Trace) -> Text:
    expected = say("a line per child process: its own number, then its parent's")
    found, used = Call(trace, "").record, set[int]()
    for text in _texts(trace):
        line = next(line for line in _file(trace, expected) if line.startswith(f"{text},"))
        numbers = [int(n) if n.isdecimal() else 0 for n in line.removeprefix(f"{text},").strip().split(",")]
        _judge_numbers(found, numbers, expected, line, text)
        used.add(numbers[0])
    if len(used) < len(_texts(trace)):
        fail(expected, say("several lines hold the same number"), "pid-in-init")
    return say("{n} lines hold the numbers that the kernel gave", n=len(used))


def _judge_numbers(found: Record, numbers: list[int], expected: Text, line: str, text: str) -> None:
    actual = say("the line {line}", line=repr(line))
    if len(numbers) != 2 or not all(numbers):
        fail(expected, actual, "other-separator" if _separated(line, text) else None)
    pid, parent = numbers
    life = found.of(pid)
    if pid == found.root.pid:
        fail(expected, say("{line}: {pid} is the parent", line=repr(line), pid=pid), "pid-in-init")
    if life is None:
        fail(expected, say("{line}: no process had the number {pid}", line=repr(line), pid=pid), "pid-made-up")
    if parent not in (life.parent, life.forker):
        what = say("{line}: {pid} is not the parent of {child}", line=repr(line), pid=parent, child=pid)
        fail(expected, what, "pid-twice" if parent == pid else "ppid-wrong")


@check(
    "oop.base",
    points=1,
    requirement=say("LineWriter is a Process whose run() does the work: called like a method, it starts nothing"),
)
def oop_base(trace: Trace) -> Text:
    expected = say("a subclass of Process; run() appends the line in the process that calls it")
    _super_arguments(trace.first(Raised, run="a"), expected)
    if Call(trace, "is a Process").answer(expected).shown != "True":
        fail(expected, say("LineWriter is no subclass of Process"), "no-process-class")
    Call(trace, "run").answer(expected)
    lives = Call(trace, "").record.lives
    if lives:
        began = next((e.at for e in trace.of(Called) if e.name == "run"), 0.0)
        code = "starts-in-init" if lives[0].born < began else "starts-in-run"
        fail(expected, say("it started the process {pid}", pid=lives[0].pid), code)
    lines = _file(trace, expected)
    if len(lines) != 1 or not re.fullmatch(r"here,\d+,\d+\n", lines[0]):
        actual = say("after run() the file holds {lines}", lines=_shown(lines))
        fail(expected, actual, _why(lines, ["here"]))
    return say("run() appended its line and started nothing")


def _parent(trace: Trace) -> int:
    """The run's own parent, as /proc shows it."""
    root = Call(trace, "").record.root.pid
    seen = [s.parent for census in trace.of(Census) for s in census.processes if s.pid == root]
    if not seen:
        raise Unclear(say("nobody has looked who its parent is"))
    return seen[0]


@check(
    "oop.spawn",
    points=0.5,
    severity=SHOULD,
    needs=("oop.lines",),
    requirement=say("LineWriter works as well where processes are spawned, as on Windows and macOS"),
)
def oop_spawn(trace: Trace) -> Text:
    raised = trace.first(Raised, run="a")
    if raised and "pickle" in raised.message:
        actual = say("start() raises {error}: {message}", error=raised.error, message=raised.message)
        fail(say("the object can be sent to another process"), actual, "unpicklable-object")
    return _whole_lines(trace)


@check(
    "pid.parent",
    case="pid.whoami",
    points=1,
    requirement=say("whoami returns the numbers of this process and of its parent"),
)
def pid_parent(trace: Trace) -> Text:
    value = literal(Call(trace, "whoami").answer(say("a pair of numbers")))
    truth = (Call(trace, "").record.root.pid, _parent(trace))
    if value != truth:
        expected = Text("{pids}", {"pids": repr(truth)})
        fail(expected, say("it returned {value}", value=repr(value)), _why_numbers(trace, value, truth))
    return say("{pids}, as the kernel says", pids=repr(truth))


@check(
    "pid.child",
    case="pid.whoami",
    points=1,
    needs=("pid.parent",),
    requirement=say("in a child process whoami returns the child's number, and that of the parent"),
)
def pid_child(trace: Trace) -> Text:
    found, job = Call(trace, "whoami").record, Call(trace, "whoami").jobs.get("child")
    if job is None:
        fail(say("a pair of numbers"), say("in the child it did not return"))
    truth = (job.pid, found.root.pid)
    if job.args != (repr(truth),):
        value = ", ".join(job.args)
        actual = say("it returned {value}", value=value)
        cached = value.startswith(f"({found.root.pid}, ")
        fail(Text("{pids}", {"pids": repr(truth)}), actual, "pid-at-import" if cached else None)
    return say("{pids}, as the kernel says", pids=repr(truth))


def _why_numbers(trace: Trace, value: object, truth: tuple[int, int]) -> str | None:
    match value:
        case [own, parent] if own == parent == truth[0]:
            return "pid-twice"
        case [own, parent] if (parent, own) == truth:
            return "order-swapped"
        case [int(own), _] if own not in truth and Call(trace, "").record.of(own) is None:
            return "pid-made-up"
    return "returns-nothing" if value is None else None
