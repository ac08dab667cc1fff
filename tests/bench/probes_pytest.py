"""The ten probes as pytest tests."""

import pytest
from probes import TEXTS, probe


@pytest.mark.parametrize("i", range(10))
def test_probe(i: int) -> None:
    assert probe(TEXTS[i], i % 4 + 1)
