import asyncio
import contextlib


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def main(host: str, port: int) -> None:
    server = await asyncio.start_server(echo, host, port, backlog=512)
    await server.serve_forever()


def serve(host: str, port: int) -> None:
    try:
        asyncio.run(main(host, port))
    except KeyboardInterrupt:
        pass
