"""The right answer to a challenge, and the wrong ones that are known by name."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from grader.wire.challenge import SIZE, answer, mistaken

SECRET, CHALLENGE = b"alex sb", bytes(range(SIZE))
KNOWN = [
    ("sha1-not-md5", hashlib.sha1(SECRET + CHALLENGE).hexdigest().encode()),
    ("sha256", hashlib.sha256(SECRET + CHALLENGE).hexdigest().encode()),
    ("hmac-not-md5", hmac.new(SECRET, CHALLENGE, "md5").hexdigest().encode()),
    ("order-swapped", hashlib.md5(CHALLENGE + SECRET).hexdigest().encode()),
    ("digest-not-hexdigest", hashlib.md5(SECRET + CHALLENGE).digest()),
    ("upper-case-hex", hashlib.md5(SECRET + CHALLENGE).hexdigest().upper().encode()),
    ("challenge-ignored", hashlib.md5(SECRET).hexdigest().encode()),
    ("secret-ignored", hashlib.md5(CHALLENGE).hexdigest().encode()),
    ("bytes-as-text", hashlib.md5(SECRET + repr(CHALLENGE).encode()).hexdigest().encode()),
    ("challenge-as-hex", hashlib.md5(SECRET + CHALLENGE.hex().encode()).hexdigest().encode()),
]


def test_the_right_answer_is_that_of_an_update_in_two_steps() -> None:
    md5 = hashlib.md5(SECRET)
    md5.update(CHALLENGE)
    assert answer(SECRET, CHALLENGE) == md5.hexdigest().encode()
    assert len(answer(SECRET, CHALLENGE)) == SIZE


@pytest.mark.parametrize(("mistake", "wrong"), KNOWN)
def test_a_wrong_answer_is_known_by_its_one_mistake(mistake: str, wrong: bytes) -> None:
    assert next(names for names, given in mistaken(SECRET, CHALLENGE) if given == wrong) == (mistake,)


def test_two_mistakes_at_once_are_both_named() -> None:
    wrong = hashlib.sha1(CHALLENGE + SECRET).digest()
    named = next(names for names, given in mistaken(SECRET, CHALLENGE) if given == wrong)
    assert named == ("sha1-not-md5", "order-swapped", "digest-not-hexdigest")


def test_no_wrong_answer_is_the_right_one() -> None:
    assert answer(SECRET, CHALLENGE) not in [given for _, given in mistaken(SECRET, CHALLENGE)]
