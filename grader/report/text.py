"""What `grader check` prints. Layer 3, pure: reports in, styled lines out.

A tired student must see first what to mend. So: at most three failures in full, one for each mistake, those first that
cost most, no bonus among them as long as there is anything else; then every check on a line; last the score and one
thing to do next, because the end is what stands above the prompt.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from grader.analysis import interleaving, lifelines, transcript
from grader.model import Mistake, Result, Severity, Text, Trace, Verdict, say
from grader.report import columns
from grader.report.layout import Line, apart, one_line, pad, widest
from grader.report.page import Page
from grader.report.ranking import ranked, reason, root_of
from grader.report.record import ExerciseReport, SubmissionReport, number, replay, trace_name

FULL = 3  # failures shown in full
FOLD = 3  # more checks in a row than this that did not pass for one and the same reason become one line

SIGN = {Verdict.PASS: "✔", Verdict.FAIL: "✘", Verdict.BLOCKED: "–", Verdict.UNDECIDED: "?"}
COLOUR = {Verdict.PASS: "green", Verdict.FAIL: "red", Verdict.BLOCKED: "dim", Verdict.UNDECIDED: "yellow"}
INDENT = "    "
NAME, ROOM = 20, 42  # of a process: cells of its name, and cells beside its line


def submission(report: SubmissionReport, page: Page) -> Iterator[Line]:
    """Every exercise, then, where there are several, one line for each and the total; of a refused one only why."""
    if report.refused:
        yield from page.marked("✘", "red", page.say(say("Refused: {reason}", reason=report.refused)))
    for i, e in enumerate(report.exercises if not report.refused else ()):
        yield from [Line()] if i else []
        yield from exercise(e, page, report.isolation)
    if len(report.exercises) > 1:
        yield Line()
        yield from _totals(report, page)
    if report.ignored:
        names = ", ".join(report.ignored)
        yield Line()
        yield from page.paragraph(page.say(say("Left out, belongs to no exercise: {names}", names=names)), "dim")


def exercise(report: ExerciseReport, page: Page, isolation: str = "") -> Iterator[Line]:
    """The whole report of one exercise."""
    yield from _header(report, page, isolation)
    root = root_of(report.results)
    shown = [root] if root else _in_full(report.results, page)
    for r in shown:
        yield Line()
        yield from failure(report, r, page)
    yield Line()
    if not root:
        yield from _list(report, shown, page)
        yield Line()
    yield from page.paragraph(_score(report, page), "bold")
    yield from page.paragraph(page.say(_next(report)), "bold")


def failure(report: ExerciseReport, result: Result, page: Page) -> Iterator[Line]:
    """One failed check in full: what was asked, what happened, where, which mistake it is, how to see it again."""
    yield from _verdict(result, page, "bold")
    fields = [(page.say(label), text, style) for label, text, style in _why(report, result)]
    again = [(page.say(label), command) for label, command in _again(report, result, page)]
    width = widest([*(f[0] for f in fields), *(a[0] for a in again)]) + 2
    for label, text, style in fields:
        yield from page.detail(pad(label, width), page.say(text), style)
    if case := report.case_of(result):
        yield from _lifelines(report.traces[case], page)
        yield from _timeline(report.traces[case], result.where, page)
    for label, command in again:
        yield from page.detail(pad(label, width), page.raw(command), "dim")


def explanation(mistake: Mistake, page: Page) -> Iterator[Line]:
    """What `grader explain CODE` says: the mistake, the smallest wrong code, the hint; never the right code."""
    yield Line(page.raw(mistake.code), "bold")
    yield from page.paragraph(page.say(mistake.sentence))
    if mistake.wrong:
        yield Line()
        for source in mistake.wrong.strip("\n").split("\n"):
            yield from page.detail("", page.raw(source), "red")
    yield Line()
    yield from page.paragraph(page.say(mistake.hint))


# --- the parts of a failure ----------------------------------------------------------------------------------------


def _why(report: ExerciseReport, r: Result) -> Iterator[tuple[Text, Text, str]]:
    """(label, text, style) of what there is to say."""
    known = report.mistakes.get(r.mistake or "")
    if r.expected:
        yield say("expected"), r.expected, ""
    if r.actual:
        yield say("actual"), r.actual, "red"
    if r.where:
        yield say("where"), Text("{where}", {"where": r.where}), "bold"
    if known:
        yield say("mistake"), say("{code}: {sentence}", code=known.code, sentence=known.sentence), ""
        yield say("hint"), known.hint, "cyan"
    elif r.mistake:
        yield say("mistake"), Text("{code}", {"code": r.mistake}), ""


def _again(report: ExerciseReport, r: Result, page: Page) -> Iterator[tuple[Text, str]]:
    yield say("again"), replay(report.slug, r.id, report.seed)
    if page.traces and (case := report.case_of(r)):
        yield say("trace"), f"{page.traces}/{trace_name(report.slug, case)}"


def _lifelines(trace: Trace, page: Page) -> Iterator[Line]:
    """A row for each process of a recorded run, from its birth to its end."""
    for drawing in lifelines.drawings(trace, page.width - ROOM):
        whos = [one_line(page.say(lane.who), NAME) for lane in drawing.lanes]
        width = widest(whos)
        yield from page.detail()
        yield from page.detail(page.say(say("The processes; what stands further left was earlier:")))
        for mark in drawing.marks:
            yield from page.detail(page.fit(" " * (width + 3 + mark.column) + "▼ "), page.say(mark.what), "dim")
        for who, lane in zip(whos, drawing.lanes, strict=True):
            line = page.fit(lane.line.rstrip())
            yield from page.detail(f" {pad(who, width)}  {line}  ", page.say(lane.end))
        if drawing.left_out:
            yield from page.detail(" ", page.say(say("… {n} more processes", n=drawing.left_out)), "dim")
        yield from page.detail(" ", page.say(say("├ starts   ! gets a signal   ┤ ends   ░ zombie")), "dim")


def _timeline(trace: Trace, where: str | None, page: Page) -> Iterator[Line]:
    if told := interleaving.story(trace):
        yield from columns.table(told, page)
        return
    rows = transcript.rows(trace, where)
    if not rows:
        return
    times = ["" if r.at is None else f"{r.at * 1000:.1f}" for r in rows]
    whos = [page.say(r.who) for r in rows]
    time_width, who_width = widest(times), widest(whos)
    yield from page.detail()
    yield from page.detail(page.say(say("What happened, in ms:")))
    for time, who, row in zip(times, whos, rows, strict=True):
        head = f" {pad(time, time_width, right=True)}  {pad(who, who_width)}  "
        yield from page.detail(head, page.say(row.what), "dim" if row.at is None else "")
    yield from page.detail()


# --- the parts of an exercise --------------------------------------------------------------------------------------


def _header(report: ExerciseReport, page: Page, isolation: str) -> Iterator[Line]:
    name = " · ".join(filter(None, [report.slug, page.title(report.title)]))
    about = [
        *([say("{level} isolation", level=isolation)] if isolation else []),
        say("seed {seed}", seed=report.seed),
        say("{seconds} s", seconds=number(round(report.seconds, 1))),
    ]
    for line in apart(page.fit(name), page.joined(about), page.width):
        yield Line(line, "bold")


def _in_full(results: Sequence[Result], page: Page) -> list[Result]:
    groups = ranked(results)
    if page.verbose:
        return [r for group in groups for r in group]
    first = [group[0] for group in groups]
    return ([r for r in first if r.severity is not Severity.BONUS] or first)[:FULL]


def _list(report: ExerciseReport, shown: list[Result], page: Page) -> Iterator[Line]:
    """Every check on a line; of a failure not shown above also what happened, of an undecided one the reason."""
    for _, run in groupby(report.results, key=reason):
        results = list(run)
        if len(results) > FOLD and results[0].verdict is not Verdict.PASS and not page.verbose:
            yield from _folded(results, page)
            continue
        for r in results:
            yield from _verdict(r, page)
            yield from _note(r, shown, page)


def _note(r: Result, shown: list[Result], page: Page) -> Iterator[Line]:
    parts = [Text(r.id)] if page.verbose else []
    if r.blocked_by or r.verdict is Verdict.UNDECIDED:
        parts.append(_waits(r))
    elif r.verdict is Verdict.FAIL and r not in shown:
        note = page.joined(t for t in (r.mistake and Text(r.mistake), r.actual) if t)
        yield from page.paragraph(one_line(note, page.width - len(INDENT)), "dim", INDENT)
    elif r.verdict is Verdict.PASS and page.verbose and r.actual:
        parts.append(r.actual)
    if parts:
        yield from page.paragraph(page.joined(parts), "dim", INDENT)


def _waits(r: Result) -> Text:
    if r.verdict is Verdict.BLOCKED:
        return say("blocked until {id} passes", id=r.blocked_by)
    why = say("{id} is undecided", id=r.blocked_by) if r.blocked_by else r.actual or Text("?")
    return say("undecided, costs nothing: {reason}", reason=why)


def _folded(results: list[Result], page: Page) -> Iterator[Line]:
    """Many checks that did not pass for one and the same reason as one line."""
    first = results[0]
    why = first.actual or Text("?") if first.verdict is Verdict.FAIL else _waits(first)
    text = page.say(say("{n} checks: {reason}", n=len(results), reason=why))
    earned = "?" if first.verdict is Verdict.UNDECIDED else 0
    points = f"{earned}/{number(sum(r.max_points for r in results))}"
    yield from page.marked(SIGN[first.verdict], COLOUR[first.verdict], text, points, "dim")


def _verdict(r: Result, page: Page, style: str = "") -> Iterator[Line]:
    earned = "?" if r.verdict is Verdict.UNDECIDED else number(r.points)
    points = f"{'+' if r.severity is Severity.BONUS else ''}{earned}/{number(r.max_points)}"
    yield from page.marked(SIGN[r.verdict], COLOUR[r.verdict], page.say(r.requirement), points, style)


def _score(report: ExerciseReport, page: Page) -> str:
    bonus_left = sum(r.severity is Severity.BONUS for r in report.results if r.verdict is Verdict.FAIL)
    count = {v: sum(r.verdict is v for r in report.results) for v in Verdict}
    parts = [
        say("score {points}/{max_points}", points=number(report.points), max_points=number(report.max_points)),
        say("{n} passed", n=count[Verdict.PASS]),
        say("{n} failed", n=count[Verdict.FAIL] - bonus_left),
        say("{n} waiting", n=count[Verdict.BLOCKED]),
        say("{n} undecided", n=count[Verdict.UNDECIDED]),
        say("{n} bonus left", n=bonus_left),
    ]
    return page.joined(p for p in parts if p.values.get("n") != 0)


def _next(report: ExerciseReport) -> Text:
    """One thing to do."""
    command = f"grader check {report.slug}"
    failed = [group[0] for group in ranked(report.results)]
    to_mend = next((r for r in failed if r.severity is not Severity.BONUS), None)
    if to_mend and to_mend.where:
        return say("next: mend {what}, then run {command}", what=_place(to_mend), command=command)
    if to_mend:
        return say("next: mend the first failure above, then run {command}", command=command)
    if any(r.verdict is Verdict.UNDECIDED for r in report.results):
        return say("next: nothing to mend; run {command} again for what is undecided", command=command)
    if failed:
        return say("next: done; only a bonus is left. Other exercises: grader list")
    return say("next: done. Other exercises: grader list")


def _place(r: Result) -> Text:
    return Text("{where} ({mistake})" if r.mistake else "{where}", {"where": r.where, "mistake": r.mistake})


def _totals(report: SubmissionReport, page: Page) -> Iterator[Line]:
    slugs = widest(e.slug for e in report.exercises)
    for e in report.exercises:
        verdicts = {r.verdict for r in e.results if r.severity is not Severity.BONUS}
        worst = next((v for v in (Verdict.FAIL, Verdict.UNDECIDED) if v in verdicts), Verdict.PASS)
        name = f"{pad(e.slug, slugs)}  {page.title(e.title)}"
        yield from page.marked(SIGN[worst], COLOUR[worst], name, f"{number(e.points)}/{number(e.max_points)}")
    points, most = (number(sum(getattr(e, k) for e in report.exercises)) for k in ("points", "max_points"))
    yield from page.paragraph(page.say(say("score {points}/{max_points}", points=points, max_points=most)), "bold")
