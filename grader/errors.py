"""Errors, typed by whom they blame. Layer 0.

Rule: only a `SubmissionError` may cost a student points. An `ExerciseError` is for the author of the exercise, a
`MachineError` for whoever runs the machine (it makes a verdict UNDECIDED and is retried), a `UsageError` for the
person at the keyboard (exit code 2). Each carries a `Text`, so that it can be said in Chinese and in English.
"""

from grader.model import Text


class GraderError(Exception):
    """Base of all; never raised itself."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


class SubmissionError(GraderError):
    """What was handed in is at fault."""

    def __init__(self, text: Text, mistake: str | None = None) -> None:
        super().__init__(text)
        self.mistake = mistake


class ExerciseError(GraderError):
    """The exercise's author made a mistake: a broken exercise.json, script or check."""


class MachineError(GraderError):
    """The machine failed us: no Docker engine, a lost container, a full disk. Never costs a point."""


class UsageError(GraderError):
    """The command was called wrongly; the text says what to do instead."""
