# kills: ipc_queue.evaluate.values
import ast
import operator
from multiprocessing import Process, Queue
from threading import Thread
import re


def evaluate(expression):
    text = expression.replace(" ", "").replace("\t", "")
    while "(" in text:
        inner = re.search(r"\(([^()]*)\)", text)
        if not inner:
            raise ValueError(expression)
        text = text[: inner.start()] + str(evaluate(inner[1])) + text[inner.end() :]
    parts = re.findall(r"(?:^|(?<=[-+*/]))-?\d+\.?\d*(?:e-?\d+)?|[-+*/]", text)
    if "".join(parts) != text or not parts:
        raise ValueError(expression)
    value = float(parts[0]) if "." in parts[0] else int(parts[0])
    for sign, number in zip(parts[1::2], parts[2::2]):
        number = float(number) if "." in number else int(number)
        value = {"+": value + number, "-": value - number, "*": value * number}.get(sign, value / (number or 1))
    return value


def worker(questions, answers):
    while True:
        question = questions.get()
        if question is None:
            break
        i, expression = question
        try:
            answers.put((i, evaluate(expression)))
        except Exception as e:
            answers.put((i, e))


def ask(questions, expressions, workers):
    for i, expression in enumerate(expressions):
        questions.put((i, expression))
    for _ in range(workers):
        questions.put(None)


def calculate(expressions, workers=2):
    questions, answers = Queue(5), Queue()
    processes = [Process(target=worker, args=(questions, answers)) for _ in range(workers)]
    for p in processes:
        p.start()
    t = Thread(target=ask, args=(questions, expressions, workers))
    t.start()
    found = {}
    for _ in expressions:
        i, answer = answers.get()
        found[i] = answer
    t.join()
    for p in processes:
        p.join()
    return [found[i] for i in range(len(expressions))]
