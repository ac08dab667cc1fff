import asyncio
import os


class Keyboard:
    """Lines from the terminal, without a thread."""

    async def line(self) -> str | None:
        loop = asyncio.get_running_loop()
        ready = loop.create_future()
        loop.add_reader(0, lambda: ready.done() or ready.set_result(None))
        try:
            await ready
        finally:
            loop.remove_reader(0)
        data = os.read(0, 8192)
        return data.decode().rstrip("\n") if data else None


async def ask(keyboard):
    while (line := await keyboard.line()) is not None:
        if 1 <= len(line.encode()) <= 1024:
            return line
    return None


async def talk(reader, writer, keyboard):
    while (line := await ask(keyboard)) is not None:
        writer.write(line.encode())
        await writer.drain()
        if line in {"Q", "q"}:
            return
        text = (await reader.read(1024)).decode()
        if text in {"", "Q", "q"}:
            return
        print("<", text, flush=True)


async def main(host, port):
    keyboard, one_at_a_time = Keyboard(), asyncio.Lock()

    async def client(reader, writer):
        async with one_at_a_time:
            try:
                await talk(reader, writer, keyboard)
            except (OSError, UnicodeDecodeError):
                pass
            finally:
                writer.close()

    server = await asyncio.start_server(client, host, port)
    await asyncio.get_running_loop().create_future()  # serve_forever would wait for every client when it is stopped
    server.close()


def serve(host, port):
    asyncio.run(main(host, port))
