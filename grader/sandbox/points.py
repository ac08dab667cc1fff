"""The task side of a scheduled run: stops at points and goes on when it is told to. One file, no import of ours.

The agent executes this text in a run before the student's module is imported; a child that is started as a new
interpreter (spawn, forkserver) gets it in front of its command. A *task* is a thread; each has a line of its own
(AF_UNIX, SEQPACKET) to the coordinator, which lets one task go on at a time.

A *point* is an instruction of the student's code that others can see, or that can see others: a call, a store into
anything but a local name, the first look of a line at an attribute or an item. What lies between two points is nobody
else's business. Points come from sys.monitoring (Python 3.12 and later) or from sys.settrace (before).

Says:  H <task> <pid> <clock>           who I am (once)
       P <line> <function> <file>       I am at a point (with a tab and the source line where that is wanted)
       S <wake> …   W <wake> …          I sleep until then; I wait, and look again, until then at most
       B                                I am a queue's own thread, and bring to its pipe what was put (if wanted)
       F <task>  T                      about to fork; about to start a thread (no answer)
       X <reason>                       something here cannot be followed (no answer)
       D <verb> <thing> <line> …        I do something to a thing that others share (no answer; only where it is told)
Hears: the clock: go on. Time is virtual: the clock is what has been slept so far.

Rule 1: where nobody else is, nobody is asked: before the first fork or thread no point is told.
Rule 2: nothing here decides anything. The student's code may tamper with all of it: the hook for audit events, which
cannot be taken out again, tells where files are opened without passing a point, and the coordinator sees the rest.
"""

from __future__ import annotations

import _thread
import builtins
import contextlib
import linecache
import os
import random
import signal
import sys
import threading
import time
import weakref
from _socket import AF_UNIX, SOCK_SEQPACKET
from opcode import opmap
from socket import socket
from types import BuiltinFunctionType, FunctionType, ModuleType

TYPE_CHECKING = False  # importing typing would cost each run some milliseconds
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import CodeType, FrameType
    from typing import Any

