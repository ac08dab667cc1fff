import asyncio
import json
import os
import tempfile


async def receive(reader, directory):
    length = int.from_bytes(await reader.readexactly(4), 'little')
    if length > 65536 or length == 0:
        raise ValueError('length of the header')
    try:
        header = json.loads(await reader.readexactly(length))
        name, size = header['filename'], header['filesize']
    except (LookupError, TypeError, RecursionError) as e:
        raise ValueError('header') from e
    if type(name) is not str or type(size) is not int or size < 0:
        raise ValueError('header')
    if name in {'', '.', '..'} or not {'/', '\\', '\0'}.isdisjoint(name) or len(name.encode()) > 255:
        raise ValueError('name')
    fd, partial = tempfile.mkstemp(dir=directory, prefix='.incoming')
    try:
        with open(fd, 'wb') as file:
            while size:
                data = await reader.read(min(size, 1 << 16))
                if not data:
                    raise ConnectionError('cut short')
                file.write(data)
                size -= len(data)
        try:
            async with asyncio.timeout(0.5):
                if await reader.read(1):
                    raise ValueError('too long')
        except TimeoutError:
            pass
        path = os.path.join(directory, name)
        os.rename(partial, path)
    except BaseException:
        os.unlink(partial)
        raise
    return path


async def one(host, port, directory):
    done = asyncio.get_running_loop().create_future()

    async def client(reader, writer):
        server.close()
        try:
            done.set_result(await receive(reader, directory))
        except Exception as e:
            done.set_exception(e)
        finally:
            writer.close()

    server = await asyncio.start_server(client, host, port, limit=1 << 16)
    return await done


def receive_file(host, port, directory):
    return asyncio.run(one(host, port, directory))
