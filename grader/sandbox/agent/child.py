"""All of a run, in its own process: from the fork to an end like that of any Python program.

The student's code finds what it would find if it were started from its own folder: standard streams, signals, a
current folder, `__main__`, and nothing of ours in sys.modules. Descriptor 3 takes reports, 4 the stacks that are asked
for.
"""

from __future__ import annotations

import atexit
import contextlib
import faulthandler
import fcntl
import importlib
import json
import os
import resource
import signal
import socket
import sys
import threading
import types

from .files import INSIDE
from .kernel import set_dumpable
from .lines import REPORT
from .student import CallFailed, Student

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

    from .lines import Message

STACK_SIGNAL = signal.SIGUSR2


def be_the_run(spec: Message, loaded: Message, pipes: list[int]) -> int:
    """All of a run, in its own process, from a clean stack; returns its exit code."""
    os.setsid()
    set_dumpable(True)
    if spec["record"]:
        from .recorder import be_recorded

        be_recorded(spec["record"])
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
    forget_ourselves()

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


def forget_ourselves() -> None:
    """The parts live on without a name, and `__main__`, which spawned children load, is not the agent's."""
    package = sys.modules.pop(__name__.rpartition(".")[0])
    for part in vars(package):
        sys.modules.pop(f"{package.__name__}.{part}", None)
    sys.modules["__main__"] = types.ModuleType("__main__")


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


def end_like_python(code: int) -> NoReturn:
    """What the interpreter does at its end that a program can notice: threads, exit handlers, buffers. Not the rest,
    which would cost 10 ms a run."""
    threading._shutdown()  # type: ignore[attr-defined]  # there is no public name for what the interpreter does
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    os._exit(code)


# --- schedules: see points.py, whose text came with `load` --------------------------------------------------------


def compile_points(loaded: Message) -> None:
    """Before the fork, when the first run is to be scheduled."""
    if "following" in loaded:
        return
    loaded["following"] = compile(loaded["points"], "points.py", "exec")
    for name in ("opcode", "random", "weakref"):  # what it imports
        importlib.import_module(name)
    sys.modules["random"].Random("")  # a text as a seed needs more


def follow(loaded: Message, schedule: Message) -> None:
    """Makes the run a scheduled one."""
    namespace: dict[str, Any] = {"__name__": "points"}
    exec(loaded["following"], namespace)
    wanted = (schedule[name] for name in ("address", "seed", "told", "feeds"))
    namespace["follow"](*wanted, loaded["folder"], loaded["points"])


def hold_up(loaded: Message, run: int, pause: float) -> NoReturn:
    """In a process of its own beside a run."""
    with contextlib.suppress(BaseException):
        namespace: dict[str, Any] = {"__name__": "points"}
        exec(loaded["following"], namespace)
        namespace["hold_up"](run, loaded["folder"], pause)
    os._exit(0)


# --- short transfers ----------------------------------------------------------------------------------------------


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