MONITOR: Any = getattr(sys, "monitoring", None)  # since 3.12
TOOL = 4
# What others can see, or what may see them in any way.
ACTS = (
    "CALL CALL_KW CALL_FUNCTION_EX CALL_INTRINSIC_1 BEFORE_WITH BEFORE_ASYNC_WITH LOAD_SPECIAL FOR_ITER IMPORT_NAME"
    " STORE_ATTR STORE_SUBSCR STORE_SLICE STORE_GLOBAL STORE_DEREF DELETE_ATTR DELETE_SUBSCR DELETE_GLOBAL"
)
LOOKS = "LOAD_ATTR BINARY_SUBSCR BINARY_SLICE"
ACT = frozenset(opmap[name] for name in ACTS.split() if name in opmap)
LOOK = frozenset(opmap[name] for name in LOOKS.split() if name in opmap)
LOAD_ATTR, BINARY_OP = opmap["LOAD_ATTR"], opmap["BINARY_OP"]
SUBSCRIPT = 26  # BINARY_OP's argument for x[i], since 3.14
STORES = {opmap["LOAD_GLOBAL"]: opmap["STORE_GLOBAL"], opmap["LOAD_DEREF"]: opmap["STORE_DEREF"]}
LOCAL = frozenset(number for name, number in opmap.items() if name.startswith("LOAD_FAST"))
CALLS = frozenset(opmap[name] for name in ("CALL", "CALL_KW", "CALL_FUNCTION_EX") if name in opmap)
ENTER = frozenset(opmap[name] for name in ("BEFORE_WITH", "LOAD_SPECIAL") if name in opmap)
EXTENDED_ARG, FOR_ITER, GET_ITER, LOAD_GLOBAL, PUSH_NULL = (
    opmap[name] for name in ("EXTENDED_ARG", "FOR_ITER", "GET_ITER", "LOAD_GLOBAL", "PUSH_NULL")
)
SILENT = frozenset(opmap[name] for name in ("CACHE", "PRECALL") if name in opmap)
ATTRIBUTES = frozenset(opmap[name] for name in ("LOAD_ATTR", "LOAD_METHOD") if name in opmap)
# What stands at the beginning of a call; some of them only where their argument is odd.
BEGINS = frozenset(opmap[name] for name in ("PUSH_NULL", "LOAD_METHOD") if name in opmap)
MAY_BEGIN = frozenset(opmap[name] for name in ("LOAD_GLOBAL", *("LOAD_ATTR", "LOAD_SUPER_ATTR") * bool(MONITOR)))
# Functions of the standard library that open a file and fill it in two steps of their own.
FOLLOWED = {("pathlib", "write_text"), ("pathlib", "write_bytes"), ("shutil", "copyfile")}
# Calls that see only what they are given, and change nothing: nobody's business.
PURE = {
    *(("json", "loads"), ("json", "dumps"), ("pathlib", "Path"), ("pathlib._local", "Path"), ("posixpath", "join")),
    *(("builtins", "int"), ("builtins", "float"), ("builtins", "range"), ("builtins", "isinstance")),
    *(("posix", "getpid"), ("io", "text_encoding"), ("_io", "text_encoding")),
}
READ, WRITE = "reads", "writes"  # what is done to a file,
MAKE, WANT, TRY, TAKE, FREE = "makes", "wants", "tries", "takes", "frees"  # and to a lock
OPENS = frozenset(("open", "os.rename", "os.remove", "os.truncate", "fcntl.flock", "fcntl.lockf", "fcntl.fcntl"))
# What switches the instrument off, does things that it cannot follow, or looks whether it is there.
FLEES = {
    "sys.settrace": "sys.settrace",
    "sys.setprofile": "sys.setprofile",
    "ctypes.dlopen": "ctypes",
    "ctypes.dlsym": "ctypes",
    "ctypes.dlsym/handle": "ctypes",
    "subprocess.Popen": "subprocess",
    "os.posix_spawn": "os.posix_spawn",
    "os.exec": "os.exec",
    "os.system": "os.system",
    "gc.get_objects": "gc.get_objects",
    "gc.get_referrers": "gc.get_referrers",
    "sys.addaudithook": "sys.addaudithook",
}
MONITORS = ("get_tool", "get_events", "free_tool_id", "set_events", "use_tool_id", "register_callback", "clear_tool_id")

real_sleep, real_monotonic, real_time, real_perf = time.sleep, time.monotonic, time.time, time.perf_counter


def points(code: CodeType, names: dict[str, Any]) -> dict[int, int]:
    """The points of a code object: offset → line. names: its globals; an attribute of a module is no secret."""
    found: dict[int, int] = {}
    raw, starts = code.co_code, {start: line for start, _, line in code.co_lines()}
    stored = set(raw[::2])
    line, pointed, prefix, argument, before = 0, False, -1, 0, (0, 0)
    known = Known(code.co_names, names)
    for i in range(0, len(raw), 2):
        if (here := starts.get(i) or line) != line:
            line, pointed = here, False
            known.calls.clear()
        operation, argument = raw[i], argument << 8 | raw[i + 1]
        if operation in SILENT:
            prefix, argument = -1, 0
            continue
        if operation == EXTENDED_ARG:
            prefix = i if prefix < 0 else prefix
            continue
        look = not pointed and not isinstance(known.top, ModuleType) and looks(operation, argument, stored)
        pure = known.takes(operation, argument, before[1])
        if look or (operation in ACT and not pure and not harmless(operation, before)):
            found[i] = line
            if prefix >= 0:
                found[prefix] = line
            pointed = True
        prefix, argument, before = -1, 0, (before[1], operation)
    return found


