# kills: file_transfer.receive.like-header
# Reads everything, and cuts it at the last bracket.

import json
import os
import socket
import struct
import tempfile

def recv_exactly(sock, n):
    data = b''
    while len(data) < n:
        chunk = sock.recv(n - len(data))
        if not chunk:
            raise ConnectionError('sender closed the connection')
        data += chunk
    return data

def check(name, size):
    if not isinstance(name, str) or name in ('', '.', '..') or len(name.encode()) > 255:
        raise ValueError('bad filename')
    if '/' in name or '\\' in name or '\0' in name:
        raise ValueError('bad filename')
    if type(size) is not int or size < 0:
        raise ValueError('bad filesize')

def accept(host, port):
    sk = socket.socket()
    sk.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sk.bind((host, port))
    sk.listen()
    conn, addr = sk.accept()
    sk.close()
    return conn

def receive_file(host, port, directory):
    conn = accept(host, port)
    data = b''
    while True:
        chunk = conn.recv(65536)
        if not chunk:
            break
        data += chunk
    end = data.rfind(b'}') + 1
    dic = json.loads(data[4:end].decode('utf-8'))
    check(dic['filename'], dic['filesize'])
    content = data[end:]
    if len(content) != dic['filesize']:
        raise ValueError('wrong size')
    path = os.path.join(directory, dic['filename'])
    with open(path, 'wb') as f:
        f.write(content)
    return path
