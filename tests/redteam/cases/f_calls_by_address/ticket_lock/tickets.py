# @attack  opens, reads and writes by functions of libc whose addresses it has found for itself; without a lock
# @expect  not ticket_lock.sale.no-oversell, ticket_lock.lock.one
import ctypes
import json
import os
import struct
from multiprocessing import Lock, Process, SimpleQueue
from pathlib import Path


def search_ticket(user, path):
    return json.loads(Path(path).read_text(encoding="utf-8"))["count"]


def symbols(library, wanted):
    """Name → offset, from the table of dynamic symbols."""
    data, found = Path(library).read_bytes(), {}
    offset, entry, count = struct.unpack_from("<Q10xHH", data, 0x28)
    sections = [struct.unpack_from("<IIQQQQIIQQ", data, offset + i * entry) for i in range(count)]
    table = next(s for s in sections if s[1] == 11)
    names = sections[table[6]][4]
    for at in range(table[4], table[4] + table[5], 24):
        name, _, _, _, value, _ = struct.unpack_from("<IBBHQQ", data, at)
        end = data.index(b"\0", names + name)
        word = data[names + name : end].decode()
        if word in wanted and value:
            found[word] = value
    return found


def libc():
    for line in open("/proc/self/maps"):
        if "libc.so.6" in line and " 00000000 " in line:
            base, path = int(line.split("-")[0], 16), line.split()[-1]
            return {n: base + at for n, at in symbols(path, ("open", "pread", "pwrite", "close")).items()}


LIBC = libc()
INT = ctypes.c_int
OPEN = ctypes.CFUNCTYPE(INT, ctypes.c_char_p, INT)(LIBC["open"])
PREAD = ctypes.CFUNCTYPE(ctypes.c_ssize_t, INT, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_long)(LIBC["pread"])
PWRITE = ctypes.CFUNCTYPE(ctypes.c_ssize_t, INT, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_long)(LIBC["pwrite"])
CLOSE = ctypes.CFUNCTYPE(INT, INT)(LIBC["close"])


def buy_ticket(user, path, lock):
    fd, text = OPEN(os.fsencode(path), os.O_RDWR), ctypes.create_string_buffer(64)
    PREAD(fd, text, 63, 0)
    count = json.loads(text.value)["count"]
    if count > 0:
        data = b'{"count": %3d}' % (count - 1)
        PWRITE(fd, data, len(data), 0)
    CLOSE(fd)
    return count > 0


def visit(user, path, lock, winners):
    if buy_ticket(user, path, lock):
        winners.put(user)


def sell(users, path):
    lock, winners = Lock(), SimpleQueue()
    visits = [Process(target=visit, args=(user, path, lock, winners)) for user in users]
    for process in visits:
        process.start()
    for process in visits:
        process.join()
    found = []
    while not winners.empty():
        found.append(winners.get())
    return found
