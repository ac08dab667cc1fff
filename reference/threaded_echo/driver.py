"""Runs the student's server on sockets whose send takes even less than their recv brings.

The sandbox's own shim gives both the same limit; an echo that forgets what send returns would not notice that. Runs in
the student's process, so nothing here is secret or believed.
"""

import socket


def serve_short(student, host, port):
    """serve(host, port), where send takes at most 3 bytes of what it is given."""
    plain = socket.socket.send

    def send(self, data, *flags):
        return plain(self, memoryview(data).cast("B")[:3], *flags)

    socket.socket.send = send
    student.call("echo_server", "serve", host, port)
