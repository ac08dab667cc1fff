"""Polls like the chapter, with a nap in each round; a deque of pieces per client."""

import errno
import socket
import time
from collections import deque

MOST = 2_000_000


class Peer:
    def __init__(self, sock):
        self.sock = sock
        self.pieces = deque()
        self.waiting = 0
        self.eof = False


def serve(host, port):
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((host, port))
    server.listen(50)
    server.settimeout(0)
    peers = []
    while True:
        worked = False
        try:
            sock, _ = server.accept()
            sock.settimeout(0)
            peers.append(Peer(sock))
            worked = True
        except OSError:
            pass
        for peer in list(peers):
            try:
                worked |= step(peer)
            except ConnectionError:
                peer.eof = True
                peer.pieces.clear()
            if peer.eof and not peer.pieces:
                peers.remove(peer)
                peer.sock.close()
        if not worked:
            time.sleep(0.005)


def step(peer):
    worked = False
    if not peer.eof and peer.waiting < MOST:
        try:
            data = peer.sock.recv(8192)
        except OSError as e:
            if e.errno not in (errno.EAGAIN, errno.EWOULDBLOCK):
                raise
        else:
            worked = True
            if data:
                peer.pieces.append(data.upper())
                peer.waiting += len(data)
            else:
                peer.eof = True
    while peer.pieces:
        piece = peer.pieces[0]
        try:
            n = peer.sock.send(piece)
        except BlockingIOError:
            break
        peer.waiting -= n
        worked = True
        if n < len(piece):
            peer.pieces[0] = piece[n:]
            break
        peer.pieces.popleft()
    return worked
