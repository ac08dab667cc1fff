# GBK 终端 中文注释: 自己处理信号, 用 signal.set_wakeup_fd
import selectors, signal, socket
class 停止(Exception): pass
def serve(host, port):
    def 停(*_): raise 停止
    signal.signal(signal.SIGTERM, 停); signal.signal(signal.SIGINT, 停)
    选 = selectors.SelectSelector()
    听 = socket.create_server((host, port), reuse_port=False); 听.setblocking(False)
    选.register(听, selectors.EVENT_READ)
    print('服务器启动', host, port)
    待发 = {}
    完 = set()
    try:
        while True:
            for 键, 事件 in 选.select(0.5):
                s = 键.fileobj
                if s is 听:
                    try: c, 地址 = 听.accept()
                    except OSError: continue
                    print('连接', 地址)
                    c.setblocking(False); 待发[c] = []; 选.register(c, selectors.EVENT_READ); continue
                try:
                    if 事件 & selectors.EVENT_READ:
                        d = s.recv(2048)
                        if d: 待发[s].append(d.upper())
                        else: 完.add(s)
                    while 待发[s]:
                        n = s.send(待发[s][0])
                        if n < len(待发[s][0]): 待发[s][0] = 待发[s][0][n:]; break
                        待发[s].pop(0)
                except BlockingIOError: pass
                except OSError: 待发[s].clear(); 完.add(s)
                if s in 完 and not 待发[s]:
                    选.unregister(s); s.close(); del 待发[s]; 完.discard(s); print('断开')
                    continue
                e = (selectors.EVENT_READ if s not in 完 and len(待发[s]) < 1000 else 0) | (selectors.EVENT_WRITE if 待发[s] else 0)
                选.modify(s, e)
    except 停止:
        print('再见')
