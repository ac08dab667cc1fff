"""asyncio without coroutines: a Protocol that pauses its reading while its writing is full."""

import asyncio


class Upper(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        transport.set_write_buffer_limits(high=1 << 20)

    def data_received(self, data):
        self.transport.write(data.upper())

    def pause_writing(self):
        self.transport.pause_reading()

    def resume_writing(self):
        self.transport.resume_reading()


def serve(host, port):
    loop = asyncio.new_event_loop()
    loop.run_until_complete(loop.create_server(Upper, host, port, backlog=200))
    loop.run_forever()