class Known:
    """What is known of the stack. top: the module, or what stands in it, that the last instruction has left there.
    calls: what is to be called by the calls that have begun on this line; None where that is not known."""

    def __init__(self, co_names: tuple[str, ...], names: dict[str, Any]) -> None:
        self.co_names, self.names = co_names, names
        self.top: Any = None
        self.calls: list[Any] = []
        self.fresh = False  # the top is what the last of these calls will call

    def takes(self, operation: int, argument: int, before: int) -> bool:
        """Goes on by one instruction; whether that is a call of something pure."""
        top, self.top, fresh, self.fresh = self.top, None, self.fresh, False
        if operation in CALLS:
            begun = bool(self.calls) and before != GET_ITER  # what calls a generator has no beginning
            return begun and named(self.calls.pop()) in PURE
        if operation == LOAD_GLOBAL:
            name = self.co_names[argument >> 1]
            self.top = self.names.get(name, vars(builtins).get(name))
        elif operation in ATTRIBUTES and isinstance(top, ModuleType):
            self.top = vars(top).get(self.co_names[argument >> 1 if MONITOR and operation == LOAD_ATTR else argument])
        elif operation == PUSH_NULL and sys.version_info >= (3, 13):  # it came before what is called, and now follows
            self.top = top
        if fresh and operation == LOAD_ATTR:
            self.calls.pop()
            self.fresh = True
        self.fresh = self.fresh or operation in BEGINS or (operation in MAY_BEGIN and bool(argument & 1))
        if self.fresh:
            self.calls.append(self.top)
        return False


def named(thing: Any) -> tuple[str, str]:
    """Module and name of a function or a class."""
    plain = isinstance(thing, type | FunctionType | BuiltinFunctionType)
    return (thing.__module__, thing.__qualname__) if plain else ("", "")


def looks(operation: int, argument: int, stored: set[int]) -> bool:
    """An instruction that sees what others may change. A method's name is looked up, not its value."""
    if operation == LOAD_ATTR:
        return not (MONITOR and argument & 1)
    return operation in LOOK or STORES.get(operation) in stored or (operation, argument) == (BINARY_OP, SUBSCRIPT)


def harmless(operation: int, before: tuple[int, int]) -> bool:
    """Going through what is in a local name; entering what has just been made."""
    if operation == FOR_ITER:
        return before[1] in LOCAL or (before[1] == GET_ITER and before[0] in LOCAL)
    return operation in ENTER and before[1] in CALLS


