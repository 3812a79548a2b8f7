"""JSON-RPC, sentence by sentence of what clients rely on: requests, notifications, batches, errors, events."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from bridge import handlers
from bridge.control import registry as controls
from bridge.engine.engine import Options
from bridge.errors import ChatError
from bridge.world.chats import conversations
from bridge.world.kernel import facts
from tests.support.line import Line


@pytest.fixture
def line() -> Line:
    """Return a connection on which alice is logged in and listens."""
    line = Line()
    line.start("alice")
    return line


CREATED = ["onConversationGroupCreated", "onConversationChanged"]


def create(group: str) -> dict[str, Any]:
    return {"groupName": group, "conversationIDList": ["c2c_bob"]}


# --- requests


def test_params_go_by_name_only(line: Line) -> None:
    """An array is no parameters."""
    (reply,) = line.request("getLoginUser", ["alice"])
    assert -32602 == reply["error"]["code"]
    assert "by name" in reply["error"]["message"]


def test_missing_params_are_empty(line: Line) -> None:
    """Missing or null is the same as {}."""
    messages: list[dict[str, Any]] = [{}, {"params": None}, {"params": {}}]
    for message in messages:
        (reply,) = line.send({"jsonrpc": "2.0", "id": 7, "method": "getLoginUser", **message})
        assert {"jsonrpc": "2.0", "id": 7, "result": {"code": 0, "desc": "ok", "data": "alice"}} == reply


@pytest.mark.parametrize("identifier", ["a", "", 0, -1, 1.5, 2**60, None])
def test_ids_come_back(line: Line, identifier: Any) -> None:
    """Any string, number or null is an id, and the reply has the same."""
    (reply,) = line.send({"jsonrpc": "2.0", "id": identifier, "method": "bridge.clock.now"})
    assert identifier == reply["id"]
    assert "result" in reply


@pytest.mark.parametrize(
    "message",
    [
        7,
        "text",
        None,
        [],
        {},
        {"jsonrpc": "1.0", "id": 1, "method": "getLoginUser"},
        {"id": 1, "method": "getLoginUser"},
        {"jsonrpc": "2.0", "id": 1},
        {"jsonrpc": "2.0", "id": 1, "method": 7},
        {"jsonrpc": "2.0", "id": True, "method": "getLoginUser"},
        {"jsonrpc": "2.0", "id": [1], "method": "getLoginUser"},
        {"jsonrpc": "2.0", "id": {}, "method": "getLoginUser"},
    ],
)
def test_what_is_no_request(line: Line, message: Any) -> None:
    """-32600, and the connection goes on."""
    (reply,) = line.send(message)
    assert -32600 == reply["error"]["code"]
    assert "alice" == line.call("getLoginUser")


def test_replies_of_clients_are_ignored(line: Line) -> None:
    """A client that answers an event has said nothing wrong."""
    assert [] == line.send({"jsonrpc": "2.0", "id": 1, "result": None})


# --- notifications


def test_notifications_are_carried_out(line: Line) -> None:
    """They are never answered; what they cause is heard."""
    came = line.send({"jsonrpc": "2.0", "method": "createConversationGroup", "params": create("g")})
    assert CREATED == [message["params"]["type"] for message in came]
    assert ["g"] == line.call("getConversationGroupList")


@pytest.mark.parametrize("method", ["noSuchMethod", "bridge.noSuch", "createConversationGroup"])
def test_errors_of_notifications_go_to_the_journal(line: Line, method: str) -> None:
    """Nobody is there to be told, so the journal is."""
    assert [] == line.send({"jsonrpc": "2.0", "method": method, "params": {"groupName": 7}})
    (warning,) = line.journal("warning")
    assert (method, True) == (warning["method"], warning["text"].startswith("notification refused: "))


# --- batches


def test_batch_runs_in_order(line: Line) -> None:
    """One array of replies, then the events in order; notifications and what is no request have their place."""
    batch = [
        {"jsonrpc": "2.0", "id": 1, "method": "createConversationGroup", "params": create("one")},
        {"jsonrpc": "2.0", "method": "createConversationGroup", "params": create("two")},
        {"jsonrpc": "2.0", "id": 2, "method": "getConversationGroupList"},
        7,
    ]
    replies, *events = line.send(batch)
    assert [1, 2, None] == [reply["id"] for reply in replies]
    assert ["one", "two"] == replies[1]["result"]["data"]
    assert -32600 == replies[2]["error"]["code"]
    created = [event["params"]["data"] for event in events if event["params"]["type"] == CREATED[0]]
    assert ["one", "two"] == [data["groupName"] for data in created]


def test_replies_in_a_batch_are_passed_over(line: Line) -> None:
    """What is a reply is neither answered nor taken for an end of the connection; the requests around it are carried out."""
    asked = [{"jsonrpc": "2.0", "id": number, "method": "bridge.clock.now"} for number in (1, 2)]
    for odd in ({"jsonrpc": "2.0", "id": 7, "result": 1}, {"jsonrpc": "2.0", "id": 7, "error": {"code": 1, "message": "x"}}):
        (replies,) = line.send([asked[0], odd, asked[1]])
        assert [1, 2] == [reply["id"] for reply in replies]
        assert not line.ended


def test_batch_with_wrong_requests(line: Line) -> None:
    """What is wrong with one request is said in its place in the array, and harms no other."""
    right = {"jsonrpc": "2.0", "id": "right", "method": "getLoginUser"}
    (replies,) = line.send([{"jsonrpc": "1.0", "id": "wrong", "method": "getLoginUser"}, right])
    assert ["wrong", "right"] == [reply["id"] for reply in replies]
    assert -32600 == replies[0]["error"]["code"]


def test_batch_of_notifications_is_not_answered(line: Line) -> None:
    """No array where there is no reply."""
    assert [] == line.send([{"jsonrpc": "2.0", "method": "getLoginUser"}])


# --- ids in flight


def test_id_in_flight_is_refused(line: Line) -> None:
    """Until its reply has come, an id is taken; the call that took it is answered all the same."""
    line.ask("bridge.fault.set", match={"method": "getLoginUser"}, effect={"delayMs": 1000})
    call = {"jsonrpc": "2.0", "id": "late", "method": "getLoginUser"}
    assert [] == line.send(call)
    (refused,) = line.send({**call, "method": "bridge.clock.now"})
    assert ("late", -32600) == (refused["id"], refused["error"]["code"])
    _, reply = line.request("bridge.clock.advance", {"ms": 1000})
    assert ("late", "alice") == (reply["id"], reply["result"]["data"])
    (again,) = line.send({**call, "method": "bridge.clock.now"})
    assert "result" in again


# --- arguments


def test_manager_may_be_left_out(line: Line) -> None:
    """Clients written by hand leave it out; a wrong one is refused, and the right one named."""
    for name in ({}, {"TIMManagerName": "conversationManager"}):
        assert [] == line.call("getConversationGroupList", **name)
    error = line.error("getConversationGroupList", TIMManagerName="timManager")
    assert -32602 == error["code"]
    assert "TIMManagerName" == error["data"][0]["path"]
    assert "conversationManager" in error["data"][0]["message"]


def test_baggage_is_ignored(line: Line) -> None:
    """What the real plugin sends along with every call says nothing, and nothing is said about it."""
    line.call("getLoginUser", ability={"a": 1}, stacktrace="#0 main")
    assert [] == line.journal("warning")


def test_unknown_keys_are_taken(line: Line) -> None:
    """With a warning in the journal, whose cause is the call."""
    line.call("getLoginUser", extra=1)
    (warning,) = line.journal("warning")
    (call,) = (entry for entry in line.journal("call") if "extra" in entry["arguments"])
    assert (call["seq"], True) == (warning["cause"], "extra" in warning["text"])


def test_strict_refuses_unknown_keys() -> None:
    """`--strict` takes nothing that the real plugin would not send."""
    line = Line(options=Options(strict=True))
    line.start("alice")
    assert -32602 == line.error("getLoginUser", extra=1)["code"]


def test_integers_where_doubles_are_due(line: Line) -> None:
    """An integral number is taken, and is a double from then on."""
    created = line.call("createLocationMessage", desc="here", latitude=1, longitude=-2)
    location = created["messageInfo"]["locationElem"]
    assert [float, float] == [type(location["latitude"]), type(location["longitude"])]


# --- errors


def test_refusals_are_envelopes(line: Line) -> None:
    """The service's refusals are results with a code, never JSON-RPC errors."""
    result = line.ask("createConversationGroup", groupName="", conversationIDList=["c2c_bob"])
    assert 51011 == result["code"]
    assert {"code", "desc"} == set(result)


