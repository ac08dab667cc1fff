"""The agent as its owner meets it: a program on two pipes, and whatever a student's module does inside it.

GRADER_TEST_PYTHON names another interpreter to run it with; the image has a newer one than most hosts.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import platform
import re
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import pytest

from grader.sandbox.agent.files import HASHED, LISTED
from grader.sandbox.agent.student import describe
from grader.sandbox.base import AGENT

PYTHON = os.environ.get("GRADER_TEST_PYTHON", sys.executable)
PATIENCE = 20.0  # seconds; only ever reached on failure
KIB = 1024
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc and the subreaper")


class Owner:
    """Speaks with an agent; keeps all that it has said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [PYTHON, "-I", "-B", AGENT / "__main__.py", folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        self.said: list[dict[str, Any]] = []
        self._inbox: SimpleQueue[bytes] = SimpleQueue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        with open(self.process.stdout.fileno(), "rb", closefd=False) as lines:
            for line in lines:
                self._inbox.put(line)
        self._inbox.put(b"")

    def tell(self, op: str, **more: Any) -> None:
        assert self.process.stdin
        self.process.stdin.write((json.dumps({"op": op, **more}) + "\n").encode())

    def load(self, source: str, driver: str | None = None, limits: dict[str, int] | None = None) -> None:
        files = {"m.py": base64.b64encode(textwrap.dedent(source).encode()).decode()}
        self.tell("load", files=files, driver=driver and textwrap.dedent(driver), limits=limits)
        self.hear("loaded")

    def run(self, entry: str = "m:f", args: Any = (), run: str = "a", **more: Any) -> int:
        """Starts a run; returns its pid."""
        self.tell("run", run=run, entry=entry, args=args, **more)
        return self.hear("started", run=run)["pid"]

    def play(self, entry: str = "m:f", args: Any = (), run: str = "a", **more: Any) -> list[dict[str, Any]]:
        """Starts a run and waits for its end; all that is said of it in between, its end included."""
        self.run(entry, args, run, **more)
        since = len(self.said)
        self.hear("exited", run=run)
        return self.said[since:]

    def hear(self, op: str, **more: Any) -> dict[str, Any]:
        """The next line of this kind; the lines before it are kept in `said`."""
        while True:
            try:
                line = self._inbox.get(timeout=PATIENCE)
            except Empty:
                line = b""
            if not line:
                pytest.fail(f"no {op}: the agent said {self.said}")
            self.said.append(message := understood(line))
            if message["op"] == op and all(message[k] == v for k, v in more.items()):
                return message

    def of(self, op: str) -> list[dict[str, Any]]:
        return [m for m in self.said if m["op"] == op]

    def close(self) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        self.process.stdout.close()


def understood(line: bytes) -> dict[str, Any]:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return {"op": "nonsense"}


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[Owner]:
    (tmp_path / "work").mkdir()
    owner = Owner(tmp_path / "work")
    owner.hear("hello")
    yield owner
    owner.close()


@pytest.fixture
def living(tmp_path: Path) -> Iterator[Path]:
    """A pipe that every process holds open which opened it for writing: it ends when the last of them is dead."""
    path = tmp_path / "living"
    os.mkfifo(path)
    yield path


def rest(pid: int) -> None:
    """Until the run's first thread waits in a read, as f in these tests does."""
    read = {"x86_64": "0 ", "aarch64": "63 "}[platform.machine()]
    while not Path(f"/proc/{pid}/syscall").read_text().startswith(read):
        assert Path(f"/proc/{pid}").exists()


def ops(messages: list[dict[str, Any]]) -> list[str]:
    return [m["op"] for m in messages]


# --- a run -----------------------------------------------------------------------------------------------------------


def test_it_greets_with_its_pid_its_digest_and_its_python(owner):
    (hello,) = owner.said
    assert hello["pid"] == owner.process.pid
    sources = (path.name.encode() + path.read_bytes() for path in sorted(AGENT.glob("*.py")))
    assert hello["digest"] == hashlib.sha256(b"".join(sources)).hexdigest()
    assert re.fullmatch(r"3\.\d+\.\d+", hello["python"])


def test_a_call_and_its_value(owner):
    owner.load("def f(a, b): return [a + b, None, 'é']")
    imported, called, returned, exited = owner.play(args=["x", "y"])
    assert imported == {"op": "imported", "run": "a"}
    assert (called["call"], called["name"], [a["shown"] for a in called["args"]]) == (0, "f", ["'x'", "'y'"])
    assert (returned["call"], returned["value"]) == (0, describe(["xy", None, "é"]))
    assert exited == {"op": "exited", "run": "a", "code": 0, "signal": None}


def test_a_module_can_be_imported_without_a_call(owner):
    owner.load("print('imported')")
    assert ops(owner.play("m:")) == ["imported", "printed", "exited"]


def test_every_run_is_a_fresh_process(owner):
    owner.load("import os, json\ndef f(): json.seen = getattr(json, 'seen', 0) + 1; return json.seen, os.getpid()")
    values = []
    for name in ("a", "b"):
        pid = owner.run(run=name)
        values.append(owner.hear("returned", run=name)["value"]["shown"] == f"(1, {pid})")
        owner.hear("exited", run=name)
    assert values == [True, True]


def test_an_exception_with_its_bases_its_message_and_the_students_frames(owner):
    owner.load(
        """
        class Mine(ConnectionResetError): pass
        def f(): inner()
        def inner():
            raise Mine("no more")
        """
    )
    *_, raised, printed, exited = owner.play()
    assert (raised["call"], raised["error"], raised["message"]) == (0, "m.Mine", "no more")
    assert raised["bases"] == ["m.Mine", "ConnectionResetError", "ConnectionError", "OSError", "Exception",
                               "BaseException", "object"]  # fmt: skip
    assert [(f["file"], f["line"], f["function"], f["source"]) for f in raised["frames"]] == [
        ("m.py", 3, "f", "def f(): inner()"),
        ("m.py", 5, "inner", 'raise Mine("no more")'),
    ]
    assert exited["code"] == 1
    assert printed["stream"] == "stderr"
    folder = re.escape(os.path.realpath(owner.folder))
    assert re.fullmatch(
        rf'Traceback \(most recent call last\):\n  File "{folder}/m.py", line 3, in f\n.*'
        rf'  File "{folder}/m.py", line 5, in inner\n    raise Mine\("no more"\)\nm\.Mine: no more\n',
        printed["text"],
        re.DOTALL,
    )
    assert "\n\n" not in printed["text"]
    assert str(AGENT) not in printed["text"]


@pytest.mark.parametrize(
    ("source", "error", "line"),
    [
        ("x = 1\nx +", "SyntaxError", 2),
        ("\nimport no_such_module", "ModuleNotFoundError", 2),
        ("raise SystemExit(0)", "SystemExit", 1),
        ("x = '\udcff'", "SyntaxError", None),
        ("def g(): pass\ng()\n1/0", "ZeroDivisionError", 3),
    ],
)
def test_a_module_that_cannot_be_imported(owner, source, error, line):
    files = {"m.py": base64.b64encode(source.encode("utf-8", "surrogateescape")).decode()}
    owner.tell("load", files=files)
    raised, *_, exited = owner.play("m:")
    assert (raised["op"], raised["call"], raised["error"]) == ("raised", -1, error)
    assert line is None or raised["frames"][-1]["line"] == line
    assert exited["code"] == 1


def test_a_function_that_is_not_there(owner):
    owner.load("def g(): pass")
    *_, raised, printed, _ = owner.play()
    assert (raised["error"], raised["frames"]) == ("AttributeError", [])
    assert printed["text"].startswith("Traceback (most recent call last):\nAttributeError: ")


def test_a_driver_calls_more_than_once_and_may_go_on_after_a_failure(owner):
    owner.load(
        "def f(x): return 10 // x",
        driver="""
        def play(student, numbers):
            for n in numbers:
                try: student.call("m", "f", n)
                except student.Failed: pass
        """,
    )
    said = owner.play("play", {"numbers": [5, 0, 2]})
    assert [(m["op"], m["call"]) for m in said if m["op"] in ("returned", "raised")] == [
        ("returned", 0),
        ("raised", 1),
        ("returned", 2),
    ]
    assert said[-1]["code"] == 0


def test_what_a_driver_makes_of_a_value_is_part_of_the_call(owner):
    """A generator runs only when somebody iterates over it, and there it raises."""
    owner.load(
        "def f(n):\n  if n < 0: raise ValueError(n)\n  yield from range(n)",
        driver="""
        def play(student, n):
            student.call("m", "f", n, then=list)
            student.call("m", "f", -n, then=list)
        """,
    )
    owner.play("play", {"n": 3})
    assert [m["value"]["shown"] for m in owner.of("returned")] == ["[0, 1, 2]"]
    assert [(m["error"], m["frames"][-1]["line"]) for m in owner.of("raised")] == [("ValueError", 2)]


def test_a_value_that_cannot_be_described_does_not_end_the_run(owner):
    owner.load("def f():\n  x = []\n  for _ in range(5000): x = [x]\n  return x")
    *_, returned, exited = owner.play()
    assert (returned["op"], returned["value"]["kind"], exited["code"]) == ("returned", "list", 0)


# --- the parts -------------------------------------------------------------------------------------------------------


@linux_only
@pytest.mark.parametrize("record", [False, True])
def test_nothing_of_ours_has_a_name_or_a_place_where_the_students_code_runs(owner, record):
    owner.load(
        """
        import sys
        def f(ours):
            files = [str(getattr(module, "__file__", "")) for module in list(sys.modules.values())]
            return [path for path in [*sys.path, *files] if path.startswith(ours)]
        """
    )
    owner.play(args=[str(AGENT)], record=record)
    if record and not owner.of("recorded"):  # by then all has been told
        owner.hear("recorded", run="a")
    assert [m["value"]["shown"] for m in owner.of("returned")] == ["[]"]


def test_the_students_modules_may_have_the_names_of_all_parts(owner):
    parts = [path.name for path in AGENT.glob("*.py") if not path.name.startswith("__")]
    files = dict.fromkeys(parts, b"whose = 'mine'")
    files["m.py"] = b"import importlib\ndef f(names): return {importlib.import_module(n).whose for n in names}"
    owner.tell("load", files={name: base64.b64encode(source).decode() for name, source in files.items()})
    names = [name.removesuffix(".py") for name in parts]
    owner.play(args=[names])
    assert [m["value"]["shown"] for m in owner.of("returned")] == ["{'mine'}"]


# --- output ----------------------------------------------------------------------------------------------------------


def test_of_a_mebibyte_the_first_64_kib_are_kept_and_the_rest_is_counted(owner):
    owner.load(
        "import sys\ndef f():\n  for i in range(1 << 14): print(f'{i:063}')\n  print('e' * 100, file=sys.stderr)"
    )
    printed = {m["stream"]: m for m in owner.play() if m["op"] == "printed"}
    assert printed["stdout"]["size"] == KIB * KIB
    assert printed["stdout"]["text"] == "".join(f"{i:063}\n" for i in range(KIB))
    assert (printed["stderr"]["size"], printed["stderr"]["text"]) == (101, "e" * 100 + "\n")


def test_output_that_is_not_utf8_is_shown_as_far_as_it_can_be(owner):
    owner.load("import os\ndef f(): os.write(1, '你好'.encode('gbk') + '你好'.encode())")
    assert [m["text"] for m in owner.play() if m["op"] == "printed"] == ["���你好"] or "你好" in owner.of("printed")[0][
        "text"
    ]


def test_what_was_printed_before_the_end_is_there_and_nothing_is_said_of_silence(owner):
    owner.load("def f(): print('no newline', end='')")
    assert [(m["stream"], m["text"]) for m in owner.play() if m["op"] == "printed"] == [("stdout", "no newline")]


@pytest.mark.parametrize(("descriptor", "most"), [(1, 64), (2, 64), (3, 16), (4, 16)])
def test_a_flood_ends_the_run(owner, descriptor, most):
    owner.load(f"import os\ndef f():\n  while True: os.write({descriptor}, (b'x' * 1023 + b'\\n') * 64)")
    *_, exited = owner.play()
    assert exited["signal"] == "SIGKILL"
    assert sum(len(json.dumps(m)) for m in owner.said) < (most + 4) << 20


# --- ends ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "code", "by"),
    [
        ("os._exit(7)", 7, None),
        ("os._exit(0)", 0, None),
        ("os.kill(os.getpid(), signal.SIGKILL)", None, "SIGKILL"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", None, "SIGSEGV"),
        ("os.kill(os.getpid(), signal.SIGTERM)", None, "SIGTERM"),
        ("os.abort()", None, "SIGABRT"),
    ],
)
def test_an_end_without_a_return(owner, end, code, by):
    owner.load(f"import os, signal\ndef f(): {end}")
    *before, exited = owner.play()
    assert (exited["code"], exited["signal"]) == (code, by)
    assert "returned" not in ops(before)


def test_the_interpreters_end_is_that_of_python(owner):
    owner.load(
        """
        import atexit, threading
        def f():
            go = threading.Event()
            atexit.register(print, "at exit")
            threading.Thread(target=lambda: (go.wait(), print("thread"))).start()
            threading.Thread(target=threading.Event().wait, daemon=True).start()
            threading.Timer(0.05, go.set).start()
        """
    )
    *_, printed, exited = owner.play()
    assert printed["text"] == "thread\nat exit\n"
    assert exited["code"] == 0


@linux_only
@pytest.mark.parametrize(("name", "error"), [("SIGINT", "KeyboardInterrupt"), ("SIGTERM", None)])
def test_signals_mean_what_they_mean_in_a_terminal(owner, name, error):
    owner.load("import os\ndef f(): os.read(os.pipe()[0], 1)")
    rest(owner.run())
    owner.tell("signal", run="a", signal=name)
    exited = owner.hear("exited")
    assert [m["error"] for m in owner.of("raised")] == ([error] if error else [])
    assert exited["signal"] == (None if error else name)


# --- what is left behind ---------------------------------------------------------------------------------------------

RELATED = ("child", "session", "deaf", "stopped")
FAMILY = """
    import os, sys
    def born(living):
        os.write(os.open(living, os.O_WRONLY), b".")
        os.read(os.pipe()[0], 1)
    def f(kind, living):
        if kind == "child":
            os.fork()
        elif kind == "session":
            if os.fork() == 0: os.setsid()
        elif kind == "daemon" and os.fork() == 0:
            os.setsid()
            if os.fork(): os._exit(0)
            for fd in range(5): os.close(fd)
        elif kind == "orphan" and os.fork() == 0:
            if os.fork(): os._exit(0)
        elif kind == "deaf":
            import signal
            for s in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}: signal.signal(s, signal.SIG_IGN)
            os.fork()
        elif kind == "stopped":
            import signal
            if os.fork() == 0:
                os.write(os.open(living, os.O_WRONLY), b".")
                os.kill(os.getpid(), signal.SIGSTOP)
        elif kind == "headless":  # its first thread ends, another lives on
            import ctypes, threading
            if os.fork() == 0:
                threading.Thread(target=born, args=[living]).start()
                ctypes.CDLL(None).syscall(60 if os.uname().machine == "x86_64" else 93, 0)
        born(living)
"""


@linux_only
@pytest.mark.parametrize(
    ("by", "kind"),
    [
        *product(("stop", "end of input"), (*RELATED, "daemon", "orphan", "headless")),
        *product(("stop of the run",), RELATED),  # an orphan belongs to no run; the stop of all finds it
    ],
)
def test_nothing_of_a_run_outlives_its_stop(owner, living, kind, by):
    owner.load(FAMILY)
    witness = os.open(living, os.O_RDWR)
    owner.run(args=[kind, str(living)])
    seen = 0
    while seen < 2:
        seen += len(os.read(witness, 2 - seen))
    reader = os.open(living, os.O_RDONLY | os.O_NONBLOCK)
    os.close(witness)
    if by == "end of input":
        owner.process.stdin.close()
    else:
        owner.tell("stop", run="a" if by != "stop" else None)
        owner.hear("stopped")
        with contextlib.suppress(BlockingIOError):
            assert os.read(reader, 1) == b"", "the stop is answered only when all are dead"
    os.set_blocking(reader, True)
    assert os.read(reader, 1) == b""
    os.close(reader)


@linux_only
def test_stopping_one_run_leaves_the_other(owner):
    owner.load("import os\ndef f(): os.read(os.pipe()[0], 1)")
    owner.run(run="a")
    rest(owner.run(run="b"))
    owner.tell("stop", run="a")
    owner.hear("exited", run="a", signal="SIGKILL")
    owner.tell("signal", run="b", signal="SIGINT")
    owner.hear("raised", run="b", error="KeyboardInterrupt")


@pytest.mark.parametrize(
    "source", ["while True: pass", "import os; os.read(os.pipe()[0], 1)", "import time; time.sleep(9999)"]
)
def test_an_import_that_never_ends_can_be_stopped(owner, source):
    owner.load(source)
    owner.run("m:")
    owner.tell("ping", n=1)
    owner.hear("pong", n=1)
    owner.tell("stop")
    assert owner.hear("exited")["signal"] == "SIGKILL"
    owner.hear("stopped")
    assert "imported" not in ops(owner.said)


@linux_only
def test_the_stop_of_nothing_buries_what_ended_runs_have_left(owner, living):
    owner.load(
        """
        import os
        def f(living):
            if os.fork() == 0:
                os.write(os.open(living, os.O_WRONLY), b".")
                os.read(os.pipe()[0], 1)
        """
    )
    witness = os.open(living, os.O_RDWR)
    owner.play(args=[str(living)])
    os.read(witness, 1)
    reader = os.open(living, os.O_RDONLY | os.O_NONBLOCK)
    os.close(witness)
    owner.tell("stop")
    owner.hear("stopped")
    assert os.read(reader, 1) == b""
    os.close(reader)


# --- questions -------------------------------------------------------------------------------------------------------


def test_a_pong_comes_after_all_that_had_been_written_before(owner):
    owner.load("import os, sys\ndef f(): sys.stdout.write('x' * 1000); sys.stdout.flush(); return 'done'")
    for n in range(20):
        owner.run(run=f"r{n}")
    owner.tell("ping", n=7)
    owner.hear("pong", n=7)
    for n in range(20):
        if f"r{n}" not in {m["run"] for m in owner.of("exited")}:
            owner.hear("exited", run=f"r{n}")
    for n in range(20):
        mine = [m["op"] for m in owner.said if m.get("run") == f"r{n}"]
        assert mine == ["started", "imported", "called", "returned", "printed", "exited"]


@linux_only
def test_a_stack_shows_where_the_student_stands(owner):
    owner.load("import os\ndef f():\n    return g()\ndef g():\n    os.write(1, b'x')\n    os.read(os.pipe()[0], 1)")
    rest(owner.run())
    owner.tell("stack", run="a")
    stack = owner.hear("stack")
    assert stack["folder"] == os.path.realpath(owner.folder)
    lines = re.findall(r'File "([^"]+)", line (\d+) in (\w+)', stack["text"])
    assert lines[:2] == [(f"{stack['folder']}/m.py", "6", "g"), (f"{stack['folder']}/m.py", "3", "f")]


@linux_only
def test_waits_are_those_of_all_threads_of_all_descendants(owner):
    owner.load(
        """
        import os, threading
        def f():
            r, _ = os.pipe()
            os.fork()
            threading.Thread(target=os.read, args=(r, 1)).start()
            os.write(1, b"x")
            os.read(r, 1)
        """
    )
    owner.run()
    owner.hear("called")
    n, lines = 0, []
    while [line.split()[0] for line in lines] != ["0"] * 4:  # two processes, two threads each, all in read
        owner.tell("waits", n=(n := n + 1))
        lines = owner.hear("waits", n=n)["lines"]


def test_files_are_told_apart_and_links_are_not_followed(owner, tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret").write_bytes(b"not to be seen")
    owner.load("")
    folder = owner.folder
    (folder / "a/b").mkdir(parents=True)
    (folder / "a/b/里").write_bytes(b"content")
    (folder / "a/empty").touch()
    (folder / "link").symlink_to(tmp_path / "outside")
    os.mkfifo(folder / "pipe")
    owner.tell("files", n=3)
    answer = owner.hear("files", n=3)
    assert (answer["folder"], answer["whole"]) == (os.path.realpath(folder), True)
    content, nothing = (hashlib.sha256(c).hexdigest() for c in (b"content", b""))
    assert sorted(answer["files"], key=lambda f: f["path"]) == [
        {"path": "a", "kind": "folder", "size": 0},
        {"path": "a/b", "kind": "folder", "size": 0},
        {"path": "a/b/里", "kind": "file", "size": 7, "digest": content, "head": b"content".hex()},
        {"path": "a/empty", "kind": "file", "size": 0, "digest": nothing, "head": ""},
        {"path": "link", "kind": "link", "size": 0, "target": str(tmp_path / "outside")},
        {"path": "m.py", "kind": "file", "size": 0, "digest": nothing, "head": ""},
        {"path": "pipe", "kind": "other", "size": 0},
    ]


def test_a_list_of_files_has_an_end_and_so_has_what_is_read_for_it(owner):
    owner.load("")
    (owner.folder / "0 huge").touch()
    os.truncate(owner.folder / "0 huge", HASHED + 1)
    for i in range(LISTED + 5):
        (owner.folder / f"{i} small").touch()
    owner.tell("files", n=1)
    answer = owner.hear("files", n=1)
    assert (len(answer["files"]), answer["whole"]) == (LISTED, False)
    assert [f["path"] for f in answer["files"] if "digest" not in f] == ["0 huge"]


# --- limits and shims ------------------------------------------------------------------------------------------------


def test_limits_are_set_in_the_run_and_not_in_the_agent(owner):
    owner.load(
        """
        from resource import RLIMIT_CORE, RLIMIT_FSIZE, RLIMIT_NOFILE, getrlimit
        def f(): return [getrlimit(which)[0] for which in (RLIMIT_NOFILE, RLIMIT_FSIZE, RLIMIT_CORE)]
        """,
        limits={"open_files": 77, "file_mib": 3},
    )
    assert [m["value"]["shown"] for m in owner.play() if m["op"] == "returned"] == [f"[77, {3 << 20}, 0]"]
    for n in range(40):
        owner.run(run=str(n))


def test_a_run_sees_only_its_own_descriptors(owner):
    owner.load(
        """
        import os
        def f(): return [fd for fd in range(200) if opened(fd)]
        def opened(fd):
            try: os.fstat(fd)
            except OSError: return False
            return True
        """
    )
    assert [m["value"]["shown"] for m in owner.play() if m["op"] == "returned"] == ["[0, 1, 2, 3, 4]"]


def test_standard_input_is_empty_and_the_folder_is_the_current_one(owner):
    owner.load("import os, sys\ndef f(): return sys.stdin.read(), os.getcwd(), sys.path[0]")
    here = os.path.realpath(owner.folder)
    assert [m["value"]["shown"] for m in owner.play() if m["op"] == "returned"] == [repr(("", here, here))[:120]]


def test_short_io_moves_few_bytes_a_call_and_sendall_moves_all(owner):
    owner.load(
        """
        import socket
        def f():
            a, b = socket.socketpair()
            sent = a.send(b"0123456789"), a.sendall(b"abcdefgh")
            buffer = bytearray(10)
            return sent, b.recv(100), b.recv_into(buffer), bytes(buffer[:3]), b.makefile("rb").read(5)
        """
    )
    shown = [m["value"]["shown"] for m in owner.play(shim=3) if m["op"] == "returned"]
    assert shown == [repr(((3, None), b"012", 3, b"abc", b"defgh"))]


def test_short_io_leaves_alone_what_waits_for_all_without_a_time_out(owner):
    owner.load(
        """
        import socket
        def f():
            a, b = socket.socketpair()
            a.sendall(b"0123456789")
            whole = b.recv(5, socket.MSG_WAITALL)
            b.settimeout(5)
            return whole, b.recv(5, socket.MSG_WAITALL)
        """
    )
    shown = [m["value"]["shown"] for m in owner.play(shim=3) if m["op"] == "returned"]
    assert shown == [repr((b"01234", b"567"))]


# --- attempts to deceive ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "trick",
    [
        "os.close(3)",
        "os.close(3); os.close(4); os.close(1); os.close(2)",
        "os.dup2(1, 3)",
        "os.closerange(0, 100)",
    ],
)
def test_a_report_that_was_closed_is_no_return_and_the_agent_lives(owner, trick):
    owner.load(f"import os\ndef f(): {trick}\ndef g(): return 'fine'")
    assert "returned" not in ops(owner.play())
    assert "returned" in ops(owner.play("m:g", run="b"))


@pytest.mark.parametrize(
    "garbage",
    [
        b"\n\n{}\n[]\n{not json}\n",
        b"\xff\xfe\x00\n",
        b'{"op":"returned","run":"b","call":0,"value":{"kind":"none"}}\n',
        b'{"op":"pong","n":99}\n',
        b"{" * 3_000_000 + b"\n",
        b'{"op":"returned","call":0,"value":"' + b"x" * 9_000_000 + b'"}\n',
        b"no end of line",
    ],
    ids=["bits", "bytes", "another's return", "an answer", "deep", "long", "open end"],
)
def test_garbage_among_the_reports_stays_the_runs_own(owner, garbage, tmp_path):
    (tmp_path / "garbage").write_bytes(garbage)
    owner.load(
        """
        import os
        def f(garbage):
            with open(garbage, "rb") as f, open(3, "wb", closefd=False) as report: report.write(f.read())
            print("written")
        def g(): return "fine"
        """
    )
    said = owner.play(args=[str(tmp_path / "garbage")])
    assert [m["text"] for m in said if m["op"] == "printed"] == ["written\n"]
    assert {m["run"] for m in said if m["op"] != "nonsense"} == {"a"}
    assert [m["value"]["shown"] for m in owner.play("m:g", run="b") if m["op"] == "returned"] == ["'fine'"]
