"""Documented statements: each is tried by a script of its own."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.documented import Trial, has, statements

STATEMENTS = statements()
TRIED = [one for one in STATEMENTS if "script" in one]


@pytest.mark.parametrize("statement", TRIED, ids=[one["name"] for one in TRIED])
def test_statement_holds(statement: dict[str, Any]) -> None:
    """The bridge does what the sources say that the service does."""
    Trial(statement)


def test_statements_have_sources() -> None:
    """Each has a name of its own, says where it was found and how sure that is; one without a script says why there is none."""
    names = [one["name"] for one in STATEMENTS]
    assert sorted(set(names)) == sorted(names)
    for one in STATEMENTS:
        assert one["says"] and one["source"] and one["sure"] in ("clear", "doubtful"), one["name"]
        assert "script" in one or one["untried"], one["name"]


def test_wrong_statement_fails() -> None:
    """A script whose expectation does not hold fails: code, data, missing keys and events alike."""
    group = ["alice", "createGroup", {"groupType": "Public", "groupName": "g"}]
    for step in (
        [*group, {"code": 1}],
        [*group, {"data": "x"}],
        ["alice", "getGroupsInfo", {"groupIDList": ["x"]}, {"data": {"#": 2}}],
        ["alice", "heard", {"onRecvNewMessage": 1}],
        ["alice", "seen", {"onRecvNewMessage": {}}],
    ):
        with pytest.raises(AssertionError):
            Trial({"name": "wrong", "script": [step]})
    assert has({"a": [1, {"b": 2, "c": 3}]}, {"a": [1, {"b": 2}]})
    assert not has({"a": True}, {"a": 1})
