"""生产者消费者 / Producers and consumers. README.md 画出了厨房：谁放，谁取，什么时候收工。

厨师把做好的放进一个队列，客人从里面取。队列只放得下 10 份：满了厨师等，空了客人等。
Cooks put what they make into a queue, guests take it out. It holds ten: full, the cooks wait; empty, the guests wait.
"""


def producer(q, name: str, food: str, n: int) -> None:
    """把 f"{food}{i}"（i 从 0 到 n-1）按顺序放进队列 q；满了就等。name 是生产者的名字。

    Put f"{food}{i}" for i from 0 to n-1 into the queue q, in order; wait while it is full. name: the producer's name.
    """
    raise NotImplementedError


def consumer(q, name: str, eaten) -> None:
    """从队列 q 里一份一份地取，每取一份就 eaten.append(item)，直到不会再有为止。怎么得知由你决定。

    空字符串、0、False 也是一份：它们不是结束的标志。

    Take one item after another out of the queue q and call eaten.append(item) for each, until there will be no more.
    How it learns of that is up to you. '', 0 and False are items too, and no sign of the end.
    """
    raise NotImplementedError


def run(producers: dict[str, str], consumers: list[str], n: int) -> dict[str, list[str]]:
    """开工：每个生产者（名字 → 做什么）、每个消费者（名字）各是一个进程，中间是一个放得下 10 份的队列。

    每份恰好被吃一次。返回：消费者的名字 → 它吃的东西，按吃的先后。返回时没有进程留下。

    A process for each producer (name → food) and each consumer (name), and between them a queue that holds ten. Each
    item is eaten exactly once. Return consumer's name → what it ate, in its order. No process is left at the end.
    """
    # TODO: 谁来告诉消费者不会再有了？什么时候说？/ who tells the consumers that there will be no more, and when?
    # TODO: 子进程里的列表，主进程看不见 / a list that a child fills stays empty in the main process
    raise NotImplementedError
