"""Comparing: what varies must vary the same way everywhere; all else must be the same."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.conformance.compare import Comparison


def paths(recorded: Any, came: Any) -> list[str]:
    """Return where two values differ."""
    return [difference.path for difference in Comparison().differences(recorded, came)]


@pytest.mark.parametrize(
    ("recorded", "came"),
    [
        ({"msgID": "a-1"}, {"msgID": "b-2"}),
        ([{"msgID": "a"}, {"msgID": "a"}], [{"msgID": "b"}, {"msgID": "b"}]),
        ({"timestamp": 5, "orderkey": 7}, {"timestamp": 6, "orderkey": 8}),
        ({"path": "/x/a"}, {"path": "/y/b"}),
        ({"id": "long-enough-1", "text": "see long-enough-1"}, {"id": "other-2", "text": "see other-2"}),
        ({"seq": "19981514"}, {"seq": "77"}),
        (
            {"groupID": "@TGS#1ABCDE", "conversationID": "group_@TGS#1ABCDE"},
            {"groupID": "@TGS#2ABCDE", "conversationID": "group_@TGS#2ABCDE"},
        ),
    ],
)
def test_these_are_the_same(recorded: Any, came: Any) -> None:
    """Ids, times and the like may be others."""
    assert [] == paths(recorded, came)


@pytest.mark.parametrize(
    ("recorded", "came", "where"),
    [
        ([{"msgID": "a"}, {"msgID": "a"}], [{"msgID": "b"}, {"msgID": "c"}], ["[1].msgID"]),
        ([{"msgID": "a"}, {"msgID": "b"}], [{"msgID": "c"}, {"msgID": "c"}], ["[1].msgID"]),
        ({"msgID": "a"}, {"msgID": ""}, ["msgID"]),
        ({"timestamp": 5}, {"timestamp": 0}, ["timestamp"]),
        ({"timestamp": 5}, {"timestamp": "5"}, ["timestamp"]),
        ({"seq": "3"}, {"seq": "4"}, ["seq"]),
        ({"a": 1}, {"a": 1.0}, ["a"]),
        ({"a": True}, {"a": 1}, ["a"]),
        ({"a": {"b": 1}}, {"a": {}}, ["a.b"]),
        ({"a": {}}, {"a": {"b": None}}, ["a.b"]),
        ([1], [1, 2], ["[1]"]),
        ([1, 2], [1], ["[1]"]),
        ({"text": "hi"}, {"text": "ho"}, ["text"]),
    ],
)
def test_these_differ(recorded: Any, came: Any, where: list[str]) -> None:
    """Everything else is a difference, and so is an id that changes in two ways."""
    assert where == paths(recorded, came)


def test_later_arguments_are_translated() -> None:
    """A recorded id in a later call becomes the one that came in its place."""
    comparison = Comparison()
    comparison.differences({"id": "recorded-1"}, {"id": "came-1"})
    assert {"list": ["came-1", "other"], "n": 1} == comparison.translated({"list": ["recorded-1", "other"], "n": 1})


def test_differences_read_well() -> None:
    """A difference says where, what was recorded, what came."""
    (one,) = Comparison().differences({"a": "x" * 200}, {})
    assert str(one).startswith("a: recorded 'xxx")
    assert str(one).endswith("…, came nothing")
