"""The checks of split and merge: the values that were due (Told) against those that the calls gave."""

from __future__ import annotations

from typing import NoReturn

from grader.analysis.calls import answers
from grader.analysis.outcomes import Outcome
from grader.checks import BONUS, SHOULD, Unclear, check, fail
from grader.model import Text, Told, Trace, Value, say

from .readings import PIECE, measured, other_exception, stood, time_is_linear, told_by

ALIKE = 200  # pieces of one byte each in one call of merge, most of them alike
ENDLESS = 1000  # our side takes no more pieces of one call


@check(
    "split.pieces",
    points=1,
    requirement=say("split cuts data into pieces of exactly `size` bytes; only the last may be shorter, none is empty"),
)
def split_pieces(trace: Trace) -> Text:
    return _cut_as_due(trace, "bytes")


@check(
    "split.default-size",
    points=0.5,
    needs=("split.pieces",),
    requirement=say("without a size split cuts pieces of 65,536 bytes"),
)
def split_default_size(trace: Trace) -> Text:
    return _cut_as_due(trace, "bytes", "other-size")


@check(
    "split.bad-size",
    points=0.5,
    severity=SHOULD,
    needs=("split.pieces",),
    requirement=say("a size below 1 is a ValueError, and no other is"),
)
def split_bad_size(trace: Trace) -> Text:
    for size in ("0", "-1"):
        got, expected = answers(trace, size), say("ValueError for pieces of {n} bytes", n=size)
        if not got:
            still = stood(trace, size)
            fail(expected, still.text, "no-size-check", still.where)
        if not got[0].is_a("ValueError"):
            fail(expected, got[0].text, other_exception(got[0]) or "no-size-check", got[0].where)
    great = answers(trace, str(2 * PIECE))
    if great and great[0].raised:
        fail(say("pieces of {n} bytes", n=2 * PIECE), great[0].text, "limits-the-size", great[0].where)
    return say("0 and -1 were refused, {n} was not", n=2 * PIECE)


@check(
    "split.linear",
    points=0.5,
    severity=SHOULD,
    needs=("split.pieces",),
    requirement=say("split takes time in proportion to the data"),
)
def split_linear(trace: Trace) -> Text:
    return _linear(trace)


@check(
    "split.any-bytes",
    points=0.5,
    severity=BONUS,
    needs=("split.pieces",),
    requirement=say("split takes a bytearray or a memoryview as well"),
)
def split_any_bytes(trace: Trace) -> Text:
    _cut_as_due(trace, "bytearray")
    return _cut_as_due(trace, "memoryview")


@check("merge.pieces", points=1, requirement=say("merge joins all pieces in their order"))
def merge_pieces(trace: Trace) -> Text:
    return _merged_as_due(trace, "list")


@check(
    "merge.roundtrip",
    points=0.5,
    needs=("split.default-size", "merge.pieces"),
    requirement=say("what split has cut, merge makes whole again"),
)
def merge_roundtrip(trace: Trace) -> Text:
    due, got = _due(trace, "a"), answers(trace, "a")
    for i, value in enumerate(due):
        if len(got) < 2 * i + 2:
            _fail_missing(trace, "a", got[-1] if got else None, _whole(value))
        cut, merged = got[2 * i : 2 * i + 2]
        if not _same(merged, value):
            one_by_one = cut.value is not None and cut.value.kind == "generator"
            fail(_whole(value), _came(merged), "needs-a-list" if one_by_one else None, merged.where)
    return say("{n} bytes came back from split and merge", n=due[-1].size)


@check(
    "merge.linear",
    points=0.5,
    severity=SHOULD,
    needs=("merge.pieces",),
    requirement=say("merge takes time in proportion to the data"),
)
def merge_linear(trace: Trace) -> Text:
    return _linear(trace)


@check(
    "merge.any-bytes",
    points=0.5,
    severity=BONUS,
    needs=("merge.pieces",),
    requirement=say("merge takes the pieces from a generator, and bytearrays and memoryviews among them"),
)
def merge_any_bytes(trace: Trace) -> Text:
    return _merged_as_due(trace, "any", "needs-a-list")


# --- readings -------------------------------------------------------------------------------------------------------


def _due(trace: Trace, run: str) -> list[Value]:
    due = [t.value for t in trace.of(Told, conn=run)]
    if not due:
        raise Unclear(say("nothing was asked of the function"))
    return due


