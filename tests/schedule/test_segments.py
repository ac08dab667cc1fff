"""A schedule as data: written, read, made from grants."""

from __future__ import annotations

import pytest

from grader.schedule.segments import WHOLE, Segment, merged, read, schedule_of, written


def test_neighbouring_grants_become_one_segment():
    assert schedule_of("aabab") == (("a", 2), ("b", 1), ("a", 1), ("b", 1))
    assert schedule_of("") == ()


@pytest.mark.parametrize("text", ["", "main*4 1*3 1.t2", "1", "main*1000 2.1*1"])
def test_what_is_written_is_read_back(text):
    assert written(read(text)) == text


def test_a_segment_without_a_count_is_whole():
    assert read("main 1*2") == (Segment("main", WHOLE), Segment("1", 2))


def test_nonsense_is_no_schedule():
    with pytest.raises(ValueError, match="many"):
        read("main*many")


def test_merging_joins_neighbours_and_drops_what_is_empty():
    assert merged([Segment("a", 1), Segment("b", 0), Segment("a", 2)]) == (("a", 3),)
    assert merged([Segment("a", WHOLE), Segment("a", 1)]) == (("a", WHOLE),)
