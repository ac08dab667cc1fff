"""Ports for the student's servers: free ones, each given away once.

Rule 1: a port is free when it can be bound, and given when its name in Linux's abstract namespace is ours: between the
giving and the program's own bind nobody else gets it. Such names reach as far as ports do and go with their owner.
Rule 2: nothing is left bound; the student's program finds the port as it would any other.
"""

from __future__ import annotations

import errno
import os
import socket

from grader.instrument.sockdiag import TCP, UDP

HOST = "127.0.0.1"
EPHEMERAL = 32_768  # from here on the kernel gives them out itself


class Ports:
    """The ports that one case has given away, until it ends."""

    def __init__(self) -> None:
        self._claims: list[socket.socket] = []

    def free(self, protocol: int = TCP) -> int:
        """A port below the ephemeral range on which nobody listens; a new one at every call, and in every case.

        Raises RuntimeError where there is none.
        """
        first = 9000 if os.getpid() == 1 else 20_000 + int.from_bytes(os.urandom(2)) % 12_000
        for port in range(first + len(self._claims), EPHEMERAL):
            if _bindable(port, protocol) and self._claim(port):
                return port
        raise RuntimeError("no free port")

    def _claim(self, port: int) -> bool:
        """False: another case has been given this port, and its program may not have bound it yet."""
        claim = socket.socket(socket.AF_UNIX)
        self._claims.append(claim)
        try:
            claim.bind(f"\0grader port {port}")
        except OSError as e:
            return e.errno != errno.EADDRINUSE  # other systems have no such names
        return True

    def close(self) -> None:
        for claim in self._claims:
            claim.close()


def _bindable(port: int, protocol: int) -> bool:
    with socket.socket(type=socket.SOCK_DGRAM if protocol == UDP else socket.SOCK_STREAM) as probe:
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
