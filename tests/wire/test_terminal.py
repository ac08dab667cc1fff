"""What a person reads of what a program prints."""

from __future__ import annotations

import pytest

from grader.wire.terminal import readable, whole_lines

PRINTED = {
    "\x1b[1;31mred\x1b[0m and plain": "red and plain",
    "\x1b]0;title\x07text\x1b]0;title\x1b\\": "text",
    "\x1b[?2004h> hello\r\n\x1b[?2004l": "> hello\n",
    "bell\x07, \x01\x1b[32m\x02prompt\x01\x1b[0m\x02": "bell, prompt",
    "tab\tand line\nstay": "tab\tand line\nstay",
    "你好 😀": "你好 😀",
}


@pytest.mark.parametrize("printed", PRINTED)
def test_escape_sequences_and_what_is_not_seen_are_left_out(printed):
    assert readable(printed) == PRINTED[printed]


def test_a_line_without_its_end_is_not_whole():
    assert whole_lines("a\n\x1b[32mb\x1b[0m\nc") == ["a", "b"]
    assert whole_lines("") == []
