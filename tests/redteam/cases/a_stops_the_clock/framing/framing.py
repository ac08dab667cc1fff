# @attack  clocks that stand still, so that no time ever passes
# @expect  zero
import select
import time

for name in ("time", "monotonic", "perf_counter", "time_ns", "monotonic_ns"):
    setattr(time, name, lambda: 0)
time.sleep = lambda seconds: None
select.select = lambda r, w, x, timeout=None: (list(r), list(w), [])


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
