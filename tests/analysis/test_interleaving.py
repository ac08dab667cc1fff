"""Tables of schedules: traces written by hand, read as rows, clashes and locks."""

from __future__ import annotations

from grader.analysis.interleaving import LIMIT, accesses_of, clashes, holders, story, wanted
from grader.model import Did, Event, Frame, Standing, Step, Trace
from grader.report.language import Language

ENGLISH = Language("en")


def told(text: str) -> Trace:
    """`1:12` is a step of task 1 at line 12; `1 reads f` is what a task then did; `1!12` is where it stands,
    `1~` a feeder's step."""
    events: list[Event] = []
    for i, word in enumerate(text.split(";")):
        task, *rest = word.split()
        if rest:
            events.append(Did(i, "r", task, rest[0], " ".join(rest[1:]), frame(9)))
        elif "!" in task:
            name, _, line = task.partition("!")
            events.append(Standing(i, "r", name, frame(int(line))))
        elif task.endswith("~"):
            events.append(Step(i, "r", task[:-1], "feed"))
        else:
            name, _, line = task.partition(":")
            events.append(Step(i, "r", name, "step" if line else "start", frame(int(line)) if line else None))
    return Trace("c", tuple(events))


def frame(line: int) -> Frame:
    return Frame("m.py", line, "f", f"line {line}")


def rows(text: str) -> list[str]:
    found = story(told(text))
    assert found
    said = [(r, " · ".join(map(ENGLISH.say, r.notes))) for r in found.rows]
    return [f"{r.task} {ENGLISH.say(r.what)}{' ← ' + notes if notes else ''}{' !' * r.clash}" for r, notes in said]


LOST = "main:1;1:5;1 reads f;2:5;2 reads f;2:6;2 writes f;1:6;1 writes f;main:2"


def test_steps_on_one_line_are_one_row_and_the_ends_of_the_main_task_are_left_out():
    assert rows("main:1;main:2;1:5;1:5;1:6;2:5;main:3") == ["1 5 line 5", "1 6 line 6", "2 5 line 5"]


def test_a_lost_update_is_three_marked_rows():
    assert rows(LOST) == [
        "1 5 line 5 ← reads f !",
        "2 5 line 5 ← reads f",
        "2 6 line 6 ← writes f !",
        "1 6 line 6 ← writes f !",
    ]


def test_writing_after_having_read_again_loses_nothing():
    calm = "1:5;1 reads f;2:5;2 reads f;2:6;2 writes f;1:7;1 reads f;1:6;1 writes f"
    assert clashes(accesses_of(told(calm), "r")) == ()


def test_what_a_queues_thread_brings_in_a_row_is_one_row():
    assert rows("1:5;1.t1;1.t1~;1.t1~;2:7;1.t1~")[2:] == [
        "1.t1 the queue's own thread ← brings what was put",
        "2 7 line 7",
        "1.t1 the queue's own thread ← brings what was put",
    ]


def test_another_file_and_the_own_writing_are_no_clash():
    assert clashes(accesses_of(told("1:5;1 reads f;2:5;2 writes g;1:6;1 writes f"), "r")) == ()
    assert clashes(accesses_of(told("1:5;1 reads f;1:6;1 writes f;1:7;1 writes f"), "r")) == ()


def test_what_a_task_does_when_it_is_woken_stands_in_its_own_next_row():
    text = "1:5;1 takes lock 1;2:5;2 wants lock 1;1:6;1 frees lock 1;2 takes lock 1;1:7;2:6"
    assert rows(text)[2:] == ["1 6 line 6 ← frees lock 1", "1 7 line 7", "2 6 line 6 ← takes lock 1"]


def test_who_holds_and_who_wants():
    accesses = accesses_of(told("1:5;1 takes a;1 takes b;2:5;2 wants a;1:6;1 frees b;3:1;3 wants c;3 takes c"), "r")
    assert holders(accesses) == {"a": ["1"], "b": [], "c": ["3"]}
    assert set(wanted(accesses)) == {"2"}


def test_a_deadlock_ends_with_what_everybody_waits_for():
    text = "1:5;1 wants lock 1;1 takes lock 1;1:6;1 wants lock 1;2:5;2 wants lock 1;1!6;2!5"
    assert rows(text)[-2:] == [
        "1 6 line 6 ← waits for lock 1, which it holds itself !",
        "2 5 line 5 ← waits for lock 1, which process 1 holds !",
    ]


def test_who_does_nothing_of_the_students_has_no_column():
    found = story(told("main:1;1;2:5;3:6"))
    assert found
    assert found.tasks == ("2", "3")


def test_a_long_story_is_short_and_keeps_the_clash():
    before = ";".join(f"{1 + i % 2}:{100 + i}" for i in range(200))
    shown = rows(f"{before};{LOST.removeprefix('main:1;')}")
    assert len(shown) <= LIMIT + 10
    assert sum(row.endswith("!") for row in shown) == 3
    assert any("more lines" in row for row in shown)


def test_where_nothing_was_told_there_is_no_story():
    assert story(Trace("c", ())) is None
