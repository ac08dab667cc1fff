"""Takes its time between the connection and the size of the file, and waits at the end until the receiver has closed."""

import json
import os
import socket
import struct
import time


def send_file(host, port, path):
    if os.path.isdir(path):
        raise IsADirectoryError(path)
    f = open(path, "rb")
    sk = socket.socket()
    try:
        sk.connect((host, port))
        time.sleep(0.06)
        size = f.seek(0, 2)
        f.seek(0)
        head = json.dumps({"filesize": size, "filename": path.split("/")[-1]}, ensure_ascii=False, indent=4)
        head = head.encode("utf-8")
        sk.sendall(struct.pack("i", len(head)))
        sk.sendall(head)
        while size > 0:
            data = f.read(min(size, 10240))
            if data == b"":
                raise OSError("the file has become shorter")
            sk.sendall(data)
            size -= len(data)
        sk.shutdown(socket.SHUT_WR)
        while sk.recv(1024):
            pass
    finally:
        sk.close()
        f.close()
