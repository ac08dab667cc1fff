import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.report import escape
from tests.support.properties import steady

HOSTILE = st.text(st.one_of(st.characters(), st.sampled_from("\x1b\x07\x9b\u202e\u2066\u200b\ud800\n\t\r:#[abc")))

CASES = {
    "plain text and Chinese stay": ("recv(4) 收到 3 个字节", "recv(4) 收到 3 个字节"),
    "the Chinese blank stays": ("你\u3000好", "你\u3000好"),
    "emoji stay": ("😀", "😀"),
    "colours": ("\x1b[31mPASS", r"\x1b[31mPASS"),
    "C1 control sequence introducer": ("\x9b31m", r"\x9b31m"),
    "bell, backspace, delete": ("\x07\x08\x7f", r"\x07\x08\x7f"),
    "newline and tab": ("a\nb\tc", r"a\nb\tc"),
    "override of direction": ("a\u202eb\u2066c", r"a\u202eb\u2066c"),
    "zero width": ("a\u200bb\u200dc\ufeff\u034f", r"a\u200bb\u200dc\ufeff\u034f"),
    "blanks that look like the blank": ("a\xa0b\u2003c", r"a\xa0b\u2003c"),
    "lone surrogate": ("\ud800", r"\ud800"),
    "tag characters": ("\U000e0041", r"\U000e0041"),
    "GitHub's commands": ("::error file=x::y", r":\x3aerror file=x::y"),
    "Azure's and GitHub's older commands": ("##vso[task.complete]##[error]", r"#\x23vso[task.complete]#\x23[error]"),
    "addresses stay": ("::1 and 127.0.0.1", "::1 and 127.0.0.1"),
}


@pytest.mark.parametrize(("given_", "expected"), CASES.values(), ids=CASES)
def test_terminal(given_: str, expected: str) -> None:
    assert escape.terminal(given_) == expected


def test_newline_and_tab_stay_where_asked() -> None:
    assert escape.terminal("a\nb\tc\r", keep="\n\t") == "a\nb\tc\\r"


@steady
@given(HOSTILE)
def test_nothing_dangerous_or_invisible_is_left(s: str) -> None:
    bad = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert not [c for c in escape.terminal(s) if unicodedata.category(c) in bad]


@steady
@given(HOSTILE)
def test_escaping_twice_is_escaping_once(s: str) -> None:
    once = escape.terminal(s, keep="\n")
    assert escape.terminal(once, keep="\n") == once


@steady
@given(HOSTILE)
def test_xml_has_only_characters_of_xml_1_0(s: str) -> None:
    for c in escape.xml(s):
        assert c in "\t\n" or "\x20" <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c >= "\U00010000"


@steady
@given(st.text(), st.integers(0, 20))
def test_clip(s: str, size: int) -> None:
    clipped = escape.clip(s, size)
    assert len(clipped) <= size
    assert clipped == s or (len(s) > size and s.startswith(clipped[:-1]))


@steady
@given(HOSTILE, st.integers(1, 30))
def test_line_is_one_short_line_and_stays_so(s: str, size: int) -> None:
    line = escape.line(s, size)
    assert len(line) <= size
    assert "\n" not in line
    assert escape.line(line, size) == line
