"""Documented statements: each is tried by a script of its own."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.documented import FOLDER, Trial, statements, worlds_of
from tests.support.expectations import has

STATEMENTS = statements()
TRIED = [one for one in STATEMENTS if "script" in one]
CASES = [(one, *world) for one in TRIED for world in worlds_of(one)]
EACH = pytest.mark.parametrize(("statement", "dialect", "platform"), CASES, ids=["-".join([one["name"], *world]) for one, *world in CASES])


@EACH
def test_statement_holds(statement: dict[str, Any], dialect: str, platform: str) -> None:
    """The bridge does what the sources say that the service does."""
    Trial(statement, dialect, platform)


@pytest.mark.parametrize("statement", TRIED, ids=[one["name"] for one in TRIED])
def test_flipped_expectation_fails(statement: dict[str, Any]) -> None:
    """Each expectation fails as soon as it differs in one place: a code, a value, a missing key, how many events."""
    Trial(statement, *worlds_of(statement)[0], flips=True)


def test_every_statement_has_case() -> None:
    """Each of those that were gathered has one line, and says where it was found and how sure that is, and no more why it has no script."""
    names = (FOLDER / "names.txt").read_text("utf-8").split()
    assert sorted(names) == sorted(one["name"] for one in STATEMENTS)
    for one in STATEMENTS:
        assert one["says"] and one["source"] and one["sure"] in ("clear", "doubtful"), one["name"]
        assert ("script" in one) is not bool(one.get("untried")), one["name"]
        assert all(one.get("only", {"everywhere": "why"}).values()), one["name"]


def test_wrong_statement_fails() -> None:
    """A script whose expectation does not hold fails: code, data, missing keys and events alike."""
    group = ["alice", "group", {"type": "Public"}]
    for step in (
        [*group, {"code": 1}],
        [*group, {"data": "x"}],
        ["alice", "getGroupsInfo", {"groupIDList": ["x"]}, {"data": {"#": 2}}],
        ["alice", "heard", {"onRecvNewMessage": 1}],
        ["alice", "seen", {"onRecvNewMessage": {}}],
        ["alice", "getLoginUser", {}, {"lacks": ["code"]}],
    ):
        with pytest.raises(AssertionError):
            Trial({"name": "wrong", "script": [step]})
    assert has({"a": [1, {"b": 2, "c": 3}]}, {"a": [1, {"b": 2}]})
    assert not has({"a": True}, {"a": 1})
