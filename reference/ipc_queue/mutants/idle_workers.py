# kills: ipc_queue.queue.workers
import ast
import operator
from multiprocessing import Process, Queue
from threading import Thread


OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def evaluate(expression):
    try:
        return value_of(ast.parse(expression.strip(), mode="eval").body)
    except (SyntaxError, RecursionError, MemoryError):
        raise ValueError(expression[:50]) from None


def value_of(node):
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -value_of(node.operand)
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return OPERATORS[type(node.op)](value_of(node.left), value_of(node.right))
    raise ValueError("not allowed")


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
    t = Thread(target=ask, args=(questions, [], workers))
    t.start()
    found = {}
    for i, e in enumerate(expressions):
        try:
            found[i] = evaluate(e)
        except Exception as error:
            found[i] = error
    t.join()
    for p in processes:
        p.join()
    return [found[i] for i in range(len(expressions))]
