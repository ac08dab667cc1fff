from dataclasses import replace

import pytest
from rich.cells import cell_len

from grader.model import say
from grader.report.classroom import classroom
from grader.report.page import Page, plain
from grader.report.record import record
from grader.report.summary import summary
from tests.support import samples
from tests.support.golden import golden


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_golden(lang: str) -> None:
    language = samples.language(lang)
    refused = replace(samples.alice(), student="陈小明", exercises=(), refused=say("the archive is encrypted"))
    copied = replace(samples.done(), form="ab" * 32)
    given = replace(samples.framing(), form="cd" * 32, as_solution=True)
    reports = [samples.alice(given, copied), replace(samples.alice(copied), student="bob"), refused]
    records = [record(r, language) for r in reports]
    records[0]["changed"] = [
        {"check": f"framing.recv.{c}", "was": was} for c, was in (("one", "pass"), ("two", "fail"))
    ]
    golden(f"text/classroom.{lang}.txt", plain(classroom(summary(records), Page(language))))


def test_columns_that_do_not_fit_are_left_out() -> None:
    many = [replace(samples.done(), slug=f"exercise_{i}") for i in range(20)]
    language = samples.language("en")
    data = summary([record(samples.alice(*many), language)])
    lines = [line.plain for line in classroom(data, Page(language))]
    assert max(map(cell_len, lines)) <= 80
    assert "exercise_3" in lines[0]
    assert "exercise_19" not in lines[0]


def test_an_empty_class() -> None:
    page = Page(samples.language("en"))
    assert plain(classroom(summary([]), page)) == "mean 0 · median 0\n"
