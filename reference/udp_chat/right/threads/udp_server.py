import queue
import socket
import threading


class UdpServer:
    """一个线程收，一个线程处理"""

    def __init__(self, host, port):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind((host, port))
        self.inbox = queue.Queue()

    def run(self):
        threading.Thread(target=self.work, daemon=True).start()
        while True:
            self.inbox.put(self.sock.recvfrom(2000))

    def work(self):
        while True:
            data, addr = self.inbox.get()
            try:
                if len(data) > 1024:
                    raise ValueError("too long")
                text = data.decode("utf-8")
            except ValueError:
                continue
            print(text, "<-", addr)
            self.sock.sendto(bytes("收到", "utf-8"), addr)


def serve(host, port):
    UdpServer(host, port).run()
