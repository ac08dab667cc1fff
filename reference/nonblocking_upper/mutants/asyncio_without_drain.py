# kills: nonblocking_upper.backpressure.bounded
import asyncio


async def talk(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data.upper())  # as much as there is
        await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


async def main(host, port):
    server = await asyncio.start_server(talk, host, port)
    await server.serve_forever()


def serve(host, port):
    asyncio.run(main(host, port))
