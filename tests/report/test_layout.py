import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from grader.report.layout import apart, fit, one_line, pad, wrap
from tests.support.properties import steady

WORDS = st.text("ab (),.:\u3002\uff0c\u201c\u201d中文字符帧…", max_size=80)

WRAPPED = {
    "words": ("one two three", 8, ["one two", "three"]),
    "between ideographs": ("中文字符", 5, ["中文", "字符"]),
    "no line begins with closing punctuation": ("中文\uff0c字符", 5, ["中", "文\uff0c", "字符"]),
    "no line ends with an opening one": ("中\uff08文字\uff09", 5, ["中", "\uff08文", "字\uff09"]),
    "a place in a file stays whole": ("见 framing.py:18", 14, ["见", "framing.py:18"]),
    "too long a word is cut": ("abcdefgh", 3, ["abc", "def", "gh"]),
    "lines stay lines": ("a\nb", 9, ["a", "b"]),
    "columns stay columns": ("  a   b", 9, ["  a   b"]),
    "nothing": ("", 9, [""]),
}


@pytest.mark.parametrize(("text", "width", "lines"), WRAPPED.values(), ids=WRAPPED)
def test_wrap(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines


@steady
@given(WORDS, st.integers(2, 40))
def test_wrapping_keeps_the_width_and_loses_only_blanks(s: str, width: int) -> None:
    lines = wrap(s, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == s.replace(" ", "")


@steady
@given(WORDS, st.sampled_from(["", "0/2", "+12/15"]), st.integers(8, 60))
def test_apart_puts_the_right_part_at_the_right(left: str, right: str, width: int) -> None:
    lines = apart(left, right, width)
    assert all(cell_len(line) <= width for line in lines)
    assert lines[0].endswith(right) or lines[-1].endswith(right)
    assert not right or lines[-1].strip() == right or cell_len(lines[0]) == width


def test_pad_counts_cells() -> None:
    assert pad("中", 4) == "中  "
    assert pad("中", 4, right=True) == "  中"
    assert pad("中文字", 4) == "中文字"


@steady
@given(st.text(), st.sampled_from(["utf-8", "gbk", "ascii", "cp1252", "cp437"]))
def test_what_is_fit_can_be_encoded(s: str, encoding: str) -> None:
    fit(s, encoding).encode(encoding)


def test_signs_get_plainer_before_they_get_escaped() -> None:
    assert fit("✔ ✘ – │ → 帧", "ascii") == r"+ x - | -> \u5e27"
    assert fit("✔ ✘ – │ → 帧", "gbk") == "+ x – │ → 帧"


def test_one_line() -> None:
    assert one_line("a  b\nc", 5) == "a b c"
    assert one_line("abcdef", 5) == "abcd…"
    assert one_line("中文字符", 6) == "中文…"
