# kills: framing.recv.header-split, framing.recv.payload-split, framing.recv.large, framing.recv.random, framing.recv.bad-length, framing.recv.http, framing.recv.end-between, framing.send.stalled-reader, framing.send.too-long
# The chapter's own sample, its typos mended: one recv for the length, one for the text, send for sendall.

import struct


def send_message(sk, text):
    msg = text.encode('utf-8')
    length = len(msg)
    sk.send(struct.pack('i', length))
    sk.send(msg)


def recv_message(sk):
    length = struct.unpack('i', sk.recv(4))[0]
    msg = sk.recv(length).decode('utf-8')
    return msg
