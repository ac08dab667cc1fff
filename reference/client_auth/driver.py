"""Gives the student's functions their secret, which no line of JSON can carry as it is: it comes in hex.

Runs in the student's process, so nothing here is secret from the student's code, or believed.
"""

import contextlib
import hmac
import operator
import secrets
import socket


def serve(student, host, port, secret, most=0):
    """serve(host, port, secret). most: so many bytes, at most, does one send take (0: no limit)."""
    if most:
        short_send(most)
    student.call("auth_server", "serve", host, port, bytes.fromhex(secret))


def short_send(most):
    """The sandbox's own shim gives send and recv the same limit: who forgets what send returns would not notice."""
    plain = socket.socket.send
    socket.socket.send = lambda self, data, *flags: plain(self, memoryview(data).cast("B")[:most], *flags)


def serve_comparing(student, host, port, secret, decoy):
    """serve, where the constant-time comparison finds one wrong answer, the decoy, right.

    A server that lets it in has asked that comparison: there is no other way to see it from outside.
    """
    plain = hmac.compare_digest

    def compare_digest(a, b):
        return decoy in (as_text(a), as_text(b)) or plain(a, b)

    hmac.compare_digest = secrets.compare_digest = operator._compare_digest = compare_digest
    serve(student, host, port, secret)


def as_text(data):
    return data if isinstance(data, str) else bytes(data).decode("latin-1")


def chat(student, host, port, secret, lines, kind="list", door=None):
    """chat(host, port, secret, lines). kind: "list", or "generator" for lines that can be gone through only once.

    door: a port of our peer's; the process lives on after the call, until that is gone.
    """
    given = (line for line in lines) if kind == "generator" else lines
    student.call("auth_client", "chat", host, port, bytes.fromhex(secret), given)
    if door:
        with contextlib.suppress(OSError), socket.create_connection((host, door)) as sock:
            sock.recv(1)
