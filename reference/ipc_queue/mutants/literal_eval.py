# kills: ipc_queue.evaluate.values
import ast
import operator
from multiprocessing import Process, Queue
from threading import Thread


def evaluate(expression):
    try:
        return ast.literal_eval(expression.strip())
    except (SyntaxError, ValueError):
        raise ValueError(expression) from None


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
