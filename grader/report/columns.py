"""The table of a schedule: one column for each task, one row for each line that was gone through. Layer 3, pure.

A task's column begins where it begins; what stands in it may run on to the right, since no other task acts in the same
row. Rows that clash are marked, and red.
"""

from __future__ import annotations

from collections.abc import Iterator

from grader.analysis.interleaving import Row, Story, task_name
from grader.model import say
from grader.report.layout import Line, cell_len, one_line, pad, widest
from grader.report.page import BAR, Page

LEAST = 4  # cells of a column's own
NOTE = "← "
CLASH = "✘ "


def table(story: Story, page: Page) -> Iterator[Line]:
    """Head, rows, and a word on the marks."""
    number = widest([str(r.number) for r in story.rows])
    names = [page.say(task_name(task)) for task in story.tasks]
    if (widest(names) + 1) * len(names) > page.width // 2:
        names = [page.raw(task) for task in story.tasks]
    width = max(LEAST, widest(names) + 1)
    yield from page.detail()
    yield from page.detail("", page.say(say("What happened, one column for each task, line by line:")))
    head = "".join(pad(name, width) for name in names)
    yield from page.detail(" " * (number + 3) + head.rstrip())
    for row in story.rows:
        yield _row(row, story.tasks.index(row.task) * width, number, page)
    yield from page.detail()


def _row(row: Row, offset: int, number: int, page: Page) -> Line:
    count = str(row.number) if row.number and not row.gap else ""
    sign = page.fit(CLASH) if row.clash else "  "
    said = page.say(row.what)
    notes = page.fit(NOTE) + page.joined(row.notes) if row.notes else ""
    room = page.width - len(BAR) - number - 3 - offset
    if cell_len(said) + 2 + cell_len(notes) > room:
        said = one_line(said, max(24, room - 2 - cell_len(notes)))
    line = Line.assemble(
        (page.fit(BAR) + pad(count, number, right=True) + " ", "dim"),
        (sign, "red"),
        " " * offset,
        (said, "bold red" if row.clash else "dim" if row.gap else ""),
        ("  " + one_line(notes, max(8, room - 2 - cell_len(said))), "cyan"),
    )
    line.rstrip()
    return line
