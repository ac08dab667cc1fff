"""How the checks of receive_file read a trace: what became of a transfer, and of the files in and around its folder.

A part of a case is a call, a connection and a folder of one name (p01, p02, …); see reference/peers/files.py. What the
peer meant to send is Told: the name, then the content; of what is to be refused only a word about it.
"""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Iterator
from typing import NoReturn
from unicodedata import normalize

from grader.analysis import calls
from grader.analysis.files import Change, changes
from grader.analysis.outcomes import Outcome, Standstill, standstill
from grader.analysis.slips import slip
from grader.checks import Unclear, fail
from grader.model import Drained, Exited, File, Listed, Started, Text, Told, Trace, Unread, Value, Vanished, say
from grader.wire.payload import value_of

CALLS = "calls"  # the run that makes the calls of a case
ENDED = "ends-the-interpreter"  # known to the engine
PART = re.compile(r"(?<![a-z0-9])p\d\d(?!\d)")
ALIASES = ("file_name", "file_size", "name", "size", "fileName", "fileSize")


def inbox(part: str) -> str:
    return f"{part}/box/inbox/"


def parts(trace: Trace, count: int) -> Iterator[str]:
    """The names of so many parts. Unclear where one was not played and none before it has failed."""
    played = {e.conn for e in trace.of(Told)}
    if len(trace.of(Listed)) < 2:
        raise Unclear(say("there is no list of the files"))
    if not all(look.whole for look in trace.of(Listed)):
        fail(say("nothing but the file"), say("more files than can be listed"), "leaves-files")
    for i in range(1, count + 1):
        if (name := f"p{i:02}") not in played:
            raise Unclear(say("the case was not played to its end"))
        yield name


def run_of(trace: Trace, part: str) -> tuple[str, int]:
    """The run of a part, and which of its calls the part is: a run of its own name, or one of the calls of the case."""
    return (part, 0) if trace.first(Started, run=part) else (CALLS, int(part[1:]) - 1)


def answers(trace: Trace, part: str) -> tuple[Outcome, ...]:
    """The outcomes of a part's call and of those after it, before the run stood still."""
    run, call = run_of(trace, part)
    return calls.answers(trace, run)[call:]


def stands(trace: Trace, part: str) -> Standstill:
    """Why a part's call did not end."""
    if trace.first(Vanished):
        raise Unclear(say("the case was not played to its end"))
    still = standstill(trace, run_of(trace, part)[0])
    last = next((e for e in reversed(trace.events) if isinstance(e, Unread | Drained) and e.conn == part), None)
    if isinstance(last, Unread) and still.quiet:
        return Standstill(say("it waits and leaves {n} bytes unread", n=last.size), still.where, quiet=True)
    return still


def why_unanswered(trace: Trace, part: str, waits: str | None, spins: str | None = "spins-on-eof") -> str | None:
    """The mistake of a call that did not end: the process did, or it waits for good, or goes round in a loop."""
    run = run_of(trace, part)[0]
    ended = trace.first(Exited, run=run)
    if calls.spinning(trace, run):
        return spins
    if standstill(trace, run).quiet:
        return waits
    return ENDED if ended and not ended.signal else None


# --- good transfers -------------------------------------------------------------------------------------------------


def all_arrive(trace: Trace, count: int, likely: str | None = None) -> Text:
    """Every file lies where it should, and is what was sent."""
    sizes = [arrived(trace, part, likely).size for part in parts(trace, count)]
    if count == 1:
        return say("the file lies in the directory, whole: {n} bytes", n=f"{sizes[0]:,}")
    return say("{n} files lie in the directory, whole, {total} bytes in all", n=count, total=f"{sum(sizes):,}")


def arrived(trace: Trace, part: str, likely: str | None = None, *, conn: str = "", call: int = 0) -> Value:
    """The file that was told on a connection lies in the inbox, whole, and the call has returned. Its content.

    likely: the mistake that this case is about; it is named where nothing speaks for another one.
    conn, call: where they are not the part's first.
    """
    name, content = (e.value for e in trace.of(Told, conn=conn or part)[:2])
    expected = say("{name} in the directory, {n} bytes", name=name.shown, n=content.size)
    got = answers(trace, part)
    if len(got) <= call:
        _fail_unanswered(trace, part, name, content, likely)
    if got[call].raised:
        fail(expected, got[call].text, why_raised(got[call], likely), got[call].where)
    found = stored(trace, part, name)
    if found is None:
        _fail_missing(trace, part, name, content, expected, likely)
    if not holds(found, content):
        fail(expected, different(found, content), likely or _why_different(found, content))
    return content


def _why_different(found: File, content: Value) -> str | None:
    if found.kind != "file" or found.size == content.size:
        return "changes-content" if found.kind == "file" else None
    return "reads-to-end" if found.size > content.size else "loses-bytes"


def _fail_unanswered(trace: Trace, part: str, name: Value, content: Value, likely: str | None) -> NoReturn:
    still, found = stands(trace, part), stored(trace, part, name)
    if found and holds(found, content):
        code = why_unanswered(trace, part, "never-returns", "never-returns")
        fail(say("receive_file returns as soon as the file is whole"), still.text, code, still.where)
    expected = say("{name} in the directory, {n} bytes", name=name.shown, n=content.size)
    fail(expected, still.text, why_unanswered(trace, part, likely, likely), still.where)


def stored(trace: Trace, part: str, name: Value) -> File | None:
    """The file of this name in a part's inbox, when the parts were over."""
    for f in (f for look in trace.of(Listed)[1:] for f in look.files if f.path.startswith(inbox(part))):
        if value_of(f.path.removeprefix(inbox(part))).same(name):
            return f
    return None


