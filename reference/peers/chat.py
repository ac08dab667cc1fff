"""A chat partner on the wire and the person at the student's terminal, who act a script of turns between them.

A script is a list of lines, said by the two sides in turn. The line of the student's side is typed when their program
asks for one, and is then awaited on the wire; our side's line is sent. A line that is no message (empty, too long) is
typed all the same, and the turn stays: the program has to ask again.
"""

from __future__ import annotations

from grader.instrument import Connection, Run, Stage

LIMIT = 1024  # bytes of a message
BEYOND = 4096  # bytes that are read after what should be the end


class Chat:
    """One conversation of the student's program. opens: its side speaks first. theirs: it is its turn."""

    def __init__(self, run: Run, wire: Connection, *, opens: bool) -> None:
        self.run, self.wire = run, wire
        self.theirs = opens

    def play(self, *script: str) -> None:
        for line in script:
            if self.theirs:
                self.type(line)
            else:
                self.say(line.encode())

    def type(self, line: str) -> bool:
        """The person says a line. False: the program never asked for it."""
        self.wire.look()
        typed = self.run.console.type(line)
        if typed and is_message(line):
            self.wire.receive(len(line.encode()))
            self.wire.look()
            self.theirs = False
        return typed

    def say(self, message: bytes) -> None:
        """Our side says something, and the program reads it."""
        self.wire.send(message)
        self.wire.drained()
        self.theirs = True

    def hangs_up(self) -> None:
        """Waits until the student's side ends the conversation; where it does not, looks whether it asks for a line."""
        self.wire.receive_to_end(BEYOND)
        if self.wire.alive:
            self.run.console.asks()

    def exits(self) -> None:
        """Waits until the student's program ends; where it does not, looks whether it asks for a line."""
        if not self.run.wait():
            self.run.console.asks()


def is_message(line: str) -> bool:
    return 1 <= len(line.encode()) <= LIMIT


def call(stage: Stage, entry: str, name: str = "a") -> Chat:
    """Starts the student's client at a terminal, with our side for a server, which speaks first."""
    listener = stage.listen()
    run = stage.start(entry, [*listener.address], name=name, tty=True)
    return Chat(run, listener.accept(name, run), opens=False)


def find_served(stage: Stage, chat: Chat, *script: str) -> None:
    """Types lines until one of them reaches this client: those before may still be for one who has left."""
    for line in script:
        if not chat.run.console.type(line):
            return
        stage.until(lambda: _arrived(chat) or chat.run.console.waits(), "bytes", chat.run, polling=True)
        if _arrived(chat):
            return


def _arrived(chat: Chat) -> bool:
    chat.wire.look()
    return bool(chat.wire.received) or not chat.wire.alive
