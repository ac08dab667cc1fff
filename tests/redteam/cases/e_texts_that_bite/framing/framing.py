# @attack  exceptions and values whose texts raise, hang or lie
# @expect  zero
import time


class Bites(Exception):
    def __str__(self):
        raise SystemExit(0)

    __repr__ = __str__


class Sleeps:
    def __repr__(self):
        time.sleep(3600)


def send_message(sock, text):
    raise Bites()


def recv_message(sock):
    return Sleeps()
