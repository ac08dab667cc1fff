"""Payloads have the size that was asked for; summaries are the same on both sides and for every split."""

from __future__ import annotations

import hashlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.instrument.hearsay import event_of
from grader.model import Returned, Value
from grader.sandbox.agent.student import describe
from grader.wire.payload import ALPHABET, BLOCK, PLAIN, SHOWN, FlowMeter, blocks_of, octets, text, value_of


def heard(x: object) -> Value:
    """The summary that our side gets of a value that a student's function returned."""
    event = event_of({"op": "returned", "run": "a", "call": 0, "value": describe(x)}, 0.0)
    assert isinstance(event, Returned)
    return event.value


# --- sizes -----------------------------------------------------------------------------------------------------------


@given(st.integers(0, 3000), st.integers(), st.sampled_from([PLAIN, ALPHABET, "好", "😀", "aé"]))
def test_a_text_has_exactly_the_size_that_was_asked_for(size, seed, alphabet):
    made = text(random.Random(seed), size, alphabet)
    assert len(made.encode()) == size
    assert made == text(random.Random(seed), size, alphabet)


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 1_048_576])
def test_large_texts_and_octets_too(size):
    assert len(text(random.Random(7), size).encode()) == size
    assert len(octets(random.Random(7), size)) == size


@given(st.integers(0, 10_000), st.integers())
def test_octets_have_exactly_the_size_that_was_asked_for(size, seed):
    assert len(octets(random.Random(seed), size)) == size


def test_a_text_holds_characters_of_every_width():
    assert {len(c.encode()) for c in text(random.Random(7), 4000)} == {1, 2, 3, 4}


# --- summaries -------------------------------------------------------------------------------------------------------

plain = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.characters(categories=["Cs"])
    | st.binary()
    | st.binary().map(bytearray)
    | st.complex_numbers()
    | st.dictionaries(st.integers(), st.text(), max_size=3)
)
values = st.recursive(plain, lambda x: st.lists(x, max_size=4) | st.lists(x, max_size=4).map(tuple), max_leaves=10)


@given(values)
def test_both_sides_sum_up_alike(x):
    ours, theirs = value_of(x), heard(x)
    assert ours.same(theirs)
    assert ours.shown == theirs.shown
    assert all(a.same(b) for a, b in zip(ours.items, theirs.items, strict=True))


@given(st.text(), st.text())
def test_different_texts_are_told_apart(a, b):
    assert value_of(a).same(heard(b)) is (a == b)


def test_kinds_are_told_apart():
    seen = [value_of(x) for x in ("1", b"1", 1, 1.0, True, None, ["1"], ("1",), "", b"", [], 0, {})]
    for i, a in enumerate(seen):
        assert [a.same(b) for b in seen] == [i == j for j in range(len(seen))]


def test_a_value_that_looks_equal_to_all_is_not():
    class Anything(str):
        def __eq__(self, other):
            return True

        __hash__ = str.__hash__

    assert not value_of("x").same(heard(Anything("x")))


@pytest.mark.parametrize("at", [0, 999, 1000, 2999])
def test_every_item_of_a_long_list_counts(at):
    right = [f"answer {i}" for i in range(3000)]
    wrong = [*right[:at], "another", *right[at + 1 :]]
    assert value_of(right).same(heard(right))
    assert not value_of(right).same(heard(wrong))
    assert len(heard(right).items) == 1000, "but not every item is shown"


def test_a_megabyte_costs_a_line():
    value = value_of("好" * 350_000)
    assert value.size == 1_050_000
    assert value.digest == hashlib.sha256(("好" * 350_000).encode()).hexdigest()
    assert len(value.shown) < SHOWN + 20
    assert "350000" in value.shown


class Unprintable:
    def __repr__(self):
        raise SystemExit


def bottomless() -> list[object]:
    deep: list[object] = []
    for _ in range(5000):
        deep = [deep]
    return deep


def circle() -> list[object]:
    around: list[object] = []
    around.append(around)
    return around


@pytest.mark.parametrize("x", [Unprintable(), [Unprintable()], bottomless(), circle()], ids=lambda x: "")
def test_no_value_of_a_student_is_beyond_description(x):
    assert isinstance(heard(x), Value)


# --- flows -----------------------------------------------------------------------------------------------------------


@given(st.binary(max_size=2000), st.integers(1, 200), st.lists(st.integers(1, 3 * BLOCK), min_size=1, max_size=6))
def test_any_split_gives_the_same_blocks(unit, times, steps):
    data = unit * times
    meter, at, i = FlowMeter(), 0, 0
    while at < len(data):
        step = steps[i % len(steps)]
        meter.add(data[at : at + step])
        at, i = at + step, i + 1
    assert (meter.size, meter.head, meter.blocks()) == (len(data), data[:SHOWN], blocks_of(data))


def test_blocks_are_those_of_64_kib():
    data = random.Random(7).randbytes(2 * BLOCK + 5)
    digests = [hashlib.sha256(data[i : i + BLOCK]).hexdigest()[:16] for i in range(0, len(data), BLOCK)]
    assert blocks_of(data) == tuple(digests)
    assert blocks_of(data[:BLOCK]) == tuple(digests[:1])
    assert blocks_of(b"") == ()


@pytest.mark.parametrize("at", [0, BLOCK - 1, BLOCK, 2 * BLOCK])
def test_one_wrong_byte_shows_in_its_block(at):
    data = bytearray(random.Random(7).randbytes(2 * BLOCK + 5))
    right = blocks_of(bytes(data))
    data[at] ^= 1
    wrong = blocks_of(bytes(data))
    assert [a == b for a, b in zip(right, wrong, strict=True)] == [i != at // BLOCK for i in range(3)]
