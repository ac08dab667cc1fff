"""The checks of receive_file: transfers that are good."""

from __future__ import annotations

import posixpath

from grader.analysis.outcomes import Outcome, outcomes, standstill
from grader.analysis.serving import measured
from grader.analysis.slips import slip
from grader.checks import BONUS, SHOULD, Unclear, check, fail
from grader.model import (
    Drained,
    Ended,
    Exited,
    Listed,
    Listening,
    NotListening,
    Received,
    Sent,
    Text,
    Told,
    Trace,
    Value,
    say,
)
from grader.wire.frames import HEADER
from grader.wire.payload import value_of

from .readings import (
    CALLS,
    all_arrive,
    answers,
    arrived,
    different,
    holds,
    inbox,
    is_error,
    parts,
    refused,
    stands,
    stored,
    what_changed,
    why_raised,
    written,
)

HOST = "127.0.0.1"
GROWTH = 6  # MiB
LINGERS = 6  # seconds
TAKEN = ("FileNotFoundError", "FileExistsError", "PermissionError", "BlockingIOError")  # another one has the name


@check(
    "receive.listens",
    points=0.5,
    requirement=say("receive_file listens on the host and the port that it is given"),
)
def receive_listens(trace: Trace) -> Text:
    ports = [e.port for e in trace.of(Listening)]
    missed, wrong = trace.first(NotListening), next((e for e in trace.of(Listening) if e.address != HOST), None)
    if wrong:
        expected = say("it listens on {address}:{port}", address=HOST, port=wrong.port)
        actual = say("it listens on {address}:{port}", address=wrong.address, port=wrong.port)
        fail(expected, actual, "hard-coded-address")
    if missed:
        _fail_unheard(trace, missed, "two" if ports else "one")
    if len(ports) < 2:
        raise Unclear(say("the case was not played to its end"))
    return say("two listened at the same time, on the ports {ports}", ports=", ".join(map(str, ports)))


def _fail_unheard(trace: Trace, missed: NotListening, run: str) -> None:
    expected = say("it listens on {address}:{port}", address=HOST, port=missed.port)
    if missed.others and missed.others != (f"{HOST}:{missed.port}",):
        others = ", ".join(missed.others)
        fail(expected, say("it listens on {others}", others=others), "hard-coded-address")
    got, still = outcomes(trace, run), standstill(trace, run)
    in_use = bool(got) and "[Errno 98]" in str(got[0].text)
    code = "hard-coded-address" if in_use else slip(got[0].raised if got else None) or "does-not-listen"
    fail(expected, got[0].text if got else still.text, code, got[0].where if got else still.where)


@check(
    "receive.one",
    points=1,
    needs=("receive.listens",),
    requirement=say("a file of 1000 bytes is stored in the directory under its name, byte for byte"),
)
def receive_one(trace: Trace) -> Text:
    part = next(parts(trace, 1))
    name, content = (e.value for e in trace.of(Told, conn=part)[:2])
    got = answers(trace, part)
    if not got or got[0].raised:
        _try_dialects(trace, name, content)
    arrived(trace, part, _why_not_one(got))
    return say("{name} came whole", name=name.shown)


def _why_not_one(got: tuple[Outcome, ...]) -> str | None:
    """Where no header of ours was understood: did it wait for something that is not to come, or read on too far?"""
    if not got or got[0].is_a("ConnectionError", "EOFError"):
        return "expects-more"
    raised = got[0].raised
    return "over-read" if raised and "Extra data" in raised.message else None


