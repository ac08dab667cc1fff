"""The form of a program: what stays the same under other names, and what does not."""

from __future__ import annotations

import pytest

from grader.likeness import LEAST, form

LINE = "    total = total + item * {n} - len(str(item))\n"
LINES = "".join(LINE.format(n=n) for n in range(LEAST // 8))
PROGRAM = f"def work(items):\n    total = 0\n{LINES}    return total\n"


def form_of(source: str | bytes) -> str:
    return form({"m.py": source if isinstance(source, bytes) else source.encode()})


@pytest.mark.parametrize(
    "other",
    [
        PROGRAM.replace("total", "summe").replace("work", "arbeite").replace("item", "价格"),
        '"""A docstring\nof two lines."""\n\n' + PROGRAM.replace(":\n", ':\n    """Another."""\n', 1),
        PROGRAM.replace("total = 0", "total = 0  # so far\n    # nothing"),
        PROGRAM.replace("    ", "\t").replace(" + ", "  +"),
        PROGRAM.replace("\n", "\r\n"),
        ("# -*- coding: gbk -*-\n# 注释\n" + PROGRAM).encode("gbk"),
    ],
)
def test_other_names_comments_and_layout_are_the_same_form(other):
    assert form_of(other) == form_of(PROGRAM) != ""


@pytest.mark.parametrize(
    "other",
    [
        PROGRAM.replace(" - len", " + len"),
        PROGRAM.replace("total = 0", "total = 1"),
        PROGRAM.replace("return total", "return items"),
        PROGRAM + "    print(1)\n",
    ],
)
def test_another_program_has_another_form(other):
    assert form_of(other) not in (form_of(PROGRAM), "")


def test_names_in_formatted_strings_are_names():
    one, other = (PROGRAM + f"    print(f'{{{name}}}')\n" for name in ("total", "summe"))
    assert form_of(one) == form_of(other.replace("total", "summe")) != ""


def test_names_are_counted_over_all_modules():
    assert form({"a.py": PROGRAM.encode(), "b.py": b"work(1)\n"}) != form({"a.py": PROGRAM.encode(), "b.py": b"x(1)\n"})


@pytest.mark.parametrize(
    "source",
    ["", "x = 1\n", PROGRAM + "'''", PROGRAM + "(", b"\xff\xfe" + PROGRAM.encode()],
)
def test_what_is_short_or_no_python_has_no_form(source):
    assert form_of(source) == ""


def test_deep_nesting_does_no_harm():
    assert form_of("(" * 100_000) == ""
    assert form_of("x = " + "-" * 100_000 + "1\n") != ""