def test_unknown_methods(line: Line) -> None:
    """-32601 with the nearest names."""
    error = line.error("createConversationGruop")
    assert -32601 == error["code"]
    assert "createConversationGroup" in error["data"]["nearest"]


def test_methods_of_other_dialects() -> None:
    """-32601 with the dialect that has the method."""
    line = Line(dialect="im-5.0")
    error = line.error("followUser", userIDList=["bob"])
    assert (-32601, ["chat-8.2", "chat-8.4", "chat-7.9"]) == (error["code"], error["data"]["dialects"])


@pytest.mark.parametrize(
    ("platform", "method", "platforms"),
    [
        ("android", "setVOIP", ["ios", "macos"]),
        ("ios", "setOfflinePushConfig", ["android", "windows"]),
        ("ios", "searchGroupByID", ["windows"]),
    ],
)
def test_methods_of_other_platforms(platform: str, method: str, platforms: list[str]) -> None:
    """-32601 with the platforms that have the method."""
    error = Line(platform=platform).error(method)
    assert (-32601, platforms) == (error["code"], error["data"]["platforms"])


def test_all_violations_are_listed(line: Line) -> None:
    """-32602 with a path and a message for each."""
    error = line.error("createConversationGroup", groupName=7, conversationIDList=["c2c_bob", 8, "c2c_carol", None])
    assert -32602 == error["code"]
    assert ["groupName", "conversationIDList[1]", "conversationIDList[3]"] == [flaw["path"] for flaw in error["data"]]
    assert all(flaw["message"] for flaw in error["data"])