def _try_dialects(trace: Trace, name: Value, content: Value) -> None:
    """The program did not understand our header; did it understand another one?"""
    for conn in dict.fromkeys(e.conn for e in trace.of(Told) if e.conn not in ("p01", "again")):
        found = stored(trace, conn, name)
        if not found or not holds(found, content) or not outcomes(trace, conn) or outcomes(trace, conn)[0].raised:
            continue
        sent = trace.first(Sent, conn=conn)
        if conn.endswith("-byte length"):
            actual = say("it understood a header with a {width}", width=conn)
            fail(say("four bytes of length, then the header"), actual, "wrong-width")
        if conn == "other-order":
            head = sent.data[:HEADER].hex(" ") if sent else ""
            actual = say("it understood the length {hex}, which is the other way round", hex=head)
            fail(say("the file is stored"), actual, "byte-order")
        keys = say("it understood a header with the keys {keys}", keys=conn)
        fail(say("the keys filename and filesize"), keys, "header-key-alias")


@check(
    "receive.returns-path",
    points=0.5,
    case="receive.one",
    needs=("receive.one",),
    requirement=say("receive_file returns the path of the stored file"),
)
def receive_returns_path(trace: Trace) -> Text:
    part = next(parts(trace, 1))
    look, got = trace.first(Listed), answers(trace, part)[0].value
    if not look or not got:
        raise Unclear(say("the case was not played to its end"))
    path = f"{look.folder}/{inbox(part)}report.txt"
    if not _names(got, path, look.folder):
        fail(say("it returns {value}", value=repr(path)), say("it returned {value}", value=got.shown), "no-path")
    return say("it returned {value}", value=got.shown)


def _names(value: Value, path: str, folder: str) -> bool:
    """A str that leads from the folder to the path; where it is too long to be shown, by its digest."""
    if value.kind != "str":
        return False
    whole = value.shown.endswith(("'", '"'))
    leads = posixpath.normpath(posixpath.join(folder, value.shown[1:-1]))
    return leads == path if whole else value.same(value_of(path))


@check(
    "receive.nothing-else",
    points=0.5,
    case="receive.one",
    needs=("receive.one",),
    requirement=say("the file is all that is left behind, in the directory and outside of it"),
)
def receive_nothing_else(trace: Trace) -> Text:
    part = next(parts(trace, 1))
    rest = tuple(c for c in written(trace, part) if c.path != f"{inbox(part)}report.txt")
    if rest:
        fail(say("nothing but the file"), what_changed(rest), "leaves-files")
    arrived(trace, part)
    return say("nothing else has changed")


@check(
    "receive.says-nothing",
    points=0.25,
    case="receive.one",
    severity=SHOULD,
    needs=("receive.one",),
    requirement=say("receive_file sends nothing: the sender does not read, and a close with bytes unread is a reset"),
)
def receive_says_nothing(trace: Trace) -> Text:
    part = next(parts(trace, 1))
    answer = b"".join(e.data for e in trace.of(Received, conn=part))
    if answer:
        actual = say("{bytes} came from it", bytes=repr(answer[:40]))
        fail(say("not a byte comes from receive_file"), actual, "sends-an-answer")
    if not trace.of(Ended, conn=part) and not trace.of(Exited, run=CALLS):
        raise Unclear(say("the case was not played to its end"))
    return say("nothing came from it but the end")


@check(
    "receive.sizes",
    points=0.5,
    needs=("receive.one",),
    requirement=say("an empty file and files of 1 to 65,537 bytes are stored whole"),
)
def receive_sizes(trace: Trace) -> Text:
    empty = next(parts(trace, 1))
    arrived(trace, empty, "empty-file")
    return all_arrive(trace, 7, "single-recv")


@check(
    "receive.binary",
    points=0.5,
    needs=("receive.one",),
    requirement=say("5 MiB of any bytes are stored unchanged"),
)
def receive_binary(trace: Trace) -> Text:
    part = next(parts(trace, 1))
    content = trace.of(Told, conn=part)[1].value
    arrived(trace, part, "text-mode" if _like_text(trace, part, content) else "single-recv")
    return say("{n} bytes came unchanged", n=f"{content.size:,}")


