# kills: file_transfer.send.slow-reader
"""The time-out of the connecting stays on, for sending too: a receiver that is slow for longer breaks it off."""

import json
import os
import socket
import struct

CHUNK = 65_536


def send_file(host: str, port: int, path: str) -> None:
    with open(path, "rb") as file, socket.create_connection((host, port), timeout=5) as sock:
        size = os.fstat(file.fileno()).st_size
        header = json.dumps({"filename": os.path.basename(path), "filesize": size}).encode()
        sock.sendall(struct.pack("<i", len(header)) + header)
        while size:
            chunk = file.read(min(CHUNK, size))
            if not chunk:
                raise OSError(f"{path} has become {size} bytes shorter while it was sent")
            sock.sendall(chunk)
            size -= len(chunk)
