import asyncio
import hashlib
import os
import threading


class Guard(asyncio.Protocol):
    """Callbacks only: no coroutine, no stream."""

    def __init__(self, secret):
        self.secret = secret
        self.buffer = b""
        self.timer = None
        self.welcome = False

    def connection_made(self, transport):
        self.transport = transport
        self.challenge = os.urandom(32)
        self.timer = asyncio.get_running_loop().call_later(5, transport.abort)
        transport.write(self.challenge)

    def data_received(self, data):
        if not self.welcome:
            self.buffer += data
            if len(self.buffer) < 32:
                return
            self.timer.cancel()
            digest, data = self.buffer[:32], self.buffer[32:]
            if digest.lower() != hashlib.md5(self.secret + self.challenge).hexdigest().encode():
                self.transport.close()
                return
            self.welcome = True
        self.transport.write(data.upper())

    def connection_lost(self, exc):
        self.timer.cancel()


def serve(host, port, secret):
    """The loop runs in a thread of its own; the main thread only waits for a signal."""
    loop = asyncio.new_event_loop()

    def run():
        asyncio.set_event_loop(loop)
        loop.run_until_complete(loop.create_server(lambda: Guard(secret), host, port, backlog=500))
        loop.run_forever()

    threading.Thread(target=run, daemon=True).start()
    threading.Event().wait()
