"""Where a scheduled run stops: the points of small functions, on whatever Python runs this."""

from __future__ import annotations

import json
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.sandbox.base import POINTS

NAMES: dict[str, Any] = {"__name__": "points"}
exec(compile(POINTS.read_text("utf-8"), "points.py", "exec"), NAMES)


def lines(source: str) -> list[int]:
    """The lines of the function's points, from 1, in the order in which they stand."""
    namespace: dict[str, Any] = {"json": json, "Path": Path}
    exec(compile(source.strip(), "student.py", "exec"), namespace)
    function = next(f for f in namespace.values() if isinstance(f, types.FunctionType))
    found = NAMES["points"](function.__code__, namespace)
    return [found[offset] - 1 for offset in sorted(found)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f(n):\n a = n\n b = a\n return b - 1\n", []),
        ("def f(v):\n v.value = 1\n", [1]),
        ("def f(v):\n v.value += 1\n", [1, 1]),
        ("def f(v):\n if v.value > 0:\n  return 1\n", [1]),
        ("def f(d):\n d['count'] -= 1\n", [1, 1]),
        ("def f(lock):\n with lock:\n  pass\n", [1, 1]),
        ("def f(p):\n with open(p) as x:\n  return json.load(x)\n", [1, 2, 1]),
        ("def f(q):\n q.put(q.get())\n", [1, 1]),
        ("def f(xs):\n for x in xs:\n  x.start()\n", [2]),
        ("def f(q):\n for x in iter(q.get, None):\n  pass\n", [1, 1, 1]),
        ("def f():\n global n\n n += 1\nn = 0\n", [2, 2]),
        ("def f(xs):\n import math\n", [1]),
    ],
)
def test_points_are_what_others_can_see(source, expected):
    assert lines(source) == expected


@pytest.mark.parametrize(
    ("line", "count"),
    {
        "a = open(p).read()": 2,
        "a = json.loads(Path(p).read_text())": 1,
        "a = int(f.read())": 1,
        "f(Path(p), json.dumps(2), k=g(1))": 2,
        "f(*json.loads(p), **g())": 2,
        "a = [json.loads, g()]": 1,
        "a = json.loads(v.value)": 1,  # the look
        "v.value += int(p)": 2,  # the look and the store
        "d[json.loads(p)] = 1": 1,
        "a = json.load(f)": 1,
    }.items(),
)
def test_what_only_works_something_out_is_nobodys_business(line, count):
    assert len(lines(f"def act(p, f, g, v, d):\n {line}\n")) == count


def test_what_makes_a_generator_does_not_stand_for_the_call_around_it():
    lone, within = (lines(f"def act(g, xs):\n {call}(x for x in xs)\n") for call in ("g", "json.loads"))
    assert len(lone) == len(within) + 1


def test_a_function_that_only_has_the_name_of_a_pure_one_is_none():
    assert lines("def act(p):\n return loads(p)\ndef loads(p):\n pass\n") == [1]


def test_an_attribute_of_a_module_is_no_secret():
    assert lines("def f():\n x = json.decoder\n") == []


def test_points_have_offsets_of_instructions_also_behind_long_jumps():
    many = "".join(f" x{i} = {i}\n" for i in range(300))
    assert lines(f"def f(v):\n{many} v.value = x299\n") == [301] * len(lines(f"def f(v):\n{many} v.value = x299\n"))


@pytest.mark.parametrize("part", [1, "t2"])
@pytest.mark.parametrize(("me", "start"), [("main", ""), ("2.1", "2.1.")])
def test_names_go_by_ancestry(part, me, start):
    name_of: Callable[..., str] = NAMES["Follower"].name_of
    assert name_of(types.SimpleNamespace(me=me), part) == f"{start}{part}"


def test_a_peek_is_one_short_line(tmp_path):
    file = tmp_path / "f"
    file.write_text('{\n "count":   2}\n' + "x" * 100)
    assert NAMES["peek"](str(file)).startswith('{ "count": 2} x')
    assert len(NAMES["peek"](str(file))) <= 60
    assert NAMES["peek"](str(tmp_path / "none")) == ""
    assert NAMES["peek"](str(tmp_path)) == ""


@pytest.mark.parametrize(
    ("body", "followed"),
    [("with self.open('w') as f:\n  f.write(data)", True), ("return Base.write_text(self, data)", False)],
)
def test_of_the_librarys_functions_the_one_that_opens_the_file_is_followed(body, followed):
    namespace: dict[str, Any] = {}
    exec(compile(f"def write_text(self, data):\n {body}\n", "/lib/python3/pathlib/_local.py", "exec"), namespace)
    follower = NAMES["Follower"]("", "", False, False, "/work", "", "main")
    assert follower.follows(namespace["write_text"].__code__) is followed
