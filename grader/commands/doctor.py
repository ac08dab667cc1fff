"""`grader doctor`: whether anything can be graded on this machine, and in which isolation.

A probe shows the thing itself: it reads every exercise, writes a file, starts a pod. What both isolations need comes
first; one of them must be sound for exit code 0.
"""

from __future__ import annotations

import contextlib
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from grader import store
from grader.catalog import find_course
from grader.commands.app import PASSED, TROUBLE, App
from grader.commands.help import Command
from grader.errors import GraderError, MachineError
from grader.grading import load, open_sandbox
from grader.model import Limits, Text, say
from grader.report.language import Language
from grader.sandbox.doctor import Finding, examine

SIGN = {True: ("✔", "green"), False: ("✘", "red"), None: ("–", "dim")}
OLDEST = (3, 11)

Probe = tuple[Text, Callable[[], Text], Text]


@click.command(
    "doctor",
    cls=Command,
    about=say("Looks whether this machine can grade: Python, disk, course, Docker engine."),
    more=say("Exit code 0 means that at least one isolation works, and the last line says which."),
    examples=(("grader doctor", say("takes some seconds; two containers come and go")),),
)
@click.pass_obj
def command(app: App) -> int:
    doctor = _Doctor(app)
    shared = doctor.sound("shared", tried(shared_probes(app)))
    works = [
        isolation
        for isolation, findings in (("process", tried(process_probes())), ("docker", examine()))
        if doctor.sound(isolation, findings) and shared
    ]
    doctor.conclude(works)
    return PASSED if works else TROUBLE


class _Doctor:
    """Says each finding as soon as it is made."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._language: Language = app.speaker()
        self._data: list[dict[str, Any]] = []

    def sound(self, group: str, findings: Iterable[Finding]) -> bool:
        """Shows them all; whether all of them are well."""
        seen = [self._show(group, f) for f in findings]
        return all(f.ok for f in seen)

    def _show(self, group: str, f: Finding) -> Finding:
        name, detail, remedy = (self._language.say(t) for t in (f.name, f.detail, f.remedy))
        self._data.append({"group": group, "name": name, "ok": f.ok, "detail": detail, "remedy": remedy})
        if self._app.form == "text":
            page = self._app.page(self._language)
            self._app.show(page.marked(*SIGN[f.ok], page.fit(f"{name}: {detail}")))
            if f.ok is False:
                self._app.show(page.paragraph(page.fit(remedy), "bold", indent="    "))
        return f

    def conclude(self, works: list[str]) -> None:
        if self._app.form == "json":
            self._app.json({"isolations": works, "findings": self._data})
            return
        page = self._app.page(self._language)
        if works:
            said = say(
                "This machine can grade with: {isolations}", isolations=", ".join(f"--isolation {w}" for w in works)
            )
        else:
            said = say("This machine cannot grade yet: mend what is marked above.")
        self._app.show(page.paragraph(page.say(said), "bold"))


# --- probes --------------------------------------------------------------------------------------------------------


def tried(probes: Iterable[Probe]) -> Iterator[Finding]:
    for name, probe, remedy in probes:
        try:
            yield Finding(name, True, probe(), remedy)
        except GraderError as e:
            yield Finding(name, False, e.text, remedy)


def shared_probes(app: App) -> tuple[Probe, ...]:
    def encoding() -> Text:
        return say("the output is {encoding}", encoding=app.out.encoding)

    return (
        (say("Python"), probe_python, say("Install Python 3.11 or newer.")),
        (say("Characters"), encoding, say("Use a terminal with UTF-8.")),
        (say("Disk"), probe_disk, say("Free some space, or set TMPDIR to a folder that has some.")),
        (
            say("Course"),
            probe_course,
            say("Go to the folder of the course, or name it in GRADER_COURSE; a broken exercise is for its author."),
        ),
    )


def process_probes() -> tuple[Probe, ...]:
    return ((say("A pod of two processes"), probe_process, say("Use --isolation docker, or Linux, macOS or WSL.")),)


def probe_python() -> Text:
    if sys.version_info < OLDEST:
        raise MachineError(say("{version} is too old", version=platform.python_version()))
    return say("{version} on {system}", version=platform.python_version(), system=platform.system())


def probe_disk() -> Text:
    folder = Path(tempfile.gettempdir())
    store.ready(folder)
    return say("{path} can be written", path=str(folder))


def probe_course() -> Text:
    """Every exercise of it loads."""
    course = find_course()
    load(course.exercises())
    return say("{n} exercises in {path}", n=len(course.slugs), path=str(course.root))


def probe_process() -> Text:
    began = time.monotonic()
    with contextlib.closing(open_sandbox("process", find_course())) as sandbox:
        pod = sandbox.open(Limits())
        pod.close()
    return say(
        "Python {python}; started and ended in {seconds} s",
        python=pod.info.python,
        seconds=f"{time.monotonic() - began:.2f}",
    )
