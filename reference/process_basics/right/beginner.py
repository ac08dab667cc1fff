# 作业：进程
from multiprocessing import Process, Value
import os


def start_all(target, args_list):
    l = []
    for a in args_list:
        p = Process(target=target, args=a)
        l.append(p)
    for p in l:
        p.start()
        print("启动了", p.name, p.pid)
    return l


class LineWriter(Process):
    def __init__(self, path, text):
        super(LineWriter, self).__init__()
        self.path = path
        self.text = text

    def run(self):
        f = open(self.path, mode="a", encoding="utf-8")
        f.write(self.text)
        f.write(",")
        f.write(str(os.getpid()))
        f.write(",")
        f.write(str(os.getppid()))
        f.write("\n")
        f.close()


def whoami():
    return (os.getpid(), os.getppid())


def add(box, v):
    # 子进程里的 box 是副本
    box[0] = box[0] + 1
    v.value = box[0]


def bump(box):
    v = Value("i", 0)
    p = Process(target=add, args=(box, v))
    p.start()
    p.join()
    return (box[0], v.value)


def stop(process):
    process.terminate()   # 先客气地请它结束
    process.join(1)
    if process.is_alive() == True:
        process.kill()
        process.join()
    return process.is_alive()


if __name__ == "__main__":
    print(whoami())
    print(bump([1]))
