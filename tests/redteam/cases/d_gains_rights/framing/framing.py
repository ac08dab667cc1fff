# @attack  setuid files, capabilities, keys, io_uring, user faults: what an old kernel might grant
# @expect  zero
import ctypes
import os
import shutil

libc = ctypes.CDLL(None, use_errno=True)
for call in (os.setuid, os.setgid):
    try:
        call(0)
        print("LEAK root")
    except OSError:
        pass
try:
    shutil.copy("/bin/sh", "/work/sh")
    os.chmod("/work/sh", 0o4755)
except OSError:
    pass
for number, args in ((425, (8, 0)), (250, (0, 0)), (323, (0,)), (321, (0, 0, 0)), (298, (0, 0, 0, 0, 0)), (304, (0, 0, 0))):
    if libc.syscall(number, *args) >= 0:
        print("LEAK syscall", number)


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
