import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from grader import codec, model
from grader.judge import RETRY
from grader.model import Event, Severity, Text, Trace, Value, Verdict, say
from grader.report.language import Language
from grader.report.record import Record, number, record, report_from, to_json, trace_name
from grader.report.summary import changes, summary
from tests.support import samples
from tests.support.golden import golden

SCHEMAS = Path(__file__).parents[2] / "grader/schema"
ENGLISH = Language("en")


def schema(name: str) -> Any:
    return json.loads((SCHEMAS / f"{name}.json").read_text("utf-8"))


def valid(data: object, name: str) -> bool:
    return bool(jsonschema.Draft202012Validator(schema(name)).is_valid(data))


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.json")), ids=lambda p: p.stem)
def test_schemas_are_schemas(path: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(path.read_text("utf-8")))


# --- the record ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_golden(lang: str) -> None:
    data = record(samples.alice(), samples.language(lang))
    jsonschema.validate(data, schema("result"), jsonschema.Draft202012Validator)
    golden(f"record.{lang}.json", to_json(data))


def test_the_example_of_the_design_has_our_keys() -> None:
    data = record(samples.alice(), ENGLISH)
    assert " ".join(data) == (
        "schema student submission_sha256 grader isolation image python "
        "score max_score started seconds ignored exercises"
    )
    assert " ".join(data["exercises"][0]) == "slug score max_score seed checks"
    assert " ".join(check(data, "framing.recv.header-split")) == (
        "id severity verdict points max_points requirement expected actual where mistake blocked_by trace replay"
    )


def check(data: Record, name: str) -> Record:
    return next(c for e in data["exercises"] for c in e["checks"] if c["id"] == name)


def test_a_failure() -> None:
    c = check(record(samples.alice(), ENGLISH), "framing.recv.header-split")
    assert c["trace"] == "framing/recv-header-split.jsonl"
    assert c["replay"] == "grader check framing --only framing.recv.header-split --seed 7"
    assert (c["where"], c["mistake"], c["points"], c["max_points"]) == ("framing.py:18", "single-recv", 0, 2)


def test_evidence_and_reasons_are_no_actual() -> None:
    data = record(samples.alice(), ENGLISH)
    passed, undecided = check(data, "framing.send.one"), check(data, "framing.recv.huge-length")
    assert (passed["actual"], passed["reason"]) == (None, "3 of 3 frames came whole")
    assert (undecided["actual"], undecided["reason"]) == (None, "the machine was too slow: two runs differ")


def test_points_as_people_write_them() -> None:
    assert [to_json({"x": number(x)}).split()[2] for x in (12.0, 0.1 + 0.2, 91.5, 0.0)] == ["12", "0.3", "91.5", "0"]


def test_bonus_points_come_on_top() -> None:
    bonus = samples.result("b", say("r"), Verdict.PASS, 2, severity=Severity.BONUS)
    exercise = replace(samples.done(), results=(*samples.done().results, bonus))
    data = record(samples.alice(exercise), ENGLISH)
    assert (data["score"], data["max_score"]) == (12, 10)


def test_the_trace_shown_is_that_of_the_second_playing() -> None:
    assert trace_name("framing", "recv.one" + RETRY) == "framing/recv-one.retry.jsonl"
    first = samples.header_split()
    exercise = replace(samples.framing(), traces={first.case: first, first.case + RETRY: first})
    data = record(samples.alice(exercise), ENGLISH)
    assert check(data, "framing.recv.header-split")["trace"] == "framing/recv-header-split.retry.jsonl"
    assert valid(data, "result")


def test_a_failed_import_is_what_shows_why_everything_failed() -> None:
    exercise = replace(samples.framing(), traces={"import": Trace("import", ())})
    data = record(samples.alice(exercise), ENGLISH)
    assert check(data, "framing.recv.header-split")["trace"] == "framing/import.jsonl"
    assert check(data, "framing.recv.glued")["trace"] is None


def test_read_back_and_written_again_it_is_the_same() -> None:
    refused = replace(samples.alice(), refused=say("{name} is a link", name="a\x1b"), ignored=("\u202e" * 300, "b"))
    for report in (samples.alice(), refused):
        written = to_json(record(report, samples.language("zh")))
        assert to_json(record(report_from(json.loads(written)), samples.language("zh"))) == written


def test_a_refused_submission() -> None:
    report = replace(samples.alice(), exercises=(), image="", python="", refused=say("the archive is encrypted"))
    data = record(report, ENGLISH)
    assert valid(data, "result")
    assert (data["refused"], data["score"], data["max_score"]) == ("the archive is encrypted", 0, 0)


def test_what_a_submission_says_is_escaped_and_short() -> None:
    attack = "\x1b[2J\x9b31m\u202e" * 100_000
    exercise = samples.framing()
    results = tuple(
        replace(r, actual=say("{e}: {m}", e=attack, m=attack), where=attack) if r.actual else r
        for r in exercise.results
    )
    report = replace(samples.alice(replace(exercise, results=results)), ignored=(attack,) * 1000)
    written = to_json(record(report, ENGLISH))
    assert written.replace("\n", "").isprintable()
    assert len(written) < 100_000
    assert valid(json.loads(written), "result")


