"""The page that a text report is written on: language, width, encoding, and lines with style. Layer 3.

Rule 1: whatever a submission may have chosen passes through `Page.say` or `Page.raw`, which escape it. Rule 2: lines
are made of rich's Text, never of markup, so nothing in them is interpreted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text as Line

from grader.model import Text
from grader.report import escape
from grader.report.language import Language
from grader.report.layout import apart, fit, pad, widest, wrap

if TYPE_CHECKING:
    from rich.console import Console

WIDEST, NARROWEST = 100, 40
RAW_SIZE = 200
BAR = "  │ "


@dataclass(frozen=True, slots=True)
class Page:
    """How and for whom to write. traces: the folder that traces lie in, as the reader would type it; "" for none."""

    language: Language
    width: int = 80
    encoding: str = "utf-8"
    verbose: bool = False
    traces: str = ""

    def fit(self, s: str) -> str:
        """Our own words or what is escaped already, in characters that the output has."""
        return fit(s, self.encoding)

    def say(self, text: Text) -> str:
        return self.fit(self.language.say(text))

    def joined(self, texts: Iterable[Text]) -> str:
        return self.fit(" · ".join(map(self.language.say, texts)))

    def raw(self, s: str) -> str:
        """A name, a place, a command: on one line, escaped."""
        return self.fit(escape.line(s, RAW_SIZE))

    def title(self, by_language: Mapping[str, str]) -> str:
        return self.fit(self.language.pick(by_language))

    def marked(self, sign: str, colour: str, text: str, right: str = "", style: str = "") -> Iterator[Line]:
        """`✔ text … right`, the text hanging."""
        for i, part in enumerate(apart(text, right, self.width - 2)):
            yield Line.assemble((self.fit(sign) + " " if not i else "  ", colour), (part, style))

    def paragraph(self, text: str, style: str = "", indent: str = "") -> Iterator[Line]:
        for part in wrap(text, self.width - len(indent)):
            yield Line.assemble(indent, (part, style))

    def detail(self, label: str = "", text: str = "", style: str = "") -> Iterator[Line]:
        """`│ label text`, the text hanging."""
        indent = widest([label])
        for i, part in enumerate(wrap(text, self.width - len(BAR) - indent)):
            head = label if not i else pad("", indent)
            line = Line.assemble((self.fit(BAR) + head, "dim"), (part, style))
            line.rstrip()
            yield line


def page_for(console: Console, language: Language, *, verbose: bool = False, traces: str = "") -> Page:
    width = min(max(console.width, NARROWEST), WIDEST)
    return Page(language, width, console.encoding, verbose, traces)


def plain(lines: Iterable[Line]) -> str:
    """For a log or a file without colours."""
    return "".join(f"{line.plain}\n" for line in lines)


def put(console: Console, lines: Iterable[Line]) -> None:
    for line in lines:
        console.print(line, soft_wrap=True, highlight=False)
