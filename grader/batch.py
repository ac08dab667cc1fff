"""A class: many submissions, many workers, one grading for each student and exercise. Layer 7.

Theory of operation: workers (threads; the pods do the work) grade, and the calling thread alone writes. A student's
record is on the disk as soon as the last exercise of that student is done, and stays whatever happens later.

Rule 1: nobody's failure stops anybody else. What could not be graded is UNDECIDED, with the reason, and is tried once
    more at the end, alone.
Rule 2: a machine that fails again and again is not asked further. What had not begun is tried in the second round; if
    that fails likewise, it stays UNDECIDED, and `Outcome.trouble` says why.
Rule 3: on the way out, whichever it is, every pod is closed: those in use, those warm, those just being made.
Rule 4: apart from times, a student's record depends on the submission, the course and the seed; not on the class. Where
    an earlier record of the same submission lies in the folder, it also tells which verdicts have changed since.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from grader import store
from grader.catalog import Exercise
from grader.errors import GraderError
from grader.grading import not_graded, now, submission_report
from grader.journal import Journal
from grader.model import Snapshot, Text, Trace, Verdict, say
from grader.pods import Pods
from grader.report.language import Language
from grader.report.record import Record, SubmissionReport, record
from grader.report.summary import changes, summary
from grader.run import Graded, grade
from grader.sandbox.base import Sandbox

PATIENCE = 3  # times the workers: so many failures in a row, and the machine is not asked further


@dataclass(frozen=True, slots=True)
class Step:
    """An exercise of a student is done. record: the student's, once all are. again: it had been said before."""

    student: str
    slug: str
    done: int
    total: int
    record: Record | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """summary: of the students whose records are written. missing: the others. trouble: reason → exercises undecided
    for it."""

    summary: Record
    missing: tuple[str, ...]
    trouble: tuple[tuple[Text, int], ...]
    interrupted: bool


class Grade(Protocol):
    """As `run.grade`."""

    def __call__(
        self, exercise: Exercise, snapshot: Snapshot, sandbox: Sandbox, *, seed: int, progress: Callable[[str], None]
    ) -> Graded: ...


@dataclass(eq=False)
class Student:
    """A submission while its exercises are graded, each perhaps by another worker."""

    name: str
    take: Callable[[], Snapshot]
    graded: dict[str, Graded] = field(default_factory=dict)
    unsettled: set[str] = field(default_factory=set)  # slugs that are to be tried again
    started: str = ""
    earlier: Record | None = None  # what an earlier batch had said; None until it is asked for
    _taken: Snapshot | None = None
    _taking: threading.Lock = field(default_factory=threading.Lock)

    def snapshot(self) -> Snapshot:
        """Taken when the first exercise begins, once. Raises UsageError or MachineError."""
        with self._taking:
            self.started = self.started or now()
            self._taken = self._taken or self.take()
            return self._taken

    def report(self, exercises: Iterable[Exercise], isolation: str) -> SubmissionReport:
        """Once all exercises are graded. What could not even be read has the sha256 of nothing."""
        snapshot = self._taken or Snapshot(self.name, {}, hashlib.sha256().hexdigest())
        return submission_report(snapshot, isolation, self.started, [self.graded[e.slug] for e in exercises])

    def forget(self) -> None:
        """Called when the record is written and final: a large class must not fill the memory."""
        self._taken = None
        self.graded.clear()


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    student: Student
    exercise: Exercise


