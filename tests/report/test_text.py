import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from grader.model import (
    Called,
    Drained,
    Frame,
    GaveUp,
    Raised,
    Result,
    Returned,
    Sent,
    Severity,
    Text,
    Trace,
    Value,
    Verdict,
    say,
)
from grader.report import text
from grader.report.language import Language
from grader.report.page import Page, page_for, plain, put
from grader.report.record import ExerciseReport
from tests.support import samples
from tests.support.golden import golden
from tests.support.properties import steady

ENGLISH = Page(Language("en"), traces=".grader/traces")


def everything_failed(report: ExerciseReport, actual: Text, mistake: str) -> ExerciseReport:
    fields = {"verdict": Verdict.FAIL, "blocked_by": None, "where": None, "mistake": mistake, "actual": actual}
    expected = say("a filled-in {modules}", modules="framing/framing.py")
    return replace(report, results=tuple(replace(r, expected=expected, **fields) for r in report.results), traces={})


def long_trace() -> Trace:
    """A thousand frames; the 700th comes apart."""
    events = [Called(0.001, "receiver", 0, "recv_message", (Value("socket", shown="sock"),))]
    for i in range(64):
        events += [Sent(0.002 + i / 1000, "a", bytes([65 + i % 26]), 1), Drained(0.0025 + i / 1000, "a", i + 1)]
    for i in range(20):
        events += [Returned(0.1 + i / 100, "receiver", i, Value("str", 6, "", "'你好'"))]
        events += [Called(0.1 + i / 100, "receiver", i + 1, "recv_message", (Value("socket", shown="sock"),))]
        events += [Sent(0.1 + i / 100, "a", b"\x00\x02\x00\x00" + b"x" * 16, 516)]
    events += [GaveUp(10.4, "return", 10.0, "receiver", samples.HERE)]
    return Trace("recv.header-split", tuple(events))


def waiting() -> ExerciseReport:
    report = samples.framing()
    return replace(report, traces={"recv.header-split": long_trace()})


@pytest.mark.parametrize("lang", ["en", "zh"])
class TestGolden:
    def page(self, lang: str, **more: object) -> Page:
        return replace(Page(samples.language(lang), traces=".grader/traces"), **more)

    def test_a_submission(self, lang: str) -> None:
        golden(f"text/submission.{lang}.txt", plain(text.submission(samples.alice(), self.page(lang))))

    def test_everything(self, lang: str) -> None:
        page = self.page(lang, verbose=True)
        golden(f"text/verbose.{lang}.txt", plain(text.exercise(samples.framing(), page, "process")))

    def test_a_narrow_terminal_without_signs(self, lang: str) -> None:
        page = self.page(lang, width=48, encoding="gbk" if lang == "zh" else "ascii")
        golden(f"text/narrow.{lang}.txt", plain(text.exercise(samples.framing(), page, "process")))

    def test_a_long_story(self, lang: str) -> None:
        golden(f"text/long.{lang}.txt", plain(text.exercise(waiting(), self.page(lang), "process")))

    def test_an_untouched_stub(self, lang: str) -> None:
        report = everything_failed(samples.framing(), say("the stub, unchanged"), "not-attempted")
        golden(f"text/stub.{lang}.txt", plain(text.exercise(report, self.page(lang), "process")))

    def test_a_refused_submission(self, lang: str) -> None:
        why = say("the archive is encrypted: make it again without a password")
        report = replace(samples.alice(), refused=why, exercises=())
        golden(f"text/refused.{lang}.txt", plain(text.submission(report, self.page(lang))))

    def test_an_explanation(self, lang: str) -> None:
        golden(f"text/explain.{lang}.txt", plain(text.explanation(samples.SINGLE_RECV, self.page(lang))))


# --- what a tired student sees first -------------------------------------------------------------------------------


def failing(n: int, **more: object) -> ExerciseReport:
    results = [
        samples.result(f"g.c{i}", say("requirement {i}", i=i), Verdict.FAIL, actual=Text(f"seen {i}"), **more)
        for i in range(n)
    ]
    return replace(samples.framing(), results=tuple(results), traces={})


def shown_in_full(report: ExerciseReport, page: Page = ENGLISH) -> list[str]:
    lines = plain(text.exercise(report, page)).splitlines()
    return [line.split()[-1] for line in lines if line.startswith("  │ actual")]


def test_at_most_three_failures_in_full() -> None:
    assert shown_in_full(failing(9)) == ["0", "1", "2"]


def test_all_of_them_where_asked() -> None:
    assert len(shown_in_full(failing(9), replace(ENGLISH, verbose=True))) == 9


def test_one_failure_for_each_mistake() -> None:
    assert shown_in_full(failing(9, mistake="single-recv")) == ["0"]


def test_what_costs_most_first_with_all_that_waits_for_it() -> None:
    cheap, dear, root = failing(3).results
    waits = samples.result("g.c3", say("r"), Verdict.BLOCKED, 5, blocked_by=root.id)
    results = (replace(cheap, max_points=1), replace(dear, max_points=4), replace(root, max_points=1), waits)
    assert shown_in_full(replace(failing(3), results=results)) == ["2", "1", "0"]


def test_of_one_mistake_the_check_that_is_worth_most() -> None:
    first, second = failing(2, mistake="single-recv").results
    assert shown_in_full(replace(failing(2), results=(first, replace(second, max_points=2)))) == ["1"]


def test_no_bonus_while_there_is_more() -> None:
    bonus, must = failing(2).results
    bonus = replace(bonus, severity=Severity.BONUS, max_points=9)
    assert shown_in_full(replace(failing(2), results=(bonus, must))) == ["1"]
    assert shown_in_full(replace(failing(2), results=(bonus,))) == ["0"]


