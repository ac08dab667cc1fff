"""Every client gets a thread, but they take turns; what is said goes through one generator."""

import socketserver
import threading


def lines():
    while True:
        try:
            line = input()
        except EOFError:
            return
        if line and len(line.encode("utf-8")) <= 1024:
            yield line


class Chat(socketserver.StreamRequestHandler):
    one_at_a_time = threading.Lock()

    def handle(self):
        with self.one_at_a_time:
            try:
                self.talk()
            except (OSError, UnicodeDecodeError) as e:
                print("!", e)

    def talk(self):
        for line in lines():
            self.wfile.write(line.encode("utf-8"))
            if line in "Qq" and len(line) == 1:
                return
            text = self.rfile.read1(2048).decode("utf-8")
            if not text or text in ("Q", "q"):
                return
            print(*self.client_address, text)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def serve(host, port):
    Server((host, port), Chat).serve_forever()
