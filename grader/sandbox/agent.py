"""The agent: first program of the student's side of a pod. Standard library only; of ours the recorder beside it.

It obeys lines of JSON on standard input and relays what happens on standard output. Theory of operation:

  agent ──fork──► run            a fresh process per run; only there is the student's module imported
    ▲  reports (pipe, JSON)  │   "imported", "called", "returned", "raised"
    ├──────────────────────◄─┤
    │  stdout, stderr (pipes)│   the first 64 KiB are kept, the rest is counted
    └──────────────────────◄─┘
                                 a run that talks to a person has standard input and output on a terminal instead: what
                                 it prints is relayed as it comes, what a person would type is handed to it

Rule 1: the agent never runs the student's code in its own process, so that what a module does at import (threads,
patches, os._exit) happens anew in each run and cannot outlive it. A fork costs 2 ms, the import of a small module 1.
Rule 2: it relays and never decides. It has the student's uid and may be killed, traced or imitated by the student's
code: whoever reads these lines must treat them as the student's word.
Rule 3: whatever a run leaves behind dies when the run is stopped: the agent is the subreaper of its descendants.
Rule 4: when its standard input ends, its owner is gone: it kills all runs and exits.
Rule 5: of a recorded run, recorder.py (a process of its own) tells what its processes do, reports among it, in order.

Arguments: the folder for the student's files, and folders for temporary ones; without any, those of a pod.
Commands:  load {files, driver, limits, points, inside}   signal {run, signal}   stack {run}   stop {run}   ping {n}
           run {run, entry, args, shim, tty, files, keep, schedule, pause, record}   waits {n}
           type {run, data}   readers {run, n}   files {n}
Answers:   hello  started  imported  called  returned  raised  left  shown  printed  kept  exited  stack  pong  waits
           readers  files
           (kept: what is in a file of the run's folder when the run has ended, for each name of `keep`)
           and of recorded runs the lines of recorder.py, at the end  recorded {whole}
"""

from __future__ import annotations

import atexit
import base64
import codecs
import contextlib
import faulthandler
import fcntl
import gc
import hashlib
import importlib
import importlib.util
import json
import linecache
import os
import re
import resource
import select
import signal
import socket
import stat
import struct
import sys
import termios
import threading
import time
import traceback
import types

TYPE_CHECKING = False  # importing typing would cost each agent some milliseconds
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

    Message = dict[str, Any]

KEEP = 64 * 1024
FLOOD = 64 * 1024 * 1024  # nobody prints so much: the run is ended
REPORTED = 16 * 1024 * 1024  # nor has so much to report
SHOWN = 120
ITEMS = 1000  # so many of a list are told one by one; all count in its digest
LISTED = 500  # so many files are told of
HASHED = 256 * 1024 * 1024  # and the digests of so many bytes in all
POD_FOLDER, POD_SCRATCH = "/work", ("/tmp", "/dev/shm")
INSIDE = ".grader"  # the folder, beside the student's files, of the modules that drivers share
REPORT = 3  # the descriptor that a run reports to; recorder.py knows it too
RECORDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "recorder.py")
KINDS = {stat.S_IFREG: "file", stat.S_IFDIR: "folder", stat.S_IFLNK: "link"}
STACK_SIGNAL = signal.SIGUSR2
# Loaded before the fork where the student's files or the driver name them, so that a run need not load them again.
PRELOAD = frozenset(
    "asyncio collections concurrent contextlib functools hashlib hmac io itertools json logging math multiprocessing "
    "os pathlib queue random re secrets select selectors signal socket socketserver struct sys tempfile threading "
    "time traceback typing uuid weakref".split()
)
# What these and our own `traceback` load as late as they need it; nearly every run does.
LATE = {
    "multiprocessing": tuple(f"multiprocessing.{name}" for name in "connection popen_fork queues synchronize".split()),
    "socket": ("encodings.idna",),
    "": ("ast",),
}
IMPORTED = re.compile(r"^(?:import|from) (\w+)([\w.]*)", re.MULTILINE)


# --- what runs in the student's process ---------------------------------------------------------------------------


class CallFailed(Exception):
    """A call into the student's code raised; it has been reported already."""