def test_calls_that_are_never_answered(line: Line) -> None:
    """-32001 with what would happen, why, and how one knows."""
    error = line.error("sendMessage", id="never-created", receiver="bob", groupID="")
    assert -32001 == error["code"]
    assert {"reason", "note", "evidence"} == set(error["data"])
    assert error["data"]["reason"] in ("unanswered", "crash")


@pytest.mark.parametrize(
    ("method", "params", "nearest"),
    [
        ("bridge.device.call", {"device": "fone", "method": "getLoginUser"}, ["phone"]),
        ("bridge.device.close", {"device": "phones"}, ["phone"]),
        ("bridge.world.rollback", {"checkpoint": "checkpoint-2"}, ["checkpoint-1"]),
        ("bridge.turn", {"device": "phon", "method": "getLoginUser"}, ["phone"]),
    ],
)
def test_what_is_not_there(line: Line, method: str, params: dict[str, Any], nearest: list[str]) -> None:
    """-32000 with the nearest names, for devices, checkpoints and worlds."""
    line.ask("bridge.device.open", device="phone")
    line.ask("bridge.world.checkpoint")
    error = line.error(method, **params)
    assert (-32000, nearest) == (error["code"], error["data"]["nearest"])


def test_control_methods_are_checked(line: Line) -> None:
    """-32601 and -32602 say of `bridge.*` what they say of channel calls."""
    assert ["bridge.clock.advance"] == line.error("bridge.clock.advanse")["data"]["nearest"][:1]
    error = line.error("bridge.clock.advance", ms="soon", seconds=1)
    assert -32602 == error["code"]
    assert {"ms", "seconds"} == {flaw["path"] for flaw in error["data"]}


# --- our own bugs


def break_down(caller: handlers.Caller, **_: Any) -> None:
    """Change the world, tell somebody, and fail."""
    conversations.change(caller.world, "alice", "c2c_bob", listed=True)
    caller.world.state("login_status_changed", facts.user("alice"), status=1)
    caller.world.next_number("order")
    raise RuntimeError("boom")


