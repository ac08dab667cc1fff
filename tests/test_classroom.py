"""The class to grade is what its README says, as far as can be seen without running anybody's code."""

from __future__ import annotations

import json
import re
from pathlib import Path

from grader.intake import students, take
from tests.make_classroom import CLASSROOM, files
from tests.support.handed_in import MODULES

HERE = Path(__file__).parent
EXPECTED = json.loads((HERE / "classroom.expected.json").read_text("utf-8"))
ROW = re.compile(r"\| `([\w.]+)` \|.*\| (\w+) \| (\w+) \|")


def test_every_submission_is_expected_and_described():
    listed = students(CLASSROOM)
    described = {
        name: [framing, echo] for name, framing, echo in ROW.findall((HERE / "classroom.README.md").read_text("utf-8"))
    }
    assert listed.left_out == ()
    assert {student for student, _ in listed.students} == EXPECTED.keys()
    assert {p.name: [EXPECTED[s][slug] for slug in MODULES] for s, p in listed.students} == described


def test_what_is_made_is_made_again_byte_for_byte():
    """Where this fails, a stub or a submission has changed: run tests/make_classroom.py."""
    assert [path for path, data in files().items() if (CLASSROOM / path).read_bytes() != data] == []


def test_the_intake_refuses_exactly_what_cannot_be_read():
    snapshots = {student: take(path, MODULES, student) for student, path in students(CLASSROOM).students}
    assert {s for s, snapshot in snapshots.items() if snapshot.refused} == {"cao_corrupt_zip", "yan_rar"}
    for student, snapshot in snapshots.items():
        missing = {slug for slug in MODULES if slug not in snapshot.files}
        assert {EXPECTED[student][slug] for slug in missing} <= {"zero"}
    assert snapshots["ma_capital_letter"].ignored == ("framing/Framing.py",)
    assert snapshots["wang_windows_zip"].files.keys() == snapshots["zhang_tar_gz"].files.keys() == MODULES.keys()
