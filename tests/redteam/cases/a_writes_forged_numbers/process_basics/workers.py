# @attack  a LineWriter that writes in its parent, in the names of a child that does nothing and of a parent of its choice
# @expect  not process_basics.oop.numbers
import os
from multiprocessing import Process


class LineWriter(Process):
    def __init__(self, path, text):
        super().__init__()
        self.path, self.text = path, text

    def start(self):
        super().start()
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(f"{self.text},{self.pid + 1},{os.getpid()}\n")

    def run(self):
        pass
