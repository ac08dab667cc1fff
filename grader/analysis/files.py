"""What has become of the files between two looks at them. Layer 1, pure."""

from __future__ import annotations

from dataclasses import dataclass

from grader.model import File, Listed, Trace


@dataclass(frozen=True, slots=True)
class Change:
    """Something that came (no before), went (no after), or is not what it was."""

    path: str
    before: File | None
    after: File | None


def changes(trace: Trace) -> tuple[Change, ...]:
    """Between the first look and the second, by path. Nothing where there were not two."""
    looks = trace.of(Listed)
    if len(looks) < 2:
        return ()
    before, after = ({f.path: f for f in look.files} for look in looks[:2])
    paths = sorted(before.keys() | after.keys())
    return tuple(Change(p, before.get(p), after.get(p)) for p in paths if before.get(p) != after.get(p))
