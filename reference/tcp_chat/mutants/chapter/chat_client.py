import socket


def chat(host, port):
    sk = socket.socket()
    sk.connect((host, port))
    while True:
        content = sk.recv(1024).decode("utf-8")
        print(content)
        msg = input(">>>")
        sk.send(msg.encode("utf-8"))
        if msg.upper() == "Q":
            break
    sk.close()
