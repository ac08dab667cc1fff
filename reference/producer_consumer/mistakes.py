"""The known mistakes of `producer_consumer`, as students made them: what each is, a hint, the wrong code."""

from grader.analysis.process_mistakes import PROCESS_MISTAKES
from grader.analysis.time_outs import TIME_OUT_MISTAKES
from grader.checks import mistake
from grader.model import say

MISTAKES = (
    *PROCESS_MISTAKES,
    *TIME_OUT_MISTAKES,
    # The two functions.
    mistake(
        "counts-from-one",
        say("The first item has the number 1, not 0."),
        say("Where does range begin, and where does i?"),
        'q.put(f"{food}{i + 1}")',
    ),
    mistake(
        "does-not-wait",
        say("The producer does not wait where the queue is full."),
        say("What is the difference between put and put_nowait? What does the item do that finds no room?"),
        "if not q.full():\n    q.put(item)          # and else?",
    ),
    mistake(
        "producer-stays",
        say("The producer has put its items, and does not return."),
        say("What does it wait for, when all of its items have been taken out?"),
        "while True:\n    ...",
    ),
    mistake(
        "falsy-sentinel",
        say("An item that counts as false was taken for the sign of the end: '', 0 and False are items too."),
        say("Which value can no item ever be? Ask for exactly that one."),
        "if not item:\n    break",
    ),
    mistake(
        "ends-too-early",
        say("The consumer went home although there were items in the queue."),
        say("What tells a consumer that nothing more will come?"),
        "for _ in range(3):\n    eaten.append(q.get())",
    ),
    mistake(
        "appends-nothing",
        say("The consumer has returned, and nothing was appended to eaten."),
        say("What is to be done with each item as soon as it is taken? Which method of eaten does that?"),
        "mine.append(item)           # and eaten?",
    ),
    mistake(
        "throws-away",
        say("An item was taken out of the queue, and not eaten."),
        say("Every get takes an item for good. How many of them stand in the loop, and where does each item go?"),
        "while q.get() is not None:\n    eaten.append(q.get())",
    ),
    mistake(
        "strange-item",
        say("Something was eaten that nobody had made."),
        say("What is put into the queue, and what is appended to eaten, must be the item itself."),
        'eaten.append(f"{name} ate {item}")',
    ),
    # The end.
    mistake(
        "sentinel-too-few",
        say("Some consumers heard that nothing more will come, others still wait for it."),
        say("Who takes a None out of the queue has it; the next one needs another. How many consumers are there?"),
        "q.put(None)                # one, for all consumers",
    ),
    mistake(
        "sentinel-too-many",
        say("More ends were said than there are consumers: they are still in the queue."),
        say("How many consumers are there, and how often is the end put?"),
        "for _ in range(100):\n    q.put(None)",
    ),
    mistake(
        "sentinel-early",
        say("The end was said before the last item was in the queue: the consumers had gone when it came."),
        say("When can nothing more come? Who knows that of all producers?"),
        "def producer(...):\n    ...\n    q.put(None)            # but another producer still cooks",
    ),
    mistake(
        "still-on-its-way",
        say("The end was said when all had been put, but some of it was still on its way to the others."),
        say("put hands the item to a thread of its process. When is it certain that this thread has done its work?"),
        "q.put(item)\nwith left.get_lock():\n    left.value -= 1    # the last one to come here says the end",
    ),
    mistake(
        "end-never-said",
        say("All items are eaten, and the consumers wait for ever: nobody tells them that there will be no more."),
        say("A queue that is empty may be filled again at any time. What could you put into it to say: that was all?"),
        "while True:\n    eaten.append(q.get())   # and then?",
    ),
    mistake(
        "sentinel-eaten",
        say("The sign of the end lies on a plate: a consumer ate it."),
        say("Look at an item before it is appended."),
        "item = q.get()\neaten.append(item)\nif item is None:\n    break",
    ),
    mistake(
        "empty-is-no-end",
        say("An empty queue was taken for the end: a producer was only slower than the consumer."),
        say("empty() and qsize() tell how it was a moment ago. That nothing more will come must be said."),
        "while not q.empty():\n    eaten.append(q.get())",
    ),
    mistake(
        "task-done-early",
        say("An item was reported as done before it was eaten: q.join() did not wait for it."),
        say("What does task_done say to the one who waits in q.join()? When is it true?"),
        "item = q.get()\nq.task_done()\neaten.append(item)",
    ),
    mistake(
        "waits-for-nobody",
        say("All processes of yours have ended, and run still waits for something from them."),
        say("What does run wait for, and who would have to put it?"),
        "for _ in range(total):\n    results.get()",
    ),
    mistake(
        "dies-on-the-way",
        say("A process died of an exception before it had done its part."),
        say("put_nowait and get_nowait raise. Who may have come in between since you asked whether there is room?"),
        "while q.full():\n    time.sleep(0.01)\nq.put_nowait(item)   # another producer was faster",
    ),
    mistake(
        "waits-for-the-dead",
        say("A producer died of an exception, and somebody waits for ever for the items that it has not put."),
        say("Who says that nothing more will come, if the one who should say it is dead?"),
        "while len(eaten) < n * len(producers):\n    eaten.append(q.get())",
    ),
    mistake(
        "hangs-when-empty",
        say("Where nothing is cooked, somebody waits for ever."),
        say("Does every consumer hear of the end, also one that never got an item?"),
        "while True:\n    item = q.get()\n    if item == last:\n        break",
    ),
    # The queue.
    mistake(
        "unbounded-queue",
        say("The queue takes any number of items: a fast producer fills the memory while nobody eats."),
        say("How does a queue know how many it may hold?"),
        "q = Queue()",
    ),
    mistake(
        "not-ten",
        say("The queue is bounded, but does not hold ten."),
        say("Read the exercise again: how many may wait?"),
        "q = Queue(100)",
    ),
    mistake(
        "consumers-too-late",
        say("No consumer was started while the producers waited before a full queue."),
        say("A producer ends when all its items are in the queue, which holds ten. Who makes room?"),
        "for p in producers:\n    p.start()\nfor p in producers:\n    p.join()\nfor c in consumers:\n    c.start()",
    ),
    mistake(
        "stands-still",
        say("Everybody waits for somebody else, and nobody moves any more."),
        say("Who waits for room, who for an item, and who was to bring it?"),
        "q.join()                   # and nobody calls task_done",
    ),
    # What is returned.
    mistake(
        "list-not-shared",
        say("The plates came back empty: a child fills a list of its own, which the main process never sees."),
        say("Processes share no memory. What brings a child's list back to its parent?"),
        "eaten = []\nProcess(target=consumer, args=(q, name, eaten)).start()",
    ),
    mistake(
        "plates-lost",
        say("Everything was eaten, but some of what the consumers told got lost on the way to run."),
        say("Who adds a plate to what all share: is that one step, or is it reading, changing and writing back?"),
        "eaten = shared['eaten']\neaten[name] = plate\nshared['eaten'] = eaten   # another one has read the same dict",
    ),
    mistake(
        "items-missing",
        say("Some of the items that were made were eaten by nobody."),
        say("Where is an item between put and append, and what may end the one who holds it?"),
        "consumer.terminate()",
    ),
    mistake(
        "terminated-too-early",
        say("A consumer was terminated with an item in its hands, or with items still under way to it."),
        say("How do you know that a consumer has eaten what it took? An empty queue does not tell."),
        "while not q.empty():\n    pass\nconsumer.terminate()",
    ),
    mistake(
        "eaten-twice",
        say("An item lies on two plates, or twice on one."),
        say("How often is an item put, and how often is it appended?"),
        "q.put(item)\nq.put(item)",
    ),
    mistake(
        "order-lost",
        say("The items of one producer did not stay in the order in which they were made."),
        say("What changes the order between the queue and the end of the list?"),
        "eaten[name] = sorted(plate)",
    ),
    mistake(
        "returns-no-dict",
        say("What was returned is no dict."),
        say("Look at the return type in the stub."),
        "return list(eaten)",
    ),
    mistake(
        "returns-no-lists",
        say("The values of the dict are no lists."),
        say("Look at the return type in the stub. What becomes of a Manager's list when the Manager ends?"),
        "return {name: shared_list}",
    ),
    mistake(
        "wrong-names",
        say("The keys of the dict are not the names of the consumers."),
        say("Also a consumer that has eaten nothing has a plate."),
        "if plate:\n    eaten[name] = plate",
    ),
    mistake(
        "join-before-get",
        say("The consumers were joined before their lists were taken; they end only when all they have put is taken."),
        say("What does a process wait for at its end when it has put something into a queue?"),
        "for c in consumers:\n    c.join()\nreturn dict(meals.get() for _ in consumers)",
    ),
    # Processes.
    mistake(
        "too-few-processes",
        say("Not every producer and every consumer is a process of its own."),
        say("Each of them is a process of its own. Whose code runs in the main process, or in a thread?"),
        "for name, food in producers.items():\n    producer(q, name, food, n)",
    ),
    mistake(
        "never-joined",
        say("run returned while its processes were still there, or had ended without anybody asking."),
        say("Which method of a process waits for its end?"),
        "return eaten               # and the processes?",
    ),
    mistake(
        "nobody-waited",
        say("run returned before the consumers had eaten: nobody waited for them."),
        say("What must be over before the plates are counted? Which call waits for that?"),
        "Process(target=consumer, ..., daemon=True).start()\nreturn eaten",
    ),
    mistake(
        "one-after-another",
        say("A process was waited for before the next one was started, so they worked one after another."),
        say("How many loops do you need if all must be running before anybody waits?"),
        "for p in processes:\n    p.start()\n    p.join()",
    ),
    mistake(
        "depends-on-luck",
        say("In another order of events, items are lost or come twice."),
        say("Two processes did something at the same time. What do they share?"),
        "total.value += 1",
    ),
)
