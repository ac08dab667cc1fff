# kills: threaded_echo.load.churn
# A log file is opened for every client that leaves, and never closed.
import socketserver

logs = []


class EchoHandler(socketserver.BaseRequestHandler):
    def handle(self):
        total = 0
        while True:
            data = self.request.recv(1024)
            if not data:
                break
            total += len(data)
            self.request.sendall(data)
        log = open('echo.log', 'a', encoding='utf-8')
        log.write(f'{self.client_address} 一共发了 {total} 个字节\n')
        logs.append(log)


class EchoServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def serve(host, port):
    with EchoServer((host, port), EchoHandler) as server:
        server.serve_forever()