def peek(path: str) -> str:
    """The beginning of a file, as one line."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return ""
    try:
        return " ".join(os.read(fd, 60).decode("utf-8", "replace").split())
    except OSError:
        return ""
    finally:
        os.close(fd)


def frames() -> Iterator[FrameType]:
    """The frames of this thread, from the innermost outwards."""
    frame: FrameType | None = sys._getframe(1)
    while frame:
        yield frame
        frame = frame.f_back


class Tasks(threading.local):
    """What belongs to one thread. passed: code and line of the points that it has met, and its parent before it."""

    line: socket | None = None
    inside = False

    def __init__(self) -> None:
        self.passed: set[tuple[CodeType, int]] = set()


class Follower:
    """All tasks of one process. folder: where the student's files are. me: the name of the process's first task."""

    def __init__(self, address: str, seed: str, told: bool, feeds: bool, folder: str, source: str, me: str) -> None:
        self.address, self.seed, self.told, self.folder, self.source = address, seed, told, folder + "/", source
        self.feeds = feeds
        self.me, self.alone = me, me == "main"
        self.clock = 0.0
        self.children = self.threads = self.locks = 0
        self.local = Tasks()
        self.one_at_a_time = _thread.allocate_lock()
        self.lines: list[weakref.ref[socket]] = []
        self.known: dict[CodeType, dict[int, int]] = {}
        self.before = {frame.f_code for frame in frames()}  # a new interpreter's own command among them

    def install(self) -> None:
        random.seed(f"{self.seed}/{self.me}")
        self.connect(self.me)
        os.register_at_fork(before=self.before_fork, after_in_child=self.in_child)
        self.patch_threads()
        self.patch_time()
        if "multiprocessing" in sys.modules:
            self.patch_multiprocessing()
            if self.feeds:
                self.patch_queues()
        self.listen()
        self.patch_questions()
        sys.addaudithook(self.audit)

    # --- the line ---------------------------------------------------------------------------------------------

    def connect(self, task: str) -> socket:
        """The thread's line, opened; the coordinator lets it go on at once or later."""
        line = socket(AF_UNIX, SOCK_SEQPACKET)
        line.connect("\0" + self.address)
        self.local.line = line
        self.lines = [ref for ref in self.lines if ref() is not None] + [weakref.ref(line)]
        self.ask(line, f"H {task} {os.getpid()} {self.clock}")
        return line

    def ask(self, line: socket, said: str) -> None:
        line.send(said.encode("utf-8", "backslashreplace"))
        heard = line.recv(64)
        if heard:
            self.clock = float(heard)

    def mine(self) -> socket:
        """The line of this thread; a thread that has none yet is met here for the first time."""
        return self.local.line or self.connect(getattr(threading.current_thread(), "_task", self.name_of("t0")))

    def tell(self, said: str) -> None:
        self.mine().send(said.encode())

    def stop(self, kind: str, code: CodeType, line: int) -> None:
        """At a point: goes on when the coordinator says so."""
        local = self.local
        local.passed.add((code, line))
        if self.alone or local.inside:
            return
        local.inside = True
        try:
            self.ask(self.mine(), f"{kind} {self.place(*self.own(code, line))}")
        finally:
            local.inside = False

    def own(self, code: CodeType, line: int) -> tuple[CodeType, int]:
        """The place, or where the student's own code has called what stands there."""
        for frame in frames() if not code.co_filename.startswith(self.folder) else ():
            if frame.f_code.co_filename.startswith(self.folder):
                return frame.f_code, frame.f_lineno
        return code, line

    def place(self, code: CodeType, line: int) -> str:
        name = code.co_filename.removeprefix(self.folder)
        source = "\t" + linecache.getline(code.co_filename, line).strip()[:200] if self.told else ""
        return f"{line} {code.co_name} {name}{source}"

    def note(self, verb: str, thing: str, frame: FrameType) -> None:
        """For the one who has to understand it; nothing is decided by it."""
        if self.told and not self.local.inside and (verb == MAKE or not self.alone):
            self.local.inside = True
            try:
                shown = peek(thing) if verb == READ else ""
                self.tell(
                    f"D {verb} {thing.replace(' ', '_')} {self.place(*self.own(frame.f_code, frame.f_lineno))}\t{shown}"
                )
            finally:
                self.local.inside = False

    # --- processes and threads --------------------------------------------------------------------------------

    def before_fork(self) -> None:
        self.alone = False
        self.children += 1
        self.tell(f"F {self.name_of(self.children)}")

    def name_of(self, part: int | str) -> str:
        """A child's or thread's name: the same in every run in which its ancestors do the same."""
        return f"{self.me}.{part}".removeprefix("main.")

    def in_child(self) -> None:
        self.me = self.name_of(self.children)
        self.children = self.threads = self.locks = 0
        for ref in self.lines:
            line = ref()
            if line is not None:
                line.close()
        self.lines.clear()
        self.one_at_a_time = _thread.allocate_lock()  # another thread of the parent's may have held it
        passed, self.local = self.local.passed, Tasks()
        self.local.passed = passed
        random.seed(f"{self.seed}/{self.me}")
        self.connect(self.me)

    def patch_threads(self) -> None:
        start, begin, wait = threading.Thread.start, _thread.start_new_thread, threading.Event.wait

        def started(thread: threading.Thread) -> None:
            self.threads += 1
            thread._task = self.name_of(f"t{self.threads}")  # type: ignore[attr-defined]  # its name for us
            if not MONITOR:
                thread._bootstrap_inner = self.traced(thread._bootstrap_inner)  # type: ignore[attr-defined]
            self.not_alone()
            start(thread)

        def begun(function: Callable[..., Any], *args: Any) -> int:
            self.not_alone()
            return begin(function if MONITOR or not callable(function) else self.traced(function), *args)

        def wait_for(event: threading.Event, timeout: float | None = None) -> bool:
            """The server of a Manager looks every second whether it is to stop; as if it were told is as good."""
            serving = timeout == 1 and sys._getframe(1).f_code.co_name == "serve_forever"
            return wait(event, None if serving else timeout)

        threading.Thread.start, threading.Event.wait = started, wait_for  # type: ignore  # that is what is done here
        _thread.start_new_thread = begun

    def traced(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """What a new thread does, followed. Python 3.11 fails where two threads ask for that at the same time."""

        def begun(*args: Any, **named: Any) -> Any:
            with self.one_at_a_time:
                sys.settrace(self.called)
            return function(*args, **named)

        return begun

    def not_alone(self) -> None:
        self.alone = False
        self.tell("T")

    # --- time -------------------------------------------------------------------------------------------------

    def patch_time(self) -> None:
        def sleep(seconds: float) -> None:
            if not isinstance(seconds, int | float) or not seconds >= 0:
                real_sleep(seconds)
            elif self.alone:
                self.clock += seconds
            else:
                self.pause("S", self.clock + seconds)

        time.sleep = sleep  # type: ignore[assignment]  # the same
        time.monotonic = lambda: real_monotonic() + self.clock
        time.time = lambda: real_time() + self.clock
        time.perf_counter = lambda: real_perf() + self.clock

    def pause(self, kind: str, wake: float) -> None:
        frame = self.innermost(sys._getframe(1))
        code, line = (frame.f_code, frame.f_lineno) if frame else (sys._getframe().f_code, 0)
        self.stop(f"{kind} {wake}", code, line)

    def await_(self, attempt: Callable[[], Any], timeout: float) -> Any:
        """A wait with a time-out: attempts, until one succeeds or the virtual time is over."""
        end = self.clock + max(0.0, timeout)
        while True:
            got = attempt()
            if got or self.clock >= end:
                return got
            if self.alone:
                self.clock = end
            else:
                self.pause("W", end)

    def patch_multiprocessing(self) -> None:
        import multiprocessing.connection as connection
        import multiprocessing.synchronize as synchronize
        import multiprocessing.util as util

        semaphore: Any = synchronize.SemLock
        make, wait, spawn = semaphore._make_methods, connection.wait, util.spawnv_passfds

        def make_methods(lock: Any) -> None:
            make(lock)
            self.locks += 1
            plain, free = lock.acquire, lock.release
            name = lock._semlock.name or f"{self.me}/{self.locks}"  # that of its maker, in every process that has it
            frame = self.innermost(sys._getframe(1))
            if frame:
                self.note(MAKE, name, frame)

            def acquire(block: bool = True, timeout: float | None = None) -> bool:
                self.note_lock(WANT if block and timeout is None else TRY, name)
                if block and timeout is not None:
                    got = bool(self.await_(lambda: plain(False), timeout))
                else:
                    got = bool(plain(block, timeout))
                if got:
                    self.note_lock(TAKE, name)
                return got

            def release() -> None:
                self.note_lock(FREE, name)  # said before anybody can say that it is taken
                free()

            lock.acquire, lock.release = acquire, release

        def leave(lock: Any, *_: object) -> None:
            lock.release()

        def wait_for(objects: Any, timeout: float | None = None) -> list[Any]:
            if not timeout or timeout < 0:
                return wait(objects, timeout)
            return self.await_(lambda: wait(objects, 0), timeout) or []

        def started(path: Any, args: Any, passfds: Any) -> int:
            return int(spawn(path, self.followed(args), passfds))

        semaphore._make_methods, semaphore.__enter__, semaphore.__exit__ = (
            make_methods,
            lambda lock: lock.acquire(),
            leave,
        )
        connection.wait = wait_for  # type: ignore[assignment]  # the same
        util.spawnv_passfds = started

    def patch_queues(self) -> None:
        """A put is over before a thread of the queue's has brought the item to the pipe, which may take its time."""
        from multiprocessing.queues import Queue

        queue: Any = Queue
        start, bring = queue._start_thread, self.bring

        class Late:
            """The lock of the pipe's writers, as that thread sees it."""

            def __init__(self, plain: Any) -> None:
                self.plain, self.release = plain, plain.release

            def acquire(self) -> None:
                bring()
                self.plain.acquire()

        def started(queue: Any) -> None:
            plain, queue._wlock = queue._wlock, Late(queue._wlock)
            start(queue)
            queue._wlock = plain

        queue._start_thread = started

    def bring(self) -> None:
        if not self.alone:
            self.ask(self.mine(), "B")

    def note_lock(self, verb: str, name: str) -> None:
        """Of a lock that the student's code uses by its own hand; those inside of queues are nobody's business."""
        frame = sys._getframe(2)
        while frame.f_code.co_filename == "points.py" and frame.f_back:
            frame = frame.f_back
        if self.told and self.follows(frame.f_code):
            self.note(verb, name, frame)

    def followed(self, args: list[Any]) -> list[Any]:
        """The command of a new interpreter of multiprocessing's, with this file in front of what it runs."""
        words = [os.fsdecode(a) for a in args]
        if "-c" not in words or "resource_tracker" in words[words.index("-c") + 1]:
            return args
        self.before_fork()
        i = words.index("-c") + 1
        flags, me = (self.told, self.feeds), self.name_of(self.children)
        given = (self.address, self.seed, *flags, self.folder[:-1], self.source, me)
        load = f"g = {{'__name__': 'points'}}; exec(compile({self.source!r}, 'points.py', 'exec'), g)"
        words[i] = f"{load}; g.pop('follow')(*{given!r}); del g; {words[i]}"
        return words

    # --- points -----------------------------------------------------------------------------------------------

    def listen(self) -> None:
        if MONITOR:
            m = MONITOR
            m.use_tool_id(TOOL, "points")
            m.register_callback(TOOL, m.events.PY_START, self.entered)
            m.register_callback(TOOL, m.events.INSTRUCTION, self.reached)
            m.set_events(TOOL, m.events.PY_START)
        else:
            sys.settrace(self.called)

    def listening(self) -> bool:
        """Whether points still come."""
        if not MONITOR:
            return sys.gettrace() is not None  # asked by us, which is nothing to tell of
        return bool(MONITOR.get_tool(TOOL) == "points" and MONITOR.get_events(TOOL) == MONITOR.events.PY_START)

    def follows(self, code: CodeType) -> bool:
        name = code.co_filename
        if name.startswith(self.folder):
            return True
        if name.startswith("<"):  # made by exec or eval, perhaps by a namedtuple
            return not name.startswith("<frozen") and code.co_names[:1] != ("_tuple_new",) and code not in self.before
        followed = any(code.co_name == function and module in name for module, function in FOLLOWED)
        return followed and "open" in code.co_names  # some only hand on to the one that does it

    def points_of(self, code: CodeType, names: dict[str, Any]) -> dict[int, int]:
        if code not in self.known:
            self.known[code] = points(code, names)
        return self.known[code]

    def entered(self, code: CodeType, offset: int) -> object:  # sys.monitoring
        if self.follows(code):
            self.points_of(code, sys._getframe(1).f_globals)
            MONITOR.set_local_events(TOOL, code, MONITOR.events.INSTRUCTION)
        return MONITOR.DISABLE

    def reached(self, code: CodeType, offset: int) -> object:  # sys.monitoring
        line = self.known[code].get(offset)
        if line is None:
            return MONITOR.DISABLE
        self.stop("P", code, line)
        return None

    def called(self, frame: FrameType, event: str, _: object) -> Any:  # sys.settrace
        if not self.follows(frame.f_code):
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        at = self.points_of(frame.f_code, frame.f_globals)

        def traced(frame: FrameType, event: str, _: object) -> Any:
            if event == "opcode" and frame.f_lasti in at:
                self.stop("P", frame.f_code, at[frame.f_lasti])
            return traced

        return traced

    def patch_questions(self) -> None:
        """No student's program has to ask whether it is traced. One that does means to behave while it is."""
        if MONITOR:
            for name in MONITORS:
                self.patch_question(MONITOR, name, f"sys.monitoring.{name}")
        self.patch_question(sys, "gettrace", "sys.gettrace")
        self.patch_question(threading, "gettrace", "threading.gettrace")

    def patch_question(self, module: Any, name: str, reason: str) -> None:
        plain = getattr(module, name, None)

        def asked(*args: Any) -> Any:
            if self.follows(sys._getframe(1).f_code):
                self.suspect(reason)
            return plain(*args)  # type: ignore[misc]  # where there is no such function nobody comes here

        if plain:
            setattr(module, name, asked)

    # --- what is done behind our back -------------------------------------------------------------------------

    def audit(self, event: str, args: tuple[Any, ...]) -> None:
        if self.local.inside or (event not in OPENS and event not in FLEES):
            return
        frame = self.innermost(sys._getframe(1))
        if frame is None:
            return
        if event in FLEES:
            if self.by(frame):
                self.suspect(FLEES[event])
        elif not self.listening() or (frame.f_code, frame.f_lineno) not in self.local.passed:
            self.suspect("points")
        else:
            self.note_file(event, args, frame)

    def note_file(self, event: str, args: tuple[Any, ...], frame: FrameType) -> None:
        thing = args[1] if event == "os.rename" else args[0]
        if not self.told or not isinstance(thing, str) or thing.endswith(".py"):
            return
        if thing.startswith("/") and not thing.startswith(self.folder):
            return
        writes = event != "open" or (isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR))
        self.note(WRITE if writes else READ, thing.removeprefix(self.folder), frame)

    def innermost(self, frame: FrameType | None) -> FrameType | None:
        """The student's frame that stands deepest in this thread, from `frame` outwards."""
        while frame and not self.follows(frame.f_code):
            frame = frame.f_back
        return frame

    def by(self, frame: FrameType) -> bool:
        """Whether the student's frame has asked for this itself: an import that it began may do anything."""
        inner: FrameType | None = sys._getframe(2)
        while inner and inner is not frame:
            if inner.f_code.co_filename.startswith(("<frozen importlib", "<frozen runpy")):
                return False
            inner = inner.f_back
        return True

    def suspect(self, reason: str) -> None:
        self.local.inside = True
        try:
            self.tell(f"X {reason}")
        finally:
            self.local.inside = False


