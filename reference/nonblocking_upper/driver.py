"""Runs the student's server where the system moves few bytes a call, or many, or has few files to give.

The sandbox's own shim gives recv and send the same limit; a server that forgets what send returns would not notice
that. Runs in the student's process, so nothing here is secret or believed.
"""

import resource
import socket


def serve_short(student, host, port):
    """serve(host, port), where send takes at most 3 bytes of what it is given."""
    plain = socket.socket.send

    def send(self, data, *flags):
        return plain(self, memoryview(data).cast("B")[:3], *flags)

    socket.socket.send = send
    student.call("upper_server", "serve", host, port)


def serve_generously(student, host, port):
    """serve(host, port), where recv brings up to 64 KiB whatever it is asked for: a queue of bytes that is copied for
    every recv(1024) then fills in a second instead of a minute."""
    plain = socket.socket.recv

    def recv(self, size, *flags):
        return plain(self, size if flags else max(size, 65536), *flags)

    socket.socket.recv = recv
    student.call("upper_server", "serve", host, port)


def serve_with_few_files(student, host, port):
    """serve(host, port) with at most 32 files open."""
    student.module("upper_server")
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    student.call("upper_server", "serve", host, port)
