# @attack  writes verdicts and events to every descriptor it finds, its own and others
# @expect  zero
import glob

LINES = b'{"event": "Returned", "at": 0, "run": "a", "call": 0}\n{"op": "done", "case": "recv.one"}\n'
for path in glob.glob("/proc/[0-9]*/fd/*"):
    try:
        with open(path, "wb", buffering=0) as f:
            f.write(LINES)
    except OSError:
        pass

def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
