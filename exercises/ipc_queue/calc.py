"""进程间通信 / Talking through a queue. README.md 画出了问题和答案怎么走。

主进程把算式放进一个队列，几个 worker 进程取出来算，把答案放进另一个队列。
The main process puts expressions into one queue, workers take them, work them out and put the answers into another.
"""


def evaluate(expression: str) -> int | float:
    """算出算式的值：数、+ - * / ( ) 和一元负号。别的一律 ValueError；除以零是 ZeroDivisionError。

    不能用 eval：它会执行任何代码。

    The value of an expression of numbers, + - * / ( ) and unary minus. Anything else is a ValueError; a division by
    zero is a ZeroDivisionError. eval would run any code: it must not be used.
    """
    raise NotImplementedError


def worker(questions, answers) -> None:
    """一个 worker 进程做的事：从 questions 取题，把答案放进 answers，直到没有题为止。怎么约定由你决定。

    What a worker process does: take questions, put answers, until there are no more. How they agree on that is up to
    you.
    """
    raise NotImplementedError


def calculate(expressions: list[str], workers: int = 2) -> list:
    """用 workers 个进程算出所有算式，题目经过一个 Queue(5)。答案按提问的顺序返回；算不出来的，原位放那个异常对象。

    返回时没有进程留下。

    Work out all expressions in `workers` processes; the questions go through a Queue(5). Return the answers in the
    order asked, an exception object in the place of one that could not be worked out. No process is left at the end.
    """
    # TODO: 队列只放得下 5 题：谁在放题的时候，谁在收答案？ / the queue holds five: who takes answers meanwhile?
    raise NotImplementedError