def holds(found: File, content: Value) -> bool:
    if found.kind == "file" and not found.digest:
        raise Unclear(say("the student's side could not read {path}", path=found.path))
    return found.kind == "file" and (found.size, found.digest) == (content.size, content.digest)


def different(found: File | None, content: Value) -> Text:
    if not found:
        return say("no file of this name is there")
    if found.kind != "file":
        return say("{path} is no regular file", path=found.path)
    if found.size < content.size:
        return say("{path} has only {k} of {n} bytes", path=found.path, k=found.size, n=content.size)
    if found.size > content.size:
        return say("{path} has {k} bytes, {n} were sent", path=found.path, k=found.size, n=content.size)
    head = repr(found.head[:24])
    return say("{path} has {n} bytes, but other ones; it begins with {head}", path=found.path, n=found.size, head=head)


def told(name: Value) -> str:
    """A name that our peer has told; "" for one too long to be kept."""
    return str(literal_eval(name.shown)) if name.shown.endswith(("'", '"')) else ""


def looks_like(one: str, other: str) -> bool:
    """Two spellings in Unicode of what a person reads as the same."""
    return one != other and normalize("NFC", one) == normalize("NFC", other)


def _fail_missing(trace: Trace, part: str, name: Value, content: Value, expected: Text, likely: str | None) -> NoReturn:
    new = [c for c in written(trace, part) if c.after]
    same = [c for c in new if c.after and c.after.kind == "file" and holds(c.after, content)]
    twin = next((p for p in (c.path.removeprefix(inbox(part)) for c in same) if looks_like(p, told(name))), None)
    if twin:
        actual = say("the file is called {name}", name=ascii(twin))
        fail(say("a file called {name}", name=ascii(told(name))), actual, "normalizes-name")
    if same:
        code = "wrong-place" if outside(part, same[0]) else likely or "wrong-place"
        fail(expected, say("the file lies elsewhere: {path}", path=same[0].path), code)
    if new:
        fail(expected, say("not this file, but {paths}", paths=_paths(new)), likely or "wrong-place")
    fail(expected, say("receive_file returned, but there is no file"), "nothing-stored")


def why_raised(outcome: Outcome, likely: str | None) -> str | None:
    message = outcome.raised.message.strip("'\"") if outcome.raised else ""
    if outcome.is_a("EOFError") and "reading a line" in message:
        return "asks-a-person"
    if outcome.is_a("SystemExit"):
        return ENDED
    if outcome.is_a("KeyError"):
        return "header-key-alias" if message in ALIASES else None
    if message == "write() argument must be str, not bytes":
        return "text-mode"
    return slip(outcome.raised) or likely


# --- what has been written ------------------------------------------------------------------------------------------


def written(trace: Trace, part: str, *, folders: bool = False) -> tuple[Change, ...]:
    """What changed in a part's folder, or outside of all of them. folders: those in the inbox count too."""
    return tuple(
        c
        for c in changes(trace)
        if _owner(c.path) in (part, None)
        and (folders or not (c.path.startswith(inbox(part)) and c.after and c.after.kind == "folder"))
    )


def _owner(path: str) -> str | None:
    found = PART.search(path)
    return found[0] if found else None


def outside(part: str, change: Change) -> bool:
    return not change.path.startswith(inbox(part))


def what_changed(found: tuple[Change, ...]) -> Text:
    gone = [c for c in found if not c.after]
    other = [c for c in found if c.before and c.after]
    if gone:
        return say("gone: {paths}", paths=_paths(gone))
    if other:
        return say("changed: {paths}", paths=_paths(other))
    return say("left behind: {paths}", paths=_paths(found))


def _paths(found: list[Change] | tuple[Change, ...]) -> str:
    shown = [f"{c.path} ({c.after.size})" if c.after and c.after.kind == "file" else c.path for c in found[:3]]
    return ", ".join([*shown, "…"] if len(found) > 3 else shown)


# --- bad input ------------------------------------------------------------------------------------------------------


def refused(
    trace: Trace, part: str, expected: Text, *, accepted: str | None, left: str | None, waits: str | None = None
) -> Outcome:
    """The call raised an error of the right kind, and nothing has changed anywhere.

    accepted, left, waits: the mistake where it returned, where it raised and something was left behind, and where
    neither came. expected: said of the input.
    """
    got, found = answers(trace, part), written(trace, part)
    if not got:
        still = stands(trace, part)
        fail(expected, still.text, why_unanswered(trace, part, waits), still.where)
    if not got[0].raised:
        fail(expected, _both(got[0].text, found), accepted if found else "swallows-errors")
    if found:
        fail(expected, _both(got[0].text, found), left, got[0].where)
    if not is_error(got[0]):
        fail(expected, got[0].text, accident(got[0]), got[0].where)
    return got[0]


def is_error(outcome: Outcome) -> bool:
    """Of the families that are allowed for bad input; asyncio's readers say EOFError."""
    return outcome.is_a("ValueError", "OSError", "EOFError")


def accident(outcome: Outcome) -> str:
    """The mistake of an exception that is no answer to bad input: one of another family was chosen, or none was."""
    if outcome.is_a("SystemExit"):
        return ENDED
    return "other-family" if outcome.chosen else "wrong-exception"


def _both(outcome: Text, found: tuple[Change, ...]) -> Text:
    return say("{outcome}; {found}", outcome=outcome, found=what_changed(found)) if found else outcome
