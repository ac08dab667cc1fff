import asyncio
import hashlib
import hmac
import secrets
import signal


class Server:
    def __init__(self, secret: bytes) -> None:
        self.secret = secret

    async def client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            challenge = secrets.token_bytes(32)
            writer.write(challenge)
            digest = await asyncio.wait_for(reader.readexactly(32), 5)
            if hmac.compare_digest(digest, hashlib.md5(self.secret + challenge).hexdigest().encode()):
                while chunk := await reader.read(65536):
                    writer.write(chunk.upper())
                    await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.TimeoutError):
            pass
        finally:
            writer.close()


async def main(host: str, port: int, secret: bytes) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server = await asyncio.start_server(Server(secret).client, host, port, backlog=512)
    await stop.wait()
    server.close()


def serve(host: str, port: int, secret: bytes) -> None:
    asyncio.run(main(host, port, secret))
