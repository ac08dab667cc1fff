"""Values that our jobs have brought back, read as Python had them."""

from __future__ import annotations

import pytest

from grader.analysis.children import literal
from grader.wire.payload import value_of

LONG = [list(range(10_000, 10_060)), tuple("abcdefghij" * 5), [[1] * 90]]


@pytest.mark.parametrize("value", [7, "a", None, [], [1, None, "x"], (1, 2), *LONG])
def test_a_value_is_read_back(value: object) -> None:
    assert literal(value_of(value)) == value


@pytest.mark.parametrize("value", [object(), [object()] * 40, [7] * 5000, "x" * 500])
def test_what_is_no_literal_or_was_cut_is_not(value: object) -> None:
    assert literal(value_of(value)) is None
