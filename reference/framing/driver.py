"""Gives the student's two functions a socket. Runs in the student's process, so nothing here is secret or believed."""

import socket


def receive(student, host, port, times=None, timeout=None):
    """Connects and calls recv_message until it returns None, raises, or has been called `times` times."""
    with socket.create_connection((host, port)) as sock:
        sock.settimeout(timeout)
        student.module("framing")
        while times is None or times > 0:
            if student.call("framing", "recv_message", sock) is None:
                break
            times = times and times - 1
        check_open(student, sock)


def send(student, host, port, texts, timeout=None, buffer=None):
    """Connects and sends each text; [unit, times] stands for a repetition."""
    with socket.socket() as sock:
        if buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, buffer)
        sock.connect((host, port))
        sock.settimeout(timeout)
        for text in texts:
            unit, times = text if isinstance(text, list) else (text, 1)
            student.call("framing", "send_message", sock, unit * times)
        check_open(student, sock)


def two_at_once(student, host, port):
    """Two connections, each read by a thread of its own."""
    import threading

    socks = [socket.create_connection((host, port)) for _ in range(2)]
    student.module("framing")
    threads = [threading.Thread(target=student.call, args=("framing", "recv_message", s)) for s in socks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for sock in socks:
        sock.close()


def check_open(student, sock):
    """Sends one byte more: the functions must have left the socket open."""
    sock.settimeout(5)
    sock.sendall(b"!")
