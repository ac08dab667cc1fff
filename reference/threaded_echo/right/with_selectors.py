"""One thread for everybody: a client is read only while nothing is left to send to it."""

import selectors
import signal
import socket
import sys

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


class Client:
    def __init__(self, sock):
        self.sock, self.out, self.ended = sock, b"", False
        sock.setblocking(False)

    def ready(self, mask):
        """Does what can be done now; returns what to wait for next, 0 at the end."""
        if mask & READ:
            data = self.sock.recv(65536)
            self.ended = not data
            self.out += data
        if self.out:
            try:
                self.out = self.out[self.sock.send(self.out):]
            except BlockingIOError:
                pass
        if self.out:
            return WRITE
        return 0 if self.ended else READ


def serve(host, port):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with selectors.DefaultSelector() as selector, socket.create_server((host, port), backlog=100) as listener:
        listener.setblocking(False)
        selector.register(listener, READ)
        while True:
            for key, mask in selector.select():
                if key.fileobj is listener:
                    client = Client(listener.accept()[0])
                    selector.register(client.sock, READ, client)
                    continue
                try:
                    wants = key.data.ready(mask)
                except OSError:
                    wants = 0
                if wants:
                    selector.modify(key.fileobj, wants, key.data)
                else:
                    selector.unregister(key.fileobj)
                    key.fileobj.close()
