"""The checks of receive_file: names, sizes and headers that are lies, and transfers that break off."""

from __future__ import annotations

import posixpath

from grader.checks import BONUS, SHOULD, Unclear, check, fail
from grader.model import Text, Told, Trace, say

from .readings import (
    answers,
    arrived,
    different,
    holds,
    inbox,
    outside,
    parts,
    refused,
    stands,
    stored,
    told,
    what_changed,
    written,
)

ATTACKS, SHORT, SIZES, HEADERS = 14, 3, 9, 15  # parts of the cases


@check(
    "receive.bad-name",
    points=1.5,
    needs=("receive.nothing-else",),
    requirement=say("a name that is no bare name is refused with an error, and nothing is written anywhere"),
)
def receive_bad_name(trace: Trace) -> Text:
    return _names_refused(trace, ATTACKS)


@check(
    "receive.nul-name",
    points=0.5,
    needs=("receive.nothing-else",),
    requirement=say("a name with a NUL character is refused, and nothing is written"),
)
def receive_nul_name(trace: Trace) -> Text:
    return _names_refused(trace, 2)


@check(
    "receive.too-long-name",
    points=0.25,
    severity=SHOULD,
    needs=("receive.nothing-else",),
    requirement=say("a name of more than 255 bytes is refused, and nothing is written"),
)
def receive_too_long_name(trace: Trace) -> Text:
    return _names_refused(trace, 3)


def _names_refused(trace: Trace, count: int) -> Text:
    for part in parts(trace, count):
        name = trace.of(Told, conn=part)[0].value.shown
        expected = say("ValueError for the name {name}, and nothing written", name=name)
        astray = any(outside(part, c) for c in written(trace, part))
        left = "path-traversal" if astray else "partial-left"
        refused(trace, part, expected, accepted="path-traversal" if astray else _why_stored(trace, part), left=left)
    return say("refused, {n} of {n} times, and nothing was written", n=count)


def _why_stored(trace: Trace, part: str) -> str:
    """Whether the file lies where the name leads, or under what was made of the name."""
    name, found = told(trace.of(Told, conn=part)[0].value), written(trace, part)
    as_it_leads = posixpath.normpath(posixpath.join(inbox(part), name))
    return "mends-name" if any(c.path != as_it_leads for c in found) else "name-not-checked"


# --- transfers that break off ---------------------------------------------------------------------------------------


@check(
    "receive.short",
    points=1,
    needs=("receive.nothing-else",),
    requirement=say("if the sender ends before the announced size, that is an error, and no part of the file stays"),
)
def receive_short(trace: Trace) -> Text:
    for part in parts(trace, SHORT):
        _broken_off(trace, part)
    return say("{n} transfers that broke off left nothing behind", n=SHORT)


def _broken_off(trace: Trace, part: str) -> None:
    name, content = (e.value for e in trace.of(Told, conn=part)[:2])
    expected = say("an error, and no {name}: fewer than {n} bytes came", name=name.shown, n=content.size)
    refused(trace, part, expected, accepted="short-as-whole", left="partial-left")


@check(
    "receive.short-header",
    points=0.25,
    severity=SHOULD,
    needs=("receive.nothing-else",),
    requirement=say("if the sender ends inside the length or the header, that is an error"),
)
def receive_short_header(trace: Trace) -> Text:
    for part in parts(trace, 4):
        expected = say("an error (ValueError or OSError): the sender ended inside the header")
        refused(trace, part, expected, accepted="short-as-whole", left="partial-left")
    return say("an end inside the header was an error each time")


@check(
    "receive.reset",
    points=0.5,
    needs=("receive.nothing-else",),
    requirement=say("a reset is an error, no part of the file stays, and the next call receives the next file"),
)
def receive_reset(trace: Trace) -> Text:
    for part in parts(trace, 1):
        expected = say("an error after the reset, and no part of the file")
        got = answers(trace, part)
        if not got:
            still = stands(trace, part)
            fail(expected, still.text, "spins-on-eof", still.where)
        if not got[0].raised:
            lost = stored(trace, part, trace.of(Told, conn=part)[0].value)
            fail(expected, got[0].text, "short-as-whole" if lost else "swallows-errors")
        _served_again(trace, part, "keeps-listening")
    return say("it was an error, and the next file came")


@check(
    "receive.restart",
    points=0.25,
    severity=SHOULD,
    needs=("receive.nothing-else", "receive.reset"),
    requirement=say("after a header was refused, receive_file can be called again at once on the same port"),
)
def receive_restart(trace: Trace) -> Text:
    if not trace.of(Told, conn="again"):
        raise Unclear(say("the case was not played to its end"))
    _served_again(trace, "p01", "no-reuse-address")
    return say("the next file came")


