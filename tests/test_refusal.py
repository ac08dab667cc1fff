"""Why a submission cannot be graded at all: the sentence, the known mistake and the place."""

from __future__ import annotations

import pytest

from grader.model import (
    Busy,
    Event,
    Exited,
    Frame,
    GaveUp,
    Imported,
    Printed,
    Quiet,
    Raised,
    Snapshot,
    Started,
    Trace,
    Vanished,
    say,
)
from grader.refusal import MISTAKES, not_attempted, not_importable

STUBS = {"server.py": b"def serve(host, port):\n    ...  # TODO\n", "client.py": b"def chat():\n    ...  # TODO\n"}
FILLED = {"server.py": b"def serve(host, port): return 1\n", "client.py": b"def chat(): return 2\n"}


def snapshot(files: dict[str, bytes], **more) -> Snapshot:
    return Snapshot("alice", {"chat": files} if files else {}, "5e", **more)


ATTEMPTED = {
    "both filled in": FILLED,
    "one filled in, the other as it was": {**STUBS, "client.py": FILLED["client.py"]},
    "a stub with one word more": {**STUBS, "server.py": STUBS["server.py"] + b"pass\n"},
}
NOT_ATTEMPTED = {
    "nothing handed in": ({}, "chat/server.py, chat/client.py is missing"),
    "one module missing": ({"server.py": FILLED["server.py"]}, "chat/client.py is missing"),
    "the stubs": (STUBS, "the stub, unchanged"),
    "the stubs, from Windows": ({k: v.replace(b"\n", b"\r\n") + b"\r\n  " for k, v in STUBS.items()}, "the stub"),
}


@pytest.mark.parametrize("files", ATTEMPTED.values(), ids=ATTEMPTED.keys())
def test_what_was_worked_on_is_run(files):
    assert not_attempted(snapshot(files), "chat", STUBS) is None


@pytest.mark.parametrize(("files", "says"), NOT_ATTEMPTED.values(), ids=NOT_ATTEMPTED.keys())
def test_what_was_not_worked_on_is_not(files, says):
    refused = not_attempted(snapshot(files), "chat", STUBS)
    assert refused
    assert refused.mistake == "not-attempted"
    assert says in str(refused.actual)
    assert "chat/server.py, chat/client.py" in str(refused.expected)


def test_a_file_whose_name_is_nearly_right_is_named():
    ignored = ("chat/Server.py", "chat/CLIENT.PY", "notes.txt", "old/server.py")
    refused = not_attempted(snapshot({}, ignored=ignored), "chat", STUBS)
    assert refused
    assert "is it this one: chat/Server.py, chat/CLIENT.PY, old/server.py?" in str(refused.actual)


def test_what_the_intake_refused_is_refused_for_its_reason_and_no_other():
    refused = not_attempted(snapshot(FILLED, refused=say("the archive is encrypted")), "chat", STUBS)
    assert refused
    assert (str(refused.actual), refused.mistake) == ("the archive is encrypted", None)


# --- at import -------------------------------------------------------------------------------------------------------

HERE = Frame("server.py", 4, "<module>", "conn, addr = sk.accept()")


def raised(error: str, *bases: str, message: str = "why") -> Raised:
    return Raised(0.2, "server", -1, error, (error, *bases), message, (Frame("server.py", 1, "<module>"), HERE))


STARTED, IMPORTED = Started(0.0, "server", "server:", 7), Imported(0.1, "server")
KILLED = Exited(0.4, "server", None, "SIGKILL")
OTHER = (Started(0.0, "client", "client:", 8), Imported(0.1, "client"), Exited(0.2, "client", 0))

IMPORTABLE = {
    "imported": [STARTED, IMPORTED, Exited(0.2, "server", 0)],
    "imported, with words": [STARTED, IMPORTED, Printed(0.2, "server", "stdout", "hello", 5), Exited(0.2, "server", 0)],
    "two modules": [STARTED, IMPORTED, Exited(0.2, "server", 0), *OTHER],
    "ended by itself with a code, after the import": [STARTED, IMPORTED, Exited(0.2, "server", 3)],
}
# events → (mistake, where, what the sentence holds)
BROKEN = {
    "a syntax error": ([raised("SyntaxError")], "import-failed", "server.py:4", "SyntaxError: why"),
    "an import error": ([raised("ModuleNotFoundError", "ImportError")], "import-failed", "server.py:4", "ModuleNot"),
    "GBK": (
        [raised("SyntaxError", message="(unicode error) 'utf-8' codec can't decode byte 0xc4")],
        "not-utf8",
        "server.py:4",
        "utf-8",
    ),
    "asks the user": ([raised("EOFError")], "works-at-import", "server.py:4", "EOFError"),
    "uses the network": (
        [raised("ConnectionRefusedError", "ConnectionError", "OSError")],
        "works-at-import",
        "server.py:4",
        "ConnectionRefusedError",
    ),
    "sys.exit": ([raised("SystemExit", message="0")], "ends-the-interpreter", "server.py:4", "SystemExit: 0"),
    "os._exit(0)": ([STARTED, Exited(0.1, "server", 0)], "ends-the-interpreter", None, "exit code 0"),
    "a signal": ([STARTED, Exited(0.1, "server", None, "SIGSEGV")], "ends-the-interpreter", None, "SIGSEGV"),
    "os._exit in the second of two modules": (
        [*OTHER, STARTED, Exited(0.3, "server", 5)],
        "ends-the-interpreter",
        None,
        "exit code 5",
    ),
    "ends the agent": ([STARTED, Vanished(0.2, "gone")], "ends-the-interpreter", None, "gone"),
    "accepts": ([STARTED, Quiet(1.0, "server", "exit", HERE), KILLED], "works-at-import", "server.py:4", "waits"),
    "sleeps": ([STARTED, GaveUp(10.0, "exit", 10.0, "server", HERE), KILLED], "works-at-import", "server.py:4", "wai"),
    "computes": ([STARTED, Busy(3.0, "server", 1.0, 3.0), KILLED], "endless-import", None, "computes"),
    "starts a thread that never ends": ([STARTED, IMPORTED, Quiet(1.0, "server", "exit")], "works-at-import", None, ""),
}


def trace(events: list[Event]) -> Trace:
    return Trace("import", tuple(events))


@pytest.mark.parametrize("events", IMPORTABLE.values(), ids=IMPORTABLE.keys())
def test_a_module_that_was_imported_is_graded(events):
    assert not_importable(trace(events)) is None


@pytest.mark.parametrize(("events", "mistake", "where", "says"), BROKEN.values(), ids=BROKEN.keys())
def test_a_module_that_was_not_is_refused_with_its_mistake(events, mistake, where, says):
    refused = not_importable(trace(events))
    assert refused
    assert (refused.mistake, refused.where) == (mistake, where)
    assert says in str(refused.actual)
    assert mistake in {m.code for m in MISTAKES}


def test_every_mistake_is_explained_and_can_be_made():
    assert {m.code for m in MISTAKES} == {"not-attempted"} | {mistake for _, mistake, _, _ in BROKEN.values()}
    assert all(str(m.sentence) and str(m.hint) for m in MISTAKES)
