"""目录加锁：同一个目录里，一次只写一个文件；写完再打标记，没有标记就删掉。"""
import fcntl
import json
import os
import shutil
import socket
import struct


def read(f, n):
    data = f.read(n)
    if len(data) < n:
        raise OSError('连接提前结束')
    return data


def parse(raw):
    try:
        d = json.loads(raw.decode())
        name, size = d['filename'], d['filesize']
    except (KeyError, TypeError, RecursionError):
        raise ValueError('头部不对') from None
    if not (isinstance(name, str) and isinstance(size, int)) or isinstance(size, bool) or size < 0:
        raise ValueError('类型不对')
    if name in ('', os.curdir, os.pardir) or os.path.basename(name) != name or '\\' in name or '\0' in name:
        raise ValueError('名字不对')
    if len(os.fsencode(name)) > 255:
        raise ValueError('名字太长')
    return name, size


def receive_file(host, port, directory):
    listener = socket.socket()
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(1)
        conn, _ = listener.accept()
    finally:
        listener.close()
    folder = os.open(directory, os.O_RDONLY)
    whole = False
    part = None
    try:
        buffered = conn.makefile('rb')
        n, = struct.unpack('<i', read(buffered, 4))
        if n < 1 or n > 65536:
            raise ValueError('长度不对')
        name, size = parse(read(buffered, n))
        fcntl.flock(folder, fcntl.LOCK_EX)
        part = os.path.join(directory, '.收件-%d' % os.getpid())
        with open(part, 'wb') as out:
            while size:
                piece = buffered.read1(min(size, 8192))
                if not piece:
                    raise OSError('连接提前结束')
                out.write(piece)
                size -= len(piece)
        conn.settimeout(1)
        try:
            if buffered.read(1):
                raise ValueError('太长了')
        except TimeoutError:
            pass
        target = os.path.join(directory, name)
        shutil.move(part, target)
        whole = True
        return target
    finally:
        if part and not whole:
            os.remove(part)
        os.close(folder)
        conn.close()
