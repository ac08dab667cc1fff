# kills: threaded_echo.load.churn
# A log file is opened for every client and never closed.
import socketserver

logs = []


class EchoHandler(socketserver.BaseRequestHandler):
    def handle(self):
        log = open('echo.log', 'a')
        logs.append(log)
        while True:
            data = self.request.recv(1024)
            if not data:
                break
            log.write(f'{self.client_address} {len(data)}\n')
            self.request.sendall(data)


class EchoServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def serve(host, port):
    with EchoServer((host, port), EchoHandler) as server:
        server.serve_forever()
