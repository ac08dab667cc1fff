"""The table of a schedule as text: a column for each task, nothing beyond the page, clashes marked."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from grader.analysis.interleaving import story
from grader.model import Did, Event, Frame, Step, Trace
from grader.report.columns import table
from grader.report.language import Language
from grader.report.page import Page, plain

READ, WRITE = (Frame("m.py", n, "buy", s) for n, s in ((5, "count = read(path)"), (6, "write(path, count - 1)")))
TRACE: list[Event] = [
    Step(0, "r", "main", "start"),
    Step(1, "r", "1", "step", READ),
    Did(1, "r", "1", "reads", "f", READ, '{"count": 2}'),
    Step(2, "r", "2", "step", READ),
    Did(2, "r", "2", "reads", "f", READ, '{"count": 2}'),
    Step(3, "r", "2", "step", WRITE),
    Did(3, "r", "2", "writes", "f", WRITE),
    Step(4, "r", "1", "step", WRITE),
    Did(4, "r", "1", "writes", "f", WRITE),
]
EXPECTED = """\
  │
  │ What happened, one column for each task, line by line:
  │     process 1 process 2
  │ 2 ✘ 5 count = read(path)  ← reads {"count": 2}
  │ 3             5 count = read(path)  ← reads {"count": 2}
  │ 4 ✘           6 write(path, count - 1)  ← writes f
  │ 5 ✘ 6 write(path, count - 1)  ← writes f
  │
"""


def shown(width: int, lang: str = "en", encoding: str = "utf-8", trace: list[Event] = TRACE) -> str:
    told = story(Trace("c", tuple(trace)))
    assert told
    return plain(table(told, Page(Language(lang), width, encoding)))


def test_a_lost_update():
    assert shown(80) == EXPECTED


@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_nothing_stands_beyond_the_page(width):
    long = Frame("m.py", 123, "f", "value = some_function_with_a_long_name(and_many, arguments, indeed)")
    many: list[Event] = [Step(i, "r", str(i % 6), "step", long) for i in range(1, 20)]
    assert max(map(cell_len, shown(width, trace=many).splitlines())) <= max(width, 60)


def test_signs_that_the_output_lacks_are_plainer():
    assert "x 6 write(path, count - 1)" in shown(80, encoding="ascii")


def test_what_a_students_line_holds_is_escaped():
    odd = Frame("m.py", 1, "f", "print('\x1b[31m')")
    assert "\x1b" not in shown(80, trace=[Step(0, "r", "1", "step", odd)])
