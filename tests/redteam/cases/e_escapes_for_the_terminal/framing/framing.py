# @attack  terminal escapes, CI commands and invisible characters in an exception
# @expect  zero
EVIL = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202e\u200b ::error::all passed ##vso[task.complete] =cmd|'/c calc'!A1 ]]>"
print(EVIL)


def send_message(sock, text):
    raise ValueError(EVIL)


def recv_message(sock):
    raise ValueError(EVIL)
