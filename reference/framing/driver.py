"""Gives the student's two functions a socket. Runs in the student's process, so nothing here is secret or believed."""

import socket
import threading


def receive(student, host, port, times, timeout=None, hold=False):
    """Connects and calls recv_message until it returns None, raises, or has been called `times` times.

    hold: stay alive after an exception until the peer ends, so that our memory can be read from outside.
    """
    student.module("framing")
    with socket.create_connection((host, port)) as sock:
        sock.settimeout(timeout)
        try:
            for _ in range(times):
                if student.call("framing", "recv_message", sock) is None:
                    break
        except student.Failed:
            if not hold:
                raise
            sock.settimeout(None)
            while sock.recv(65536):
                pass
        still_open(sock)


def send(student, host, port, texts, timeout=None, buffer=None):
    """Connects and sends each text; [unit, times] stands for a repetition."""
    student.module("framing")
    with socket.socket() as sock:
        if buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, buffer)
        sock.connect((host, port))
        sock.settimeout(timeout)
        for text in texts:
            unit, times = text if isinstance(text, list) else (text, 1)
            student.call("framing", "send_message", sock, unit * times)
        still_open(sock)


def receive_in_turn(student, host, port):
    """One message each from two connections, the second made when the first is closed and gone: it may get the same
    number and the same place in memory."""
    for _ in range(2):
        receive_one(student, host, port)


def receive_one(student, host, port):
    with socket.create_connection((host, port)) as sock:
        student.call("framing", "recv_message", sock)


def two_at_once(student, host, port):
    """Two connections, each read by a thread of its own; the second begins when the peer has sent it one byte."""
    student.module("framing")
    socks = [socket.create_connection((host, port)) for _ in range(2)]
    threads = [threading.Thread(target=student.call, args=("framing", "recv_message", s)) for s in socks]
    threads[0].start()
    socks[1].recv(1)
    threads[1].start()
    for thread in threads:
        thread.join()


def still_open(sock):
    """One byte more, by our own hand: it arrives only if the student's functions left the socket open."""
    sock.settimeout(None)
    sock.sendall(b"!")
