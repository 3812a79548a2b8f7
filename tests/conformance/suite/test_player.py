"""What the steps of a script mean, each held against a small target: as it should be, and otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.conformance.suite.actors import Answer, NotAnswered, Stage, Untried
from bridge.conformance.suite.player import Differs, play
from tests.support.small_target import SmallTarget, event

WORLD = ("chat-8.2", "android")
ALL = ("device.", "user.call", "clock", "service", "push", "ping")
OK = {"code": 0, "desc": "ok"}


def stage(replies: dict[str, Any], *control: str) -> Stage:
    """Return a stage over a target with some replies."""
    return Stage(SmallTarget(replies, *(control or ALL)), WORLD)


def played(script: list[Any], replies: dict[str, Any], *control: str) -> Stage:
    """Play a script on a target with some replies."""
    found = stage(replies, *control)
    found.begin({}, script)
    play(script, found)
    return found


def flaws(script: list[Any], replies: dict[str, Any]) -> list[str]:
    """Return how a script differs on a target with some replies."""
    with pytest.raises(Differs) as caught:
        played(script, replies)
    return [str(one) for one in caught.value.flaws]


CALL = "getLoginUser"
REPLIES: list[tuple[Any, dict[str, Any]]] = [
    ({**OK, "data": "alice"}, {}),
    ({**OK, "data": "alice"}, {"data": "alice"}),
    ({**OK, "data": {"a": 1}}, {"lacks": ["b"]}),
    ("alice", {"data": "alice"}),
    ("alice", {"is": "alice"}),
    ({"code": 6017, "desc": "no"}, {"code": 6017}),
    ({"code": 6017, "desc": "no"}, {"code": [6004, 6017]}),
    ({**OK, "data": 1}, {"reply": {"desc": "ok"}}),
    ({**OK, "data": 1}, {"not": {"data": 2}}),
    ({**OK, "data": {"a": 1}}, {"keys": {"data": ["a", "b?"]}}),
    ({**OK, "data": {"a": 1}}, {"without": ["data.b"]}),
    (Answer({"error": {"code": -32602}}), {"error": -32602}),
    (Answer({"error": {"code": -32001, "data": {"reason": "crash"}}}), {"fails": "crash"}),
    (Answer(None), {"fails": "crash"}),
    (Answer(None), {"silence": True}),
    (Answer({"result": OK}, [event("onX", 1)]), {"events": ["onX"]}),
    (Answer({"result": OK}, [event("onX", {"a": 1, "b": 2})]), {"tells": {"onX": [{"a": 1}]}}),
]


@pytest.mark.parametrize(("reply", "expected"), REPLIES)
def test_reply_is_as_expected(reply: Any, expected: dict[str, Any]) -> None:
    """Each word of an expectation is met by a reply that is so."""
    played([["alice", CALL, {}, expected]], {CALL: reply})


WRONG: list[tuple[Any, dict[str, Any], list[str]]] = [
    ({"code": 6017, "desc": "no"}, {}, ["code: expected 0, came 6017 (no)"]),
    (OK, {"code": [1, 2]}, ["code: expected 1 or 2, came 0 (ok)"]),
    ({"code": 6017, "desc": ""}, {"code": 6017}, ['desc: expected a text that is not empty, came ""']),
    ({**OK, "data": 1}, {"data": 2}, ["data: expected 2, came 1"]),
    ("alice", {"data": "bob"}, ['the value: expected "bob", came "alice"']),
    ({**OK, "data": {"a": 1}}, {"lacks": ["a"]}, ["data.a: expected nothing, came 1"]),
    (OK, {"is": {**OK, "data": 1}}, ["data: expected 1, came nothing"]),
    ({**OK, "data": 1}, {"is": OK}, ["data: expected no such key, came 1"]),
    (OK, {"reply": {"data": None}}, ["data: expected null, came nothing"]),
    (OK, {"not": {"code": 0}}, ['the value: expected anything but {"code": 0}, came {"code": 0, "desc": "ok"}']),
    (
        {**OK, "data": {"a": 1}},
        {"keys": {"data": ["b"]}},
        ["data.b: expected to be there, came nothing", "data.a: expected no such key, came 1"],
    ),
    (OK, {"without": ["desc"]}, ['desc: expected no such key, came "ok"']),
    (OK, {"error": -32602}, ["error.code: expected -32602, came nothing"]),
    (OK, {"silence": True}, ['the value: expected no answer at all, came {"result": {"code": 0, "desc": "ok"}}']),
    (
        OK,
        {"fails": "crash"},
        ["the value: expected no answer, or error -32001 with the reason 'crash', came {\"code\": 0, \"desc\": \"ok\"}"],
    ),
    (Answer({"error": {"code": -32602, "message": "m"}}), {}, ["the value: expected an answer, came the JSON-RPC error -32602: m null"]),
    (Answer({"result": OK}, [event("onX")]), {"events": ["onY", "onX"]}, ["events: expected onY, came nothing"]),
    (Answer({"result": OK}, [event("onX", 1)]), {"tells": {"onX": [2]}}, ["onX[0]: expected 2, came 1"]),
    (
        Answer({"result": {"code": 1, "desc": "no"}}, [event("onX")]),
        {"code": 1},
        ['events of alice: expected none, for the call is refused, came ["onX"]'],
    ),
]


@pytest.mark.parametrize(("reply", "expected", "said"), WRONG)
def test_reply_that_differs_is_told(reply: Any, expected: dict[str, Any], said: list[str]) -> None:
    """Each word of an expectation is missed by a reply that is otherwise, in words with path, expected and came."""
    assert said == flaws([["alice", CALL, {}, expected]], {CALL: reply})


def test_refusal_leaves_all_as_it_was() -> None:
    """A refusal that changes something differs, unless it is said to leave something."""

    def refuse(_: Any) -> dict[str, Any]:
        target.state = "changed"
        return {"code": 1, "desc": "no"}

    target = SmallTarget({CALL: refuse}, *ALL)
    target.state = "before"
    found = Stage(target, WORLD)
    script: list[Any] = [["alice", CALL, {}, {"code": 1}]]
    found.begin({}, script)
    with pytest.raises(Differs, match="nothing has changed"):
        play(script, found)
    target.state = "before"
    script[0][3]["leaves"] = True
    found.begin({}, script)
    play(script, found)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Answer(None), "getLoginUser is not answered"),
        (None, "the target has no getLoginUser"),
        (Answer({"error": {"code": -32001, "message": "never"}}), "getLoginUser is never answered: never"),
    ],
)
def test_call_that_is_not_answered(reply: Any, said: str) -> None:
    """No answer is no difference: the step is told, and why."""
    with pytest.raises(NotAnswered, match=said) as caught:
        played([["alice", "enter"], ["alice", CALL]], {CALL: reply})
    assert 2 == caught.value.step


def test_steps_say_what_is_asked() -> None:
    """Values that were kept, counted, repeated or chosen by dialect and platform go into the next calls."""
    script: list[Any] = [
        ["alice", "createTextMessage", {"text": "$ab * 2"}, {"as": "m", "data": {"id": {"keep": "id"}}}],
        ["alice", "sendMessage", {"id": "$m.id", "receiver": "u$#", "list": {"each": "v$#", "up to": 2}}, {}, 2],
        ["alice", "sendMessage", {"by": {"ios": {}, "chat-8.2": {"id": "c2c_${id}", "more": {"like": {"a": 1}, "but": {"b": 2}}}}}],
        ["~bob", "setSelfInfo", {"nickName": "B"}],
        ["", "advance", 5],
        ["", "switch", {"name": 1}],
        ["", "bridge.push.list", {}],
    ]
    replies = {"createTextMessage": {**OK, "data": {"id": "i1"}}, "sendMessage": OK, "setSelfInfo": OK}
    target: Any = played(script, replies).wire
    inner = [asked["arguments"] for method, asked in target.asked if method == "bridge.device.call" and asked["method"] == "sendMessage"]
    assert {"text": "abab"} == next(asked for method, asked in target.asked if method == "createTextMessage")
    assert [{"id": "i1", "receiver": f"u{number}", "list": ["v1", "v2"]} for number in (1, 2)] == inner[:2]
    assert {"id": "c2c_i1", "more": {"a": 1, "b": 2}} == inner[2]
    assert ("bridge.user.call", {"user": "bob", "method": "setSelfInfo", "arguments": {"nickName": "B"}}) in target.asked
    assert ("bridge.clock.advance", {"ms": 5}) in target.asked
    assert ("bridge.service.switch", {"name": "name", "value": 1}) in target.asked


def test_value_that_never_came_cannot_be_used() -> None:
    """A call that needs what no reply has brought is not made."""
    with pytest.raises(NotAnswered, match=r"used as \$m\.id"):
        played([["alice", CALL, {}, {"as": "m"}], ["alice", "x", {"id": "$m.id"}]], {CALL: {**OK, "data": {}}})


NEWS = Answer({"result": OK}, [event("onA", {"n": 1}), event("onB", {"n": 2}), event("onA", {"n": 3})])
HEARD: list[tuple[list[Any], list[str]]] = [
    (["heard", {"onA": 2, "onB": [{"n": 2}], "onC": 0, "*": 3}], []),
    (["heard", {"onA": 1}], ["events of alice: expected 1 × onA, came 2; alice has heard onA, onB, onA"]),
    (["heard", {"onB": [{"n": 3}]}], ["events of alice: onB[0].n: expected 3, came 2"]),
    (["hears", [["onA"], ["onB", {"n": 2}], ["onA", {"n": 3}]]], []),
    (["hears", [["onB"]], {"of": ["onB"]}], []),
    (["hears", [["onA"], ["onA", {"n": 3}]]], ["events of alice: expected nothing more, came onB"]),
    (["hears", [["onA"], ["onC"], ["onB", {"n": 4}], ["onA"]]], [
        "events of alice: expected onC, came nothing",
        "events of alice: onB.n: expected 4, came 2",
    ]),
    (["seen", {"onA": {"n": 3}}], []),
    (["seen", {"onB": {"n": 3}}], ['events of alice: onB: expected one with {"n": 3}, came [{"n": 2}]']),
    (["seen", {"onC": {}}], ["events of alice: onC: expected one with {}, came none of that type"]),
]


@pytest.mark.parametrize(("step", "said"), HEARD)
def test_what_was_heard(step: list[Any], said: list[str]) -> None:
    """Events are counted, looked at, or held against their order; one that is missing or too many is one difference."""
    script: list[Any] = [["alice", CALL], ["alice", *step]]
    if said:
        assert said == flaws(script, {CALL: NEWS})
    else:
        played(script, {CALL: NEWS})
        played([["alice", CALL], ["alice", "heard", {}], ["alice", "hears", []]], {CALL: NEWS})


def test_pushes_are_looked_at() -> None:
    """What would have been pushed to somebody is asked of the target."""
    replies = {"bridge.push.list": {"pushes": [{"desc": "hi", "number": 1}]}}
    played([["alice", "enter"], ["alice2", "pushed", [{"desc": "hi"}]]], replies)
    assert ['pushes to alice[0].desc: expected "ho", came "hi"'] == flaws([["alice", "pushed", [{"desc": "ho"}]]], replies)


def test_usual_steps_are_calls() -> None:
    """A group, a text, a message made and changed, an app that ends, a network that is gone: what is asked for each."""
    script: list[Any] = [
        ["alice", "group", {"type": "Work", "with": ["bob"], "groupID": "g"}],
        ["alice", "say", {"to": "bob", "text": "x"}],
        ["alice", "send", {"make": "createFaceMessage", "of": {"index": 1}, "then": ["createAtMessage", {"b": 2}, "c"], "group": "g"}],
        ["alice", "cut", {}],
        ["alice", "mend", {}],
        ["alice", "kill", {}],
        ["phone", "start", {"init": False}],
    ]
    made = {**OK, "data": {"id": "i"}}
    replies = dict.fromkeys(("createTextMessage", "createFaceMessage", "createAtMessage"), made)
    replies |= dict.fromkeys(("createGroup", "sendMessage"), OK)
    target: Any = played(script, replies).wire
    asked = [(method, given) for method, given in target.asked if method not in ("bridge.device.call", "initSDK", "login")]
    members = [{"userID": "bob", "role": 200}]
    assert [
        ("createGroup", {"groupType": "Work", "groupName": "team", "memberList": members, "groupID": "g"}),
        ("createTextMessage", {"text": "x"}),
        ("sendMessage", {"id": "i", "receiver": "bob", "groupID": ""}),
        ("createFaceMessage", {"index": 1}),
        ("createAtMessage", {"b": 2, "c": "i"}),
        ("sendMessage", {"id": "i", "receiver": "", "groupID": "g"}),
        ("bridge.service.connectionLost", {"device": "alice"}),
        ("bridge.service.connectionRestored", {"device": "alice"}),
        ("bridge.device.close", {"device": "alice"}),
        ("bridge.device.open", {"device": "phone", "dialect": "chat-8.2", "platform": "android"}),
    ] == [one for one in asked if not one[0].startswith("add")][3:]


def test_unknown_control_call_is_not_tried() -> None:
    """A case that needs what the target has not is not tried, and says what that is."""
    with pytest.raises(Untried, match=r"the target has no bridge\.clock\.advance"):
        played([["alice", "enter"], ["", "advance", 1]], {}, "device.")