def _cut_as_due(trace: Trace, run: str, likely: str | None = None) -> Text:
    due, got = _due(trace, run), answers(trace, run)
    for i, value in enumerate(due):
        expected = say("{n} bytes in pieces of {sizes}", n=_total(value), sizes=_sizes(value))
        if i >= len(got):
            _fail_missing(trace, run, None, expected)
        if not _same(got[i], value):
            fail(expected, _pieces(got[i]), _why_cut(got[i].value, value, likely), got[i].where)
    return say("{n} times the pieces were right", n=len(due))


def _merged_as_due(trace: Trace, run: str, likely: str | None = None) -> Text:
    due, got = _due(trace, run), answers(trace, run)
    for i, value in enumerate(due):
        if i >= len(got):
            _fail_missing(trace, run, None, _whole(value))
        if not _same(got[i], value):
            code = told_by(got[i]) or likely or _why_merged(got[i].value, value)
            fail(_whole(value), _came(got[i]), code, got[i].where)
    return say("{n} times the pieces were joined", n=len(due))


def _same(outcome: Outcome, due: Value) -> bool:
    """A tuple of pieces is as good as a list: both are told as our side lists them."""
    return outcome.value is not None and outcome.value.same(due)


def _fail_missing(trace: Trace, run: str, last: Outcome | None, expected: Text) -> NoReturn:
    if last and last.raised:
        fail(expected, last.text, None, last.where)
    still = stood(trace, run)
    fail(expected, still.text, None, still.where)


def _why_cut(value: Value | None, due: Value, likely: str | None) -> str | None:
    """The mistake that other pieces than those due speak for."""
    if value is None:
        return None
    if value.kind == "none":
        return "returns-nothing"
    if value.kind != "list" or any(i.kind != "bytes" for i in value.items):
        return "not-pieces"
    sizes, right = [i.size for i in value.items], [i.size for i in due.items]
    if 0 in sizes:
        return "empty-piece"
    if sizes == right:
        return None
    if sizes and sizes == right[: len(sizes)]:
        return "lost-tail"
    if likely:
        return likely
    if len(right) > 1 and sizes == [*right[:-1], right[0]]:
        return "pads-the-tail"
    near = abs(max(sizes, default=0) - max(right, default=0)) == 1 or 0 < abs(sum(sizes) - sum(right)) <= len(right)
    return "off-by-one" if near else "other-size" if sizes[:1] != right[:1] else None


def _why_merged(value: Value | None, due: Value) -> str | None:
    """The mistake that another whole than the one due speaks for, or an exception (no value)."""
    if value is not None and value.kind == "none":
        return "returns-nothing"
    if value is not None and value.kind == "str":
        return "as-text"
    if not due.size:
        return "nothing-to-join"
    if value is None or value.kind != "bytes":
        return None
    if value.size == due.size and sorted(value.shown) == sorted(due.shown):
        return "wrong-order"
    if value.size < due.size == ALIKE:
        return "drops-equal-pieces"
    return "stops-at-empty" if due.shown.startswith(value.shown[:-1]) else None


def _pieces(outcome: Outcome) -> Text:
    value = outcome.value
    if value is None or value.kind != "list" or any(i.kind != "bytes" for i in value.items):
        return outcome.text
    if value.size >= ENDLESS:
        return say("it gave {n} pieces and went on: {sizes}", n=value.size, sizes=_sizes(value))
    return say("{n} bytes in pieces of {sizes}", n=_total(value), sizes=_sizes(value))


def _sizes(value: Value) -> str:
    sizes = [str(i.size) for i in value.items]
    return ", ".join(sizes if len(sizes) <= 12 else [*sizes[:10], "…", sizes[-1]]) or "–"


def _total(value: Value) -> int:
    return sum(i.size for i in value.items)


def _whole(value: Value) -> Text:
    return say("{n} bytes: {value}", n=value.size, value=value.shown)


def _came(outcome: Outcome) -> Text:
    value = outcome.value
    return _whole(value) if value and value.kind == "bytes" else outcome.text


def _linear(trace: Trace) -> Text:
    """Eight times the pieces, for which a quadratic algorithm needs 64 times as long."""
    failed = next((o for o in answers(trace, "a") if o.raised), None)
    if failed:
        fail(say("the pieces, as before"), failed.text, None, failed.where)
    if len(answers(trace, "a")) < 5:
        still = stood(trace, "a")
        fail(say("an answer for 16384 pieces"), still.text, "quadratic", still.where)
    few = measured(trace, say("processor time of few pieces"))
    many = measured(trace, say("processor time of eight times as many"))
    return time_is_linear(few, many, 24, say("for 2048 pieces and for 16384"))
