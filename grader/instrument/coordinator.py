"""Conducts a scheduled run: of the student's processes and threads one goes on at a time, and a strategy says which.

The other end is grader/sandbox/points.py in every process of the run; what is said on the lines stands there. A *task*
is a thread that asks at points. It is *held* while it waits for our answer, *blocked* while it sleeps in anything else.
Blocked tasks are found by looking at them from outside (rest.py), not by replacing locks and queues: every means of
waiting works, known here or not.

    grant one task → wait until all is quiet → pick the next

Quiet: every thread that is not held rests, no child that was announced is still missing, nothing unread lies in a line.
Deadlock: quiet, no task held, somebody alive, and after the agent was asked what every thread waits in, and all of that
has no time-out, still nothing has moved. No deadline is needed to say so. Before a time-out runs out the agent is asked
too, where somebody is blocked: what looks quiet may be a thread that waits for the processor.

Rule 1: a line's other end is known by the kernel's word (SCM_CREDENTIALS of every message), not by its own.
Rule 2: nobody is believed to be followed who is not seen to be: a process below the run without a line, a word from
somebody else's process or an alarm of the task side end the schedule as "unfollowed", which is no evidence for a PASS.
"""

from __future__ import annotations

import contextlib
import secrets
import select
import socket
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.instrument.reading import children, slurp, threads_of
from grader.instrument.rest import AWAKE, Marks, Threads, resting, surely_asleep
from grader.instrument.run import Run
from grader.instrument.stage import Stage
from grader.model import Did, Frame, Scheduled, Standing, Step
from grader.schedule.segments import Schedule, schedule_of, written
from grader.schedule.strategies import Strategy, task_of

FIRST_LOOK = 0.0005  # seconds until a task that does not answer is looked at
LOOK, LOOKS = 0.0002, 0.005  # between the first two looks, and between later ones at most: looking costs too
STUCK = 0.005
WATCH = 0.01  # seconds between two looks at what the host has to say
SLOW = 20.0  # seconds (times the pace) for which one step may compute, or everything wait for a time-out
ENDLESS = 3000  # steps
LATE = 5.0  # seconds of virtual time for which others may be late in a run: a longer time-out is a guard
WORDS = 64  # that are taken from one line before the others have their turn
SCAN = 4  # steps between two looks for processes that nobody announced
CREDENTIALS = struct.Struct("3i")
KINDS = {"H": "start", "P": "step", "S": "sleep", "W": "wait", "B": "feed"}


@dataclass
class Task:
    """A thread with a line. kind: what it asks for, "" while it is not held. wake: virtual time, of S and W."""

    name: str
    pid: int
    line: socket.socket
    kind: str = ""
    where: Frame | None = None
    wake: float = 0.0
    polled: int = -1  # how much had happened when it last looked whether its wait is over


@dataclass
class Process:
    pid: int
    threaded: bool = False
    alive: bool = True
    tasks: list[Task] = field(default_factory=list)


class Unfollowed(Exception):
    """Something of the run does not ask."""


class Slow(Exception):
    """A deadline was reached."""


