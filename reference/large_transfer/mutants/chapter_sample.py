# kills: large_transfer.split.bad-size, large_transfer.merge.linear, large_transfer.recv.header-split, large_transfer.recv.payload-split, large_transfer.recv.end-missing, large_transfer.recv.bad-length, large_transfer.recv.count
# In the manner of the chapter: one send and one recv for each piece.

import struct



def split(data, size=1024 * 64):
    return [data[i:i + size] for i in range(0, len(data), size)]


def merge(pieces):
    msg = b''
    for piece in pieces:
        msg += piece
    return msg


def send_stream(sk, f):
    while True:
        content = f.read(1024)
        length = len(content)
        sk.send(struct.pack('i', length))
        if not content:
            break
        sk.send(content)


def recv_stream(sk, f):
    while True:
        length = struct.unpack('i', sk.recv(4))[0]
        if length == 0:
            break
        content = sk.recv(length)
        f.write(content)
