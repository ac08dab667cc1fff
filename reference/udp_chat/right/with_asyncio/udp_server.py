import asyncio


class Chat(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        if len(data) > 1024:
            return
        try:
            print(data.decode())
        except UnicodeDecodeError:
            return
        self.transport.sendto("收到".encode(), addr)


async def main(host, port):
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(Chat, local_addr=(host, port))
    await loop.create_future()


def serve(host, port):
    try:
        asyncio.run(main(host, port))
    except KeyboardInterrupt:
        print("再见")
