import os
import time
import multiprocessing as mp


def xintiao(path, interval):
    # 心跳：每隔一会儿写一行
    while 1:
        f = open(path, "a")
        f.write("is alive" + "\n")
        f.flush()
        f.close()
        start = time.monotonic()
        while time.monotonic() - start < interval:
            time.sleep(interval / 4)


def run(path, interval, work):
    p = mp.Process(target=xintiao, args=(path, interval))
    p.daemon = True
    p.start()
    print("主进程", os.getpid(), "守护进程", p.pid)
    work()
    print("主进程代码结束")


def stop(process):
    process.terminate()
    process.join()
    zhuangtai = process.is_alive()
    print(zhuangtai)
    return zhuangtai


def run_with_sibling(path, interval, work, sibling):
    p2 = mp.Process(target=sibling)
    p1 = mp.Process(target=xintiao, args=(path, interval))
    p1.daemon = True
    p1.start()
    p2.start()
    work()
