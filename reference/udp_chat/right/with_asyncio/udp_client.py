import asyncio
import socket


async def ask(server, line):
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setblocking(False)
        for _ in range(3):
            await loop.sock_sendto(sock, line.encode(), server)
            try:
                return await asyncio.wait_for(good_one(loop, sock, server), 1)
            except asyncio.TimeoutError:
                continue
    raise TimeoutError("no answer")


async def good_one(loop, sock, server):
    while True:
        data, sender = await loop.sock_recvfrom(sock, 2048)
        if sender == server and len(data) <= 1024:
            try:
                return data.decode()
            except UnicodeDecodeError:
                pass


def chat(host, port):
    while (line := read()) not in ("Q", "q", None):
        answer = asyncio.run(ask((host, port), line))
        print("<", answer)
        if answer in ("Q", "q"):
            break


def read():
    try:
        return input("> ")
    except EOFError:
        return None
