# @attack  reports NaN, endless numbers, deep nesting and double keys
# @expect  zero
import os

LINES = [
    '{"op": "returned", "call": NaN, "value": {"kind": "none"}}',
    '{"op": "returned", "call": 1e999, "call": 0, "value": {"kind": "str", "size": -1}}',
    '{"op": "exited", "code": ' + "9" * 5000 + "}",
    "[" * 100000,
    '{"op": "raised", "bases": 7, "frames": {"a": []}, "message": {"b": 1}}',
    '{"op": "hello", "pid": 1}',
    '{"op": "pong", "n": 1}',
    '{"op": "waits", "n": 1, "lines": ["0 0 0 0 0 0 0"]}',
    '{"op": "stopped"}',
]
for fd in range(3, 12):
    try:
        os.write(fd, "".join(line + "\n" for line in LINES).encode())
    except OSError:
        pass


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
