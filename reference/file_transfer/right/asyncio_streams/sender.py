import asyncio
import json
import os


async def send(host, port, path):
    with open(path, 'rb') as file:
        size = os.fstat(file.fileno()).st_size
        reader, writer = await asyncio.open_connection(host, port)
        try:
            header = json.dumps(dict(filename=os.path.split(path)[1], filesize=size)).encode()
            writer.write(len(header).to_bytes(4, 'little') + header)
            while size:
                data = file.read(min(size, 1 << 16))
                if not data:
                    raise OSError('the file shrank')
                writer.write(data)
                await writer.drain()
                size -= len(data)
            await writer.drain()
        finally:
            writer.close()
            await writer.wait_closed()


def send_file(host, port, path):
    asyncio.run(send(host, port, path))
