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
    for question in iter(questions.get, None):
        i, expression = question
        try:
            answers.put((i, evaluate(expression)))
        except Exception as e:
            answers.put((i, e))
    questions.put(None)


def calculate(expressions, workers=2):
    questions, answers = Queue(5), Queue()
    processes = [Process(target=worker, args=(questions, answers)) for _ in range(workers)]
    for p in processes:
        p.start()
    results = [None] * len(expressions)
    under_way = 0
    for i, expression in enumerate(expressions):
        while under_way >= 4:
            place, answer = answers.get()
            results[place] = answer
            under_way -= 1
        questions.put((i, expression))
        under_way += 1
    questions.put(None)
    for _ in range(under_way):
        place, answer = answers.get()
        results[place] = answer
    for p in processes:
        p.join()
    return results
