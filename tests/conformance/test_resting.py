"""What an answer rests on: the words of the rules, whether they speak of what there is, and what sessions come to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bridge.catalogue import Catalogue, dialects, load
from bridge.catalogue.types import TypeExpr
from bridge.conformance.ledger import all_rules
from bridge.conformance.resting import Happened, rests
from tests.support.line import Line

ARGUMENTS = {"list": ["a", "b"], "empty": [], "zero": 0, "no": False, "null": None, "text": "@TGS#_x@TOPIC#_y", "deep": {"n": 1}}
RESULT = {"code": 0, "data": [{"n": 0}, {"n": 3}]}


@pytest.mark.parametrize(
    ("when", "so"),
    [
        (False, False),
        ({}, True),
        ({"arguments": {"zero": {"is": 0}}}, True),
        ({"arguments": {"zero": {"is": False}}}, False),
        ({"arguments": {"no": {"is": False}}}, True),
        ({"arguments": {"deep.n": {"isNot": 2}}}, True),
        ({"arguments": {"deep.n": {"isNot": 1}}}, False),
        ({"arguments": {"missing": {"isNot": 1}}}, False),
        ({"arguments": {"deep.n": {"among": [1, 2]}}}, True),
        ({"arguments": {"deep.n": {"among": [2]}}}, False),
        *(({"arguments": {name: {"filled": True}}}, True) for name in ("list", "text")),
        *(({"arguments": {name: {"filled": False}}}, True) for name in ("empty", "zero", "no", "null", "missing")),
        ({"arguments": {"text": {"holds": "@TOPIC#_"}}}, True),
        ({"arguments": {"zero": {"holds": "@TOPIC#_"}}}, False),
        ({"arguments": {"list": {"longerThan": 1}}}, True),
        ({"arguments": {"list": {"longerThan": 2}}}, False),
        ({"arguments": {"empty": {"shorterThan": "list"}}}, True),
        ({"result": {"data": {"shorterThan": "list"}}}, False),
        ({"result": {"data[].n": {"is": 3}}}, True),
        ({"result": {"data[].n": {"is": 4}}}, False),
        ({"result": {"code[].n": {"is": 4}}}, False),
        ({"arguments": {"zero": {"is": 0}, "deep.n": {"is": 2}}}, False),
        ({"events": ["onX", "onConversationChanged"]}, True),
        ({"events": ["onX"]}, False),
        ({"without": ["onConversationChanged"]}, False),
        ({"without": ["onNewConversation"]}, True),
        ({"without": ["onNothingOfTheKind"]}, False),
        ({"platforms": ["ios", "android"]}, True),
        ({"platforms": ["ios"], "events": ["onConversationChanged"]}, False),
    ],
)
def test_words_hold_where_they_should(when: Any, so: bool) -> None:
    """All words of a rule have to hold; of several values at a path one will do."""
    happened = Happened(ARGUMENTS, RESULT, frozenset({"onConversationChanged"}), "chat-8.2", "android")
    assert so == rests({"when": when}, happened)
    assert rests({}, happened)


def spoken() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every rule that says when an answer rests on it, with its method."""
    for method, rules in all_rules().items():
        for rule in rules:
            if "when" in rule:
                yield method, rule


def is_there(catalogue: Catalogue, type: TypeExpr | None, path: list[str]) -> bool:
    """Return whether a type has something at a path."""
    if not path:
        return True
    key, is_list = path[0].removesuffix("[]"), path[0].endswith("[]")
    if type is None:
        return False
    inner: TypeExpr | None = None
    if type.kind == "any":
        return True
    if type.kind == "record":
        inner = dict(type.item).get(key)
    elif type.kind == "map":
        spec = catalogue.map(type.item)
        inner = next((one.type for platform in catalogue.platforms for one in spec.keys(platform) if one.key == key), None)
    elif type.kind == "model":
        inner = next((field.type for field in catalogue.model(type.item).fields if field.sent == key), None)
    if is_list:
        inner = inner.item if inner is not None and inner.kind == "list" else None
    return inner is not None and is_there(catalogue, inner, path[1:])


def has(dialect: str, method: str, part: str, path: str) -> bool:
    """Return whether a dialect's method has arguments or a result with something at a path."""
    catalogue = load(dialect)
    spec = catalogue.method(method)
    if spec is None:
        return False
    if part == "arguments":
        return is_there(catalogue, TypeExpr("record", tuple((one.key, one.type) for one in spec.params)), path.split("."))
    types = [spec.reply(platform).type for platform in spec.platforms]
    return any(is_there(catalogue, TypeExpr("record", (("data", type),)), path.split(".")) for type in types if type is not None)


def test_rules_speak_of_what_there_is() -> None:
    """Whatever a rule's `when` names is in the schemas of some dialect; only assumed rules about successes have one."""
    types = {name for dialect in dialects() for name in load(dialect).event_types}
    wrong = []
    for method, rule in spoken():
        when = rule["when"] or {}
        if rule["kind"] != "assumed" or "code" in rule:
            wrong.append((method, rule["rule"]))
        wrong += [(method, name) for part in ("events", "without") for name in when.get(part, ()) if name not in types]
        for part in ("arguments", "result"):
            for path, words in when.get(part, {}).items():
                if not any(has(dialect, method, part, path) for dialect in dialects()):
                    wrong.append((method, path))
                of = words.get("shorterThan")
                if of is not None and not any(has(dialect, method, "arguments", of) for dialect in dialects()):
                    wrong.append((method, of))
    assert [] == wrong
    assert sum(1 for _ in spoken()) > 100


def assumed(line: Line) -> dict[str, list[str]]:
    """Return what each method's last reply rests on."""
    return {entry["method"]: entry.get("assumed", []) for entry in line.journal("reply")}


@pytest.mark.parametrize("dialect", ["chat-8.2", "im-5.0"])
def test_plain_session_rests_on_nothing(dialect: str) -> None:
    """Logging in, sending, reading and making a group are no guesses of ours."""
    line = Line(dialect=dialect)
    line.start("alice")
    line.ask("bridge.user.say", user="bob", to="alice", text="hi")
    message = line.call("createTextMessage", text="hello")
    line.call("sendMessage", id=message["id"], receiver="bob", groupID="")
    line.call("getC2CHistoryMessageList", userID="bob", count=5)
    line.call("getConversationList", nextSeq="0", count=10)
    assert {} == {method: found for method, found in assumed(line).items() if found}


def test_same_call_rests_on_more_the_second_time() -> None:
    """What makes a call rest on a choice is what came of it: a group that was there already, a friend group, a page's order."""
    line = Line()
    line.start("alice")
    line.ask("bridge.user.say", user="bob", to="alice", text="hi")
    line.call("createConversationGroup", groupName="work", conversationIDList=["c2c_bob"])
    assert [] == assumed(line)["createConversationGroup"]
    line.call("createConversationGroup", groupName="work", conversationIDList=["c2c_bob"])
    assert ["DECISIONS.md: Creating a conversation group that exists"] == assumed(line)["createConversationGroup"]
    line.call("deleteConversationsFromGroup", groupName="work", conversationIDList=["c2c_bob"])
    assert [] == assumed(line)["deleteConversationsFromGroup"]
    line.call("deleteConversationsFromGroup", groupName="work", conversationIDList=["c2c_bob"])
    assert ["DECISIONS.md: Removing a conversation that is not in the group"] == assumed(line)["deleteConversationsFromGroup"]
