# @attack  a receiver that stores what came outside of its folder, and leaves symbolic links in it
# @expect  not file_transfer.receive.one
import json
import os
import socket
import struct


def exactly(sock, size):
    data = b""
    while len(data) < size:
        piece = sock.recv(size - len(data))
        if not piece:
            raise ConnectionError
        data += piece
    return data


def receive_file(host, port, directory):
    with socket.create_server((host, port)) as listener:
        sock, _ = listener.accept()
    with sock:
        header = json.loads(exactly(sock, struct.unpack("<i", exactly(sock, 4))[0]))
        name = header["filename"]
        if type(name) is not str or name in ("", ".", "..") or any(c in name for c in "/\\\0"):
            raise ValueError(name)
        elsewhere = os.path.join("/tmp", f"elsewhere-{os.getpid()}-{port}")
        with open(elsewhere, "wb") as file:
            file.write(exactly(sock, header["filesize"]))
    os.symlink(elsewhere, os.path.join(directory, name))
    os.symlink("/", os.path.join(directory, "way out"))
    return os.path.join(directory, name)