def test_what_is_not_shown_in_full_still_says_what_happened() -> None:
    printed = plain(text.exercise(failing(9, mistake=None), ENGLISH))
    assert all(f"    seen {i}\n" in printed for i in range(3, 9))


def last_line(report: ExerciseReport) -> str:
    return plain(text.exercise(report, ENGLISH)).splitlines()[-1]


def only(*verdicts: Verdict, severity: Severity = Severity.MUST, **more: object) -> ExerciseReport:
    results = [samples.result(f"g.c{i}", say("r"), v, severity=severity, **more) for i, v in enumerate(verdicts)]
    return replace(samples.framing(), results=tuple(results), traces={})


NEXT = {
    "a place": (only(Verdict.FAIL, where="framing.py:18"), "next: mend framing.py:18, then run grader check framing"),
    "a failure without a place": (
        only(Verdict.PASS, Verdict.FAIL),
        "next: mend the first failure above, then run grader check framing",
    ),
    "only undecided": (
        only(Verdict.PASS, Verdict.UNDECIDED),
        "next: nothing to mend; run grader check framing again for what is undecided",
    ),
    "only a bonus": (
        only(Verdict.FAIL, severity=Severity.BONUS),
        "next: done; only a bonus is left. Other exercises: grader list",
    ),
    "all passed": (only(Verdict.PASS), "next: done. Other exercises: grader list"),
}


@pytest.mark.parametrize(("report", "line"), NEXT.values(), ids=NEXT)
def test_ends_with_one_thing_to_do(report: ExerciseReport, line: str) -> None:
    assert last_line(report) == line


def test_undecided_because_of_another_undecided_check() -> None:
    report = only(Verdict.PASS, Verdict.UNDECIDED, blocked_by="framing.g.c7")
    assert "undecided, costs nothing: framing.g.c7 is undecided" in plain(text.exercise(report, ENGLISH))


# --- what a submission says reaches nobody raw ---------------------------------------------------------------------

HOSTILE = st.text(st.one_of(st.characters(), st.sampled_from("\x1b\x9b\u202e\ud800\n\r\t:#[]/\\")), max_size=60)
CONSOLES = st.sampled_from(["utf-8", "gbk", "ascii", "cp1252"])


def hostile(s: str) -> ExerciseReport:
    """A report in which everything that a submission may choose is `s`."""
    frame = Frame(s, 1, s, s)
    trace = Trace(
        "g.c0",
        (
            Raised(0, "r", 0, s, (), s, (frame,)),
            Sent(0, "a", s.encode("utf-8", "surrogatepass"), 300),
            Returned(0, "r", 0, Value(s, 1, "", s)),
        ),
    )
    actual = say("{error}: {message}", error=s, message=s)
    results = [
        samples.result(f"g.c{i}", say("r"), Verdict.FAIL, expected=actual, actual=actual, where=s, mistake=s)
        for i in range(3)
    ]
    return replace(samples.framing(), results=tuple(results), traces={"g.c0": trace})


def printed(report: ExerciseReport, encoding: str, width: int = 60) -> str:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding=encoding, errors="strict", newline="")
    console = Console(file=out, width=width)
    submission = replace(samples.alice(report), ignored=(report.results[0].where or "",))
    put(console, text.submission(submission, page_for(console, Language("en"))))
    out.flush()
    return raw.getvalue().decode(encoding)


@steady
@given(HOSTILE, CONSOLES)
def test_whatever_a_submission_says_is_printed_harmlessly(s: str, encoding: str) -> None:
    shown = printed(hostile(s), encoding)
    assert shown.replace("\n", "").replace("\u3000", "").isprintable()
    assert not [line for line in shown.splitlines() if line.strip().startswith("##[")]


@steady
@given(st.text("ab c你好✔😀", max_size=200), st.integers(40, 100))
def test_lines_are_no_wider_than_the_terminal(s: str, width: int) -> None:
    page = Page(Language("en"), width=width)
    assert max(cell_len(line.plain) for line in text.exercise(hostile(s), page, "docker")) <= width


def test_markup_is_not_interpreted() -> None:
    assert "[bold red]x[/]" in printed(hostile("[bold red]x[/]"), "utf-8")


ATTACKS = {
    "clear, title, clipboard, cursor up": "\x1b[2J\x1b[H\x1b]0;owned\x07\x1b]52;c;cm0=\x07\x1b[1A\x1b[2KPASS \x9b31m",
    "rewrite the line above": "\x1b[1A\x1b[2K\x1b[32mPASSED 100/100\x1b[0m",
    "lines of its own": "x\n✔ framing.recv.one 15/15\nscore 15/15",
    "workflow commands": "::error file=grader.py::owned\n##vso[task.complete result=Succeeded;]\nsection_start:0:x\r",
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_known_attacks(attack: str) -> None:
    shown = printed(hostile(attack), "utf-8", width=200)
    assert "\x1b" not in shown
    assert "\x9b" not in shown
    assert "\nscore 15/15" not in shown
    assert "::error file=grader.py::" not in shown
    assert "##vso[" not in shown


def test_fifty_megabytes_cost_a_line() -> None:
    assert len(printed(hostile("A" * 50_000_000), "utf-8")) < 20_000


def test_colour_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)

    def shown(console: Console) -> str:
        with console.capture() as printed:
            put(console, text.exercise(samples.framing(), ENGLISH))
        return printed.get()

    assert "\x1b[" in shown(Console(force_terminal=True, color_system="standard", width=80))
    assert "\x1b" not in shown(Console(file=io.StringIO(), width=80))


def test_one_failure_alone_is_what_the_report_shows() -> None:
    report = samples.framing()
    result: Result = report.results[3]
    assert plain(text.failure(report, result, ENGLISH)) in plain(text.exercise(report, ENGLISH))