def _served_again(trace: Trace, part: str, in_use: str) -> None:
    """The second call stored its file, and nothing else is there. in_use: the mistake where it had no port."""
    got = answers(trace, part)
    if len(got) > 1 and got[1].raised and "[Errno 98]" in got[1].raised.message:
        fail(say("the second call listens on the same port"), got[1].text, in_use, got[1].where)
    arrived(trace, part, conn="again", call=1)
    if rest := tuple(c for c in written(trace, part) if not c.path.endswith("/found.txt")):
        fail(say("nothing but the second file"), what_changed(rest), "partial-left")


@check(
    "receive.older",
    points=0.5,
    severity=SHOULD,
    needs=("receive.short",),
    requirement=say("an older file of that name survives a transfer that fails"),
)
def receive_older(trace: Trace) -> Text:
    for part in parts(trace, 2):
        expected = say("the older report.txt, as it was")
        if found := written(trace, part):
            fail(expected, what_changed(found), "overwrites-at-once")
        if not answers(trace, part):
            still = stands(trace, part)
            fail(expected, still.text, None, still.where)
    return say("it was still there after two transfers that failed")


@check(
    "receive.disk-full",
    points=0.5,
    severity=BONUS,
    needs=("receive.short",),
    requirement=say("if the disk is full, that is an OSError, and no part of the file stays"),
)
def receive_disk_full(trace: Trace) -> Text:
    for part in parts(trace, 1):
        expected = say("an OSError, and nothing left behind: the file cannot have more than 256 KiB")
        refused(trace, part, expected, accepted="swallows-errors", left="partial-left")
    return say("it was an error, and nothing was left")


# --- lies -----------------------------------------------------------------------------------------------------------


@check(
    "receive.extra",
    points=0.5,
    needs=("receive.nothing-else",),
    requirement=say("bytes beyond the announced size are never written into the file"),
)
def receive_extra(trace: Trace) -> Text:
    for part in parts(trace, 3):
        name, content = (e.value for e in trace.of(Told, conn=part)[:2])
        got, found = answers(trace, part), stored(trace, part, name)
        expected = say("at most the {n} bytes that were announced", n=content.size)
        if not got:
            still = stands(trace, part)
            fail(expected, still.text, None, still.where)
        if found and not holds(found, content):
            fail(expected, different(found, content), "reads-to-end")
    return say("no file had more than was announced")


@check(
    "receive.extra-refused",
    points=0.5,
    case="receive.extra",
    severity=SHOULD,
    needs=("receive.extra",),
    requirement=say("if more bytes come than were announced, that is an error, and no file stays"),
)
def receive_extra_refused(trace: Trace) -> Text:
    for part in parts(trace, 3):
        content = trace.of(Told, conn=part)[1].value
        expected = say("an error, and no file: more than the {n} announced bytes came", n=content.size)
        refused(trace, part, expected, accepted="extra-not-seen", left="partial-left")
    return say("three transfers with too many bytes were refused")


@check(
    "receive.bad-size",
    points=0.5,
    severity=SHOULD,
    needs=("receive.nothing-else",),
    requirement=say("a filesize that is no whole number from 0 on is refused"),
)
def receive_bad_size(trace: Trace) -> Text:
    return _lies_refused(trace, SIZES, "size-not-checked")


@check(
    "receive.bad-header",
    points=0.5,
    severity=SHOULD,
    needs=("receive.nothing-else",),
    requirement=say("a header that is no JSON object with a name and a size is refused"),
)
def receive_bad_header(trace: Trace) -> Text:
    return _lies_refused(trace, HEADERS, "header-not-checked")


@check(
    "receive.deep-header",
    points=0.25,
    severity=SHOULD,
    needs=("receive.bad-header",),
    requirement=say("a header nested 30,000 deep is refused like any other bad one, not with a RecursionError"),
)
def receive_deep_header(trace: Trace) -> Text:
    return _lies_refused(trace, 1, "header-not-checked")


def _lies_refused(trace: Trace, count: int, code: str) -> Text:
    for part in parts(trace, count):
        head = trace.of(Told, conn=part)[0].value.shown
        expected = say("an error (ValueError or OSError), and nothing written, for the header {header}", header=head)
        ran = any(outside(part, c) for c in written(trace, part))
        kept = "runs-the-header" if ran else code
        refused(trace, part, expected, accepted=kept, left=kept)
    return say("refused, {n} of {n} times, and nothing was written", n=count)


@check(
    "receive.bad-length",
    points=0.5,
    severity=SHOULD,
    needs=("receive.nothing-else",),
    requirement=say("a header length above 65,536 is refused; nobody waits for 2 GiB of header"),
)
def receive_bad_length(trace: Trace) -> Text:
    for part in parts(trace, 3):
        length = trace.of(Told, conn=part)[0].value.shown.strip("'")
        expected = say("an error (ValueError or OSError) for the header length {n}", n=length)
        refused(trace, part, expected, accepted="no-limit", left="no-limit", waits="no-limit")
    return say("three impossible lengths were refused")
