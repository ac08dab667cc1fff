import asyncio


async def ask():
    while True:
        try:
            line = await asyncio.to_thread(input)
        except EOFError:
            return None
        if 1 <= len(line.encode()) <= 1024:
            return line


async def main(host, port):
    reader, writer = await asyncio.open_connection(host, port)
    try:
        while True:
            text = (await reader.read(1024)).decode()
            if text in {"", "Q", "q"}:
                return
            print("<", text)
            line = await ask()
            if line is None:
                return
            writer.write(line.encode())
            await writer.drain()
            if line in {"Q", "q"}:
                return
    finally:
        writer.close()


def chat(host, port):
    asyncio.run(main(host, port))
