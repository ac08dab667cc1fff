# @attack  makes namespaces of its own, and mounts in them
# @expect  zero
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
for flags in (0x10000000, 0x20000, 0x10000000 | 0x20000, 0x40000000):
    if libc.unshare(flags) == 0:
        print("LEAK unshare", flags)
if libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0:
    print("LEAK mount")


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
