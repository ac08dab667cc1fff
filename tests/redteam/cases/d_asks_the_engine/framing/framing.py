# @attack  looks for the engine and its files
# @expect  zero
import glob
import os
import socket

for path in ("/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock"):
    with socket.socket(socket.AF_UNIX) as s:
        if s.connect_ex(path) == 0:
            print("LEAK", path)
for pattern in ("/var/lib/docker/*", "/proc/[0-9]*/root/tmp/*", "/dev/sd*", "/dev/vd*", "/dev/mem", "/dev/kmsg"):
    for path in glob.glob(pattern):
        try:
            os.close(os.open(path, os.O_RDWR))
            print("LEAK", path)
        except OSError:
            pass


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