class Coordinator:
    """Plays scheduled runs on a stage, one after the other."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._proc = stage.watcher.root
        self._threads = Threads(self._proc)
        self.address = f"grader-{secrets.token_hex(8)}"
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._listener.bind("\0" + self.address)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self._listener.listen(128)
        self._listener.setblocking(False)
        self._poll = select.epoll()
        self._poll.register(self._listener, select.EPOLLIN)
        self.told: tuple[Step, ...] = ()  # the steps of the latest run, if it was to be told
        self._reset()

    def _reset(self) -> None:
        for sock, _ in getattr(self, "_lines", {}).values():
            sock.close()
        self._lines: dict[int, tuple[socket.socket, Task | None]] = {}
        self._tasks: dict[str, Task] = {}
        self._processes: dict[int, Process] = {}
        self._helpers: set[int] = set()  # processes of Python's own, which need no line
        self._pending: set[str] = set()  # children announced and not yet here
        self._marks: Marks = {}
        self._known: Marks = {}  # as they were when they were last known to sleep, or to be let go on
        self._grants: list[str] = []
        self._seen: list[str] = []  # tasks, in the order in which they came
        self._happened = 0  # grows with all that anybody does but look in vain
        self._once_more = -1  # what had happened when all that wait were made to look again
        self._clock = 0.0
        self._late = 0.0  # how much of it has run out while somebody could have gone on
        self._locks: dict[str, str] = {}
        self._told = ""  # the run that is told in full
        self._threads.forget()

    # --- one run ----------------------------------------------------------------------------------------------

    def conduct(self, run: Run, plan: str, strategy: Strategy, told: bool = False) -> tuple[Scheduled, Schedule]:
        """Plays a run that was started for us, to its end; records Scheduled, and every Step where `told`."""
        reason, self._told, self.told = "", run.name if told else "", ()
        try:
            how = self._conduct(run, strategy)
            self._scan(self._stage.watcher.agent_pid)  # it adopts what is left
        except Unfollowed as e:
            how, reason = "unfollowed", str(e)
        except Slow:
            how = "slow"
        if how == "deadlock":
            self._record_standing(run)
        if not run.exited or self._look(held=True):
            self._stage.end_runs()
        schedule, steps, tasks = schedule_of(self._grants), len(self._grants), tuple(self._seen)
        event = Scheduled(self._stage.now(), run.name, plan, how, written(schedule), steps, tasks, reason)
        self._stage.record(event)
        self._reset()
        return event, schedule

    def _conduct(self, run: Run, strategy: Strategy) -> str:
        last = ""
        while len(self._grants) < ENDLESS:
            self._settle(run)
            ready = self._ready()
            if not ready:
                if how := self._stuck(run):
                    return how
                continue
            if len(self._grants) % SCAN == 0:
                self._scan()
            choice = strategy.pick(ready, last, self._waits())
            last = task_of(choice)
            if choice != last:
                self._run_out(self._tasks[last])
            if self._told:
                self._tell(self._tasks[last], ready)
            self._grant(self._tasks[last], choice)
        return "endless"

    def _ready(self) -> Mapping[str, str]:
        """The tasks that may go on, and what they ask for.

        Time passes where nobody can do anything else, then to the first moment at which a sleep or a wait ends, and
        where the strategy says so. A sleep is no promise of order, so a sleeping task may go on at any time; a wait
        with a time-out looks again when something has happened, and gives up only when its time has come.
        """
        held = [t for t in self._tasks.values() if t.kind]
        if self._runs_out():
            self._happened += 1
            self._once_more = self._happened
        elif first := self._first_to_wake():
            self._clock = max(self._clock, first.wake)
        return {
            t.name: "sleep" if t.kind == "W" else KINDS[t.kind]
            for t in held
            if self._fresh(t) or t.kind == "S" or t.wake <= self._clock
        }

    def _fresh(self, task: Task) -> bool:
        """It can do something now, perhaps."""
        return task.kind not in "SW" or (task.kind == "W" and task.polled < self._happened)

    def _first_to_wake(self) -> Task | None:
        """Whose time comes next, where all that are held wait for a time."""
        held = [t for t in self._tasks.values() if t.kind]
        return None if any(map(self._fresh, held)) else min(held, key=lambda t: t.wake, default=None)

    def _runs_out(self) -> bool:
        """A time-out comes next, and not all have looked once more: a queue's feeder brings things without a word."""
        first = self._first_to_wake()
        return first is not None and first.kind == "W" and self._once_more != self._happened

    def _waits(self) -> list[str]:
        """The tasks whose time-out may run out although others can go on."""
        end = self._clock + LATE - self._late
        return [t.name for t in self._tasks.values() if t.kind == "W" and self._clock < t.wake <= end]

    def _run_out(self, task: Task) -> None:
        self._late += task.wake - self._clock
        self._clock = task.wake

    def _tell(self, task: Task, ready: Mapping[str, str]) -> None:
        blocked = tuple(t.name for t in self._tasks.values() if not t.kind)
        at, kind = self._stage.now(), KINDS[task.kind]
        if kind == "wait" and task.wake <= self._clock:
            kind = "time-out"
        step = Step(at, self._told, task.name, kind, task.where, tuple(ready), blocked)
        self.told = (*self.told, step)
        self._stage.record(step)

    def _grant(self, task: Task, choice: str) -> None:
        self._grants.append(choice)
        task.polled = self._happened if task.kind == "W" else -1
        task.kind = ""
        if is_process(task.name) and (mark := self._threads.mark(task.pid, task.pid)):
            self._known[task.pid, task.pid] = AWAKE, mark[1]
        with contextlib.suppress(OSError):
            task.line.send(b"%r" % self._clock)

    # --- quiet ------------------------------------------------------------------------------------------------

    def _settle(self, run: Run) -> None:
        """Until all is quiet. Raises Slow, Unfollowed."""
        began = watched = time.monotonic()
        going = self._tasks.get(task_of(self._grants[-1])) if self._grants else None
        pause = LOOK
        while not (run.exited and not self._processes):
            if self._hear(FIRST_LOOK if going and not going.kind else 0):
                pause = LOOK
                continue
            going = None
            if self._pending or not self._processes:
                self._hear(WATCH)
            else:
                marks = self._look()
                if not marks or (marks == self._marks and resting(marks, self._known)):  # whoever is held does nothing
                    if self._hear(0):  # the last word of one that has just ended may have come meanwhile
                        continue
                    sure = not marks or (surely_asleep(marks, self._known) and not self._runs_out())
                    if sure or self._asleep(marks):
                        self._known |= marks
                        return
                self._marks = marks
                self._hear(pause)
                pause = min(2 * pause, LOOKS)
            now = time.monotonic()
            if now - began > SLOW * self._stage.pace():
                raise Slow
            if now - watched > WATCH:
                watched = now
                self._watch_over()

    def _asleep(self, marks: Marks) -> bool:
        """Whoever is not held has left the processor, by the agent's word, and nothing has moved meanwhile."""
        return self._stage.all_wait() and not self._hear(0) and self._look() == marks

    def _look(self, held: bool = False) -> Marks:
        """The threads that are not held; of a process of several also those that are, which may still own the GIL."""
        marks: Marks = {}
        for process in self._processes.values():
            if not process.alive or (process.tasks and process.tasks[0].kind and not (process.threaded or held)):
                continue
            tids = threads_of(self._proc, process.pid) if process.threaded else [process.pid]
            found = self._threads.look(process.pid, tids)
            if not found:
                process.alive, self._marks = False, {}  # whoever waits for it is to be seen twice from now on
            marks |= found
        return marks

    def _hear(self, seconds: float) -> bool:
        """Takes what lies in the lines, waiting so long for the first word. Whether there was any."""
        if seconds and not select.select([self._poll], [], [], seconds)[0]:  # its own are whole milliseconds
            return False
        found = self._poll.poll(0)
        for fd, _ in found:
            if fd == self._listener.fileno():
                self._admit()
            else:
                for _ in range(WORDS):  # one line after the other, so that what was said first is heard first
                    if not self._take(fd):
                        break
        return bool(found)

    def _admit(self) -> None:
        with contextlib.suppress(BlockingIOError):
            line, _ = self._listener.accept()
            line.setblocking(False)
            self._lines[line.fileno()] = line, None
            self._poll.register(line, select.EPOLLIN)

    def _take(self, fd: int) -> bool:
        """Takes one word from a line. Whether there may be more."""
        if fd not in self._lines:
            return False
        line, task = self._lines[fd]
        try:
            data, ancillary, _, _ = line.recvmsg(2048, socket.CMSG_SPACE(CREDENTIALS.size))
        except BlockingIOError:
            return False
        except OSError:
            data, ancillary = b"", []
        if not data:
            self._poll.unregister(line)
            line.close()
            del self._lines[fd]
            if task:
                self._ended(task)
            return False
        pid = CREDENTIALS.unpack(ancillary[0][2][: CREDENTIALS.size])[0] if ancillary else 0
        words = data.decode("utf-8", "replace").split(" ")
        try:
            if task is None:
                self._lines[fd] = line, self._greet(line, words, pid)
            elif pid != task.pid:
                raise Unfollowed("a process that has no line of its own")
            else:
                self._heard(task, words)
        except (ValueError, IndexError):
            raise Unfollowed("a word that nobody understands") from None
        return True

    def _greet(self, line: socket.socket, words: list[str], pid: int) -> Task:
        _, name, said, clock = words
        if int(said) != pid or name in self._tasks:
            raise Unfollowed("a process that has no line of its own")
        self._clock = max(self._clock, float(clock))
        task = self._tasks[name] = Task(name, pid, line, "H")
        self._seen.append(name)
        self._happened += 1
        process = self._processes.setdefault(pid, Process(pid))
        process.tasks.append(task)
        process.threaded = process.threaded or len(process.tasks) > 1
        self._pending.discard(name)
        return task

    def _heard(self, task: Task, words: list[str]) -> None:
        kind = words[0]
        if kind == "F":
            self._pending |= {words[1]} - set(self._seen)  # on a line of its own it may have been faster
        elif kind == "T":
            self._processes[task.pid].threaded = True
        elif kind == "X":
            raise Unfollowed(" ".join(words[1:])[:100])
        elif kind == "D":
            self._note(task, words)
        else:
            wake = float(words.pop(1)) if kind in "SW" else 0.0
            if kind != "W" or task.polled < 0 or task.wake != wake:
                self._happened += 1
            task.wake = wake
            task.where = _frame(words[1:])[0] if kind != "B" else None
            task.kind = kind if kind in KINDS else "P"

    def _note(self, task: Task, words: list[str]) -> None:
        """Locks are called by the order in which they were met: their own names differ from run to run."""
        _, verb, thing, *place = words
        frame, shown = _frame(place)
        if verb not in ("reads", "writes"):
            thing = self._locks.setdefault(thing, f"lock {len(self._locks) + 1}")
        if self._told:
            self._stage.record(Did(self._stage.now(), self._told, task.name, verb[:10], thing[:200], frame, shown))

    def _ended(self, task: Task) -> None:
        self._happened += 1
        self._tasks.pop(task.name, None)
        process = self._processes[task.pid]
        process.tasks.remove(task)

    def _scan(self, *more: int) -> None:
        """Every process below the run has a line. more: whose children are to be looked at as well."""
        for parent in (*more, *(p.pid for p in self._processes.values() if p.alive)):
            for pid in children(self._proc, parent) - set(self._processes):
                if not self._needs_no_line(pid):
                    raise Unfollowed("a process that has no line of its own")

    def _needs_no_line(self, pid: int) -> bool:
        """Python's own helper, which is known by its command line; a zombie has none."""
        if b"resource_tracker" in slurp(f"{self._proc}/{pid}/cmdline"):
            self._helpers.add(pid)
        return pid in self._helpers

    # --- nobody can go on -------------------------------------------------------------------------------------

    def _stuck(self, run: Run) -> str:
        """How it has ended; "" where somebody can go on after all. Raises Slow, Unfollowed."""
        self._scan()
        end = time.monotonic() + SLOW * self._stage.pace()
        while not run.exited:
            self._stage.pump(0.001)
            if self._stage.vanished:
                return "ended"
            if self._hear(0):
                return ""
            before = self._look()
            if before and self._stage.waits_for_good() and not self._hear(0) and self._look() == before:
                return "deadlock"
            if before:
                self._hear(STUCK)
            if any(t.kind for t in self._tasks.values()):
                return ""
            if time.monotonic() > end:
                raise Slow
        return "ended"

    def _watch_over(self) -> None:
        """The host's lines are not left unread; an agent that is gone ends everything."""
        self._stage.pump(0)
        if self._stage.vanished:
            raise Unfollowed("the sandbox has ended")

    def _record_standing(self, run: Run) -> None:
        for task in self._tasks.values():
            self._stage.record(Standing(self._stage.now(), run.name, task.name, task.where))

    def close(self) -> None:
        self._reset()
        self._listener.close()
        self._poll.close()


def is_process(task: str) -> bool:
    """Not a further thread of one: see points.py for the names."""
    return not task.rpartition(".")[2].startswith("t")


def _frame(words: list[str]) -> tuple[Frame, str]:
    """`<line> <function> <file>[<tab><source>[<tab><more>]]`, split at blanks."""
    line, function, *rest = words
    file, source, more, *_ = [*" ".join(rest).split("\t"), "", ""]
    return Frame(file[:200], int(line), function[:100], source[:200]), more[:100]
