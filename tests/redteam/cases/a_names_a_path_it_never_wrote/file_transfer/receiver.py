# @attack  a receiver that takes every byte, stores none, and says where the file lies
# @expect  not file_transfer.receive.one
import json
import os
import socket
import struct


def receive_file(host, port, directory):
    with socket.create_server((host, port)) as listener:
        sock, _ = listener.accept()
    data = b""
    with sock:
        while piece := sock.recv(65_536):
            data = (data + piece)[:65_540]
    (length,) = struct.unpack("<i", data[:4])
    return os.path.join(directory, json.loads(data[4 : 4 + length])["filename"])
