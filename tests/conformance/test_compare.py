"""Comparing: what varies must vary the same way everywhere; all else must be the same."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.catalogue import dialects
from bridge.conformance.compare import Comparison, double_keys


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
        ({"a": "<redacted>"}, {"a": {"b": 1}}),
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
        ({"a": "<redacted>"}, {"a": None}, ["a"]),
        ({"a": "<redacted>"}, {}, ["a"]),
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
    """A difference says where, what was recorded, what came, in full; null is not nothing."""
    (one,) = Comparison().differences({"a": "x" * 200}, {})
    assert f'a: recorded "{"x" * 200}", came nothing' == str(one)
    (one,) = Comparison().differences({"a": None}, {})
    assert str(one) == "a: recorded null, came nothing"


def test_broken_pairs_say_since_when() -> None:
    """An id that breaks the rule is told with what stands for it, or what it stands for, and since when."""
    comparison = Comparison()
    comparison.place = "line 3"
    assert not comparison.differences({"msgID": "a"}, {"msgID": "b"})
    comparison.place = "line 9"
    (one,) = comparison.differences({"msgID": "a"}, {"msgID": "c"})
    assert one.why == '"b" stands for this id since line 3, msgID'
    (one,) = comparison.differences({"msgID": "z"}, {"msgID": "b"})
    assert one.why == 'this id stands for "a" since line 3, msgID'


def test_trying_pairs_nothing() -> None:
    """How much differs can be asked without any id being paired by it."""
    comparison = Comparison()
    assert comparison.distance({"msgID": "a"}, {"msgID": "b"}) == 0
    assert comparison.distance({"msgID": "a"}, {"msgID": "c"}) == 0
    assert not comparison.differences({"msgID": "a"}, {"msgID": "d"})


@pytest.mark.parametrize(("key", "differs"), [("latitude", False), ("count", True), ("unknown", True)])
def test_doubles_may_lack_their_point(key: str, differs: bool) -> None:
    """Where the schemas say double, 1 and 1.0 are the same; where they say integer or nothing, they are not."""
    for one, other in ((1, 1.0), (1.0, 1)):
        assert differs == bool(Comparison("chat-8.2").differences({key: one}, {key: other}))
    assert Comparison("chat-8.2").differences({key: 1}, {key: 2.0})
    assert Comparison("chat-8.2").differences({key: True}, {key: 1.0})


@pytest.mark.parametrize("dialect", dialects())
def test_places_are_doubles(dialect: str) -> None:
    """A key that is a double here and an integer there (`businessID`) tells nothing."""
    assert {"latitude", "longitude"} == double_keys(dialect)