def _like_text(trace: Trace, part: str, content: Value) -> bool:
    """It stumbled over bytes that are no text, or what it stored is no beginning of what was sent."""
    got, found = answers(trace, part), stored(trace, part, trace.of(Told, conn=part)[0].value)
    if found:
        return found.size >= content.size or repr(found.head[:100])[:-1] not in content.shown
    return bool(got) and got[0].is_a("UnicodeError", "TypeError")


@check(
    "receive.header-split",
    points=1,
    needs=("receive.one",),
    requirement=say("the length and the header may arrive in any pieces"),
)
def receive_header_split(trace: Trace) -> Text:
    return all_arrive(trace, 5, "single-recv")


@check(
    "receive.glued",
    points=0.5,
    needs=("receive.one",),
    requirement=say("the content may arrive together with the header, in one segment"),
)
def receive_glued(trace: Trace) -> Text:
    return all_arrive(trace, 3, "over-read")


@check(
    "receive.trickled",
    points=0.5,
    needs=("receive.one",),
    requirement=say("the content may arrive in pieces of any size, down to a last byte alone"),
)
def receive_trickled(trace: Trace) -> Text:
    part = next(parts(trace, 1))
    got, found = answers(trace, part), stored(trace, part, trace.of(Told, conn=part)[0].value)
    short = (found and found.size <= 1) or (got and got[0].is_a("ConnectionError", "EOFError"))
    return all_arrive(trace, 1, "single-recv" if short else "counts-what-it-asked-for")


@check(
    "receive.like-header",
    points=0.25,
    needs=("receive.glued",),
    requirement=say("a content that looks like another header is a content"),
)
def receive_like_header(trace: Trace) -> Text:
    return all_arrive(trace, 2, "reads-the-content")


@check(
    "receive.free-header",
    points=0.25,
    needs=("receive.glued",),
    requirement=say("the order of the keys, blanks between them and further keys do not matter"),
)
def receive_free_header(trace: Trace) -> Text:
    return all_arrive(trace, 3, "header-too-strict")


@check(
    "receive.names",
    points=0.5,
    needs=("receive.one",),
    requirement=say("names with Chinese, emoji, blanks, quotes and brackets are kept as they are"),
)
def receive_names(trace: Trace) -> Text:
    return all_arrive(trace, 10, "changes-name")


@check(
    "receive.dots",
    points=0.25,
    severity=SHOULD,
    needs=("receive.names",),
    requirement=say("a name may hold two dots, as a..b.txt does: it leads nowhere"),
)
def receive_dots(trace: Trace) -> Text:
    return all_arrive(trace, 4, "too-strict")


@check(
    "receive.longest-name",
    points=0.25,
    severity=SHOULD,
    needs=("receive.names",),
    requirement=say("a name may have 255 bytes, which is all that the file system allows"),
)
def receive_longest_name(trace: Trace) -> Text:
    return all_arrive(trace, 2, "longer-temporary-name")


@check(
    "receive.stays-connected",
    points=0.5,
    severity=SHOULD,
    needs=("receive.trickled",),
    requirement=say("a sender that stays connected after the last byte holds receive_file up for 6 s at most"),
)
def receive_stays_connected(trace: Trace) -> Text:
    part = next(parts(trace, 1))
    expected = say("it returns, or fails, within {n} s of the last byte", n=LINGERS)
    got, seconds = answers(trace, part), round(measured(trace, "lingers"), 1)
    if not got:
        still = stands(trace, part)
        fail(expected, still.text, "waits-for-close", still.where)
    if seconds > LINGERS:
        fail(expected, say("it took {n} s", n=seconds), "waits-for-close", got[0].where)
    if got[0].raised and is_error(got[0]):
        refused(trace, part, expected, accepted=None, left="partial-left")
        return got[0].text
    arrived(trace, part)
    return say("it returned after {n} s", n=seconds)


