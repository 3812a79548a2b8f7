"""`bridge.coverage` and `bridge.evidence`."""

from __future__ import annotations

import pytest

from bridge.catalogue import load
from tests.support.line import Line


def test_coverage_has_every_method() -> None:
    """Each method of the own device's dialect has a status, what is missing, and how often it was called."""
    line = Line(dialect="im-5.0", platform="ios")
    line.request("getVersion")
    answer = line.ask("bridge.coverage")
    assert ("im-5.0", "ios") == (answer["dialect"], answer["platform"])
    assert list(load("im-5.0").method_names) == list(answer["methods"])
    assert {"status", "missing", "calls"} == set(answer["methods"]["login"])
    assert (1, 0) == (answer["methods"]["getVersion"]["calls"], answer["methods"]["login"]["calls"])


def test_partial_says_what_is_missing() -> None:
    """What is partial names every absent rule, and nothing else does."""
    for row in Line().ask("bridge.coverage")["methods"].values():
        assert (row["status"] == "partial") == bool(row["missing"])


def test_evidence_of_a_method() -> None:
    """Shape and rules have their sources; rules their tests."""
    answer = Line().ask("bridge.evidence", method="createConversationGroup")
    assert "conversationManager" == answer["manager"]
    assert {"claim", "kind", "source"} == set(answer["evidence"][0])
    kinds = {rule["kind"] for rule in answer["rules"]}
    assert kinds <= {"documented", "adapter source", "inferred", "assumed"}
    assert "assumed" in kinds


@pytest.mark.parametrize(
    ("params", "path", "said"),
    [
        ({"method": "creatConversationGroup"}, "method", "did you mean createConversationGroup"),
        ({"method": "login", "dialect": "im-6"}, "dialect", "none of"),
    ],
)
def test_evidence_of_what_is_not_there(params: dict[str, str], path: str, said: str) -> None:
    """An unknown method or dialect is named."""
    error = Line().error("bridge.evidence", **params)
    assert (-32602, path, True) == (error["code"], error["data"][0]["path"], said in error["data"][0]["message"])


def test_journal_marks_what_is_assumed() -> None:
    """A reply that rests on our own choice says on which; others say nothing."""
    line = Line()
    line.start("alice")
    for _ in range(2):
        line.call("createConversationGroup", groupName="a", conversationIDList=["c2c_bob"])
    line.call("getVersion")
    replies = {entry["method"]: entry for entry in line.journal("reply")}
    assert all(source.startswith("DECISIONS.md: ") for source in replies["createConversationGroup"]["assumed"])
    assert "assumed" not in replies["getVersion"]
