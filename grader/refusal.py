"""Why a submission cannot be graded at all, in words that teach. Layer 2, pure.

These failures belong to no exercise: nothing handed in, the stub untouched, a module that cannot be imported, one
that does its work while it is imported. Every check of the exercise then fails for that one reason.
"""

from __future__ import annotations

from collections.abc import Mapping

from grader.checks import Violation
from grader.model import (
    Busy,
    Exited,
    Frame,
    GaveUp,
    Imported,
    Mistake,
    Quiet,
    Raised,
    Snapshot,
    Text,
    Trace,
    Vanished,
    say,
)

MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        "not-attempted",
        say("There is nothing to grade yet: the module is missing, or it is still the stub that you were given."),
        say("`grader start` copies the stub; fill in the functions marked TODO and save the file under its name."),
    ),
    Mistake(
        "import-failed",
        say("Python cannot import the module, so none of its functions can be called."),
        say("Run `python3 <module>.py` yourself: it ends with the same traceback."),
    ),
    Mistake(
        "not-utf8",
        say("The file holds bytes that are not UTF-8 (GBK, most likely), and Python reads source files as UTF-8."),
        say("Save the file as UTF-8 in your editor, or name its encoding in the first line: # -*- coding: gbk -*-"),
    ),
    Mistake(
        "works-at-import",
        say("The module does its work while it is imported, so whoever imports it waits inside it for ever."),
        say('Keep only definitions at the top level; what starts the program goes under `if __name__ == "__main__":`.'),
        "sk = socket.socket()\nsk.bind(('127.0.0.1', 9000))\nsk.listen()\nconn, addr = sk.accept()   # top level",
    ),
    Mistake(
        "endless-import",
        say("Importing the module never ends: it computes without a pause."),
        say("Look for a loop at the top level of the file; it belongs into a function."),
        "while True:\n    pass",
    ),
    Mistake(
        "ends-the-interpreter",
        say("The module ended the Python process that had loaded it."),
        say(
            "A module must not call sys.exit() or os._exit(), and must not send signals to processes it did not start."
        ),
        "os._exit(0)",
    ),
)


def not_attempted(snapshot: Snapshot, slug: str, stubs: Mapping[str, bytes]) -> Violation | None:
    """Refused by the intake, missing, or the stub as it was handed out (but for white space)."""
    expected = say("a filled-in {modules}", modules=", ".join(f"{slug}/{m}" for m in stubs))
    if snapshot.refused:
        return Violation(expected, snapshot.refused, None, None)
    files = snapshot.files.get(slug, {})
    missing = [m for m in stubs if m not in files]
    if missing:
        return Violation(expected, _missing(snapshot, slug, missing), "not-attempted", None)
    if all(files[m].split() == stub.split() for m, stub in stubs.items()):
        return Violation(expected, say("the stub, unchanged"), "not-attempted", None)
    return None


def _missing(snapshot: Snapshot, slug: str, missing: list[str]) -> Text:
    names = ", ".join(f"{slug}/{m}" for m in missing)
    near = [name for name in snapshot.ignored if name.casefold().endswith(tuple(m.casefold() for m in missing))]
    if near:
        return say("{names} is missing; is it this one: {near}?", names=names, near=", ".join(near[:3]))
    return say("{names} is missing", names=names)


def not_importable(trace: Trace) -> Violation | None:
    """What went wrong while the module was imported; None where it was imported."""
    expected = say("importing the module defines its functions and returns")
    raised = trace.first(Raised)
    if raised:
        return _raised(raised, expected)
    stuck: Quiet | GaveUp | None = trace.first(Quiet) or trace.first(GaveUp)
    if stuck:
        return Violation(expected, say("the import waits and does not return"), "works-at-import", _at(stuck.where))
    busy = trace.first(Busy)
    if busy:
        text = say("the import computes and does not return")
        return Violation(expected, text, "endless-import", _at(busy.where))
    imported = {e.run for e in trace.of(Imported)}
    ended = next((e for e in trace.of(Exited) if e.run not in imported), None)
    if trace.of(Vanished) or ended:
        how = (ended.signal or say("exit code {code}", code=ended.code)) if ended else say("gone")
        return Violation(
            expected,
            say("the process ended while it imported the module: {how}", how=how),
            "ends-the-interpreter",
            None,
        )
    return None


def _raised(raised: Raised, expected: Text) -> Violation:
    actual = say("{error}: {message}", error=raised.error, message=raised.message)
    where = _at(raised.frames[-1]) if raised.frames else None
    if raised.error == "SyntaxError" and "utf-8" in raised.message.lower():
        return Violation(expected, actual, "not-utf8", where)
    if raised.error == "EOFError" or "OSError" in raised.bases:
        return Violation(expected, actual, "works-at-import", where)
    if raised.error == "SystemExit":
        return Violation(expected, actual, "ends-the-interpreter", where)
    return Violation(expected, actual, "import-failed", where)


def _at(frame: Frame | None) -> str | None:
    return str(frame) if frame else None