class Student:
    """What a driver gets: calls into the student's modules, each reported with its outcome."""

    Failed = CallFailed

    def __init__(self, report: Callable[[Message], None], folder: str) -> None:
        self._report = report
        self._folder = folder
        self._calls = 0

    def module(self, name: str) -> types.ModuleType:
        """The student's module; reports the exception and raises CallFailed where it cannot be imported."""
        if name in sys.modules:
            return sys.modules[name]
        try:
            module = importlib.import_module(name)
        except BaseException as e:
            self._failed(-1, e)
        self._report({"op": "imported"})
        return module

    def call(self, module: str, function: str, *args: Any, then: Callable[[Any], Any] | None = None) -> Any:
        """Calls module.function(*args); returns its value, or raises CallFailed after reporting the exception.

        then: what is made of the value before it is reported, still as part of the call: a generator runs in it.
        """
        target = self.module(module)
        return self.invoke(function, lambda *given: getattr(target, function)(*given), *args, then=then)

    def invoke(
        self, name: str, function: Callable[..., Any], *args: Any, then: Callable[[Any], Any] | None = None
    ) -> Any:
        """The same of what is no function of a module: a method of an object of the student's, say, under this name."""
        call, self._calls = self._calls, self._calls + 1
        self._report({"op": "called", "call": call, "name": name, "args": [describe(a) for a in args]})
        try:
            value = function(*args)
            value = then(value) if then else value
        except BaseException as e:
            self._failed(call, e)
        self._report({"op": "returned", "call": call, "value": describe(value)})
        return value

    def _failed(self, call: int, error: BaseException) -> NoReturn:
        frames = student_frames(error, self._folder)
        bases = [
            c.__name__ if c.__module__ == "builtins" else f"{c.__module__}.{c.__qualname__}"
            for c in type(error).__mro__[:20]
        ]
        self._report(
            {
                "op": "raised",
                "call": call,
                "error": bases[0],
                "bases": bases,
                "message": safely(str, error)[:2000],
                "frames": frames,
            }
        )
        last_words(error, self._folder)
        raise CallFailed from None


def student_frames(error: BaseException, folder: str) -> list[Message]:
    """The frames of a traceback that lie in the student's files, innermost last; a syntax error's own place too."""
    frames = [
        frame(f.filename, f.lineno, f.name, folder)
        for f in traceback.extract_tb(error.__traceback__)
        if is_theirs(f.filename, folder)
    ]
    if isinstance(error, SyntaxError) and is_theirs(str(error.filename), folder):
        frames.append(frame(str(error.filename), error.lineno or 0, "", folder))
    return frames[-20:]


def is_theirs(filename: str, folder: str) -> bool:
    return filename.startswith(folder) and not filename.startswith(os.path.join(folder, INSIDE))


def frame(filename: str, line: int | None, function: str, folder: str) -> Message:
    return {
        "file": os.path.relpath(filename, folder)[:200],
        "line": line or 0,
        "function": str(function)[:100],
        "source": linecache.getline(filename, line or 0).strip()[:200],
    }


def last_words(error: BaseException, folder: str) -> None:
    """The traceback on stderr as the student's own terminal would show it, without our frames."""
    own = [f for f in traceback.extract_tb(error.__traceback__) if is_theirs(f.filename, folder)]
    with contextlib.suppress(Exception):
        lines = ["Traceback (most recent call last):\n", *traceback.format_list(own)]
        print(*lines, *traceback.format_exception_only(error), file=sys.stderr, sep="", end="", flush=True)


def describe(x: Any, depth: int = 20) -> Message:
    """The summary of a value, as grader.wire.payload.value_of makes it of ours. Below `depth` a list has no items."""
    if x is None:
        return {"kind": "none", "shown": "None"}
    if type(x) is str:
        raw = x.encode("utf-8", "surrogatepass")
        return {"kind": "str", "size": len(raw), "digest": sha(raw), "shown": shorten(repr(x[:SHOWN]), len(x))}
    if type(x) in (bytes, bytearray, memoryview):
        raw = bytes(x)
        return {"kind": "bytes", "size": len(raw), "digest": sha(raw), "shown": shorten(repr(raw[:SHOWN]), len(raw))}
    if type(x) in (list, tuple):
        items: list[Message] = []
        total = hashlib.sha256()
        for item in (describe(i, depth - 1) for i in x) if depth else ():
            total.update(f"{item['kind']}:{item.get('size', 0)}:{item.get('digest', '')};".encode())
            items += [item] if len(items) < ITEMS else []
        return {
            "kind": type(x).__name__,
            "size": len(x),
            "digest": total.hexdigest(),
            "shown": safely(repr, x)[:SHOWN],
            "items": items,
        }
    if type(x) is socket.socket:
        return {"kind": "socket"}
    shown = safely(repr, x)
    return {"kind": type(x).__qualname__[:100], "digest": sha(shown.encode("utf-8", "replace")), "shown": shown[:SHOWN]}


