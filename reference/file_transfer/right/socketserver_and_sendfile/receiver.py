import json, os, secrets, socketserver, struct


def bare(name):
    return (isinstance(name, str) and name not in ('', '.', '..') and not any(c in name for c in '/\\\0')
            and len(os.fsencode(name)) <= 255)


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            self.server.result = self.receive()
        except Exception as e:
            self.server.error = e

    def receive(self):
        head = self.rfile.read(4)
        if len(head) != 4:
            raise EOFError('no length')
        n, = struct.unpack('<I', head)
        if n > 65536:
            raise ValueError(n)
        try:
            info = json.loads(self.rfile.read(n).decode())
        except RecursionError:
            info = None
        if not isinstance(info, dict) or not bare(info.get('filename')):
            raise ValueError(info)
        size = info.get('filesize')
        if not isinstance(size, int) or isinstance(size, bool) or size < 0:
            raise ValueError(info)
        store = os.path.join(self.server.directory, '.new')
        os.makedirs(store, exist_ok=True)
        part = os.path.join(store, secrets.token_hex(8))
        try:
            with open(part, 'wb') as out:
                left = size
                while left:
                    data = self.rfile.read1(min(left, 65536))
                    if not data:
                        raise ConnectionError(left)
                    left -= out.write(data)
            self.connection.settimeout(0.5)
            try:
                if self.rfile.read(1):
                    raise ValueError('more than announced')
            except TimeoutError:
                pass
            path = self.server.directory + '/' + info['filename']
            os.replace(part, path)
        finally:
            if os.path.exists(part):
                os.remove(part)
        return path


def receive_file(host, port, directory):
    class Server(socketserver.TCPServer):
        allow_reuse_address = True
        result = error = None

    with Server((host, port), Handler) as server:
        server.directory = directory
        server.handle_request()
    if server.error:
        raise server.error
    return server.result
