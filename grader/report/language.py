"""Says a `Text` in the reader's language. Layer 3, pure: catalogues come parsed, not as paths.

The English template is the gettext msgid. Rule 1: a translation may be missing or wrong, a sentence still comes out:
what is not translated is said in English, a field without a value stays as `{name}`. Rule 2: values are data, perhaps
a student's; they are clipped and escaped before they stand in a sentence, and only values that are `Text` are said.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from grader.model import Text
from grader.report import escape

Lang = Literal["zh", "en"]

VALUE_SIZE = 500  # characters of one value; the instrument's own caps are far above what a person reads

FIELD = re.compile(r"\{\{|\}\}|\{(\w+)\}")


class Language:
    """The templates of `catalogues` (the first that knows one wins) for "zh"; none for "en"."""

    def __init__(self, lang: str, catalogues: Sequence[gettext.NullTranslations] = ()) -> None:
        self.lang = lang
        self._catalogues = tuple(catalogues)

    def say(self, text: Text) -> str:
        """The sentence, fit for a terminal; the only control character in it may be a newline of the template."""
        said = self._translated(text.template)
        if text.values:
            said = FIELD.sub(lambda m: self._filled(m, text.values), said)
        return escape.terminal(said, keep="\n")

    def pick(self, by_language: Mapping[str, str]) -> str:
        """The entry of {"zh": …, "en": …} for the reader, or whichever there is."""
        found = by_language.get(self.lang) or next(filter(None, by_language.values()), "")
        return escape.terminal(found)

    def _translated(self, template: str) -> str:
        if template:  # gettext answers "" with the catalogue's header
            for catalogue in self._catalogues:
                if (said := catalogue.gettext(template)) != template:
                    return said
        return template

    def _filled(self, field: re.Match[str], values: Mapping[str, Any]) -> str:
        name = field[1]
        if name is None:
            return field[0][0]
        if name not in values:
            return field[0]
        value = values[name]
        if isinstance(value, Text):
            return self.say(value)
        return escape.line(str(value), VALUE_SIZE)


def detect(env: Mapping[str, str]) -> Lang:
    """The reader's language from the environment, as gettext does it: LANGUAGE counts unless the locale is C."""
    locale = next((env[k] for k in ("LC_ALL", "LC_MESSAGES", "LANG") if env.get(k)), "")
    if locale in ("C", "POSIX"):
        return "en"
    wanted = [*env.get("LANGUAGE", "").split(":"), locale]
    known = (_known(w) for w in wanted)
    return next((k for k in known if k), "en")


def readable(lang: str, encoding: str) -> str:
    """`lang`, or "en" where an output of this encoding cannot show Chinese at all."""
    try:
        "中文".encode(encoding)
    except (UnicodeError, LookupError):
        return "en"
    return lang


def _known(locale: str) -> Lang | None:
    """Windows says "Chinese (Simplified)_China", everybody else "zh_CN.UTF-8"."""
    name = locale.lower()
    if name.startswith(("zh", "chinese")):
        return "zh"
    return "en" if name.startswith("en") else None
