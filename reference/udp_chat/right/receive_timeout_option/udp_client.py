import socket
import struct
import sys


def chat(host, port):
    while True:
        sys.stdout.write("> ")
        sys.stdout.flush()
        line = sys.stdin.readline()
        if not line or line.rstrip("\n") in {"q", "Q"}:
            break
        answer = question(line.rstrip("\n"), host, port)
        print(answer, end="\r\n")
        if answer in {"q", "Q"}:
            break


def question(text, host, port):
    """内核计时：SO_RCVTIMEO / the kernel keeps the time"""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 1, 0))
    try:
        sent = 0
        while sent < 3:
            s.sendto(text.encode("utf-8"), (host, port))
            sent += 1
            while True:
                try:
                    data, (h, p) = s.recvfrom(1500)
                except BlockingIOError:
                    break
                if h != host or p != port:
                    continue
                if len(data) > 1024:
                    continue
                try:
                    return data.decode("utf-8")
                except UnicodeDecodeError:
                    continue
        raise socket.timeout("no answer")
    finally:
        s.close()
