import asyncio, socket
async def client(loop, sock):
    with sock:
        try:
            while data := await loop.sock_recv(sock, 8192):
                await loop.sock_sendall(sock, data.upper())
        except OSError:
            pass
async def main(host, port):
    loop = asyncio.get_running_loop()
    l = socket.socket(); l.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); l.bind((host, port)); l.listen(); l.setblocking(False)
    tasks = set()
    while True:
        try: sock, _ = await loop.sock_accept(l)
        except OSError:
            await asyncio.sleep(0.05); continue
        t = asyncio.create_task(client(loop, sock)); tasks.add(t); t.add_done_callback(tasks.discard)
def serve(host, port):
    asyncio.run(main(host, port))
