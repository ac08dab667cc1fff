"""Is one program another one with new names? Pure. Layer 1.

The *form* of a program is what is left of its tokens without comments, docstrings and layout, each name replaced by the
number of the name's first appearance. Rule 1: a form says nothing about a verdict and costs nobody a point; it tells a
person where to look. Rule 2: the source is read as tokens and never parsed or run, so that none of it can do anything.
Rule 3: what is short has no form, because short programs are alike by nature.
"""

from __future__ import annotations

import hashlib
import io
import keyword
import tokenize
from collections.abc import Iterator, Mapping

LEAST = 150  # tokens
UNSEEN = (tokenize.ENCODING, tokenize.COMMENT, tokenize.NL, tokenize.ENDMARKER)
LAYOUT = (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)


def form(modules: Mapping[str, bytes]) -> str:
    """The form of a submission's modules as a sha256; "" where one is no Python, or all of it is too short."""
    names: dict[str, str] = {}
    try:
        words = [word for _, source in sorted(modules.items()) for word in _words(source, names)]
    except (tokenize.TokenError, SyntaxError, ValueError):
        return ""
    return hashlib.sha256("\n".join(words).encode()).hexdigest() if len(words) >= LEAST else ""


def _words(source: bytes, names: dict[str, str]) -> Iterator[str]:
    line_begins = True
    for token in tokenize.tokenize(io.BytesIO(source).readline):
        if token.type in UNSEEN or (token.type == tokenize.STRING and line_begins):
            continue
        if token.type == tokenize.NAME and not keyword.iskeyword(token.string):
            yield names.setdefault(token.string, f"name {len(names)}")
        elif token.type == tokenize.STRING and "f" in token.string.partition(token.string[-1])[0].lower():
            yield "f-string"  # one token until Python 3.12, with all its names in it
        elif token.type not in LAYOUT:
            yield token.string
        elif not line_begins or token.type != tokenize.NEWLINE:
            yield tokenize.tok_name[token.type]
        line_begins = token.type in LAYOUT
