"""The known mistakes of `ticket_lock`, as students made them: what each is, a hint, the wrong code."""

from grader.checks import mistake
from grader.model import say

MISTAKES = (
    # Nothing shuts the others out.
    mistake(
        "no-lock",
        say("Nothing keeps two processes from buying at once: no lock is taken, or none that processes share."),
        say("What if another process reads the file just before you write it? Sleeping or looking first is no lock."),
        "data = json.load(open(path))\ndata['count'] -= 1\njson.dump(data, open(path, 'w'))",
    ),
    mistake(
        "lock-per-process",
        say("Every process makes a lock of its own. A lock shuts out only those who use the same one."),
        say("How many locks are there when three users buy? Who makes them?"),
        "def visit(user, path):\n    lock = Lock()\n    with lock:\n        ...",
    ),
    mistake(
        "lock-in-loop",
        say("The processes are given different locks: a lock shuts out only those who use the same one."),
        say("How often is the line with Lock() gone through when three users buy?"),
        "for user in users:\n    Process(target=visit, args=(user, path, Lock())).start()",
    ),
    mistake(
        "lets-two-in",
        say("What is used as a lock lets two processes in at the same time."),
        say("How many may go through a Semaphore(2)? How many may sell at a time?"),
        "lock = Semaphore(2)",
    ),
    mistake(
        "behaves-when-watched",
        say("The program sells rightly while its steps are watched, and wrongly while they are not."),
        say("A program must not ask whether it is looked at."),
        "with lock if is_slow() else nullcontext():\n    ...",
    ),
    # The section is not whole.
    mistake(
        "read-before-lock",
        say("The number was read before the lock was taken: by then somebody else may have sold a ticket."),
        say("What do you know about the file once you have the lock? Only what you have read since."),
        "count = search_ticket(user, path)\nwith lock:\n    write(path, count - 1)",
    ),
    mistake(
        "lock-round-write-only",
        say("Only the writing is locked. Between reading and writing another process may read the same number."),
        say("Which lines must nobody come between? The lock has to be held through all of them."),
        "data = read(path)\nif data['count'] > 0:\n    with lock:\n        write(path, data['count'] - 1)",
    ),
    mistake(
        "write-outside-lock",
        say("The lock is given back before the new number is in the file."),
        say("When may the next process read? Not before the file says what it should."),
        "with lock:\n    data = read(path)\nwrite(path, data['count'] - 1)",
    ),
    mistake(
        "split-critical-section",
        say("The lock is taken for reading and again for writing; in between it is anybody's."),
        say("Two locked parts are not one. What may happen between giving the lock back and taking it again?"),
        "with lock:\n    count = read(path)\nif count:\n    with lock:\n        write(path, count - 1)",
    ),
    mistake(
        "time-out-ignored",
        say("acquire with a time-out came back without the lock, and the section was entered all the same."),
        say("What does acquire return when the time is over?"),
        "lock.acquire(timeout=1)      # may return False\ncount = read(path)",
    ),
    mistake(
        "goes-away",
        say("A user who finds the lock taken goes away without a ticket, though there are some left."),
        say("What does acquire do when somebody else has the lock, and what did you ask it to do?"),
        "if not lock.acquire(block=False):\n    return False",
    ),
    # The lock is never free again.
    mistake(
        "double-acquire",
        say("A process takes a lock that it holds already. A Lock does not know who holds it, so it waits for ever."),
        say("Which function takes the lock, and is it called by one that has taken it?"),
        "lock.acquire()\nbuy_ticket(user, path, lock)   # takes it again\nlock.release()",
    ),
    mistake(
        "release-missing",
        say("A way out of the section does not give the lock back; the next one waits for ever."),
        say("Go through every return, and every line that may raise. What gives the lock back in each case?"),
        "lock.acquire()\nif count == 0:\n    return False       # and the lock?\nlock.release()",
    ),
    mistake(
        "released-twice",
        say("The lock is given back twice: the second time it is no longer held, perhaps by somebody else already."),
        say("Which line gives the lock back when a with block ends?"),
        "with lock:\n    ...\n    lock.release()",
    ),
    mistake(
        "lock-order",
        say("Two processes take two locks in opposite order; each holds what the other waits for."),
        say("In which order does each process take the locks?"),
        "with a:\n    with b: ...\n# elsewhere\nwith b:\n    with a: ...",
    ),
    # The lock is held too long, or by the wrong ones.
    mistake(
        "search-takes-lock",
        say("A search waits for the lock, so nobody can look while somebody buys."),
        say("A search changes nothing. What must a writer do so that a reader never meets half a file?"),
        "def search_ticket(user, path):\n    with LOCK:\n        ...",
    ),
    mistake(
        "lock-held-too-long",
        say("The lock is held while the user still looks: all the others wait outside, for nothing."),
        say("Which lines need to be alone with the file? Take the lock right before the first of them."),
        "with lock:\n    search_ticket(user, path)\n    ...buy...",
    ),
    mistake(
        "search-sees-half-file",
        say("A search met a file that was just being written, and died of it: open(path, 'w') empties the file first."),
        say("Write the new content to another name. Which call of os puts it in place, all at once?"),
        "with open(path, 'w') as f:   # from here on the file is empty\n    json.dump(data, f)",
    ),
    mistake(
        "writes-in-place",
        say("The file is written in place: from open(path, 'w') until the last byte is written, it is not whole."),
        say("Write the new content to another name. Which call of os puts it in place, all at once?"),
        "with open(path, 'w') as f:   # who is killed here leaves an empty file\n    json.dump(data, f)",
    ),
    # Processes.
    mistake(
        "threads-not-processes",
        say("The users are threads of one process; the exercise asks for a process each."),
        say("Which class of which module starts a process?"),
        "threading.Thread(target=visit, args=(user, path, lock)).start()",
    ),
    mistake(
        "no-process",
        say("The users have no processes: their code runs in the process that called sell."),
        say("Which class of which module starts a process?"),
        "return [user for user in users if buy_ticket(user, path, lock)]",
    ),
    mistake(
        "one-after-another",
        say("Each process is waited for before the next is started, so nobody ever buys at the same time."),
        say("start() and join() in one loop: what does the second user wait for?"),
        "for process in visits:\n    process.start()\n    process.join()",
    ),
    mistake(
        "not-joined",
        say("sell returns while its processes still run."),
        say("Which method of a process waits for its end?"),
        "for process in visits:\n    process.start()\nreturn winners    # nobody has waited",
    ),
    mistake(
        "waits-for-the-dead",
        say("A process ended, or died, without having given an answer, and sell waits for that answer for ever."),
        say("How many answers come if one of the processes raises an exception, or gets no ticket?"),
        "for user in users:\n    name = queue.get()   # a process that died has put nothing",
    ),
    # What is said and what is written.
    mistake(
        "sold-out-sold",
        say("A ticket is sold although there is none left."),
        say("What should be looked at before the number goes down?"),
        "data['count'] -= 1           # whatever it was",
    ),
    mistake(
        "winners-lost",
        say("Tickets were sold to users whom sell does not name: their names were lost on the way to it."),
        say("Has everybody ended when the names are read? Who adds one: is that one step, or reading and writing?"),
        "shared['winners'] = shared['winners'] + [user]   # another one has read the same list",
    ),
    mistake(
        "named-without-ticket",
        say("sell names a user to whom no ticket was sold."),
        say("What does buy_ticket return, and how does sell come to know it?"),
        "[u for u, p in visits.items() if p.exitcode == 0]   # whoever found nothing has ended well, too",
    ),
)
