"""What is written is whole or not at all, never through a link, and it is known whose fault a refusal is."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest

from grader import store
from grader.errors import MachineError, UsageError
from grader.model import Sent, Trace

TRACES = {
    "recv.one": Trace("recv.one", (Sent(0.5, "a", b"\x08\0", 2),), {"byte_order": "little"}),
    "recv.one.retry": Trace("recv.one", (), {}),
    "import": Trace("import", ()),
}


def test_a_record_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "alice.json"
    store.write_json(path, {"score": 1})
    store.write_json(path, {"score": 2})
    assert json.loads(path.read_text()) == {"score": 2}
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_written_leaves_the_old_record_alone(tmp_path: Path) -> None:
    path = tmp_path / "alice.json"
    store.write_json(path, {"score": 1})
    with pytest.raises(ValueError, match="JSON"):
        store.write_json(path, {"score": float("nan")})
    assert json.loads(path.read_text()) == {"score": 1}
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_in_the_way_is_for_the_user_to_move(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(UsageError, match=str(tmp_path / "out")):
        store.ready(tmp_path / "out" / "results")


def test_a_disk_without_room_is_known_before_anything_is_graded(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match=str(tmp_path)):
        store.ready(tmp_path, room=1 << 62)


@pytest.mark.parametrize(
    ("number", "blamed"), [(errno.ENOSPC, MachineError), (errno.EIO, MachineError), (errno.EACCES, UsageError)]
)
def test_who_can_mend_it(number: int, blamed: type[Exception], tmp_path: Path) -> None:
    with pytest.raises(blamed, match=r"summary\.json"), store.blaming(tmp_path / "summary.json"):
        raise OSError(number, "refused")


def test_traces_come_back_equal(tmp_path: Path) -> None:
    store.write_traces(tmp_path, "framing", TRACES)
    assert store.read_traces(tmp_path, "framing") == TRACES
    names = {p.name for p in (tmp_path / "framing").iterdir()}
    assert names == {"recv-one.jsonl", "recv-one.retry.jsonl", "import.jsonl"}


def test_traces_of_an_earlier_run_are_gone(tmp_path: Path) -> None:
    store.write_traces(tmp_path, "framing", TRACES)
    store.write_traces(tmp_path, "framing", {"import": TRACES["import"]})
    assert set(store.read_traces(tmp_path, "framing")) == {"import"}


def test_no_traces_need_no_folder(tmp_path: Path) -> None:
    store.write_traces(tmp_path, "framing", {})
    assert not list(tmp_path.iterdir())


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    """A submission may hold links that lead to what is not its own."""
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "old.jsonl").write_text("mine")
    (tmp_path / "framing").symlink_to(precious)
    with pytest.raises(UsageError, match="link"):
        store.write_traces(tmp_path, "framing", TRACES)
    assert [p.read_text() for p in precious.iterdir()] == ["mine"]


def test_a_linked_trace_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "framing").mkdir()
    (tmp_path / "framing" / "import.jsonl").symlink_to(tmp_path / "mine.txt")
    store.write_traces(tmp_path, "framing", TRACES)
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert set(store.read_traces(tmp_path, "framing")) == set(TRACES)
