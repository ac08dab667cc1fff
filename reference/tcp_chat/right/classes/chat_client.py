import socket


class Over(Exception):
    """The chat has come to its end."""


class Partner:
    def __init__(self, host, port):
        self.sock = socket.socket()
        self.sock.connect((host, port))
        self.file = self.sock.makefile("rwb", buffering=0)

    def hear(self):
        data = self.file.read(1024)
        if not data:
            raise ConnectionError("the server has gone")
        return self.checked(data.decode("utf-8"))

    def say(self, text):
        self.file.write(text.encode("utf-8"))
        self.checked(text)

    def checked(self, text):
        if text.lower() == "q":
            raise Over
        return text

    def close(self):
        self.file.close()
        self.sock.close()


def ask():
    text = ""
    while not 0 < len(text.encode("utf-8")) <= 1024:
        text = input("me: ")
    return text


def chat(host, port):
    partner = Partner(host, port)
    try:
        while True:
            print("server:", partner.hear())
            partner.say(ask())
    except (Over, EOFError):
        return
    finally:
        partner.close()