@check(
    "receive.memory",
    points=0.5,
    severity=SHOULD,
    needs=("receive.trickled",),
    requirement=say("a file of 12 MiB is stored with less than 6 MiB of memory"),
)
def receive_memory(trace: Trace) -> Text:
    part = next(parts(trace, 1))
    grown = round(measured(trace, "memory"), 1)
    if grown >= GROWTH:
        actual = say("it had taken {n} MiB of memory before the file was whole", n=grown)
        fail(say("less than {n} MiB of memory", n=GROWTH), actual, "whole-file-in-memory")
    got = answers(trace, part)
    likely: str | None = "whole-file-in-memory"
    if got and got[0].is_a("ValueError", "OSError"):
        likely = "refuses-large" if len(trace.of(Drained, conn=part)) <= 2 else None  # the header, a piece at most
    content = arrived(trace, part, likely)
    return say("{n} MiB more memory for a file of {size} bytes", n=grown, size=f"{content.size:,}")


# --- other files are there ------------------------------------------------------------------------------------------


@check(
    "receive.same-name",
    points=0.25,
    severity=SHOULD,
    needs=("receive.nothing-else",),
    requirement=say("a second file of the same name replaces the first one, whole"),
)
def receive_same_name(trace: Trace) -> Text:
    list(parts(trace, 2))
    second = trace.of(Told, conn="p02")
    expected = say("{name} holds the {n} bytes of the second file", name=second[0].value.shown, n=second[1].value.size)
    got = answers(trace, "p02")
    if not got or got[0].raised:
        still = got[0] if got else stands(trace, "p02")
        fail(expected, still.text, "no-replacing", still.where)
    found = stored(trace, "p01", second[0].value)
    if not found or not holds(found, second[1].value):
        fail(expected, different(found, second[1].value), "no-replacing")
    return say("the second file has replaced the first one")


@check(
    "receive.two-at-once",
    points=0.5,
    severity=SHOULD,
    needs=("receive.same-name",),
    requirement=say("two that receive files of the same name at the same time do not mix them up"),
)
def receive_two_at_once(trace: Trace) -> Text:
    runs = tuple(parts(trace, 2))
    told = [trace.of(Told, conn=run) for run in runs]
    expected = say("one of the two files, whole, and nothing else")
    got = [answers(trace, run) for run in runs]
    for run, outcome in zip(runs, got, strict=True):
        if not outcome:
            still = stands(trace, run)
            fail(expected, still.text, None, still.where)
    found = stored(trace, "p01", told[0][0].value)
    whole = [t[1].value for t, o in zip(told, got, strict=True) if o[0].value]
    if not found or not any(holds(found, content) for content in whole):
        raised = next((o[0] for o in got if o[0].raised), None)
        if raised and not raised.is_a(*TAKEN):
            fail(expected, raised.text, why_raised(raised, None), raised.where)
        actual = raised.text if raised else say("the file is a mixture of both")
        fail(expected, actual, "shared-temporary-name", raised.where if raised else None)
    if rest := tuple(c for c in written(trace, "p01") if c.path != found.path):
        fail(expected, what_changed(rest), "shared-temporary-name")
    folders = tuple(c for c in written(trace, "p01", folders=True) if c.path != found.path)
    if len(folders) >= len(runs):  # one may be for all transfers; one for each is rubbish
        fail(expected, what_changed(folders), "leaves-files")
    return say("one of the two files is there, whole")


@check(
    "receive.link",
    points=0.5,
    severity=BONUS,
    needs=("receive.nothing-else",),
    requirement=say("a link of that name, leading out of the directory, is not followed"),
)
def receive_link(trace: Trace) -> Text:
    for part in parts(trace, 2):
        expected = say("nothing is written through the link")
        if rest := tuple(c for c in written(trace, part) if c.path != f"{inbox(part)}report.txt"):
            fail(expected, what_changed(rest), "follows-link")
        got = answers(trace, part)
        if not got:
            still = stands(trace, part)
            fail(expected, still.text, None, still.where)
        if not is_error(got[0]):
            arrived(trace, part)
    return say("the link was replaced or refused, never followed")
