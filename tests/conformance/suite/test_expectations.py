"""What an expectation means, and how a difference is told."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.conformance.suite.expectations import NOTHING, WORDS, Look, wording

MEETS: list[tuple[Any, Any]] = [
    ({"a": 1, "b": 2}, {"a": 1}),
    ([1, {"a": 1, "b": 2}], [1, {"a": 1}]),
    ({}, {"a": None}),
    ([1, 2], {"#": 2}),
    (1, {"!": 2}),
    ("abc", {"~": "^a"}),
    (2, {"in": [1, 2]}),
    (2, {">": 1}),
    (2, {"range": [2, 3]}),
    ([{"a": 1}], {"has": {"a": 1}}),
    ([{"a": 1}], {"none": {"a": 2}}),
    ({"a": 1}, {"=": {"a": 1}}),
    ("x", {"is a": "string"}),
    (1, {"is a": "int"}),
    (1.5, {"is a": "number"}),
    (True, {"is a": "bool"}),
    ([], {"is a": "list"}),
    ({}, {"is a": "object"}),
    ({}, {"a": {"absent": True}}),
    ({"a": None}, {"a": {"null": True}}),
    ("x", {"keep": "m"}),
    (5, {"keep number": "m"}),
    ("group_x", {"keep by": ["^group_(.+)$", "m"]}),
]
DIFFERS: list[tuple[Any, Any, str]] = [
    ({"a": 1}, {"a": 2}, "a: expected 2, came 1"),
    ({"a": {"b": 1}}, {"a": {"b": True}}, "a.b: expected true, came 1"),
    ({}, {"a": 2}, "a: expected 2, came nothing"),
    ([1], [1, 2], "the value: expected 2 items: [1, 2], came 1 items: [1]"),
    ([1, {"a": 1}], [1, {"a": 2}], "[1].a: expected 2, came 1"),
    ("x", {"a": 1}, 'the value: expected {"a": 1}, came "x"'),
    ("x", [1], 'the value: expected [1], came "x"'),
    ([1], {"#": 2}, "the value: expected a list of 2, came [1]"),
    (2, {"!": 2}, "the value: expected anything but 2, came 2"),
    ("b", {"~": "^a"}, 'the value: expected a text like /^a/, came "b"'),
    (3, {"in": [1, 2]}, "the value: expected one of [1, 2], came 3"),
    (True, {">": 0}, "the value: expected more than 0, came true"),
    (1, {">": 1}, "the value: expected more than 1, came 1"),
    (4, {"range": [2, 3]}, "the value: expected a number within [2, 3], came 4"),
    ([], {"has": 1}, "the value: expected a list with an item 1, came []"),
    ([1], {"none": 1}, "the value: expected a list without an item 1, came [1]"),
    ({"a": 1, "b": 2}, {"=": {"a": 1}}, "b: expected no such key, came 2"),
    (True, {"is a": "int"}, "the value: expected a value of type int, came true"),
    ({"a": None}, {"a": {"absent": True}}, "a: expected no such key, came null"),
    ({}, {"a": {"null": True}}, "a: expected null, and the key there, came nothing"),
    ("", {"keep": "m"}, 'the value: expected a text that is not empty (kept as m), came ""'),
    (0, {"keep number": "m"}, "the value: expected a number that is not 0 (kept as m), came 0"),
    ("x", {"keep by": ["^group_(.+)$", "m"]}, 'the value: expected a text like ["^group_(.+)$", "m"], came "x"'),
]


@pytest.mark.parametrize(("came", "wanted"), MEETS)
def test_what_meets_an_expectation(came: Any, wanted: Any) -> None:
    """Objects by the keys that are named, lists item by item, matchers by their meaning; then `!` of it is not met."""
    assert Look().meets(came, wanted)
    assert not Look().meets(came, {"!": wanted})


@pytest.mark.parametrize(("came", "wanted", "said"), DIFFERS)
def test_difference_is_told_by_its_path(came: Any, wanted: Any, said: str) -> None:
    """A difference says where it is, what was expected, in words, and what came."""
    assert [said] == [str(one) for one in Look().flaws(came, wanted)]


def test_every_matcher_is_tried() -> None:
    """Each matcher is among what is met above, and among what is not."""
    for rows in (MEETS, DIFFERS):
        text = repr(rows)
        assert [] == [name for name in WORDS if f"'{name}'" not in text]


def test_kept_text_must_come_again() -> None:
    """A text that is kept is the same wherever it is named, be it within another; another text differs."""
    look = Look()
    assert look.meets({"id": "a1", "sent": {"id": "a1"}}, {"id": {"keep": "m"}, "sent": {"id": "${m}"}})
    assert {"m": "a1"} == look.kept
    assert look.meets("c2c_a1", "c2c_${m}")
    assert ['the value: expected a text that is not empty (kept as m), came "b"'] == [str(one) for one in look.flaws("b", {"keep": "m"})]
    assert ['the value: expected "a1", came "b"'] == [str(one) for one in look.flaws("b", "${m}")]


def test_missing_and_null_are_told_apart_on_demand() -> None:
    """A null stands for a missing key, too, unless the look is exact."""
    assert Look().meets({}, {"a": None})
    assert not Look(exact=True).meets({}, {"a": None})
    assert Look(exact=True).meets({"a": None}, {"a": None})


def test_times_of_another_server_may_differ() -> None:
    """Times, paths and addresses are any of their kind on a loose look, but nothing for something; all else is as it is."""
    loose = Look(loose=True)
    for key, one, other, nothing in (("timestamp", 5, 9, 0), ("path", "/a", "/b", "")):
        assert loose.meets({key: other}, {key: one})
        assert not Look().meets({key: other}, {key: one})
        assert not loose.meets({key: nothing}, {key: one})
        assert not loose.meets({}, {key: one})
    assert not loose.meets({"text": "b"}, {"text": "a"})
    assert loose.meets({"seq": "20000"}, {"seq": "30000"})
    assert not loose.meets({"seq": "2"}, {"seq": "3"})


def test_long_values_are_cut() -> None:
    """A value of more than 200 characters is cut; what is not there is told as nothing."""
    (one,) = Look().flaws("x" * 300, "y")
    assert 200 == len(one.came) and one.came.endswith("…")
    assert "nothing" == str(NOTHING)
    assert "one of [1]" == wording({"in": [1]})
