import asyncio
import hashlib
from collections.abc import Iterable


async def converse(host: str, port: int, secret: bytes, lines: Iterable[str]) -> list[str]:
    reader, writer = await asyncio.open_connection(host, port)
    answers = []
    try:
        try:
            challenge = await reader.readexactly(32)
        except asyncio.IncompleteReadError as e:
            raise ConnectionError(f"{len(e.partial)} bytes of a challenge") from e
        writer.write(hashlib.md5(secret + challenge).hexdigest().encode())
        for line in lines:
            data = line.encode()
            writer.write(data)
            try:
                await writer.drain()
                answers.append((await reader.readexactly(len(data))).decode())
            except (asyncio.IncompleteReadError, ConnectionError) as e:
                if any(answers):
                    raise ConnectionError("the server is gone") from e
                raise PermissionError("refused") from e
        return answers
    finally:
        writer.close()


def chat(host: str, port: int, secret: bytes, lines: Iterable[str]) -> list[str]:
    return asyncio.run(converse(host, port, secret, lines))