@dataclass(frozen=True, slots=True)
class Folder:
    """DIR of a batch: results/<student>.json, traces/<student>/<slug>/<case>.jsonl, summary.json."""

    root: Path

    def ready(self) -> None:
        """Raises UsageError or MachineError where results could not be kept."""
        for name in ("results", "traces"):
            store.ready(self.root / name)

    def keep_traces(self, student: str, graded: Graded) -> None:
        store.write_traces(self.root / "traces" / student, graded.exercise.slug, graded.traces)

    def journal(self, made_of: str, *, afresh: bool = False) -> Journal:
        """Raises UsageError where another batch is writing here."""
        return Journal(self.root, made_of, afresh=afresh)

    def keep(self, data: Record) -> None:
        store.write_json(self.root / "results" / f"{data['student']}.json", data)

    def kept(self, student: str) -> Record:
        """The record of an earlier batch; an empty one where there is none that can be read."""
        try:
            data = json.loads((self.root / "results" / f"{student}.json").read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return data if isinstance(data, dict) else {}

    def keep_summary(self, data: Record) -> None:
        store.write_json(self.root / "summary.json", data)


class Batch:
    """One batch; `run` it once. students: (id, what takes the snapshot). grade: `run.grade`, or a stand-in for it.

    journal: of the same folder; what stands there is not graded again. watch: told of every Step, in the calling
    thread. At the end the sandbox is closed.
    """

    def __init__(
        self,
        students: Iterable[tuple[str, Callable[[], Snapshot]]],
        exercises: Sequence[Exercise],
        sandbox: Sandbox,
        folder: Folder,
        language: Language,
        *,
        seed: int,
        workers: int,
        grade: Grade = grade,
        journal: Journal | None = None,
        watch: Callable[[Step], None] = lambda step: None,
    ) -> None:
        self._students = [Student(name, take) for name, take in students]
        self._exercises = exercises
        self._folder, self._language = folder, language
        self._seed, self._workers = seed, workers
        self._grade, self._journal, self._watch = grade, journal, watch
        self._jobs = [Job(s, e) for s in self._students for e in exercises]
        self._pods = Pods(sandbox, workers, (j.exercise.meta.limits for j in self._jobs))
        self._done = 0
        self._written: dict[str, Record] = {}  # by student, as little of each record as a summary needs
        self._trouble: dict[Job, Text] = {}

    def run(self) -> Outcome:
        """Raises MachineError or UsageError where results can no longer be kept; those that are written stay."""
        interrupted = False
        self._pods.warm()
        try:
            failed, left = self._round(self._jobs, self._workers)
            if failed or left:
                _, left = self._round([*failed, *left], self._workers if left else 1)
            for job in left:
                reason = say("the machine kept failing: {reason}", reason=list(self._trouble.values())[-1])
                self._settle(job, not_graded(job.exercise, self._seed, reason), reason, final=True)
        except KeyboardInterrupt:
            interrupted = True
        finally:
            self._pods.close()
        return self._outcome(interrupted)

    # --- a round ---------------------------------------------------------------------------------------------

    def _round(self, jobs: Sequence[Job], workers: int) -> tuple[list[Job], list[Job]]:
        """Grades; returns the jobs that failed, and those that were not begun because the machine kept failing."""
        final = jobs is not self._jobs
        waiting, failed, in_a_row = deque(jobs), [], 0
        running: dict[Future[tuple[Graded, Text | None]], Job] = {}
        with ThreadPoolExecutor(workers, "grader-batch") as pool:
            try:
                while running or (waiting and in_a_row < PATIENCE * workers):
                    while waiting and len(running) < workers and in_a_row < PATIENCE * workers:
                        job = waiting.popleft()
                        running[pool.submit(self._try, job)] = job
                    for future in wait(running, return_when=FIRST_COMPLETED).done:
                        job = running.pop(future)
                        graded, trouble = future.result()
                        in_a_row = in_a_row + 1 if trouble and not graded.info else 0
                        if trouble:
                            failed.append(job)
                        self._settle(job, graded, trouble, final)
            except BaseException:
                self._pods.close()  # or the workers would play on to the end
                raise
        return failed, list(waiting)

    def _try(self, job: Job) -> tuple[Graded, Text | None]:
        """Grades in a worker's thread; never raises. The text says why it has to be tried again."""
        try:
            snapshot = job.student.snapshot()
            stands = self._journal and self._journal.standing(job.exercise, snapshot, self._seed)
            graded = stands or self._grade(
                job.exercise, snapshot, self._pods, seed=self._seed, progress=self._pods.must_be_open
            )
            return graded, _unplayed(graded)
        except GraderError as e:
            reason = e.text
        except Exception as e:  # a bug of ours must not cost the others their results
            reason = say("the grader itself failed: {error}", error=f"{type(e).__name__}: {e}")
        return not_graded(job.exercise, self._seed, reason), reason

    def _settle(self, job: Job, graded: Graded, trouble: Text | None, final: bool) -> None:
        """Keeps what came of a job, and the student's record if that was the last one."""
        student, slug = job.student, job.exercise.slug
        again = slug in student.graded
        self._trouble.pop(job, None)
        student.unsettled.discard(slug)
        if trouble:
            self._trouble[job] = trouble
            if not final:
                student.unsettled.add(slug)
        if not graded.stands:
            self._folder.keep_traces(student.name, graded)
            if self._journal and not trouble:
                self._journal.settle(student.snapshot(), graded)
        graded.traces = {case: Trace(case, ()) for case in graded.traces}  # the report asks only which there are
        student.graded[slug] = graded
        self._done += not again
        whole = self._record(student) if len(student.graded) == len(self._exercises) else None
        self._watch(Step(student.name, slug, self._done, len(self._jobs), whole, again))

    def _record(self, student: Student) -> Record:
        data = record(student.report(self._exercises, self._pods.isolation), self._language)
        student.earlier = self._folder.kept(student.name) if student.earlier is None else student.earlier
        if changed := changes(student.earlier, data):
            data["changed"] = changed
        self._folder.keep(data)
        self._written[student.name] = _slim(data)
        if not student.unsettled:
            student.forget()
        return data

    def _outcome(self, interrupted: bool) -> Outcome:
        whole = summary(self._written.values())
        self._folder.keep_summary(whole)
        missing = tuple(s.name for s in self._students if s.name not in self._written)
        count = Counter(map(str, self._trouble.values()))
        reasons = {str(reason): reason for reason in self._trouble.values()}
        return Outcome(whole, missing, tuple((reasons[r], n) for r, n in count.items()), interrupted)


def _unplayed(graded: Graded) -> Text | None:
    """The machine failed in the middle: a case without a trace that is not the submission's doing."""
    open_ = [r for r in graded.results if r.verdict is Verdict.UNDECIDED and not r.blocked_by]
    n = len({r.case for r in open_} - set(graded.traces))
    return say("{n} cases could not be played", n=n) if n else None


def _slim(data: Record) -> Record:
    """What `summary` reads of a record; the rest is on the disk."""
    exercises = [
        {**e, "checks": [{k: c[k] for k in ("id", "verdict", "mistake")} for c in e["checks"]]}
        for e in data["exercises"]
    ]
    kept = ("student", "isolation", "score", "max_score", "refused", "changed")
    return {k: data[k] for k in kept if k in data} | {"exercises": exercises}
