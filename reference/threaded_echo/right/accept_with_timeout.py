import socket
import threading

running = True


def handle_client(client_socket, client_address):
    try:
        while running:
            data = client_socket.recv(2048)
            if not data:
                break
            total = 0
            while total < len(data):
                total += client_socket.send(data[total:])
    except (ConnectionResetError, BrokenPipeError):
        print("[-] connection lost", client_address)
    finally:
        client_socket.close()


def serve(host, port):
    """On Windows Ctrl-C does not interrupt accept, so it wakes up once a second."""
    server_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server_socket.bind((host, port))
    server_socket.listen()
    server_socket.settimeout(1)
    while True:
        try:
            client_socket, client_address = server_socket.accept()
        except socket.timeout:
            continue
        except KeyboardInterrupt:
            break
        client_socket.settimeout(None)
        t = threading.Thread(target=handle_client, args=(client_socket, client_address))
        t.daemon = True
        t.start()
    server_socket.close()
