# kills: file_transfer.receive.says-nothing

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

def read_header(sock):
    n = struct.unpack('<i', recv_exactly(sock, 4))[0]
    if n <= 0 or n > 65536:
        raise ValueError('bad header length')
    try:
        dic = json.loads(recv_exactly(sock, n).decode('utf-8'))
    except RecursionError:
        raise ValueError('bad header')
    if not isinstance(dic, dict):
        raise ValueError('bad header')
    name = dic.get('filename')
    size = dic.get('filesize')
    check(name, size)
    return name, size

def accept(host, port):
    sk = socket.socket()
    sk.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sk.bind((host, port))
    sk.listen()
    conn, addr = sk.accept()
    sk.close()
    return conn

def no_more(conn):
    conn.settimeout(0.2)
    try:
        if conn.recv(1):
            raise ValueError('too many bytes')
    except socket.timeout:
        pass

def receive_file(host, port, directory):
    conn = accept(host, port)
    try:
        name, size = read_header(conn)
        conn.sendall(b'ok')
        path = os.path.join(directory, name)
        fd, tmp = tempfile.mkstemp(dir=directory)
        try:
            with open(fd, 'wb') as f:
                left = size
                while left > 0:
                    chunk = conn.recv(min(left, 65536))
                    if not chunk:
                        raise ConnectionError('file is cut short')
                    f.write(chunk)
                    left -= len(chunk)
            no_more(conn)
            os.replace(tmp, path)
        except BaseException:
            os.remove(tmp)
            raise
        return path
    finally:
        conn.close()
