"""Each worker process has its share of the tasks; threads of asyncio; one child after another."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Process, SimpleQueue, get_context


def run_sync(tasks):
    results = []
    for task in tasks:
        answers = SimpleQueue()
        child = Process(target=tell, args=(answers, [(0, task)]))
        child.start()
        _, value, error = answers.get()
        child.join()
        if error:
            raise error
        results.append(value)
    return results


def run_async(tasks):
    context = get_context()
    processes = [context.Process(target=task, name=f"task-{i}") for i, task in enumerate(tasks)]
    [p.start() for p in processes]
    return processes


def tell(answers, share):
    for i, task in share:
        try:
            answers.put((i, task(), None))
        except Exception as error:
            answers.put((i, None, error))


def run_parallel(tasks, workers):
    answers = SimpleQueue()
    shares = [list(enumerate(tasks))[k::workers] for k in range(workers)]
    processes = [Process(target=tell, args=(answers, share)) for share in shares if share]
    for p in processes:
        p.start()
    got = sorted((answers.get() for _ in tasks), key=lambda answer: answer[0])
    for p in processes:
        p.join()
    for _, _, error in got:
        if error:
            raise error
    return [value for _, value, _ in got]


def run_concurrent(tasks):
    return asyncio.run(together(tasks))


async def together(tasks):
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(len(tasks) or 1) as pool:
        return list(await asyncio.gather(*(loop.run_in_executor(pool, task) for task in tasks)))