def test_bug_leaves_the_world_as_it_was(line: Line, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    """-32603: nothing has changed, nobody has heard, the log has the traceback, and the next call works."""
    line.call("getConversationGroupList")
    monkeypatch.setitem(handlers._FOUND, "conversation_groups.create_conversation_group", break_down)
    before = line.snapshot()
    line.problems.clear()
    with caplog.at_level(logging.ERROR):
        (reply,) = line.request("createConversationGroup", create("g"))
    assert -32603 == reply["error"]["code"]
    assert "boom" in reply["error"]["message"]
    assert "RuntimeError: boom" in caplog.text
    assert before == line.snapshot()
    line.problems.clear()  # the referee has its own opinion of bugs
    assert [] == line.call("getConversationGroupList")


def test_bug_of_the_control_plane(line: Line, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    """The same holds for `bridge.*`."""

    def function(session: Any, **_: Any) -> None:
        conversations.change(session.emulator.world, "alice", "c2c_bob", listed=True)
        raise RuntimeError("boom")

    spec = controls.find("bridge.clock.now")
    monkeypatch.setitem(controls._METHODS, "clock.now", spec._replace(function=function))
    before = line.snapshot()
    with caplog.at_level(logging.ERROR):
        assert -32603 == line.error("bridge.clock.now")["code"]
    assert before == line.snapshot()


def test_refusal_leaves_the_world_as_it_was(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """A handler that refuses half-way has done nothing either."""

    def refuse(caller: handlers.Caller, **_: Any) -> None:
        conversations.change(caller.world, "alice", "c2c_bob", listed=True)
        caller.world.state("login_status_changed", facts.user("alice"), status=1)
        raise ChatError(51011)

    line.call("getConversationGroupList")
    monkeypatch.setitem(handlers._FOUND, "conversation_groups.create_conversation_group", refuse)
    before = line.snapshot()
    (reply,) = line.request("createConversationGroup", create("g"))
    assert 51011 == reply["result"]["code"]
    assert before == line.snapshot()


# --- events


def test_reply_comes_first(line: Line) -> None:
    """Then what the call has caused, in that order, and nothing of the next call in between."""
    first = line.request("createConversationGroup", create("one"))
    second = line.request("renameConversationGroup", {"oldName": "one", "newName": "two"})
    assert [True, False, False] == ["id" in message for message in first]
    types = [message["params"]["type"] for message in (*first[1:], *second[1:])]
    assert [*CREATED, "onConversationGroupNameChanged", "onConversationChanged"] == types


def test_events_are_notifications(line: Line) -> None:
    """The listener's kind is the method; type, data and listenerUuid are its parameters."""
    _, event, _ = line.request("createConversationGroup", create("one"))
    assert "conversationListener" == event["method"]
    assert "id" not in event
    assert {"type", "data", "listenerUuid"} <= set(event["params"])


def test_progress_comes_before_the_reply(line: Line) -> None:
    """The sender's conversation with its message on the way is told ahead of the reply, as the schema says."""
    created = line.call("createTextMessage", text="hi")
    came = line.request("sendMessage", {"id": created["id"], "receiver": "bob", "groupID": ""})
    at = [n for n, message in enumerate(came) if "id" in message]
    early = [message["params"] for message in came[: at[0]]]
    assert early
    assert all(params["data"][0]["lastMessage"]["status"] == 1 for params in early)


def test_events_nobody_listens_to_are_lost() -> None:
    """A listener that is added later is told nothing; the journal has what was dropped."""
    line = Line()
    line.ask("initSDK", sdkAppID=1, logLevel=3, uiPlatform=0, listenerUuid="")
    line.call("login", userID="alice", userSig="sig")
    line.take()
    assert 1 == len(line.request("createConversationGroup", create("g")))
    assert 1 == len(line.request("addConversationListener", {"listenerUuid": "late"}))
    dropped = [entry["arguments"]["type"] for entry in line.journal("dropped")]
    assert "onConversationGroupCreated" in dropped