def sha(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def shorten(shown: str, length: int) -> str:
    return shown if length <= SHOWN else f"{shown}… ({length})"


def safely(function: Callable[[Any], object], x: object) -> str:
    try:
        return str(function(x))
    except BaseException as e:
        return f"<{getattr(function, '__name__', '')}() raised {type(e).__name__}>"


def short_io(most: int) -> None:
    """Sockets that move at most `most` bytes a call, as the operating system may. Exact readers do not notice.

    With MSG_WAITALL it may not, unless the socket has a time-out."""
    plain: dict[str, Any] = {name: getattr(socket.socket, name) for name in ("send", "recv", "recv_into")}

    def send(self: socket.socket, data: Any, *flags: int) -> Any:
        return plain["send"](self, memoryview(data).cast("B")[:most], *flags)

    def at_most(self: socket.socket, size: int, flags: tuple[int, ...]) -> int:
        whole = any(f & socket.MSG_WAITALL for f in flags) and self.gettimeout() is None
        return size if whole else min(size, most)

    def recv(self: socket.socket, size: int, *flags: int) -> Any:
        return plain["recv"](self, at_most(self, size, flags), *flags)

    def recv_into(self: socket.socket, buffer: Any, nbytes: int = 0, *flags: int) -> Any:
        size = nbytes or len(memoryview(buffer).cast("B"))
        return plain["recv_into"](self, buffer, at_most(self, size, flags), *flags)

    def sendall(self: socket.socket, data: Any, *flags: int) -> None:
        rest = memoryview(data).cast("B")
        while rest:
            rest = rest[send(self, rest, *flags) :]

    for function in (send, recv, recv_into, sendall):
        setattr(socket.socket, function.__name__, function)


def be_the_run(spec: Message, loaded: Message, pipes: list[int]) -> int:
    """All of a run, in its own process, from a clean stack; returns its exit code."""
    os.setsid()
    set_dumpable(True)
    if spec["record"]:
        recorder, line = spec["record"]
        recorder.be_recorded(line)
    for new, high in enumerate([fcntl.fcntl(fd, fcntl.F_DUPFD, 64) for fd in pipes]):
        os.dup2(high, new)
    os.closerange(5, 4096)
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGCHLD, signal.SIGPIPE, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    faulthandler.register(STACK_SIGNAL, file=4, all_threads=True)
    apply_limits(loaded["limits"])
    sys.stdin = open(0, encoding="utf-8", closefd=False)
    sys.stdout = open(1, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False, buffering=1)
    os.chdir(loaded["folder"])
    sys.path[:0] = [loaded["folder"], os.path.join(loaded["folder"], INSIDE)]
    sys.modules["__main__"] = types.ModuleType("__main__")  # which spawned children load: not this file

    def report(message: Message) -> None:
        data = (json.dumps(message) + "\n").encode()
        while data:
            data = data[os.write(REPORT, data) :]

    student = Student(report, loaded["folder"])
    if spec.get("shim"):
        short_io(int(spec["shim"]))
    if spec.get("schedule"):
        follow(loaded, spec["schedule"])
    try:
        enter(student, spec["entry"], spec.get("args", {}), loaded["driver"])
    except CallFailed:
        return 1
    finally:
        if spec["record"]:
            report({"op": "left"})
    return 0


def follow(loaded: Message, schedule: Message) -> None:
    """Makes the run a scheduled one: see points.py, whose text came with `load`."""
    namespace: dict[str, Any] = {"__name__": "points"}
    exec(loaded["following"], namespace)
    wanted = (schedule[name] for name in ("address", "seed", "told"))
    namespace["follow"](*wanted, loaded["folder"], loaded["points"])


def hold_up(loaded: Message, run: int, pause: float) -> NoReturn:
    """In a process of its own beside a run: see points.py."""
    with contextlib.suppress(BaseException):
        namespace: dict[str, Any] = {"__name__": "points"}
        exec(loaded["following"], namespace)
        namespace["hold_up"](run, loaded["folder"], pause)
    os._exit(0)


def end_like_python(code: int) -> NoReturn:
    """What the interpreter does at its end that a program can notice: threads, exit handlers, buffers. Not the rest,
    which would cost 10 ms a run."""
    threading._shutdown()  # type: ignore[attr-defined]  # there is no public name for what the interpreter does
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    os._exit(code)


def enter(student: Student, entry: str, args: Any, driver: Any) -> None:
    module, colon, function = entry.partition(":")
    if colon:
        student.call(module, function, *args) if function else student.module(module)
        return
    namespace = types.ModuleType("driver")
    exec(driver, vars(namespace))
    getattr(namespace, entry)(student, **args)


def apply_limits(limits: dict[str, int]) -> None:
    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: limits.get("open_files"),
        resource.RLIMIT_FSIZE: limits.get("file_mib") and limits["file_mib"] << 20,
    }
    for which, value in wanted.items():
        if value is not None:
            hard = resource.getrlimit(which)[1]
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(which, (value, value))


