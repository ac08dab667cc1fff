"""Calls the student's functions, and makes and changes the files that a case needs. Runs on the student's side."""

import contextlib
import os
import pathlib
import resource
import socket


def make(student, things):
    """Each thing is a folder, a link to `target`, or a file of `size` bytes: its `unit` (hex) again and again."""
    for thing in things:
        path = pathlib.Path(thing["path"])
        path.parent.mkdir(parents=True, exist_ok=True)
        if "target" in thing:
            path.symlink_to(thing["target"])
        elif "unit" in thing:
            unit, size = bytes.fromhex(thing["unit"]), thing["size"]
            path.write_bytes((unit * (size // max(len(unit), 1) + 1))[:size])
            path.chmod(thing.get("mode", 0o600))
        else:
            path.mkdir(exist_ok=True)


def resize(student, path, size):
    """Makes a file shorter, or longer by zeros."""
    os.truncate(path, size)


def receive(student, host, port, directory, door=None, most=None):
    """Calls receive_file; where there is a door, it is called again after our peer has given us a byte there.

    most: bytes that a file may have, as on a full disk.
    """
    student.module("receiver")
    if most:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    arguments = host, port, str(pathlib.Path(directory).absolute())
    with contextlib.suppress(student.Failed):
        student.call("receiver", "receive_file", *arguments)
    if door:
        with socket.create_connection((host, door)) as sock:
            sock.recv(1)
        student.call("receiver", "receive_file", *arguments)


def send(student, host, port, path, door=None, relative=False):
    """Calls send_file. door: a port of our peer's; it gives us a byte when we may begin, and one when we may end."""
    student.module("sender")
    with socket.create_connection((host, door)) if door else contextlib.nullcontext() as sock:
        if sock:
            sock.recv(1)
        student.call("sender", "send_file", host, port, path if relative else str(pathlib.Path(path).absolute()))
        if sock:
            sock.recv(1)
