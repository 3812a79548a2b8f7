"""Drafts of cases: what a test looks at of a reply is what is expected, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from tools.draft_cases import merged_drafts, shortened, tried
from tools.drafting.scripts import is_made, is_time
from tools.drafting.seen import ANY_LIST, THERE, expectation, seen


def looked(value: Any, look: Any) -> Any:
    """Return what is expected of a value that somebody has had a look at."""
    found = seen(value)
    look(found)
    return expectation(found, lambda leaf, key: leaf)


REPLY = {"code": 0, "data": [{"id": "x", "n": 1}, {"id": "y", "n": 2}], "more": {"a": 1, "b": None}}


@pytest.mark.parametrize(
    ("look", "expected"),
    [
        (lambda reply: None, {}),
        (lambda reply: reply["code"], {"code": 0}),
        (lambda reply: reply["data"], {"data": ANY_LIST}),
        (lambda reply: reply["data"][0]["n"], {"data": [{"n": 1}, {}]}),
        (lambda reply: [one["id"] for one in reply["data"]], {"data": [{"id": "x"}, {"id": "y"}]}),
        (lambda reply: {"a": 1, "b": None} == reply["more"], {"more": {"=": {"a": 1, "b": None}}}),
        (lambda reply: reply["more"].get("c"), {"more": {"c": None}}),
        (lambda reply: "c" in reply["more"], {"more": {"c": {"absent": True}}}),
        (lambda reply: "a" in reply["more"], {"more": {"a": THERE}}),
        (lambda reply: set(reply["more"]), {"more": {"=": {"a": THERE, "b": THERE}}}),
        (lambda reply: {"id": "x", "n": 1} in reply["data"], {"data": {"has": {"id": "x", "n": 1}}}),
        (lambda reply: {"id": "z"} in reply["data"], {"data": {"none": {"id": "z"}}}),
    ],
)
def test_only_what_is_looked_at_is_expected(look: Any, expected: Any) -> None:
    """Keys, items and comparisons that a test makes are expected as it makes them."""
    assert expected == looked(REPLY, look)


def test_copied_message_is_not_expected() -> None:
    """A large object that is only copied, to be passed on, is expected by its ids alone."""
    message = {"id": "a", "msgID": "b", **{f"key{number}": number for number in range(12)}}
    assert {"id": "a", "msgID": "b"} == looked(message, lambda found: {**found, "key1": 5})


def test_made_up_values_are_told() -> None:
    """Ids that the bridge makes up and times of its clock are told from what a script gives."""
    made = [("1-2", "msgID"), ("144115-1700000000-12", ""), ("@TGS#1", "")]
    given = [("club", "groupID"), ("hi", "text")]
    assert [True, True, True, False, False] == [is_made(value, key) for value, key in (*made, *given)]
    assert [True, True, False, False] == [is_time(value) for value in (1_700_000_005, 1_700_000_000_034, 4_294_967_295, 7)]


def test_drafts_of_platforms_become_one() -> None:
    """Scripts with the same steps become one, in which what differs stands by dialect or platform."""
    android = [f"{dialect}-android" for dialect in ("chat-8.2", "chat-8.4", "chat-7.9", "im-6.1", "im-5.0", "im-4.2", "im-4.1")]
    first = {"given": {}, "on": android, "script": [["alice", "f", {"a": 1}, {"data": 1}]]}
    second = {"given": {}, "on": ["chat-8.2-ios"], "script": [["alice", "f", {"a": 1}]]}
    other = {"given": {}, "on": ["im-5.0-ios"], "script": [["alice", "g"]]}
    one, two = merged_drafts([second, first, other])
    assert [["alice", "f", {"a": 1}, {"by": {"chat-8.2-ios": {}, "else": {"data": 1}}}]] == one["script"]
    assert ["android", "chat-8.2-ios"] == shortened(one["on"])
    assert other == two


def test_rules_are_those_of_called_methods() -> None:
    """A case counts for the rules of methods that its script calls, be it while somebody enters."""
    rules = [["f", "a"], ["g", "b"], ["login", "c"]]
    assert [["f", "a"], ["login", "c"]] == tried(rules, [["alice", "enter"], ["alice", "f|h", {}]])
