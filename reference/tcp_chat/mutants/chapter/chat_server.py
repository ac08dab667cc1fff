# kills: tcp_chat.server.empty-line, tcp_chat.server.hears-q, tcp_chat.server.client-leaves, tcp_chat.server.leaves-while-asked, tcp_chat.server.reset, tcp_chat.listen.restart, tcp_chat.client.empty-line, tcp_chat.client.hears-q, tcp_chat.client.server-leaves
import socket


def serve(host, port):
    sk = socket.socket()
    sk.bind((host, port))
    sk.listen()
    while True:
        conn, addr = sk.accept()
        while True:
            msg = input(">>>")
            conn.send(msg.encode("utf-8"))
            if msg.upper() == "Q":
                break
            content = conn.recv(1024).decode("utf-8")
            print(content)
        conn.close()
    sk.close()
