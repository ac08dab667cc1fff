"""What a person typed, and what they may have meant."""

from __future__ import annotations

import difflib
from collections.abc import Collection

from grader.errors import UsageError
from grader.model import Text, say


def nearest(name: str, names: Collection[str]) -> str | None:
    return next(iter(difflib.get_close_matches(name, names, 1, 0.4)), None)


def must_be_check(name: str, ids: Collection[str]) -> str:
    """`name`, if it is the id of a check. Raises UsageError."""
    if name not in ids:
        raise UsageError(with_nearest(say("No check {id} here.", id=name), name, ids))
    return name


def with_nearest(no: Text, name: str, names: Collection[str]) -> Text:
    near = nearest(name, names)
    return say("{no} Did you mean {near}?", no=no, near=near) if near else no
