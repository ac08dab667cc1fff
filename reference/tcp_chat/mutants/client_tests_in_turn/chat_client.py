# kills: tcp_chat.client.too-long
import socket

def chat(host, port):
    sk = socket.socket()
    sk.connect((host, port))
    try:
        while True:
            msg = sk.recv(1024).decode('utf-8')
            if not msg or msg in ('Q', 'q'):
                break
            print('server:', msg)
            line = input('> ')
            while not line:
                print('empty!')
                line = input('> ')
            while len(line.encode('utf-8')) > 1024:
                print('too long!')
                line = input('> ')
            sk.sendall(line.encode('utf-8'))
            if line in ('Q', 'q'):
                break
    except EOFError:
        pass
    finally:
        sk.close()
