import json
import tempfile
import os
import multiprocessing


class Shop:
    def __init__(self, path):
        self.path = path

    def read(self):
        with open(self.path) as file:
            return json.load(file)

    def write(self, data):
        handle, name = tempfile.mkstemp(dir=os.path.dirname(self.path) or ".")
        with os.fdopen(handle, "w") as file:
            json.dump(data, file)
        os.replace(name, self.path)


def search_ticket(user, path):
    return Shop(path).read()["count"]


def buy_ticket(user, path, lock):
    shop = Shop(path)
    with lock:
        data = shop.read()
        if not data["count"]:
            return False
        data["count"] -= 1
        shop.write(data)
    return True


class Customer(multiprocessing.Process):
    def __init__(self, user, path, lock, box):
        super().__init__(name=user)
        self.path, self.lock, self.box = path, lock, box

    def run(self):
        print(self.name, "looks:", search_ticket(self.name, self.path))
        if buy_ticket(self.name, self.path, self.lock):
            self.box.append(self.name)


def sell(users, path):
    with multiprocessing.Manager() as manager:
        box, lock = manager.list(), multiprocessing.RLock()
        customers = [Customer(u, path, lock, box) for u in users]
        [c.start() for c in customers]
        [c.join() for c in customers]
        return list(box)
