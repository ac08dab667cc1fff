"""Edge-triggered epoll: every socket is read and written until it would block."""

import select
import socket
from socket import SO_REUSEADDR, SOL_SOCKET

EVENTS = select.EPOLLIN | select.EPOLLOUT | select.EPOLLRDHUP | select.EPOLLET
HIGH = 4 << 20


class Connection:
    def __init__(self, sock):
        self.sock = sock
        self.out = bytearray()
        self.eof = False
        self.dead = False

    def work(self):
        progress = True
        while progress and not self.dead:
            progress = self.fill() | self.flush()
        return self.dead or (self.eof and not self.out)

    def fill(self):
        if self.eof or self.dead or len(self.out) >= HIGH:
            return False
        try:
            data = self.sock.recv(16384)
        except BlockingIOError:
            return False
        except OSError:
            self.dead = True
            return False
        if data:
            self.out += data.upper()
            return True
        self.eof = True
        return False

    def flush(self):
        if not self.out or self.dead:
            return False
        try:
            n = self.sock.send(self.out)
        except BlockingIOError:
            return False
        except OSError:
            self.dead = True
            return False
        del self.out[:n]
        return True


def serve(host, port):
    listener = socket.socket()
    listener.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen()
    listener.setblocking(False)
    connections = {}
    with select.epoll() as epoll:
        epoll.register(listener.fileno(), select.EPOLLIN)
        while True:
            for fd, _ in epoll.poll():
                if fd == listener.fileno():
                    try:
                        sock, _ = listener.accept()
                    except OSError:
                        continue
                    sock.setblocking(False)
                    connections[sock.fileno()] = Connection(sock)
                    epoll.register(sock.fileno(), EVENTS)
                elif connections[fd].work():
                    connections.pop(fd).sock.close()
