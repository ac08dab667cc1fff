# kills: file_transfer.receive.header-split, file_transfer.receive.binary, file_transfer.receive.trickled, file_transfer.receive.bad-name, file_transfer.receive.short, file_transfer.receive.bad-header, file_transfer.receive.link, file_transfer.send.memory
# The chapter's own sample, its typos mended and its keys made the same: one recv for each thing, f.read() for the file.

import json
import os
import socket
import struct


def receive_file(host, port, directory):
    sk = socket.socket()
    sk.bind((host, port))
    sk.listen()
    conn, addr = sk.accept()
    msg_len = conn.recv(4)
    dic_len = struct.unpack('i', msg_len)[0]
    msg = conn.recv(dic_len).decode('utf-8')
    dic = json.loads(msg)
    path = os.path.join(directory, dic['filename'])
    with open(path, 'wb') as f:
        content = conn.recv(dic['filesize'])
        f.write(content)
    conn.close()
    sk.close()
    return path
