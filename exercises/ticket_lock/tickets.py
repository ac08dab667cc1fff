"""锁：抢票 / Selling tickets under a lock. README.md 画出了先后顺序 / draws what happens in which order.

每个用户是一个进程，所有进程共用一个文件。读、减一、写回，这三步中间不能有别人插进来。
Every user is a process, all of them share one file. Nobody may come between reading, counting down and writing.
"""

from multiprocessing.synchronize import Lock


def search_ticket(user: str, path: str) -> int:
    """返回 path 里还剩几张票（文件是 JSON：{"count": n}）。不拿锁，也不改文件。

    别人可能正在买票：要么写的人把文件整个换掉，要么读到半个文件时再读一次。

    Return how many tickets are left in path, a JSON file {"count": n}. Takes no lock and changes nothing.
    Somebody may be buying meanwhile: either the writer replaces the file whole, or a half-written one is read again.
    """
    # TODO: 打开文件，读出 count / open the file, read the count
    raise NotImplementedError


def buy_ticket(user: str, path: str, lock: Lock) -> bool:
    """买一张票：有票就把 count 减一写回文件，返回 True；没有票返回 False，文件不变。

    只在读、减一、写回的时候拿着 lock；无论怎样离开这个函数，锁都要还回去。

    Buy one ticket: count down in the file and return True; return False, and leave the file alone, if none is left.
    Hold the lock for reading, counting down and writing only, and give it back on every way out.
    """
    # TODO: 拿锁，读，减一，写回，还锁 / take the lock, read, count down, write, give the lock back
    raise NotImplementedError


def sell(users: list[str], path: str) -> list[str]:
    """让所有用户同时来买：每个用户一个进程，全部进程共用一把锁。返回买到票的用户名，顺序不限。

    返回之前，所有进程都已结束。用户名互不相同。

    Let all users come at once, a process each, with one lock for all. Return the names of those who got a ticket, in
    any order, when all processes have ended. Names are unique.
    """
    # TODO: 造一把锁，启动所有进程，等它们结束 / make one lock, start all processes, wait for them
    raise NotImplementedError
