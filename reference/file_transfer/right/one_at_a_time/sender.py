import json
import os
import socket
import stat


def send_file(host, port, path):
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    info = os.fstat(fd)
    if not stat.S_ISREG(info.st_mode):
        os.close(fd)
        raise OSError('不是普通文件')
    head = json.dumps({'filename': os.path.split(os.path.normpath(path))[-1], 'filesize': info.st_size}, ensure_ascii=False)
    head = head.encode('utf-8')
    try:
        with socket.socket() as sock:
            sock.connect((host, port))
            sock.sendall(len(head).to_bytes(4, 'little', signed=True) + head)
            at = 0
            while at < info.st_size:
                n = os.sendfile(sock.fileno(), fd, at, info.st_size - at)
                if n == 0:
                    raise OSError('文件变短了')
                at += n
            sock.shutdown(socket.SHUT_RDWR)
    finally:
        os.close(fd)
