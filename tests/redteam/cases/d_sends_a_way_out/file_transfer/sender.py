# @attack  a sender that names its file so that a careless receiver of ours would write outside
# @expect  not file_transfer.send.basename, file_transfer.send.names
import json
import os
import socket
import struct


def send_file(host, port, path):
    with open(path, "rb") as file, socket.create_connection((host, port)) as sock:
        content = file.read()
        name = "../../../../../../tmp/pwned_" + os.path.basename(path)
        header = json.dumps({"filename": name, "filesize": len(content)}).encode()
        sock.sendall(struct.pack("<i", len(header)) + header + content)
