import json
import os
import socket
import struct


def send_file(host, port, path):
    fd = os.open(path, os.O_RDONLY)
    try:
        if not os.path.isfile(path):
            raise IsADirectoryError(path)
        total = os.stat(fd).st_size
        sk = socket.socket()
        sk.connect((host, port))
        with sk:
            info = json.dumps({'filename': path.split('/')[-1], 'filesize': total, 'md5': None}).encode('utf-8')
            send_all(sk, struct.pack('<i', len(info)))
            send_all(sk, info)
            offset = 0
            while offset < total:
                data = os.pread(fd, min(1 << 20, total - offset), offset)
                if len(data) == 0:
                    raise OSError('文件被截断了')
                send_all(sk, data)
                offset += len(data)
    finally:
        os.close(fd)


def send_all(sk, data):
    while data:
        n = sk.send(data)
        data = data[n:]
