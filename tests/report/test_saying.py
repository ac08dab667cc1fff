import gettext
import io

import polib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.model import Text, say
from grader.report.language import VALUE_SIZE, Language, detect, readable
from tests.support.properties import steady


def speaking(entries: dict[str, str]) -> Language:
    po = polib.POFile()
    po.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    po.extend(polib.POEntry(msgid=k, msgstr=v) for k, v in entries.items())
    return Language("zh", [gettext.NullTranslations(), gettext.GNUTranslations(io.BytesIO(po.to_binary()))])


ENGLISH = Language("en")
CHINESE = speaking({"{n} of {m} frames": "{m} 帧中的 {n} 帧", "because {why}": "因为{why}", "lost": "丢失", "x": "{y}"})


def test_says_the_translation_with_the_values() -> None:
    assert CHINESE.say(say("{n} of {m} frames", n=2, m=3)) == "3 帧中的 2 帧"
    assert ENGLISH.say(say("{n} of {m} frames", n=2, m=3)) == "2 of 3 frames"


def test_says_texts_inside_texts() -> None:
    assert CHINESE.say(say("because {why}", why=say("lost"))) == "因为丢失"


def test_does_not_translate_what_a_student_chose() -> None:
    assert CHINESE.say(say("because {why}", why="lost")) == "因为lost"


def test_what_is_not_translated_is_said_in_english() -> None:
    assert CHINESE.say(say("no such {thing}", thing="entry")) == "no such entry"
    assert CHINESE.say(Text("")) == ""


BROKEN = {
    "no value": (Text("{a} and {b}", {"a": 1}), "1 and {b}"),
    "positional": (Text("{} and {0}", {"a": 1}), "{} and {0}"),
    "attribute": (Text("{a.real}", {"a": 1}), "{a.real}"),
    "format": (Text("{a:>9}", {"a": 1}), "{a:>9}"),
    "unclosed": (Text("{a", {"a": 1}), "{a"),
    "doubled": (Text("{{a}} {a}", {"a": 1}), "{a} 1"),
    "without values a template is literal": (Text("{a} {{}}"), "{a} {{}}"),
}


@pytest.mark.parametrize(("text", "expected"), BROKEN.values(), ids=BROKEN)
def test_malformed_templates_come_out_as_they_are(text: Text, expected: str) -> None:
    assert ENGLISH.say(text) == expected


def test_a_translation_with_a_wrong_field_is_said_nevertheless() -> None:
    assert CHINESE.say(say("x", n=1)) == "{y}"


@steady
@given(st.lists(st.sampled_from(["{a}", "{b}", "{{", "}}", "word ", "中文"])), st.integers(), st.text("abc{} "))
def test_fills_in_as_str_does(parts: list[str], a: int, b: str) -> None:
    text = Text("".join(parts), {"a": a, "b": b})
    assert ENGLISH.say(text) == str(text)


def test_values_are_escaped_and_clipped() -> None:
    assert ENGLISH.say(say("got {text}", text="\x1b[2J\n✔ passed")) == r"got \x1b[2J\n✔ passed"
    assert len(ENGLISH.say(say("{text}", text="A" * 50_000_000))) == VALUE_SIZE


def test_commands_to_a_log_cannot_be_put_together_from_two_values() -> None:
    assert not ENGLISH.say(say("{a}:{b}", a=":", b="error::x")).startswith("::error")


def test_picks_the_readers_title_or_any() -> None:
    assert CHINESE.pick({"zh": "粘包", "en": "Framing"}) == "粘包"
    assert CHINESE.pick({"en": "Framing"}) == "Framing"
    assert CHINESE.pick({}) == ""


ENVIRONMENTS = {
    "nothing": ({}, "en"),
    "Chinese desktop": ({"LANG": "zh_CN.UTF-8", "LANGUAGE": "zh_CN:zh"}, "zh"),
    "GBK terminal": ({"LANG": "zh_CN.GBK"}, "zh"),
    "LC_ALL wins": ({"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
    "empty counts as unset": ({"LC_ALL": "", "LC_MESSAGES": "zh_TW", "LANG": "en_US"}, "zh"),
    "LANGUAGE goes before the locale": ({"LANG": "en_US.UTF-8", "LANGUAGE": "zh:en"}, "zh"),
    "first known one": ({"LANG": "de_DE.UTF-8", "LANGUAGE": "de:zh_CN"}, "zh"),
    "another language": ({"LANG": "de_DE.UTF-8"}, "en"),
    "the C locale silences LANGUAGE": ({"LC_ALL": "C", "LANGUAGE": "zh"}, "en"),
    "a container": ({"LANG": "C.UTF-8"}, "en"),
    "Windows": ({"LANG": "Chinese (Simplified)_China.936"}, "zh"),
}


@pytest.mark.parametrize(("env", "expected"), ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_detect(env: dict[str, str], expected: str) -> None:
    assert detect(env) == expected


def test_chinese_is_not_said_where_it_cannot_be_read() -> None:
    assert [readable("zh", e) for e in ("utf-8", "gbk", "ascii", "no-such")] == ["zh", "zh", "en", "en"]
