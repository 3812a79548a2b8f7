"""What of the maps that were written is kept, and which go first."""

from __future__ import annotations

import pytest

from bridge.dialects import memo
from bridge.dialects.memo import Memo


def test_a_map_is_recalled_as_long_as_it_is_made_of_the_same() -> None:
    kept = Memo()
    kept.keep(("c", 1), ("a", 2), "map")
    assert kept.recall(("c", 1), ("a", 2)) == "map"
    assert kept.recall(("c", 1), ("a", 3)) is None
    assert kept.recall(("c", 2), ("a", 2)) is None
    kept.forget()
    assert kept.recall(("c", 1), ("a", 2)) is None


def test_some_leave_together_where_there_are_many_those_that_were_kept_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memo, "MAX_WRITTEN", 10)
    monkeypatch.setattr(memo, "LEAVING", 3)
    kept = Memo()

    def stay() -> list[int]:
        return [number for number in range(30) if kept.recall((number,), number) is not None]

    for number in range(10):
        kept.keep((number,), number, number + 1)
    assert stay() == list(range(10))
    kept.keep((10,), 10, 11)
    assert stay() == list(range(3, 11))
    for number in range(11, 14):
        kept.keep((number,), number, number + 1)
    assert stay() == list(range(6, 14))
