"""Slips of a beginner's Python, whatever the program is for: which one an exception speaks of. Layer 1, pure.

An exercise whose MISTAKES hold these names them before any mistake of its own: a program that mixes str and bytes has
not misunderstood the protocol.
"""

from __future__ import annotations

import re

from grader.checks import mistake
from grader.model import Raised, say

OWN = ("TypeError", "AttributeError", "NameError", "ImportError", "SyntaxError")  # they say nothing of the other side
SIGNS = (
    ("bytes-and-str", r"bytes-like object is required|bytes-like object, not 'str'|concatenate str \(not \"bytes\"\)"),
    ("bytes-and-str", r"can't concat str to bytes|'str' object has no attribute 'decode'|without an encoding"),
    ("bytes-and-str", r"'bytes' object has no attribute 'encode'|must be (str|bytes)\b.*, not (str|bytes)\b"),
    ("tuple-for-value", r"'tuple'|\bnot tuple\b"),
    ("address-in-two", r"(bind|connect)\(\) takes exactly one argument \(2 given\)"),
)


def slip(raised: Raised | None) -> str | None:
    """The code of the slip that an exception speaks of; None for one that may have come from outside."""
    if not raised or not set(raised.bases) & set(OWN):
        return None
    if "NameError" in raised.bases:
        return "unknown-name"
    return next((code for code, sign in SIGNS if re.search(sign, raised.message)), "own-exception")


SLIPS = (
    mistake(
        "bytes-and-str",
        say(
            "str and bytes were mixed: a socket and a binary file take and give bytes, input, print and json give str."
        ),
        say("Which of the two stands on each side here? encode makes bytes of a str, decode a str of bytes."),
        "sock.sendall('hello')   # 'hello'.encode()",
    ),
    mistake(
        "tuple-for-value",
        say("A tuple was used where one of its values is meant."),
        say("accept returns a socket and an address, struct.unpack a tuple even of one number. How are they unpacked?"),
        "conn = sock.accept()                    # conn, addr = …\nn = struct.unpack('<i', head)           # (n,) = …",
    ),
    mistake(
        "address-in-two",
        say("bind and connect take one argument, the address: a pair of host and port."),
        say("How many pairs of brackets does that need?"),
        "sock.bind(host, port)   # sock.bind((host, port))",
    ),
    mistake(
        "unknown-name",
        say("A name was used that Python does not know there: misspelt, not imported, or not given a value before."),
        say("Where should this name get its value? Compare the spelling, and look at the imports."),
        "head = struct.pack('<i', n)   # and where is import struct?",
    ),
    mistake(
        "own-exception",
        say("The program stumbled over itself: such an exception comes from a slip in its own code."),
        say("Read the exception's last line, and the line of your code that it names: what is each value there?"),
        "text = None\nprint('got ' + text)",
    ),
)
