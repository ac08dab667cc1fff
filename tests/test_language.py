"""Everything that is said to people can be said in Chinese."""

import re
from pathlib import Path

import polib
import pytest

from grader.report.language import FIELD
from tests.support.messages import Message, messages

ROOT = Path(__file__).parents[1]
OWN = ROOT / "grader/locale/zh.po"
SLUGS = sorted(p.parent.name for p in ROOT.glob("reference/*/checks.py"))


def said(*sources: Path) -> list[Message]:
    return [m for path in sources for m in messages(path)]


def said_by_grader() -> list[Message]:
    return said(*sorted((ROOT / "grader").rglob("*.py")))


def said_by_exercise(slug: str) -> list[Message]:
    return said(*sorted((ROOT / "reference" / slug).glob("*.py")))


def catalogue(path: Path) -> polib.POFile:
    return polib.pofile(str(path), check_for_duplicates=True) if path.exists() else polib.POFile()


def wanted(sayings: list[Message]) -> set[str]:
    return {m.template for m in sayings if m.template}


def fields(template: str) -> set[str]:
    return {name for name in FIELD.findall(template) if name}


def all_messages() -> list[Message]:
    return [*said_by_grader(), *(m for slug in SLUGS for m in said_by_exercise(slug))]


def catalogues() -> list[Path]:
    return [OWN, *(p for slug in SLUGS if (p := ROOT / "reference" / slug / "zh.po").exists())]


def test_every_template_is_literal() -> None:
    assert [m.where for m in all_messages() if m.template is None] == []


def test_templates_have_plain_fields_and_every_field_a_value() -> None:
    """A template without any value is filled in later."""
    odd = [
        m.where
        for m in all_messages()
        if m.template and (re.search(r"[{}]", FIELD.sub("", m.template)) or (m.names and m.names != fields(m.template)))
    ]
    assert odd == []


def test_grader_is_translated() -> None:
    known = {e.msgid for e in catalogue(OWN) if e.translated()}
    assert sorted(wanted(said_by_grader()) - known) == []


@pytest.mark.parametrize("slug", SLUGS)
def test_exercise_is_translated(slug: str) -> None:
    files = OWN, ROOT / "reference" / slug / "zh.po"
    known = {e.msgid for f in files for e in catalogue(f) if e.translated()}
    assert sorted(wanted(said_by_exercise(slug)) - known) == []


def test_nothing_is_translated_that_nobody_says() -> None:
    spare = {e.msgid for e in catalogue(OWN)} - wanted(said_by_grader())
    for slug in SLUGS:
        spare |= {e.msgid for e in catalogue(ROOT / "reference" / slug / "zh.po")} - wanted(said_by_exercise(slug))
    assert sorted(spare) == []


@pytest.mark.parametrize("path", catalogues(), ids=lambda p: str(p.relative_to(ROOT)))
def test_translations_are_whole(path: Path) -> None:
    """Nothing fuzzy, obsolete or empty; the same fields as the English."""
    bad = [
        e.msgid for e in catalogue(path) if e.fuzzy or e.obsolete or not e.msgstr or fields(e.msgid) != fields(e.msgstr)
    ]
    assert bad == []
