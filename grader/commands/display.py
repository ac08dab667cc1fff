"""What is seen of a batch: on a terminal a bar that moves, elsewhere a line for each student; at the end a table."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence

from grader.batch import Folder, Outcome, Step
from grader.commands.app import FAILED, PASSED, TROUBLE, App
from grader.model import Severity, Text, Verdict, say
from grader.report.classroom import classroom
from grader.report.language import Language
from grader.report.record import Record

SHOWN = 10  # names told of what is missing


class Display:
    """Told of every step in the batch's own thread."""

    def __init__(self, app: App, language: Language) -> None:
        self._app, self._language, self._page = app, language, app.page(language)
        self._ended: dict[str, tuple[bool, int]] = {}  # student → (something to mend, checks undecided)
        self._moved: Callable[[int, str], None] = lambda done, note: None

    def opening(
        self, students: int, exercises: int, isolation: str, workers: int, seed: int, left_out: Sequence[str]
    ) -> None:
        facts = (
            say("{n} submissions", n=students),
            say("{n} exercises", n=exercises),
            say("{level} isolation", level=isolation),
            say("{n} workers", n=workers),
            say("seed {seed}", seed=seed),
        )
        self._note(Text(" · ".join(f"{{{i}}}" for i in "abcde"), dict(zip("abcde", facts, strict=True))))
        if left_out:
            self._note(say("Left out, no submission: {names}", names=", ".join(left_out)))

    def resuming(self, resumes: bool) -> None:
        if resumes:
            self._note(say("Goes on where an earlier batch was stopped (--again grades everything anew)."))

    @contextlib.contextmanager
    def progress(self, total: int) -> Iterator[None]:
        with self._app.bar(total) as self._moved:
            yield

    def step(self, step: Step) -> None:
        if step.record:
            undecided = sum(c["verdict"] == Verdict.UNDECIDED for c in _checks(step.record))
            self._ended[step.student] = to_mend(step.record), undecided
            self._line(step.record, undecided)
        self._moved(step.done, self._page.fit(self._counts()))

    def _counts(self) -> str:
        bad = sum(mend for mend, _ in self._ended.values())
        open_ = sum(n > 0 for _, n in self._ended.values())
        return f"✔ {len(self._ended) - bad}  ✘ {bad}  ? {open_}"

    def _line(self, record: Record, undecided: int) -> None:
        if self._app.out.isatty() or self._app.form == "json":
            return
        facts = [
            say(
                "{student}: {points}/{max_points}",
                student=record["student"],
                points=record["score"],
                max_points=record["max_score"],
            )
        ]
        facts += [say("{n} undecided", n=undecided)] if undecided else []
        facts += [say("refused: {reason}", reason=Text(record["refused"]))] if "refused" in record else []
        self._app.echo(self._page.joined(facts))
        self._app.out.flush()

    def closing(self, outcome: Outcome, folder: Folder) -> int:
        """The table, what went wrong with us, where the results lie; the exit code."""
        if self._app.form == "json":
            self._app.json(outcome.summary)
        else:
            self._app.echo("")
            self._app.show(classroom(outcome.summary, self._page))
            where = say(
                "Results: {results}   traces: {traces}   summary: {summary}",
                results=str(folder.root / "results"),
                traces=str(folder.root / "traces"),
                summary=str(folder.root / "summary.json"),
            )
            self._app.show(self._page.paragraph(self._page.say(where)))
        self._regrets(outcome)
        return self._code(outcome)

    def _regrets(self, outcome: Outcome) -> None:
        for reason, n in outcome.trouble:
            self._app.warn(say("{n} exercises could not be graded and cost nothing: {reason}", n=n, reason=reason))
        if outcome.interrupted:
            self._app.warn(say("Stopped. What was done is kept."))
        if outcome.missing:
            names = ", ".join(outcome.missing[:SHOWN]) + (" …" if len(outcome.missing) > SHOWN else "")
            self._app.warn(say("{n} submissions have no result: {names}", n=len(outcome.missing), names=names))

    def _code(self, outcome: Outcome) -> int:
        if outcome.interrupted or outcome.missing or outcome.trouble:
            return TROUBLE
        if any(mend for mend, _ in self._ended.values()):
            return FAILED
        return TROUBLE if any(n for _, n in self._ended.values()) else PASSED

    def _note(self, text: Text) -> None:
        """Beside the results: on standard output for a person, nowhere for a program."""
        if self._app.form == "text":
            self._app.show(self._page.paragraph(self._page.say(text), "dim"))


def to_mend(record: Record) -> bool:
    """Something failed that is no bonus."""
    return any(c["verdict"] == Verdict.FAIL and c["severity"] != Severity.BONUS for c in _checks(record))


def _checks(record: Record) -> Iterator[Record]:
    return (c for e in record["exercises"] for c in e["checks"])
