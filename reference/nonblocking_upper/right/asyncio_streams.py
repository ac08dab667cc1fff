import asyncio


async def handle(reader, writer):
    try:
        while data := await reader.read(4096):
            writer.write(data.upper())
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


async def main(host, port):
    server = await asyncio.start_server(handle, host, port)
    # Not serve_forever(): from Python 3.12 on it ends, when Ctrl-C comes, only after the last client has gone.
    await asyncio.Event().wait()
    server.close()


def serve(host, port):
    try:
        asyncio.run(main(host, port))
    except KeyboardInterrupt:
        print("bye")
