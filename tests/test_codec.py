"""Every event, with any content, is the same after it has been written and read; what is no event is a ValueError."""

from __future__ import annotations

import io
import json
from dataclasses import fields, is_dataclass
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader import model
from grader.codec import dump, event_from, load, to_line
from grader.model import Drained, Event, Exited, Frame, Quiet, Raised, Returned, Sent, Trace, Value

KINDS = sorted(
    (k for k in vars(model).values() if isinstance(k, type) and issubclass(k, Event)), key=lambda k: k.__name__
)
SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(),
    int: st.integers(),
    float: st.floats(allow_nan=False),
    bytes: st.binary(max_size=30),
    bool: st.booleans(),
}


def made_of(hint: Any, depth: int = 2) -> st.SearchStrategy[Any]:
    """Anything that a field with this hint may hold; `depth` lists in lists."""
    if get_origin(hint) is UnionType:
        return st.one_of(*(st.none() if h is type(None) else made_of(h, depth) for h in get_args(hint)))
    if get_origin(hint) is tuple:
        return st.lists(made_of(get_args(hint)[0], depth - 1), max_size=3).map(tuple) if depth else st.just(())
    if is_dataclass(hint):
        hints = get_type_hints(hint, vars(model))
        return st.builds(hint, **{f.name: made_of(hints[f.name], depth) for f in fields(hint)})
    return SIMPLE[hint]


events = st.one_of(*(made_of(kind) for kind in KINDS))
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text(max_size=5), x, max_size=3),
    max_leaves=5,
)
traces = st.builds(
    Trace, st.text(), st.lists(events, max_size=4).map(tuple), st.dictionaries(st.text(max_size=5), plain, max_size=3)
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.__name__)
@settings(max_examples=20)
@given(st.data())
def test_every_kind_of_event_comes_back_equal(kind, data):
    event = data.draw(made_of(kind))
    line = to_line(event)
    assert "\n" not in line
    again = event_from(json.loads(line))
    assert again == event
    assert type(again) is kind
    assert to_line(again) == line


@settings(max_examples=30)
@given(traces)
def test_a_whole_trace_comes_back_equal_and_is_written_alike(trace):
    text = dump(trace)
    again = load(io.StringIO(text))
    assert again == trace
    assert dump(again) == text


def test_the_documented_lines():
    assert to_line(Sent(0.00012, "a", b"\x08\0\0\0", 4)) == (
        '{"event":"Sent","at":0.00012,"conn":"a","data":"08000000","size":4}'
    )
    assert to_line(Drained(1.0, "a", 4)) == '{"event":"Drained","at":1.0,"conn":"a","total":4}'
    assert json.loads(dump(Trace("recv.one", (), {"byte_order": "little"}))) == {
        "trace": 1,
        "case": "recv.one",
        "options": {"byte_order": "little"},
    }


def test_what_stands_in_events_keeps_its_type():
    where = Frame("m.py", 3, "f")
    event = Quiet(1.0, "a", "bytes", where)
    assert event_from(json.loads(to_line(event))).where == where
    value = Value("list", 2, "d", "[…]", (Value("int", shown="1"), Value("none")))
    assert event_from(json.loads(to_line(Returned(1.0, "a", 0, value)))).value.items == value.items
    assert event_from({"event": "Exited", "at": 1, "run": "a", "code": 0}).at == 1.0


BAD = [
    {},
    {"event": "NoSuchEvent", "at": 1.0},
    {"event": None, "at": 1.0},
    {"event": ["Sent"], "at": 1.0},
    {"event": "Trace", "at": 1.0},
    {"event": "Finished", "at": 1.0},
    {"event": "Finished", "at": 1.0, "conn": "a", "more": 1},
    {"event": "Finished", "at": "soon", "conn": "a"},
    {"event": "Finished", "at": None, "conn": "a"},
    {"event": "Sent", "at": 1.0, "conn": "a", "data": "0", "size": 1},
    {"event": "Sent", "at": 1.0, "conn": "a", "data": 8, "size": 1},
    {"event": "Raised", "at": 1.0, "run": "a", "call": 0, "error": "E", "bases": 5, "message": ""},
    {"event": "Returned", "at": 1.0, "run": "a", "call": 0, "value": 5},
    {"event": "Returned", "at": 1.0, "run": "a", "call": 0, "value": None},
    {"event": "Returned", "at": 1.0, "run": "a", "call": 0, "value": {"kind": "int", "colour": "red"}},
    {"event": "Quiet", "at": 1.0, "run": "a", "waiting_for": "x", "where": "m.py:3"},
]


@pytest.mark.parametrize("data", BAD, ids=str)
def test_what_is_no_event_is_a_value_error(data):
    with pytest.raises(ValueError):
        event_from(data)


GOOD = dump(Trace("c", (Exited(1.0, "a", 0), Raised(1.0, "a", 0, "E", ("E",), "m")))).splitlines()


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["", "  "],
        GOOD[1:],
        [GOOD[0].replace('"trace":1', '"trace":2'), *GOOD[1:]],
        [GOOD[0], GOOD[1][:-5]],
        [GOOD[0], "nonsense"],
        [GOOD[0], "[]"],
        [GOOD[0], "5"],
        ["[]", *GOOD[1:]],
        ["5"],
        ['{"trace":1}'],
        ['{"trace":1,"case":"c"}'],
        [GOOD[0], '{"event":"Finished"}'],
    ],
    ids=str,
)
def test_what_is_no_trace_is_a_value_error(lines):
    assert load(GOOD)
    with pytest.raises(ValueError):
        load(lines)


def test_blank_lines_do_not_matter():
    assert load(["", *GOOD, "\n"]) == load(GOOD)
