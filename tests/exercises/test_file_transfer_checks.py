"""What the checks of `file_transfer` read out of traces: where files lie, what a header says, what is no evidence."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path

import pytest

from grader.catalog import Course
from grader.judge import judge_trace
from grader.model import (
    Called,
    Connected,
    Ended,
    Event,
    Exited,
    File,
    Flow,
    Frame,
    Listed,
    Measured,
    Quiet,
    Raised,
    Received,
    Result,
    Returned,
    Started,
    Told,
    Trace,
    Vanished,
    Verdict,
)
from grader.wire import frames
from grader.wire.payload import FlowMeter, value_of

EXERCISE = Course(Path(__file__).parents[2]).exercise("file_transfer")
CHECKS = {c.id.removeprefix("file_transfer."): c for c in EXERCISE.checks}
CONTENT = b"0123456789"
CODE = (File("receiver.py", "file", 5, "r"), File("sender.py", "file", 5, "s"))


def judged(check: str, *events: Event, order: str = "little") -> Result:
    timed = tuple(dataclasses.replace(e, at=float(i)) for i, e in enumerate(events))
    return judge_trace(CHECKS[check], Trace(check, timed, {"byte_order": order}))


# --- words for events ----------------------------------------------------------------------------------------------


def a_file(path: str, content: bytes = CONTENT) -> File:
    return File(path, "file", len(content), hashlib.sha256(content).hexdigest(), content[:120])


def look(*files: File) -> Listed:
    return Listed(0, "/work", (*CODE, *files))


def told(part: str, *what: object, conn: str = "") -> list[Event]:
    return [
        Started(0, part, "receive", 9),
        Connected(0, conn or part, "peer"),
        *(Told(0, conn or part, value_of(w)) for w in what),
    ]


def gave(part: str, value: object = "/work/x", call: int = 0) -> Returned:
    return Returned(0, part, call, value_of(value))


def raised(part: str, error: BaseException, call: int = 0) -> Raised:
    bases = tuple(c.__name__ for c in type(error).__mro__)
    return Raised(0, part, call, bases[0], bases, str(error))


def one(*after: File, outcome: Event | None = None) -> list[Event]:
    return [look(), *told("p01", "a.txt", CONTENT), outcome or gave("p01", "/work/p01/box/inbox/a.txt"), look(*after)]


INBOX = "p01/box/inbox/"
STORED = a_file(INBOX + "a.txt")


# --- receive_file: where the file lies -------------------------------------------------------------------------------


PLACES = [
    ((STORED,), Verdict.PASS, None),
    ((), Verdict.FAIL, "nothing-stored"),
    ((a_file("a.txt"),), Verdict.FAIL, "wrong-place"),
    ((a_file("p01/box/inboxa.txt"),), Verdict.FAIL, "wrong-place"),
    ((a_file(INBOX + "b.txt"),), Verdict.FAIL, "wrong-place"),
    ((a_file(INBOX + "a.txt", b"0123456780"),), Verdict.FAIL, "changes-content"),
    ((a_file(INBOX + "a.txt", b"0123"),), Verdict.FAIL, "loses-bytes"),
    ((File(INBOX + "a.txt", "link", target="/work/a.txt"),), Verdict.FAIL, None),
    ((dataclasses.replace(STORED, digest=""),), Verdict.UNDECIDED, None),  # it could not be read
]


@pytest.mark.parametrize(("after", "verdict", "mistake"), PLACES)
def test_the_file_is_looked_for_by_its_name_and_compared_by_its_digest(
    after: tuple[File, ...], verdict: Verdict, mistake: str | None
) -> None:
    result = judged("receive.one", *one(*after))
    assert (result.verdict, result.mistake) == (verdict, mistake)


def test_a_name_that_is_too_long_to_be_shown_is_found_by_its_digest() -> None:
    names = ["文" * 83 + ".x.bin", "z" * 255]
    events = [e for i, n in enumerate(names, 1) for e in (*told(f"p{i:02}", n, CONTENT), gave(f"p{i:02}"))]
    stored = [a_file(f"p{i:02}/box/inbox/{n}") for i, n in enumerate(names, 1)]
    assert judged("receive.longest-name", look(), *events, look(*stored)).verdict is Verdict.PASS
    assert judged("receive.longest-name", look(), *events, look(stored[0])).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ("/work/p01/box/inbox/a.txt", Verdict.PASS),
        ("/work/p01/box/inbox//a.txt", Verdict.PASS),
        ("/work/p01/box/inbox/./a.txt", Verdict.PASS),
        ("p01/box/inbox/a.txt", Verdict.PASS),  # from where the program runs
        ("a.txt", Verdict.FAIL),
        (None, Verdict.FAIL),
        (b"/work/p01/box/inbox/a.txt", Verdict.FAIL),
        ("/" + "x" * 200, Verdict.FAIL),
    ],
)
def test_the_path_may_be_written_in_more_than_one_way(value: object, verdict: Verdict) -> None:
    events = one(a_file(INBOX + "report.txt"), outcome=gave("p01", value))
    if isinstance(value, str):
        events = one(a_file(INBOX + "report.txt"), outcome=gave("p01", value.replace("a.txt", "report.txt")))
    assert judged("receive.returns-path", *events).verdict is verdict


def test_a_name_in_another_spelling_is_another_name_and_the_difference_is_shown() -> None:
    result = judged(
        "receive.names", look(), *told("p01", "e\u0301.txt", CONTENT), gave("p01"), look(a_file(INBOX + "\xe9.txt"))
    )
    assert (result.verdict, result.mistake) == (Verdict.FAIL, "normalizes-name")
    assert result.actual and "xe9.txt" in str(result.actual)


def test_what_the_receiver_says_nobody_reads() -> None:
    says = [*one(STORED)[:-1], Received(0, "p01", b"ok", 2), Ended(0, "p01", "fin"), look(STORED)]
    assert judged("receive.says-nothing", *says).mistake == "sends-an-answer"
    assert judged("receive.says-nothing", *(e for e in says if not isinstance(e, Received))).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("source", "mistake"),
    [("raise Exception('bad name')", "other-family"), ("name = header['filename']", "wrong-exception")],
)
def test_an_error_that_was_chosen_is_told_from_one_that_happened(source: str, mistake: str) -> None:
    error = dataclasses.replace(raised("p01", Exception("bad name")), frames=(Frame("receiver.py", 9, "f", source),))
    events = [look(), *told("p01", "../x"), error, look()]
    assert judged("receive.bad-name", *events).mistake == mistake


def test_that_it_does_not_return_is_told_from_that_nothing_came() -> None:
    waits = Quiet(0, "p01", "exit")
    assert judged("receive.one", *one(STORED, outcome=waits)).mistake == "never-returns"
    assert judged("receive.one", *one(outcome=waits)).mistake == "expects-more"


def test_what_comes_after_a_standstill_is_no_answer() -> None:
    events = [look(), *told("p01", "a.txt", CONTENT), Quiet(0, "p01", "return"), gave("p01"), look(STORED)]
    assert judged("receive.one", *events).verdict is Verdict.FAIL


@pytest.mark.parametrize("key", ["file_name", "file_size"])
def test_a_key_error_tells_which_key_was_looked_for(key: str) -> None:
    assert judged("receive.one", *one(outcome=raised("p01", KeyError(key)))).mistake == "header-key-alias"
    assert judged("receive.one", *one(outcome=raised("p01", KeyError("mode")))).mistake is None


# --- receive_file: what is left behind -------------------------------------------------------------------------------


def short(*after: File, outcome: Event | None = None) -> Result:
    events = [look()]
    for part in ("p01", "p02", "p03"):
        refusal = raised(part, ConnectionError("short"))
        events += [*told(part, "a.txt", CONTENT), outcome if outcome and part == "p01" else refusal]
    return judged("receive.short", *events, look(*after))


LEFT = [
    ((), Verdict.PASS),
    ((File(INBOX + "new", "folder"),), Verdict.PASS),  # an empty folder in the inbox is no part of a file
    ((a_file(INBOX + "a.txt", b""),), Verdict.FAIL),
    ((a_file(INBOX + "new/a.txt.part"),), Verdict.FAIL),
    ((a_file("p03/box/inbox/.tmp"),), Verdict.FAIL),
    ((a_file("a.txt"),), Verdict.FAIL),
    ((a_file("/tmp/tmpab12"),), Verdict.FAIL),
    ((File("p02/box/elsewhere", "folder"),), Verdict.FAIL),
    ((File("p01/box/inbox/pipe", "other"),), Verdict.FAIL),
]


@pytest.mark.parametrize(("after", "verdict"), LEFT)
def test_whatever_is_left_behind_anywhere_counts(after: tuple[File, ...], verdict: Verdict) -> None:
    assert short(*after).verdict is verdict


ENDS = [
    (gave("p01"), (a_file(INBOX + "a.txt", b"0123"),), "short-as-whole"),
    (gave("p01", None), (), "swallows-errors"),
    (raised("p01", OSError("short")), (a_file(INBOX + "a.txt", b"0123"),), "partial-left"),
    (raised("p01", KeyError("x")), (), "wrong-exception"),
    (raised("p01", RecursionError()), (), "wrong-exception"),
    (Quiet(0, "p01", "exit"), (), None),
]


@pytest.mark.parametrize(("outcome", "after", "mistake"), ENDS)
def test_how_a_short_transfer_ends_names_the_mistake(
    outcome: Event, after: tuple[File, ...], mistake: str | None
) -> None:
    result = short(*after, outcome=outcome)
    assert (result.verdict, result.mistake) == (Verdict.FAIL, mistake)


@pytest.mark.parametrize("error", [ValueError(), ConnectionResetError(), TimeoutError(), EOFError(), UnicodeError()])
def test_the_families_of_errors_that_will_do(error: BaseException) -> None:
    assert short(outcome=raised("p01", error)).verdict is Verdict.PASS


def test_who_leaves_more_than_can_be_listed_hides_nothing() -> None:
    events = [
        look(),
        *told("p01", "../evil-p01"),
        raised("p01", ValueError()),
        dataclasses.replace(look(), whole=False),
    ]
    result = judged("receive.bad-name", *events)
    assert (result.verdict, result.mistake) == (Verdict.FAIL, "leaves-files")


ATTACKS = [
    ("../evil-p01", "p01/box/evil-p01", "path-traversal"),
    ("../evil-p01", "evil-p01", "path-traversal"),
    ("/work/p01/evil-p01", "p01/evil-p01", "path-traversal"),
    ("../evil-p01", INBOX + "evil-p01", "mends-name"),
    ("../inbox/evil-p01", INBOX + "evil-p01", "name-not-checked"),
    ("a\\evil-p01", INBOX + "a\\evil-p01", "name-not-checked"),
    ("a\\evil-p01", INBOX + "evil-p01", "mends-name"),
]


@pytest.mark.parametrize(("name", "path", "mistake"), ATTACKS)
def test_where_an_attack_ends_names_the_mistake(name: str, path: str, mistake: str) -> None:
    result = judged("receive.bad-name", look(), *told("p01", name), gave("p01"), look(a_file(path)))
    assert (result.verdict, result.mistake) == (Verdict.FAIL, mistake)


def test_an_attack_of_one_part_is_not_laid_to_another() -> None:
    """The first part has refused its name; what lies outside is named after the second."""
    events = [look(), *told("p01", "../evil-p01"), raised("p01", ValueError("no"))]
    events += [*told("p02", "../../evil-p02"), gave("p02"), look(a_file("evil-p02"))]
    result = judged("receive.bad-name", *events)
    assert "../../evil-p02" in str(result.expected)


OLDER = a_file(INBOX + "report.txt", b"older")


@pytest.mark.parametrize(
    ("after", "verdict"),
    [((OLDER,), Verdict.PASS), ((), Verdict.FAIL), ((a_file(OLDER.path, b"newer"),), Verdict.FAIL)],
)
def test_an_older_file_is_there_as_it_was(after: tuple[File, ...], verdict: Verdict) -> None:
    events: list[Event] = [look(OLDER)]
    for part in ("p01", "p02"):
        events += [*told(part, "report.txt", CONTENT), raised(part, ConnectionError())]
    assert judged("receive.older", *events, look(*after)).verdict is verdict


def test_it_is_the_second_call_that_is_asked_for_its_port() -> None:
    taken = OSError(98, "Address already in use")
    events = [look(), *told("p01", "lost.txt", CONTENT), raised("p01", ConnectionError())]
    events += [*told("p01", "found.txt", CONTENT, conn="again"), raised("p01", taken, 1), look()]
    assert judged("receive.reset", *events).mistake == "keeps-listening"
    assert judged("receive.restart", *events).mistake == "no-reuse-address"


@pytest.mark.parametrize(("seconds", "verdict"), [(0.1, Verdict.PASS), (5.9, Verdict.PASS), (6.3, Verdict.FAIL)])
def test_how_long_it_may_wait_for_a_sender_that_stays(seconds: float, verdict: Verdict) -> None:
    events = [*one(STORED)[:-1], Measured(0, "lingers", seconds, "s"), look(STORED)]
    assert judged("receive.stays-connected", *events).verdict is verdict


# --- what is no evidence ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("events", [(), (look(),), (look(), look())], ids=["nothing", "one look", "two looks"])
def test_nothing_seen_is_never_a_pass(check: str, events: tuple[Event, ...]) -> None:
    assert judged(check, *events).verdict is not Verdict.PASS


@pytest.mark.parametrize("check", [c for c in CHECKS if c.startswith("receive.")])
def test_a_case_that_broke_off_is_no_pass_and_no_fault(check: str) -> None:
    """The first part went well, and then nothing more was played."""
    result = judged(check, look(), *told("p01", "a.txt", CONTENT), gave("p01"), STORED_LOOK)
    assert result.verdict is not Verdict.PASS or check in ONE_PART


STORED_LOOK = look(STORED)
ONE_PART = {"receive.one", "receive.binary", "receive.trickled"}


def test_a_program_that_ends_its_sandbox_fails_for_that() -> None:
    result = judged("send.refused", Started(0, "p01", "send", 9), Vanished(0, "its process has ended"))
    assert (result.verdict, result.mistake) == (Verdict.FAIL, "ends-the-interpreter")


# --- send_file -------------------------------------------------------------------------------------------------------


def flow(data: bytes, direction: str) -> Flow:
    meter = FlowMeter()
    meter.add(data)
    return Flow(0, "p01", direction, meter.size, meter.blocks(), meter.head)


def sent(check: str, *pieces: bytes, body: bytes = CONTENT, order: str = "little") -> Result:
    """The pieces that were read in one go each, and what came after the header."""
    events: list[Event] = [look(a_file("p01/a.txt")), Started(0, "p01", "send", 9), Connected(0, "p01", "student")]
    for piece in pieces:
        events += [Received(0, "p01", piece, len(piece)), Called(0, "p01", 0, "send_file")]
    events += [flow(CONTENT, "due"), flow(body, "body"), flow(b"".join(pieces), "received"), gave("p01", None)]
    return judged(check, *events, Exited(0, "p01", 0), order=order)


def head(order: str = "little", **fields: object) -> bytes:
    return frames.encode(json.dumps(fields or {"filename": "a.txt", "filesize": len(CONTENT)}).encode(), order)


RAW = head()[4:]
HEADERS = [
    ([head()], None),
    ([head()[:4], head()[4:]], None),  # other events may lie between what was read
    ([head(filesize=10, filename="a.txt", mode=6)], None),
    ([head("big")], "byte-order"),
    ([RAW], "no-length"),
    ([len(RAW).to_bytes(8, "little") + RAW], "wrong-width"),
    ([b"%04d" % len(RAW) + RAW], "length-as-digits"),
    ([frames.header(5) + RAW], "wrong-length"),
    ([frames.encode(b"{'filename': 'a.txt', 'filesize': 10}")], "no-json"),
    ([frames.encode(b"[1, 2]")], "no-json"),
    ([frames.header(len(RAW)) + b"a.txt"], "no-json"),
    ([head(file_name="a.txt", filesize=10)], "header-key-alias"),
    ([head(filename="a.txt", size=10)], "header-key-alias"),
    ([head(filename="a.txt")], None),
    ([head(filename="a.txt", filesize="10")], "wrong-type"),
    ([head(filename="a.txt", filesize=10.0)], "wrong-type"),
    ([head(filename="a.txt", filesize=True)], "wrong-type"),
    ([head(filename=["a.txt"], filesize=10)], "wrong-type"),
]


@pytest.mark.parametrize(("pieces", "mistake"), HEADERS)
def test_a_header_names_the_mistake(pieces: list[bytes], mistake: str | None) -> None:
    result = sent("send.header", *pieces)
    right = mistake is None and b"filesize" in pieces[-1]
    assert (result.verdict, result.mistake) == (Verdict.PASS if right else Verdict.FAIL, mistake)


def test_a_course_may_teach_the_other_byte_order() -> None:
    assert sent("send.header", head("big"), order="big").verdict is Verdict.PASS
    assert sent("send.header", head(), order="big").mistake == "byte-order"


def test_sending_and_then_ending_the_process_is_no_pass() -> None:
    before = [look(a_file("p01/a.txt")), Started(0, "p01", "send", 9), Connected(0, "p01", "student")]
    came = [Received(0, "p01", head() + CONTENT, 60), flow(CONTENT, "due"), flow(CONTENT, "body")]
    after = [flow(head() + CONTENT, "received"), Exited(0, "p01", 0)]
    assert judged("send.one", *before, *came, *after).verdict is Verdict.FAIL
    assert judged("send.one", *before, *came, Quiet(0, "p01", "end"), *after).verdict is Verdict.PASS


BODIES = [
    (CONTENT, None),
    (CONTENT[:-1], "stops-early"),
    (b"", "stops-early"),
    (CONTENT + b"\n", "adds-bytes"),
    (b"\n" + CONTENT[:-1], "changes-content"),
]


@pytest.mark.parametrize(("body", "mistake"), BODIES)
def test_the_content_is_compared_byte_for_byte(body: bytes, mistake: str | None) -> None:
    result = sent("send.one", head() + body, body=body)
    assert (result.verdict, result.mistake) == (Verdict.PASS if body == CONTENT else Verdict.FAIL, mistake)


def test_another_name_or_size_is_said_to_be_one() -> None:
    path = head(filename="/home/ann/a.txt", filesize=10)
    assert sent("send.one", path).verdict is Verdict.PASS  # the name is the business of other checks
    assert sent("send.basename", path).mistake == "sends-path"
    assert sent("send.basename", head(filename="A.TXT", filesize=10)).mistake == "changes-name"
    assert sent("send.one", head(filename="a.txt", filesize=9)).mistake == "wrong-size"


SHRUNK = [
    (raised("p01", OSError("shrunk")), CONTENT[:3], Verdict.PASS, None),
    (gave("p01", None), CONTENT, Verdict.PASS, None),  # it had read everything before
    (gave("p01", None), CONTENT[:3], Verdict.FAIL, "shrunk-unnoticed"),
    (gave("p01", None), CONTENT[:3] + bytes(7), Verdict.FAIL, "shrunk-unnoticed"),
    (raised("p01", ZeroDivisionError()), CONTENT[:3], Verdict.FAIL, "wrong-exception"),
    (Exited(0, "p01", None, "SIGBUS"), CONTENT[:3], Verdict.FAIL, "mapped-file-shrank"),
]


@pytest.mark.parametrize(("end", "body", "verdict", "mistake"), SHRUNK)
def test_a_file_that_shrank(end: Event, body: bytes, verdict: Verdict, mistake: str | None) -> None:
    before = [look(a_file("p01/a.txt")), Started(0, "p01", "send", 9), Connected(0, "p01", "student")]
    result = judged("send.shrinks", *before, end, flow(CONTENT, "due"), flow(body, "body"))
    assert (result.verdict, result.mistake) == (verdict, mistake)


def test_every_named_mistake_is_declared() -> None:
    named = [m for *_, m in (*PLACES, *ENDS, *ATTACKS, *HEADERS, *BODIES, *SHRUNK) if m]
    assert set(named) <= set(EXERCISE.mistakes)
