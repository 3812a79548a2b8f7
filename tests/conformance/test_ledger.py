"""The ledger: statuses follow from rules and handlers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bridge.catalogue import load
from bridge.conformance import ledger
from bridge.conformance.ledger import FULL, PARTIAL, SHAPE, Status
from bridge.conformance.resting import Happened

BUILT = {"rule": "It does so.", "kind": "documented", "source": "product docs", "test": "tests/x.py::test_x"}
ABSENT = {"rule": "It also does that.", "kind": "inferred", "source": "product docs", "missing": "too rare"}


class Rules(dict[str, Any]):
    """Rules by method; what was remembered of others is forgotten."""

    def __setitem__(self, method: str, rules: Any) -> None:
        ledger._assumptions.cache_clear()
        super().__setitem__(method, rules)


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Return the rules by method, for tests to fill."""
    made = Rules()
    monkeypatch.setattr(ledger, "all_rules", lambda: made)
    yield made
    ledger._assumptions.cache_clear()


def status(method: str, dialect: str = "chat-8.2", platform: str = "android") -> Status:
    return ledger.statuses(dialect, platform)[method]


def test_full_when_all_is_built(rules: dict[str, Any]) -> None:
    """A method whose rules all have tests is full."""
    rules["login"] = (BUILT, BUILT)
    assert Status(FULL, (), 2) == status("login")


def test_partial_names_what_is_missing(rules: dict[str, Any]) -> None:
    """An absent rule makes a method partial, in the dialects that it holds in."""
    rules["login"] = (BUILT, {**ABSENT, "dialects": ["im-5.0"]})
    assert Status(PARTIAL, ("It also does that. (too rare)",), 1) == status("login", "im-5.0")
    assert Status(FULL, (), 1) == status("login")


def test_partial_while_nothing_is_listed(rules: dict[str, Any]) -> None:
    """A handler without rules claims nothing."""
    assert Status(PARTIAL, (ledger.UNLISTED,)) == status("login")


def test_shape_without_a_handler(rules: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """What no function answers is a shape, whatever is listed."""
    rules["login"] = (BUILT,)
    monkeypatch.setattr(ledger, "has_handler", lambda spec: False)
    assert SHAPE == status("login").status


def test_full_where_nothing_is_answered(rules: dict[str, Any]) -> None:
    """A method that the real plugin never answers on a platform is full there."""
    catalogue = load("chat-8.2")
    never = [n for n in catalogue.method_names if catalogue.method(n).reply("ios").form == "notImplemented"]
    assert never
    assert all(FULL == status(name, platform="ios").status for name in never)


def test_assumed_by_code(rules: dict[str, Any]) -> None:
    """A success rests on assumptions about successes, a refusal on those about it."""
    assumed = {**BUILT, "kind": "assumed"}
    rules["login"] = (
        {**assumed, "source": "DECISIONS.md: one"},
        {**assumed, "source": "DECISIONS.md: two", "code": 70001},
        {**assumed, "source": "DECISIONS.md: one"},
    )
    happened = Happened({}, {}, frozenset(), "chat-8.2", "android")
    assert ["DECISIONS.md: one"] == ledger.assumed("login", 0, happened)
    assert ["DECISIONS.md: two"] == ledger.assumed("login", 70001, happened)
    assert [] == ledger.assumed("login", 6014, happened)


def test_assumed_by_what_happened(rules: dict[str, Any]) -> None:
    """A success rests on a rule only where the rule's `when` holds; a refusal on its own rules whatever they say."""
    assumed = {**BUILT, "kind": "assumed", "source": "DECISIONS.md: one"}
    happened = Happened({"n": 1}, {}, frozenset(), "chat-8.2", "android")
    for when, count in ((False, 0), ({"arguments": {"n": {"is": 2}}}, 0), ({"arguments": {"n": {"is": 1}}}, 1)):
        rules["login"] = ({**assumed, "when": when},)
        assert count == len(ledger.assumed("login", 0, happened))
    rules["login"] = ({**assumed, "code": 70001, "when": False},)
    assert ["DECISIONS.md: one"] == ledger.assumed("login", 70001, happened)


def test_rules_of_the_project_are_read() -> None:
    """What `schemas/rules/` says is there."""
    assert ledger.all_rules()["createConversationGroup"]
    assert "conversationManager" == ledger.evidence("createConversationGroup", "im-5.0")["manager"]
    with pytest.raises(KeyError):
        ledger.evidence("createCommunity", "im-5.0")


@pytest.mark.parametrize("dialect", ["chat-8.2", "im-5.0"])
@pytest.mark.parametrize("platform", ["android", "ios"])
def test_every_event_is_seen_by_a_test(dialect: str, platform: str) -> None:
    """Whatever event a platform sends, some test sees it come about by a real cause; none sees what is never sent."""
    path = Path(__file__).parents[2] / "fixtures" / "ledger" / "events.json"
    seen = json.loads(path.read_text(encoding="utf-8"))[f"{dialect} {platform}"]
    catalogue = load(dialect)
    sent: set[str] = set()
    never: set[str] = set()
    for fact in catalogue.facts:
        for spec in catalogue.events_for(fact):
            if platform in spec.platforms:
                (never if spec.quirks.get("neverSent") else sent).add(f"{spec.listener}/{spec.type}")
    assert len(sent) > 60
    assert sent == set(seen)
    assert {"initSDKListener/onLog"} == never
