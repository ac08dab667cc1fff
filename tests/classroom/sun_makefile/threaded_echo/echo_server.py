import socket
import socketserver
import threading


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        buffer = bytearray(8192)
        view = memoryview(buffer)
        try:
            while n := self.request.recv_into(buffer):
                self.request.sendall(view[:n])
            self.request.shutdown(socket.SHUT_WR)
        except OSError as e:
            print(threading.current_thread().name, "lost its client:", e)


def serve(host, port):
    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        block_on_close = False
        daemon_threads = True
        request_queue_size = 512

        def handle_error(self, request, client_address):
            print("error with", client_address)

    try:
        with Server((host, port), Handler) as s:
            s.serve_forever(poll_interval=0.1)
    except KeyboardInterrupt:
        print("stopped")
