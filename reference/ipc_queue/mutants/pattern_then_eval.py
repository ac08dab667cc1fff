# kills: ipc_queue.evaluate.bad
import re
from multiprocessing import Process, Queue
from threading import Thread


def evaluate(expression):
    if not re.fullmatch(r"[0-9+\-*/(). \t]+", expression):
        raise ValueError(expression)
    try:
        return eval(expression.strip())
    except SyntaxError:
        raise ValueError(expression) from None


def worker(questions: Queue, answers: Queue) -> None:
    for number, expression in iter(questions.get, None):
        try:
            answers.put((number, evaluate(expression)))
        except Exception as error:
            answers.put((number, error))


def ask(questions: Queue, expressions: list[str], workers: int) -> None:
    for question in (*enumerate(expressions), *[None] * workers):
        questions.put(question)


def calculate(expressions: list[str], workers: int = 2) -> list:
    questions, answers = Queue(5), Queue()
    processes = [Process(target=worker, args=(questions, answers)) for _ in range(workers)]
    for process in processes:
        process.start()
    asking = Thread(target=ask, args=(questions, expressions, workers))
    asking.start()
    found = dict(answers.get() for _ in expressions)
    asking.join()
    for process in processes:
        process.join()
    return [found[i] for i in range(len(expressions))]
