"""An event loop waits for the processes; the last function leaves the waiting to a thread."""

import asyncio
import threading
from multiprocessing import Process


async def _end(process):
    loop = asyncio.get_running_loop()
    ended = loop.create_future()
    loop.add_reader(process.sentinel, lambda: ended.done() or ended.set_result(None))
    try:
        await ended
    finally:
        loop.remove_reader(process.sentinel)
    process.join()
    return process.exitcode


def _start(jobs):
    processes = [Process(target=job) for job in jobs]
    [process.start() for process in processes]
    return processes


async def _stop(process):
    process.terminate()
    try:
        await asyncio.wait_for(_end(process), 0.6)
    except asyncio.TimeoutError:
        process.kill()
        await _end(process)


def run_all(jobs):
    async def main():
        return list(await asyncio.gather(*map(_end, _start(jobs))))

    return asyncio.run(main())


def run_in_order(jobs):
    async def main():
        return [await _end(*_start([job])) for job in jobs]

    return asyncio.run(main())


def run_first(jobs):
    async def main():
        processes = _start(jobs)
        tasks = [asyncio.ensure_future(_end(process)) for process in processes]
        done, left = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await asyncio.gather(*(_stop(p) for p, task in zip(processes, tasks) if task in left))
        return tasks.index(done.pop())

    return asyncio.run(main())


def run_with_deadline(job, seconds):
    async def main():
        (process,) = _start([job])
        try:
            return await asyncio.wait_for(_end(process), seconds)
        except asyncio.TimeoutError:
            await _stop(process)

    return asyncio.run(main())


def main_ends_first(jobs):
    threading.Thread(target=run_all, args=(jobs,)).start()