BROKEN = {
    "an unknown key": lambda d: d | {"extra": 1},
    "a missing key": lambda d: {k: v for k, v in d.items() if k != "isolation"},
    "an unknown verdict": lambda d: changed(d, verdict="ok"),
    "points for a failure": lambda d: changed(d, points=1),
    "a control character": lambda d: changed(d, actual="\x1b[2J"),
    "a path that leads out": lambda d: changed(d, trace="../../etc/passwd"),
    "a failure that saw nothing": lambda d: changed(d, actual=None),
}


def changed(data: Record, **fields: object) -> Record:
    copy: Record = json.loads(to_json(data))
    check(copy, "framing.recv.header-split").update(fields)
    return copy


@pytest.mark.parametrize("breaking", BROKEN.values(), ids=BROKEN)
def test_the_schema_refuses(breaking: Any) -> None:
    data = record(samples.alice(), ENGLISH)
    assert valid(data, "result")
    assert not valid(breaking(data), "result")


# --- the summary ---------------------------------------------------------------------------------------------------


def classroom() -> Record:
    stub = samples.framing()
    stub = replace(
        stub,
        results=tuple(
            replace(r, verdict=Verdict.FAIL, blocked_by=None, actual=Text("the stub"), mistake="not-attempted")
            for r in stub.results
        ),
    )
    reports = [
        replace(samples.alice(), student="carol"),
        samples.alice(),
        replace(samples.alice(stub, samples.done()), student="bob"),
        replace(samples.alice(samples.done()), student="dave"),
        replace(samples.alice(), student="erin", exercises=(), refused=say("the archive is encrypted")),
    ]
    return summary(record(r, ENGLISH) for r in reports)


def test_summary_golden() -> None:
    data = classroom()
    jsonschema.validate(data, schema("summary"), jsonschema.Draft202012Validator)
    golden("summary.json", to_json(data))


def test_a_mistake_counts_once_per_student() -> None:
    made = {m["mistake"]: m["students"] for m in classroom()["mistakes"]}
    assert made == {"single-recv": 2, "length-in-characters": 2, "not-attempted": 1}


def test_programs_that_are_alike_are_named() -> None:
    copied, own = (replace(samples.framing(), form=x * 64) for x in "ab")
    given = replace(samples.done(), form="c" * 64, as_solution=True)
    reports = {"alice": (copied, given), "bob": (copied, samples.done()), "carol": (own, samples.done())}
    records = [record(replace(samples.alice(*done), student=name), ENGLISH) for name, done in reports.items()]
    assert all(valid(r, "result") for r in records)
    data = summary(records)
    assert valid(data, "summary")
    assert data["alike"] == [
        {"slug": "framing", "students": ["alice", "bob"], "solution": False},
        {"slug": "threaded_echo", "students": ["alice"], "solution": True},
    ]


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("pass", "fail", True),
        ("fail", "pass", True),
        ("fail", "fail", False),
        ("undecided", "fail", False),
        ("pass", "blocked", False),
    ],
)
def test_a_change_is_one_between_pass_and_fail(was: str, now: str, told: bool) -> None:
    name = "framing.recv.header-split"
    before, after = (changed(record(samples.alice(), ENGLISH), verdict=v) for v in (was, now))
    assert changes(before, after) == [{"check": name, "was": was}] * told
    assert changes({**before, "submission_sha256": "00" * 32}, after) == []
    assert changes({}, after) == []


def test_full_marks_are_marks() -> None:
    totals = classroom()["totals"]
    assert (totals["students"], totals["perfect"]) == (5, 1)


def test_an_empty_class() -> None:
    data = summary([])
    assert valid(data, "summary")
    assert data["totals"]["mean"] == 0


# --- exercise.json and traces --------------------------------------------------------------------------------------

EXERCISE: dict[str, Any] = {
    "schema": 1,
    "order": 3,
    "section": "1.5",
    "title": {"zh": "粘包", "en": "Message framing"},
    "modules": ["framing.py"],
    "points": 15,
    "roles": ["receiver", "sender"],
}


def test_exercise_json() -> None:
    full = EXERCISE | {"limits": {"memory_mib": 128, "cpus": 1.0}, "options": {"byte_order": "little", "any": [1]}}
    assert valid(EXERCISE, "exercise")
    assert valid(full, "exercise")
    assert not valid(full | {"limits": {"memory": 128}}, "exercise")
    assert not valid(EXERCISE | {"modules": ["../framing.py"]}, "exercise")
    assert not valid(EXERCISE | {"title": {"en": "Message framing"}}, "exercise")
    assert not valid(EXERCISE | {"level": 1}, "exercise")


def test_exercises_of_the_course_are_valid() -> None:
    bad = [
        p
        for p in SCHEMAS.parents[1].glob("exercises/*/exercise.json")
        if not valid(json.loads(p.read_text("utf-8")), "exercise")
    ]
    assert bad == []


def test_every_line_of_a_trace_is_valid() -> None:
    for line in codec.dump(replace(samples.header_split(), options={"byte_order": "little"})).splitlines():
        assert valid(json.loads(line), "trace"), line
    assert not valid({"event": "Invented", "at": 0}, "trace")
    assert not valid(json.loads(codec.to_line(Value("str"))), "trace")


def test_the_schema_names_every_kind_of_event() -> None:
    kinds = {k.__name__ for k in vars(model).values() if isinstance(k, type) and issubclass(k, Event)} - {"Event"}
    assert set(schema("trace")["$defs"]["event"]["properties"]["event"]["enum"]) == kinds