def follow(address: str, seed: str, told: bool, feeds: bool, folder: str, source: str, me: str = "main") -> None:
    """Makes this process a scheduled one. told: the source lines are wanted. feeds: the threads of its queues ask, too.
    source: this file's text."""
    Follower(address, seed, told, feeds, folder, source, me).install()


# --- runs that are not scheduled, but held up from outside; in a process beside the run -------------------------------


def hold_up(root: int, folder: str, seconds: float) -> None:
    """Stops each process of a run for so long whenever it is seen to have opened a file of the folder.

    So others come between its reading and its writing, without anything in the run that it could notice. For programs
    that behave while they are scheduled. Returns when the run has ended.
    """
    stopped: dict[int, float] = {}
    known: dict[int, set[str]] = {}
    while alive(root):
        for pid in below(root):
            if pid in stopped:
                if real_monotonic() >= stopped[pid]:
                    del stopped[pid]
                    send(pid, signal.SIGCONT)
                continue
            files = opened(pid, folder)
            if files - known.get(pid, set()):
                stopped[pid] = real_monotonic() + seconds
                send(pid, signal.SIGSTOP)
            known[pid] = files


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def send(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def below(root: int) -> Iterator[int]:
    with contextlib.suppress(OSError, ValueError):
        for thread in os.listdir(f"/proc/{root}/task"):
            with open(f"/proc/{root}/task/{thread}/children", "rb") as file:
                for pid in map(int, file.read().split()):
                    yield pid
                    yield from below(pid)


def opened(pid: int, folder: str) -> set[str]:
    """What a process has open in a folder, programs left out."""
    found = set()
    with contextlib.suppress(OSError):
        for fd in os.listdir(f"/proc/{pid}/fd"):
            with contextlib.suppress(OSError):
                found.add(f"{fd} {os.readlink(f'/proc/{pid}/fd/{fd}')}")
    return {name for name in found if f" {folder}/" in name and not name.endswith(".py")}
