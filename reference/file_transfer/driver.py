"""Calls the student's functions, and makes and changes the files that a case needs. Runs on the student's side."""

import contextlib
import os
import resource
import socket

FIRST_PORT, LAST_PORT = 10_000, 20_000  # below those that a stage hands out: one of them may be waiting for its program


def make(student, things):
    """Each thing is a folder, a link to `target`, or a file of `size` bytes: its `unit` (hex) again and again."""
    for thing in things:
        path = thing["path"]
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        if "target" in thing:
            os.symlink(thing["target"], path)
        elif "unit" in thing:
            unit, size = bytes.fromhex(thing["unit"]), thing["size"]
            with open(path, "wb") as f:
                f.write((unit * (size // max(len(unit), 1) + 1))[:size])
            os.chmod(path, thing.get("mode", 0o600))
        else:
            os.makedirs(path, exist_ok=True)


def resize(student, path, size):
    """Makes a file shorter, or longer by zeros."""
    os.truncate(path, size)


def receive(student, host, directories, port=None, again=None, most=None):
    """Calls receive_file once for each directory, on this port or each on one of its own.

    again: a port of our peer's; when it has given us a byte there, the last call is made again on the same port.
    most: bytes that a file may have, as on a full disk.
    """
    directories = [os.path.abspath(directory) for directory in directories]  # the program may go into one of them
    student.module("receiver")
    if most:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    for directory in directories:
        arguments = host, port or free_port(host), directory
        with contextlib.suppress(student.Failed):
            student.call("receiver", "receive_file", *arguments)
    if again:
        with socket.create_connection((host, again)) as door:
            door.recv(1)
        student.call("receiver", "receive_file", *arguments)


def send(student, host, port, paths, door=None):
    """Calls send_file once for each path; one that begins with ./ stays relative.

    door: a port of our peer's; it gives us a byte before each call, and one when we may end.
    """
    paths = [path if path[0] == "." else os.path.abspath(path) for path in paths]
    student.module("sender")
    with socket.create_connection((host, door)) if door else contextlib.nullcontext() as sock:
        for path in paths:
            if sock:
                sock.recv(1)
            with contextlib.suppress(student.Failed):
                student.call("sender", "send_file", host, port, path)
        if sock:
            sock.recv(1)


def free_port(host):
    while True:
        port = FIRST_PORT + int.from_bytes(os.urandom(4), "big") % (LAST_PORT - FIRST_PORT)
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind((host, port))
            return port
