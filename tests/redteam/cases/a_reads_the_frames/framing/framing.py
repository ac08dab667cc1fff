# @attack  looks for the right answer in the frames of its callers, and returns it
# @expect  zero
import sys


def found():
    frame, seen = sys._getframe(1), []
    while frame:
        seen += [v for v in (*frame.f_locals.values(), *frame.f_globals.values()) if isinstance(v, str)]
        frame = frame.f_back
    return max(seen, key=len, default="")


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return found()