# --- the agent's own process --------------------------------------------------------------------------------------


class Terminal:
    """A pseudo-terminal with a run on the one side and the agent, in a person's place, on the other.

    Nothing is echoed, and what is printed comes as it was printed. It is nobody's controlling terminal: a run that ends
    sends no SIGHUP to what it leaves behind, as none of a person's programs does while the window stays open.
    """

    def __init__(self) -> None:
        self.ours, self.theirs = os.openpty()
        self.name = os.ttyname(self.theirs)
        self._spare = os.open(self.name, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)  # keeps it open between two users
        settings = termios.tcgetattr(self.theirs)
        settings[1] &= ~termios.OPOST
        settings[3] &= ~(termios.ECHO | termios.ECHONL)
        termios.tcsetattr(self.theirs, termios.TCSANOW, settings)
        self.text = codecs.getincrementaldecoder("utf-8")("replace")

    def rest(self) -> bytes:
        """All that was printed until now. The kernel passes it on in its own time but in order: a mark of ours shows
        that what came before it is here."""
        mark, data = b"\0" + os.urandom(8).hex().encode() + b"\0", b""
        with contextlib.suppress(BlockingIOError):
            os.write(self._spare, mark)
            waiting = select.poll()
            waiting.register(self.ours, select.POLLIN)
            while mark not in data and waiting.poll(1000):
                data += os.read(self.ours, 65536)
        return data.replace(mark, b"", 1)

    def pending(self) -> int:
        """Bytes that were typed and not read yet."""
        return int.from_bytes(fcntl.ioctl(self._spare, termios.FIONREAD, bytes(4)), sys.byteorder)

    def close(self) -> None:
        os.close(self._spare)


class Run:
    def __init__(self, name: str, pid: int, fds: dict[int, str], terminal: Terminal | None = None) -> None:
        self.name, self.pid, self.fds, self.terminal = name, pid, fds, terminal
        self.keep: tuple[str, ...] = ()
        self.kept = {"stdout": b"", "stderr": b""}
        self.sizes = {"stdout": 0, "stderr": 0, "report": 0, "record": 0, "stack": 0}
        self.lines = b""

    def last_words(self, status: int) -> Message:
        killed = os.WIFSIGNALED(status)
        return {
            "op": "exited",
            "code": None if killed else os.WEXITSTATUS(status),
            "signal": signal.Signals(os.WTERMSIG(status)).name if killed else None,
        }


class Recording(Run):
    """The recorder of a run, a child like the run itself; its reports are the record."""

    def last_words(self, status: int) -> Message:
        return {"op": "recorded", "whole": status == 0, "recorded": 1}


