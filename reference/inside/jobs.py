"""Jobs of ours for the student's functions to run. They live in the student's sandbox: nothing here is secret.

A job calls our side, says in which process it runs and what it was given, and then waits for our word. So it is our
side that decides which of them run at the same time and in which order they end; nothing sleeps. A job can be pickled,
so it reaches a child however that child is started. The wire: one line of JSON from the job, one of text from us, on a
Unix socket, where the kernel says which process called.
"""

import importlib
import json
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time


class Job:
    """A callable that takes any arguments. name: without one, their repr.

    manner: what becomes of SIGTERM: "" it ends the job, "stubborn" nothing, "tidy" the job calls once more, under its
    name and " tidies up", and ends on our word.
    """

    def __init__(self, address, name="", manner=""):
        self.address, self.name, self.manner = address, name, manner

    def __call__(self, *args, **kwargs):
        if self.manner:
            signal.signal(signal.SIGTERM, signal.SIG_IGN if self.manner == "stubborn" else self.tidy_up)
        with call(self.address, self.name or repr(args), *args, *kwargs.items()) as line:
            return obey(line.makefile("rb").readline().decode().strip())

    def tidy_up(self, *_):
        with call(self.address, f"{self.name} tidies up") as line:
            line.recv(100)
        sys.exit(0)


class Asked:
    """A callable that says what a function of the student's returns where it is called."""

    def __init__(self, address, name, module, function):
        self.address, self.name, self.module, self.function = address, name, module, function

    def __call__(self):
        call(self.address, self.name, getattr(importlib.import_module(self.module), self.function)()).close()


class Box(list):
    """A list of numbers that says, as "box", in which processes it is used. In another one than that which made it, its
    first number is greater by SHIFT."""

    SHIFT = 20

    def __init__(self, address, values, home=None):
        super().__init__(values)
        self.address, self.home, self.told = address, home or os.getpid(), None

    def __reduce__(self):
        return Box, (self.address, list(self), self.home)

    def tell(self):
        if self.told != os.getpid():
            self.told = os.getpid()
            call(self.address, "box").close()
            if self.told != self.home:
                super().__setitem__(0, super().__getitem__(0) + self.SHIFT)

    def __getitem__(self, index):
        self.tell()
        return super().__getitem__(index)

    def __setitem__(self, index, value):
        self.tell()
        super().__setitem__(index, value)

    def __iter__(self):
        self.tell()
        return super().__iter__()

    def pop(self, *index):
        self.tell()
        return super().pop(*index)


class Held:
    """Stands in the place of a function of the student's: waits for our word, under the function's name, before it is
    called, and says when it is over."""

    def __init__(self, address, module, function):
        self.address, self.module, self.__name__ = address, module, function
        plain = getattr(importlib.import_module(module), function)
        self.plain = plain.plain if isinstance(plain, Held) else plain

    def __reduce__(self):
        return Held, (self.address, self.module, self.__name__)

    def __call__(self, *args, **kwargs):
        pause(self.address, self.__name__)
        value = self.plain(*args, **kwargs)
        call(self.address, f"{self.__name__} is over").close()
        return value


class Part(str):
    """A text that says, as "part", each time it is made part of another one. good: so many times; then it raises.
    seconds: how long that takes, each time. address: None where nobody is to be told."""

    def __new__(cls, text, address=None, good=None, seconds=0):
        part = super().__new__(cls, text)
        part.address, part.good, part.seconds, part.used = address, good, seconds, 0
        return part

    def __reduce__(self):
        return Part, (self.plain(), self.address, self.good, self.seconds)

    def plain(self):
        return super().__str__()

    def use(self):
        self.used += 1
        if self.seconds:
            time.sleep(self.seconds)
        if self.good is not None and self.used > self.good:
            raise Failed("this text was to fail")
        if self.address:
            call(self.address, "part").close()
        return self.plain()

    def __str__(self):
        return self.use()

    def __format__(self, spec):
        return format(self.use(), spec)

    def __add__(self, other):
        return self.use() + other


class Paused(str):
    """A text at which whoever makes it part of another one waits for our word, as "part"."""

    def __new__(cls, text, address):
        paused = super().__new__(cls, text)
        paused.address = address
        return paused

    def __reduce__(self):
        return Paused, (super().__str__(), self.address)

    def use(self):
        pause(self.address, "part")
        return super().__str__()

    def __str__(self):
        return self.use()

    def __format__(self, spec):
        return format(self.use(), spec)

    def __add__(self, other):
        return self.use() + other


class Failed(ValueError):
    """What a job raises when it is told to."""


def call(address, name, *args):
    """Says where the caller runs and what it was given; the connection on which our side answers.

    No name is looked up: a thread of the student's may fork at this very moment, and the child would inherit the lock.
    """
    line = socket.socket(socket.AF_UNIX)
    line.connect(address)
    hello = {
        "job": name,
        "parent": os.getppid(),
        "thread": threading.get_native_id(),
        "args": [repr(a)[:200] for a in args],
    }
    line.sendall(json.dumps(hello).encode() + b"\n")
    return line


def obey(word):
    """Does what our side said: "return", "return 5", "exit 3", "raise", "kill SIGKILL"."""
    verb, _, what = word.partition(" ")
    if verb == "exit":
        sys.exit(int(what))
    if verb == "raise":
        raise Failed("this job was told to raise")
    if verb == "kill":
        os.kill(os.getpid(), getattr(signal, what))
    return json.loads(what) if what else None


def pause(address, name="main", *args):
    """Lets our side look around while the caller stands still."""
    Job(address, name)(*args)


def use(method):
    """The start method ("fork", "spawn", "forkserver") that is taken where the student's code names none."""
    context = multiprocessing.context._default_context
    context._default_context = multiprocessing.get_context(method)
