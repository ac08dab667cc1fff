import queue
import socket
import threading


class Client:
    def __init__(self, host, port):
        self.server = host, port
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind(("", 0))
        self.answers = queue.Queue()
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            data, sender = self.sock.recvfrom(1025)
            if sender == self.server and len(data) < 1025:
                try:
                    self.answers.put(data.decode("utf-8"))
                except UnicodeDecodeError:
                    pass

    def ask(self, text):
        while not self.answers.empty():
            self.answers.get_nowait()
        for attempt in range(3):
            self.sock.sendto(text.encode("utf-8"), self.server)
            try:
                return self.answers.get(timeout=1)
            except queue.Empty:
                print("没有回复……")
        raise TimeoutError("三次都没有回复")


def chat(host, port):
    client = Client(host, port)
    while True:
        try:
            text = input("我: ")
        except EOFError:
            return None
        if text.lower() == "q":
            return None
        answer = client.ask(text)
        print("对方:", answer)
        if answer.lower() == "q":
            return None