class Agent:
    def __init__(self, folder: str, scratch: tuple[str, ...]) -> None:
        self.folder, self.scratch = folder, scratch
        self.loaded: Message = {"folder": folder, "driver": None, "limits": {}}
        self.runs: dict[str, Run] = {}
        self.files: dict[str, bytes] = {}
        self.recorder: types.ModuleType | None = None
        self.poll = select.poll()
        self.input = b""
        self.wake, wake_w = os.pipe()
        for fd in (self.wake, wake_w):
            os.set_blocking(fd, False)
        signal.set_wakeup_fd(wake_w)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.poll.register(0, select.POLLIN)
        self.poll.register(self.wake, select.POLLIN)

    def serve(self) -> tuple[Message, list[int]] | None:
        """Obeys until the input ends (returns None), or returns what the forked child is to do."""
        while True:
            for fd, _ in self.poll.poll():
                if fd == 0:
                    data = os.read(0, 65536)
                    if not data:
                        self.stop_all()
                        return None
                    child = self.obey(data)
                    if child:
                        return child
                elif fd == self.wake:
                    with contextlib.suppress(BlockingIOError):
                        os.read(self.wake, 4096)
                    self.reap()
                else:
                    self.collect(fd)

    def obey(self, data: bytes) -> tuple[Message, list[int]] | None:
        *lines, self.input = (self.input + data).split(b"\n")
        for line in lines:
            command = json.loads(line)
            child: tuple[Message, list[int]] | None = getattr(self, "do_" + command.pop("op"))(**command)
            if child:
                return child
        return None

    def do_load(
        self,
        files: dict[str, str],
        driver: str | None = None,
        limits: dict[str, int] | None = None,
        points: str = "",
        inside: dict[str, str] | None = None,
    ) -> None:
        self.files = {os.path.basename(name): base64.b64decode(content) for name, content in files.items()}
        self.files |= {f"{INSIDE}/{name}": source.encode() for name, source in (inside or {}).items()}
        self.freshen()
        self.loaded.update(driver=driver and compile(driver, "driver.py", "exec"), limits=limits or {}, points=points)
        sources = [driver or "", *(c.decode("latin-1") for c in self.files.values())]
        words = set(re.findall(r"[a-z_]+", " ".join(sources)))
        late = [name for of, names in LATE.items() if of in words | {""} for name in names]
        ours = IMPORTED.findall("\n".join([driver or "", *(inside or {}).values()]))
        ours = [top + rest for top, rest in ours if top in sys.stdlib_module_names]
        for name in (*sorted(PRELOAD & words), *late, *ours):
            importlib.import_module(name)
        gc.freeze()  # what is loaded by now is never collected in a run, so its pages stay shared
        say({"op": "loaded"})

    def do_run(
        self,
        run: str,
        entry: str,
        args: Any = None,
        shim: int | None = None,
        tty: bool = False,
        files: dict[str, str] | None = None,
        keep: tuple[str, ...] = (),
        schedule: Message | None = None,
        pause: float = 0,
        record: bool = False,
    ) -> tuple[Message, list[int]] | None:
        if files is not None:
            self.freshen({name: text.encode() for name, text in files.items()})
        if (schedule or pause) and "following" not in self.loaded:
            self.loaded["following"] = compile(self.loaded["points"], "points.py", "exec")
            for name in ("opcode", "random", "weakref"):  # what it imports
                importlib.import_module(name)
            sys.modules["random"].Random("")  # a text as a seed needs more
        terminal = Terminal() if tty else None
        out = (terminal.ours, terminal.theirs) if terminal else os.pipe()
        pipes = [out, *(os.pipe() for _ in range(3))]
        lines = socket.socketpair() if record and self.can_record(run) else None
        try:
            pid = os.fork()
        except OSError as e:
            for fd in (fd for pair in pipes for fd in pair):
                os.close(fd)
            if terminal:
                terminal.close()
            say({"op": "unstarted", "run": run, "error": str(e)})
            return None
        if pid == 0:
            null = os.open(os.devnull, os.O_RDWR)
            stdin, ends = terminal.theirs if terminal else null, [w for _, w in pipes]
            spec = {"run": run, "entry": entry, "args": args or {}, "shim": shim, "schedule": schedule, "record": None}
            if lines:
                spec["record"], ends[REPORT - 1] = (self.recorder, lines[1]), null
            return spec, [stdin, *ends]
        kinds = ("stdout", "stderr", "report", "stack")
        self.runs[run] = Run(run, pid, {r: kind for (r, _), kind in zip(pipes, kinds, strict=True)}, terminal)
        self.runs[run].keep = keep
        if lines:
            self.record(self.runs[run], pipes[REPORT - 1], lines)
        for r, w in pipes:
            os.close(w)
            os.set_blocking(r, False)
            self.poll.register(r, select.POLLIN)
        say({"op": "started", "run": run, "pid": pid})
        if pause and os.fork() == 0:
            hold_up(self.loaded, pid, pause)
        return None

    def can_record(self, run: str) -> bool:
        """Loads the recorder when it is first asked for."""
        if sys.platform != "linux":
            say({"op": "unrecorded", "run": run, "error": "processes can be recorded on Linux only", "recorded": 1})
            return False
        if not self.recorder:
            found = importlib.util.spec_from_file_location("recorder", RECORDER)
            assert found and found.loader
            self.recorder = importlib.util.module_from_spec(found)
            found.loader.exec_module(self.recorder)
        return True

    def record(self, run: Run, pipe: tuple[int, int], lines: tuple[socket.socket, socket.socket]) -> None:
        """Forks a recorder for a run: it shares one end of `lines` with it, and takes the pipe of its reports over."""
        try:
            recorder = os.fork()
        except OSError as e:
            say({"op": "unrecorded", "run": run.name, "error": str(e), "recorded": 1})
            recorder = -1
        if recorder == 0:
            status = 1
            with contextlib.suppress(BaseException):
                out, line = os.dup2(pipe[1], 1), socket.socket(fileno=os.dup2(lines[0].fileno(), 0))
                os.closerange(3, 4096)
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                status = self.recorder.record(run.pid, out, line)  # type: ignore[union-attr]  # loaded by can_record
            os._exit(status)
        for line in lines:
            line.close()
        if recorder < 0:
            return
        del run.fds[pipe[0]]
        self.runs[f"{run.name}, recorded"] = Recording(run.name, recorder, {pipe[0]: "record"})

    def do_signal(self, run: str, signal: str) -> None:
        if run in self.runs:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.runs[run].pid, getattr(sys.modules["signal"], signal))

    def do_stack(self, run: str) -> None:
        if run in self.runs:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.runs[run].pid, STACK_SIGNAL)

    def do_waits(self, n: int) -> None:
        """What every thread of every run waits in, as the kernel says it."""
        lines = []
        for pid in descendants(os.getpid(), set()):
            for tid in listed(f"/proc/{pid}/task"):
                with contextlib.suppress(OSError):
                    lines.append(slurp(f"/proc/{pid}/task/{tid}/syscall"))
        say({"op": "waits", "n": n, "lines": lines[:500]})

    def do_type(self, run: str, data: str) -> None:
        """What a person types: lines, or Ctrl-D."""
        terminal = run in self.runs and self.runs[run].terminal
        if terminal:
            with contextlib.suppress(BlockingIOError):
                os.write(terminal.ours, data.encode())

    def do_readers(self, run: str, n: int) -> None:
        """Which threads wait for what is typed; what they printed before goes first.

        known: the system tells what threads wait for.
        """
        found: list[list[int]] = []
        known = False
        terminal = run in self.runs and self.runs[run].terminal
        if terminal:
            pids = {self.runs[run].pid} | descendants(None, {self.runs[run].pid})
            known = any(call_of(pid, str(pid)) for pid in pids)
            if not terminal.pending():
                found = [reader for pid in pids for reader in terminal_readers(pid, terminal.name)]
            if found:
                self.take(self.runs[run], "stdout", terminal.rest())
        say({"op": "readers", "n": n, "run": run, "readers": found[:100], "known": known})

    def do_files(self, n: int) -> None:
        """What lies in the folders that are there for runs to write in. Links are told of, not followed."""
        found, left = [], HASHED
        inside = os.path.join(self.folder, INSIDE)
        paths = [path for path in paths_below([self.folder, *self.scratch]) if not path.startswith(inside)]
        for path in paths[:LISTED]:
            with contextlib.suppress(OSError):
                told = describe_file(path, left)
                left -= told["size"] if "digest" in told else 0
                found.append({"path": path.removeprefix(self.folder + os.sep), **told})
        say({"op": "files", "n": n, "folder": self.folder, "files": found, "whole": len(paths) <= LISTED})

    def do_ping(self, n: int) -> None:
        for run in list(self.runs.values()):
            if run.terminal:
                self.take(run, "stdout", run.terminal.rest())
            for fd in list(run.fds):
                self.collect(fd)
        self.reap()
        say({"op": "pong", "n": n})

    def do_stop(self, run: str | None = None) -> None:
        if run is None:
            self.stop_all()
            self.freshen()
        else:
            self.end([r.pid for r in self.runs.values() if r.name == run])
        say({"op": "stopped", "run": run})

    def freshen(self, more: dict[str, bytes] | None = None) -> None:
        """The folders as before the first run, and `more` files: what one run leaves must not reach the next."""
        for folder in (self.folder, *self.scratch):
            clear(folder)
        for name, content in {**self.files, **(more or {})}.items():
            path = os.path.join(self.folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as f:
                f.write(content)

    def stop_all(self) -> None:
        self.end([r.pid for r in self.runs.values()])

    def end(self, those: list[int]) -> None:
        """Kills these processes and all their descendants; where none but they are ours, orphans too.

        A run's own process first: it must not see its children die, and go on from there.
        """
        whole = len(those) == len(self.runs)
        pids, deadline = set(those), time.monotonic() + 5
        while not (self.reap() and whole) and time.monotonic() < deadline:
            pids &= {r.pid for r in self.runs.values()}
            children = descendants(os.getpid() if whole else None, pids)
            if not pids | children:
                return
            for pid in (*pids, *(children - pids)):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            self.poll.poll(1)

    def reap(self) -> bool:
        """Collects every child that has ended: runs are reported, adopted orphans are only buried.

        True: none is left, and so nothing that descends from one.
        """
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return True
            if pid == 0:
                return False
            for run in [r for r in self.runs.values() if r.pid == pid]:
                self.bury(run, status)

    def bury(self, run: Run, status: int) -> None:
        for fd in list(run.fds):
            self.collect(fd, most=16)
        if run.terminal:
            self.take(run, "stdout", run.terminal.rest())
            run.terminal.close()
        for fd in list(run.fds):
            self.forget(run, fd)
        self.runs = {name: r for name, r in self.runs.items() if r is not run}
        for stream, kept in run.kept.items():
            if run.sizes[stream]:
                say(
                    {
                        "op": "printed",
                        "run": run.name,
                        "stream": stream,
                        "text": kept.decode("utf-8", "replace"),
                        "size": run.sizes[stream],
                    }
                )
        for name in run.keep:
            say({"op": "kept", "run": run.name, "name": name, **content_of(os.path.join(self.folder, name))})
        say({**run.last_words(status), "run": run.name})

    def collect(self, fd: int, most: int = 1) -> None:
        for run in [r for r in self.runs.values() if fd in r.fds]:
            for _ in range(most):
                try:
                    data = os.read(fd, 65536)
                except BlockingIOError:
                    return
                if not data:
                    self.forget(run, fd)
                    return
                kind = run.fds[fd]
                self.take(run, kind, data + (trickle(fd) if kind == "stack" else b""))

    def take(self, run: Run, kind: str, data: bytes) -> None:
        run.sizes[kind] += len(data)
        if run.sizes[kind] > (FLOOD if kind in run.kept else REPORTED):
            with contextlib.suppress(ProcessLookupError):
                os.kill(run.pid, signal.SIGKILL)
        if kind in ("report", "record"):
            *lines, run.lines = (run.lines + data).split(b"\n")
            run.lines = run.lines[-4_000_000:]
            tail = b',"run":' + json.dumps(run.name).encode() + b"}\n"
            write(b"".join(line[:-1] + tail for line in lines if line.startswith(b"{") and line.endswith(b"}")))
        elif kind == "stack":
            say({"op": "stack", "run": run.name, "text": data.decode("utf-8", "replace"), "folder": self.folder})
        else:
            fresh = data[: KEEP - len(run.kept[kind])]
            run.kept[kind] += fresh
            text = run.terminal.text.decode(fresh) if run.terminal and kind == "stdout" else ""
            if text:
                say({"op": "shown", "run": run.name, "text": text})

    def forget(self, run: Run, fd: int) -> None:
        self.poll.unregister(fd)
        os.close(fd)
        del run.fds[fd]


# What a thread that waits to read waits in, by machine and number of the system call.
READS = {
    "x86_64": {0: "read", 19: "read", 7: "poll", 271: "poll", 23: "select", 270: "select", 232: "epoll", 281: "epoll"},
    "aarch64": {63: "read", 65: "read", 73: "poll", 72: "select", 22: "epoll"},
}
WATCHED = re.compile(r"^tfd:\s*(\d+)\s+events:\s*([0-9a-f]+)", re.MULTILINE)


def terminal_readers(pid: int, terminal: str) -> list[list[int]]:
    """The threads of a process that sleep until something can be read from the terminal.

    [thread, how often it has slept, 1 where it waits for other things as well and 0 where for nothing else]
    """
    found = []
    with contextlib.suppress(OSError, ValueError):
        fds = {int(fd) for fd in listed(f"/proc/{pid}/fd") if links_to(f"/proc/{pid}/fd/{fd}", terminal)}
        for tid in listed(f"/proc/{pid}/task") if fds else ():
            before = times_slept(pid, tid)
            watched = awaited(pid, call_of(pid, tid))
            if watched & fds and times_slept(pid, tid) == before:
                found.append([int(tid), before, int(not watched <= fds)])
    return found


def awaited(pid: int, call: list[str]) -> set[int]:
    """The descriptors that a thread waits to read from. call: the words of /proc/<pid>/task/<tid>/syscall."""
    kind = READS.get(os.uname().machine, {}).get(int(call[0]) if len(call) > 2 else -1)
    if kind is None:
        return set()
    first, second = int(call[1], 16), int(call[2], 16)
    if kind == "read":
        return {first}
    if kind == "poll":
        return {
            fd for fd, events, _ in struct.iter_unpack("ihh", memory(pid, first, 8 * min(second, 1024))) if events & 1
        }
    if kind == "epoll":
        return {int(fd) for fd, events in WATCHED.findall(slurp(f"/proc/{pid}/fdinfo/{first}")) if int(events, 16) & 1}
    bits = int.from_bytes(memory(pid, second, (min(first, 1024) + 7) // 8), "little") if second else 0
    return {fd for fd in range(min(first, 1024)) if bits >> fd & 1}


def call_of(pid: int, tid: str) -> list[str]:
    """The system call that a thread sleeps in: its number, its arguments; ["running"]; [] where that is not told."""
    try:
        return slurp(f"/proc/{pid}/task/{tid}/syscall").split()
    except OSError:
        return []


def memory(pid: int, address: int, size: int) -> bytes:
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as f:
        f.seek(address)
        return f.read(size)


def links_to(path: str, target: str) -> bool:
    try:
        return os.readlink(path) == target
    except OSError:
        return False


def times_slept(pid: int, tid: str) -> int:
    return int(slurp(f"/proc/{pid}/task/{tid}/status").partition("\nvoluntary_ctxt_switches:")[2].split()[0])


def trickle(fd: int) -> bytes:
    """The rest of what is being written in many small pieces, as faulthandler does: until nothing comes for 5 ms."""
    data, waiting = b"", select.poll()
    waiting.register(fd, select.POLLIN)
    while len(data) < KEEP and waiting.poll(5):
        piece = os.read(fd, 65536)
        if not piece:
            break
        data += piece
    return data


def descendants(root: int | None, of: set[int]) -> set[int]:
    """Pids below `of`, and below `root` itself where one is given. Empty where there is no /proc."""
    parents = {}
    for pid in (int(name) for name in listed("/proc") if name.isdigit()):
        with contextlib.suppress(OSError, ValueError, IndexError):
            fields = slurp(f"/proc/{pid}/stat").rsplit(")", 1)[1].split()
            if fields[0] not in "ZX" or int(fields[17]) > 1:  # a first thread may be dead while others live
                parents[pid] = int(fields[1])
    found: set[int] = set()
    frontier = of | ({root} if root else set())
    while frontier:
        frontier = {pid for pid, parent in parents.items() if parent in frontier} - found
        found |= frontier
    return found


def content_of(path: str) -> Message:
    """What is in a file, as far as it is one: its size and the beginning. size -1: there is none."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError:
        return {"size": -1, "text": ""}
    with open(fd, "rb") as f:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            return {"size": -1, "text": ""}
        return {"size": os.fstat(fd).st_size, "text": f.read(KEEP).decode("utf-8", "backslashreplace")}


def clear(folder: str) -> None:
    """Removes all that a folder holds, as far as it can be removed."""
    with contextlib.suppress(OSError, RecursionError):
        for entry in list(os.scandir(folder)):
            with contextlib.suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    os.chmod(entry.path, 0o700)
                    clear(entry.path)
                    os.rmdir(entry.path)
                else:
                    os.unlink(entry.path)


def paths_below(folders: list[str]) -> list[str]:
    """Everything in these folders and in the folders in them; not much more than LISTED of it."""
    found: list[str] = []
    while folders and len(found) <= LISTED:
        paths = [os.path.join(folders[0], name) for name in sorted(listed(folders[0]))]
        folders = [*folders[1:], *(p for p in paths if os.path.isdir(p) and not os.path.islink(p))]
        found += paths
    return found


def describe_file(path: str, most: int) -> Message:
    """Of a regular file of at most `most` bytes also the digest, as far as it can be read."""
    status = os.lstat(path)
    kind = KINDS.get(stat.S_IFMT(status.st_mode), "other")
    message: Message = {"kind": kind, "size": status.st_size if kind == "file" else 0}
    if kind == "link":
        message["target"] = os.readlink(path)
    if kind == "file" and status.st_size <= most:
        with contextlib.suppress(OSError), open(path, "rb", opener=open_at_once) as f:
            message["head"] = f.read(SHOWN).hex()
            f.seek(0)
            message["digest"] = hashlib.file_digest(f, "sha256").hexdigest()
    return message


def open_at_once(path: str, flags: int) -> int:
    """Whatever has come in the file's place meanwhile, a link or a pipe: neither followed nor waited for."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def slurp(path: str) -> str:
    """Without what io costs: of /proc much is read."""
    content, fd = b"", os.open(path, os.O_RDONLY)
    try:
        while piece := os.read(fd, 65536):
            content += piece
    finally:
        os.close(fd)
    return content.decode("utf-8", "replace")


def prctl(option: int, value: int) -> None:
    """Where the system has it."""
    if sys.platform == "linux":
        with contextlib.suppress(ImportError, OSError, AttributeError):
            import ctypes

            ctypes.pythonapi.prctl(option, value, 0, 0, 0)


def adopt_orphans() -> None:
    prctl(36, 1)  # PR_SET_CHILD_SUBREAPER


def set_dumpable(yes: bool) -> None:
    """Whether other processes of the same uid may trace this one and open its descriptors; children inherit it."""
    prctl(4, int(yes))  # PR_SET_DUMPABLE


def say(message: Message) -> None:
    write((json.dumps(message) + "\n").encode())


def write(data: bytes) -> None:
    while data:
        data = data[os.write(1, data) :]


def main() -> None:
    sys.dont_write_bytecode = True
    adopt_orphans()
    folder, *scratch = map(os.path.realpath, sys.argv[1:] or (POD_FOLDER, *POD_SCRATCH))
    set_dumpable(folder != POD_FOLDER)  # in a pod the student's code must not look into this process
    agent = Agent(folder, tuple(scratch))
    digest = hashlib.sha256("".join(map(slurp, (__file__, RECORDER))).encode()).hexdigest()
    say({"op": "hello", "pid": os.getpid(), "digest": digest, "python": ".".join(map(str, sys.version_info[:3]))})
    child = agent.serve()
    if child:
        spec, pipes = child
        end_like_python(be_the_run(spec, agent.loaded, pipes))


if __name__ == "__main__":
    main()
