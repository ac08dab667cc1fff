"""What has become of files between the first two looks at them."""

from grader.analysis.files import Change, changes
from grader.model import Event, File, Listed, Trace

KEPT, OLD, NEW, GONE, CAME = (
    File("kept", "file", 1, "a"),
    File("other", "file", 1, "b"),
    File("other", "file", 1, "c"),
    File("gone", "link", target="x"),
    File("came", "folder"),
)


def changed(*events: Event) -> tuple[Change, ...]:
    return changes(Trace("case", events))


def test_what_came_what_went_and_what_is_another():
    found = changed(Listed(0, "/w", (KEPT, OLD, GONE)), Listed(1, "/w", (NEW, CAME, KEPT)))
    assert found == (Change("came", None, CAME), Change("gone", GONE, None), Change("other", OLD, NEW))


def test_nothing_where_there_was_no_second_look():
    assert changed() == changed(Listed(0, "/w", (KEPT,))) == ()


def test_later_looks_are_another_matter():
    assert changed(Listed(0, "/w", (KEPT,)), Listed(1, "/w", (KEPT,)), Listed(2, "/w")) == ()
