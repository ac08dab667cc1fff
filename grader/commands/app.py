"""What every command is given: the reader's language, the form of the output, and where to write it. Layer 8.

Rule 1: whoever reads our output may leave (`| head`); the work then goes on to its end, and says nothing more.
Rule 2: an output that cannot show Chinese gets English, and no character stops a report.
Rule 3: results go to standard output, everything else (warnings, progress) to standard error.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TextIO, cast

from grader.catalog import Course, Exercise, find_course
from grader.errors import MachineError, UsageError
from grader.model import Text, say
from grader.report.language import Language, detect, readable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text as Line

    from grader.report.page import Page

PASSED, FAILED, MISUSED, TROUBLE = 0, 1, 2, 3  # exit codes

READER_LEFT = (errno.EPIPE, errno.ESHUTDOWN, errno.EINVAL)  # the last is what Windows says


class Outlet(io.TextIOBase):
    """A standard stream that may be missing, or closed by its reader at any time."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")

    @property
    def encoding(self) -> str:  # type: ignore[override]  # TextIOBase declares an attribute where a property serves
        return getattr(self._stream, "encoding", None) or "utf-8"

    def isatty(self) -> bool:
        return self._stream is not None and self._stream.isatty()

    def fileno(self) -> int:
        if self._stream is None:
            raise io.UnsupportedOperation("fileno")
        return self._stream.fileno()

    def write(self, s: str) -> int:
        with self._minding():
            if self._stream:
                self._stream.write(s)
        return len(s)

    def write_utf8(self, s: str) -> None:
        """For other programs: UTF-8 with plain newlines, whatever the terminal's encoding is."""
        with self._minding():
            if isinstance(self._stream, io.TextIOWrapper):
                self._stream.flush()
                self._stream.buffer.write(s.encode())
            elif self._stream:
                self._stream.write(s)

    def flush(self) -> None:
        with self._minding():
            if self._stream and not self._stream.closed:
                self._stream.flush()

    @contextlib.contextmanager
    def _minding(self) -> Iterator[None]:
        try:
            yield
        except OSError as e:
            self._leave()
            if e.errno not in READER_LEFT:
                raise MachineError(say("The output cannot be written: {error}", error=e.strerror or str(e))) from e

    def _leave(self) -> None:
        """What is still in Python's buffer goes nowhere, rather than failing once more when the interpreter ends."""
        stream, self._stream = self._stream, None
        with contextlib.suppress(OSError, AttributeError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())  # type: ignore[union-attr]  # None is what AttributeError is for
            os.close(nowhere)


class App:
    """One call of `grader`. lang: as asked for, or that of the locale. form: "text" or "json"."""

    def __init__(self, out: TextIO | None, err: TextIO | None, env: Mapping[str, str]) -> None:
        self.out, self.err = Outlet(out), Outlet(err)
        self.lang: str = detect(env)
        self.form = "text"

    def course(self, may_be_empty: bool = False) -> Course:
        """Raises UsageError where there is none, or none with an exercise."""
        course = find_course()
        if not course.slugs and not may_be_empty:
            raise UsageError(
                say("{path} has no exercises yet; `grader new-exercise SLUG` makes one.", path=str(course.root))
            )
        return course

    def speaker(self, exercises: Iterable[Exercise] = (), outlet: Outlet | None = None) -> Language:
        """For what is written to `outlet` (standard output). JSON is UTF-8 and needs no regard for a terminal."""
        from grader.grading import speaker

        shown = readable(self.lang, (outlet or self.out).encoding)
        return speaker(self.lang if self.form == "json" and not outlet else shown, exercises)

    def page(self, language: Language, verbose: bool = False, traces: str = "") -> Page:
        from grader.report.page import page_for

        return page_for(self.console(), language, verbose=verbose, traces=traces)

    def console(self, outlet: Outlet | None = None) -> Console:
        from rich.console import Console

        return Console(file=cast(TextIO, outlet or self.out), highlight=False)

    def show(self, lines: Iterable[Line]) -> None:
        from grader.report.page import put

        put(self.console(), lines)

    def echo(self, *lines: str) -> None:
        self.out.write("".join(f"{line}\n" for line in lines))

    def json(self, data: dict[str, Any]) -> None:
        from grader.report.record import to_json

        self.out.write_utf8(to_json(data))

    @contextlib.contextmanager
    def bar(self, total: int) -> Iterator[Callable[[int, str], None]]:
        """A bar that moves, where there is a terminal for it; to be told how much is done, and a word on it."""
        if not self.err.isatty():
            yield lambda done, note: None
            return
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        note = TextColumn("{task.fields[note]}", markup=False)
        columns = (BarColumn(), MofNCompleteColumn(), note, TimeRemainingColumn())
        with Progress(*columns, console=self.console(self.err), transient=True) as bar:
            task = bar.add_task("", total=total, note="")
            yield lambda done, note: bar.update(task, completed=done, note=note)

    def warn(self, text: Text, language: Language | None = None) -> None:
        """One sentence on standard error."""
        said = (language or self.speaker(outlet=self.err)).say(text)
        self.err.write(said + "\n")
        self.err.flush()
