"""Hand-written reports as a student of `framing` would get them, and the Chinese for their texts."""

from pathlib import Path

from grader.catalog import translations
from grader.model import (
    Called,
    Connected,
    Drained,
    Exited,
    Frame,
    Imported,
    Mistake,
    Raised,
    Received,
    Result,
    Returned,
    Sent,
    Severity,
    Started,
    Text,
    Told,
    Trace,
    Value,
    Verdict,
    say,
)
from grader.report.language import Language
from grader.report.record import ExerciseReport, SubmissionReport

HERE = Frame("framing.py", 18, "recv_message", "header = sock.recv(4)")

SINGLE_RECV = Mistake(
    "single-recv",
    say("One recv(n) gives at most n bytes, and often fewer: a stream has no pieces of its own."),
    say("How many bytes have come, and how many are still missing? What must happen as long as some are missing?"),
    "header = sock.recv(4)\nn, = struct.unpack('<i', header)",
)
CHARACTERS = Mistake(
    "length-in-characters",
    say("The length counts characters, but what travels is bytes, and a Chinese character takes three."),
    say("What is len('你好'), and what is the length of what is really sent?"),
)


def header_split() -> Trace:
    """The header in four pieces, each read before the next; the student unpacks the first."""
    return Trace(
        "recv.header-split",
        (
            Started(0.0, "receiver", "receiver", 4242),
            Imported(0.0021, "receiver"),
            Connected(0.0034, "a", "peer"),
            Called(0.0036, "receiver", 0, "recv_message", (Value("socket", shown="sock"),)),
            Told(0.0037, "a", Value("str", 8, "d1", "'Parallel'")),
            Sent(0.0038, "a", b"\x08", 1),
            Drained(0.0041, "a", 1),
            Raised(
                0.0043,
                "receiver",
                0,
                "struct.error",
                ("Exception",),
                "unpack requires a buffer of 4 bytes",
                (HERE,),
            ),
            Exited(0.0062, "receiver", 0),
        ),
    )


def characters() -> Trace:
    return Trace(
        "send.bytes",
        (
            Started(0.0, "sender", "sender", 4243),
            Imported(0.0019, "sender"),
            Connected(0.0030, "a", "peer"),
            Called(
                0.0031, "sender", 0, "send_message", (Value("socket", shown="sock"), Value("str", 6, "d2", "'你好'"))
            ),
            Received(0.0034, "a", "\x02\0\0\0你好".encode(), 10),
            Returned(0.0035, "sender", 0, Value("none", shown="None")),
            Exited(0.0051, "sender", 0),
        ),
    )


def result(name: str, requirement: Text, verdict: Verdict, points: float = 1, **more: object) -> Result:
    fields = {"severity": Severity.MUST, "case": name, **more}
    return Result(id=f"framing.{name}", verdict=verdict, max_points=points, requirement=requirement, **fields)  # type: ignore[arg-type]  # the caller's keywords are Result's fields


def framing() -> ExerciseReport:
    """One of everything: passed with evidence, failed thrice by two mistakes, many blocked, one undecided, a bonus."""
    waits = {"verdict": Verdict.BLOCKED, "blocked_by": "framing.recv.header-split"}
    results = (
        result(
            "send.one",
            say("send_message sends one frame: four bytes of length, little-endian, then the text in UTF-8"),
            Verdict.PASS,
            2,
            actual=say("{n} of {n} frames came whole", n=3),
        ),
        result(
            "send.bytes",
            say("The length counts bytes, not characters"),
            Verdict.FAIL,
            1,
            expected=say("length {n} for {text}", n=6, text="'你好'"),
            actual=say("length {n}: {n} characters, but {size} bytes follow", n=2, size=6),
            where="framing.py:11",
            mistake="length-in-characters",
        ),
        result("recv.one", say("recv_message returns the text of one frame"), Verdict.PASS, 2),
        result(
            "recv.header-split",
            say("A frame comes back whole, however its four header bytes were cut"),
            Verdict.FAIL,
            2,
            expected=say("recv_message returns {text}", text="'Parallel'"),
            actual=say("{error}: {message}", error="struct.error", message="unpack requires a buffer of 4 bytes"),
            where="framing.py:18",
            mistake="single-recv",
        ),
        result(
            "recv.payload-split",
            say("A frame comes back whole, however its payload was cut"),
            Verdict.FAIL,
            1,
            expected=say("recv_message returns {text}", text="'Parallel'"),
            actual=say("recv_message returned {text}", text="'Par'"),
            where="framing.py:20",
            mistake="single-recv",
        ),
        result("recv.glued", say("Messages glued together come back one by one"), points=1, **waits),  # type: ignore[arg-type]  # as above
        result("recv.every-cut", say("Every one of the ten cuts of a small frame works"), points=1, **waits),  # type: ignore[arg-type]  # as above
        result("recv.big", say("A frame of 1 MiB comes back whole"), points=1, **waits),  # type: ignore[arg-type]  # as above
        result("recv.random", say("A thousand random frames come back"), points=1, **waits),  # type: ignore[arg-type]  # as above
        result(
            "recv.huge-length",
            say("A length out of range is a ValueError within a second"),
            Verdict.UNDECIDED,
            2,
            actual=say("the machine was too slow: two runs differ"),
        ),
        result("recv.empty", say("A frame of length 0 is a message"), Verdict.PASS, 1),
        result(
            "recv.no-copy",
            say("The payload is not copied while it is put together"),
            Verdict.FAIL,
            1,
            severity=Severity.BONUS,
            expected=say("time in proportion to the size"),
            actual=say("four times the size took {factor} times as long", factor=15),
        ),
    )
    return ExerciseReport(
        slug="framing",
        title={"zh": "粘包", "en": "Message framing"},
        seed=7,
        results=results,
        max_points=15,
        seconds=1.2834,
        mistakes={m.code: m for m in (SINGLE_RECV, CHARACTERS)},
        traces={t.case: t for t in (header_split(), characters())},
    )


def done() -> ExerciseReport:
    results = (result("serve.echo", say("What goes in comes back"), Verdict.PASS, 10),)
    return ExerciseReport(
        "threaded_echo", {"zh": "socketserver 并发", "en": "Threaded echo server"}, 7, results, 10, 0.8
    )


def alice(*exercises: ExerciseReport) -> SubmissionReport:
    return SubmissionReport(
        student="alice",
        sha256="5e" * 32,
        isolation="docker",
        image="sha256:" + "1f" * 32,
        python="3.13.5",
        started="2026-11-23T08:00:00Z",
        seconds=4.1234,
        exercises=exercises or (framing(), done()),
        ignored=("notes.txt",),
    )


def language(lang: str) -> Language:
    """A reader of `lang`, with the grader's own catalogue and the one for these samples."""
    here = Path(__file__).parent
    files = (here.parents[1] / "grader/locale/zh.po", here / "samples.zh.po")
    return Language(lang, [translations(f) for f in files] if lang == "zh" else [])
