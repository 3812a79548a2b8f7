"""What the control plane answers is what `rpc.discover` says of it: results and errors, method by method."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bridge.catalogue import dialects, load, words
from bridge.catalogue.sources import common_document
from bridge.control.registry import all_specs, full_name
from bridge.errors import INVALID_PARAMS, NOT_THERE
from tests.catalogue.schema_files import SCHEMAS, read
from tests.support.line import Line

SAID = common_document("control.schema")
GROUP = {"group_id": "g1", "group_type": "Public", "name": "g", "owner": "bob", "members": ["bob", "alice"]}
TOWN = {"group_id": "@TGS#_town", "group_type": "Community", "name": "t", "owner": "bob", "members": ["bob"], "support_topic": True}
WORLD = {"version": 1, "users": ["bob"], "groups": [GROUP, TOWN]}
TOKEN = {"businessID": 1.0, "token": "t", "isTPNSToken": False}
INVITATION = {"invitee": "alice", "data": "d", "timeout": 30, "onlineUserOnly": False}
TOWER = {"groupID": "@TGS#_town", "topicInfo": {"topicName": "n"}}

Call = tuple[str, dict[str, Any]]

STORY: tuple[Call, ...] = (
    ("authenticate", {"token": "t"}),
    ("journal.watch", {"travel": True}),
    ("device.use", {"dialect": "chat-8.2"}),
    ("world.load", {"world": WORLD}),
    ("ping", {}),
    ("device.open", {"device": "tablet", "platform": "macos"}),
    ("fault.set", {"match": {"method": "getVersion"}, "effect": {"code": 7}}),
    ("fault.list", {}),
    ("start", {}),
    ("clock.now", {}),
    ("clock.advance", {"ms": 1000}),
    ("clock.set", {"ms": 2_000_000_000_000}),
    ("device.call", {"device": "tablet", "method": "getVersion"}),
    ("turn", {"method": "getVersion"}),
    ("device.call", {"device": "", "method": "setOfflinePushConfig", "arguments": TOKEN}),
    ("user.call", {"user": "bob", "method": "invite", "arguments": INVITATION}),
    ("user.invitations", {"user": "alice"}),
    ("user.say", {"user": "bob", "to": "alice", "text": "hi"}),
    ("turn", {}),
    ("device.call", {"device": "", "method": "doBackground", "arguments": {"unreadCount": 0}}),
    ("service.kick", {"device": "tablet"}),
    ("service.connectionLost", {}),
    ("user.say", {"user": "bob", "to": "alice", "text": "are you there"}),
    ("push.list", {}),
    ("push.list", {"user": "alice"}),
    ("service.connectionRestored", {}),
    ("service.syncFails", {}),
    ("service.syncWorks", {}),
    ("service.groupNotice", {"group": "g1", "data": "d"}),
    ("service.broadcast", {"text": "x"}),
    ("service.experimentalNotify", {"user": "alice", "key": "k", "param": 1}),
    ("service.officialAccountPublished", {"account": "news", "name": "News"}),
    ("service.officialAccountChanged", {"account": "news", "name": "New"}),
    ("service.officialAccountDeleted", {"account": "news"}),
    ("service.groupRecycled", {"group": "g1"}),
    ("service.switch", {"name": "revoke_window_s", "value": 60}),
    ("journal.list", {}),
    ("journal.expect", {"calls": [{"method": "getVersion", "times": 9}, {"method": "login", "arguments": {"userID": "x"}}]}),
    ("journal.expect", {"events": [{"type": "onConnectSuccess"}, {"type": "onKickedOffline", "data": {"a": 1}}]}),
    ("coverage", {}),
    ("travel.list", {}),
    ("journal.write", {"as": "report"}),
    ("world.view", {}),
    ("world.view", {"at": 5}),
    ("world.changed", {"seq": 53}),
    ("worlds.hold", {"holder": "a test"}),
    ("worlds.list", {}),
    ("evidence", {"method": "createConversationGroup"}),
    ("evidence", {"method": "sendMessage", "dialect": "im-5.0"}),
    ("service.expireUserSig", {}),
    ("service.kickUser", {"user": "alice"}),
    ("library.look", {"process": 1, "mark": True}),
    ("library.use", {"process": 1, "dialect": "native-8.9"}),
    ("fault.clear", {}),
    ("journal.clear", {}),
    ("device.close", {"device": "tablet"}),
    ("world.checkpoint", {}),
    ("world.rollback", {"checkpoint": "1"}),
    ("world.export", {}),
    ("world.reset", {}),
    ("world.use", {"world": "another"}),
    ("world.use", {"world": "a third"}),
    ("schedule.use", {"seed": 1}),
    ("schedule.seen", {}),
    ("rpc.discover", {}),
    ("inspector.attach", {}),
    ("worlds.drop", {"world": "a third"}),
    ("journal.watch", {"travel": True}),
    ("travel.to", {"seq": 1_000_000}),
    ("journal.unwatch", {}),
)
"""Every method of the control plane, in an order in which each has something to answer."""

NOBODY: dict[str, dict[str, Any]] = {
    "device.call": {"device": "nobody", "method": "getVersion"},
    "device.open": {"device": "tablet"},
    "device.use": {"dialect": "chat-8.4"},
    "fault.clear": {"fault": 9},
    "inspector.attach": {"world": "nowhere"},
    "journal.write": {"as": "report", "entries": [1_000_000]},
    "library.use": {"process": 1, "dialect": "native-1.0"},
    "service.officialAccountChanged": {"account": "none", "name": "x"},
    "service.officialAccountDeleted": {"account": "none"},
    "travel.list": {},
    "travel.to": {"seq": 1},
    "turn": {"device": "nobody", "method": "getVersion"},
    "world.changed": {"seq": 1},
    "world.drop": {"world": "nowhere"},
    "world.load": {"world": "nowhere"},
    "world.rollback": {"checkpoint": "none"},
    "world.view": {"at": 1},
    "worlds.drop": {"world": "nowhere"},
}
"""How those are called that take a name, with one that is not there, or is taken; all others with a device that is not there."""


@cache
def discovered() -> Any:
    """Return the document; nobody changes it."""
    return Line().ask("rpc.discover")


@cache
def validator(name: str) -> Any:
    """Return what checks the result of a control method."""
    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": SAID["$defs"]})


def problems(name: str, result: Any) -> list[str]:
    """Return what is wrong with a result."""
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in validator(name).iter_errors(result)]


def test_results_keep_to_their_schemas() -> None:
    """Each method answers what the schema of its result says, with no key too many; lists that it is about are not empty."""
    line = Line()
    filled: set[str] = set()
    for name, params in STORY:
        if name == "start":
            line.start("alice")
            line.start("alice", "tablet")
            continue
        if name == "world.rollback":
            params = {"checkpoint": line.ask("bridge.world.checkpoint")["checkpoint"]}
        result = line.ask(full_name(name), **params)
        assert [] == problems(name, result), (name, result)
        filled |= {f"{name}.{key}" for key, value in result.items() if isinstance(value, (list, dict)) and value}
    assert set(all_specs()) - {"service.topicNotice", "world.drop"} == {name for name, _ in STORY} - {"start"}
    for wanted in ("fault.list.faults", "journal.list.entries", "journal.expect.missing", "push.list.pushes", "push.list.tokens"):
        assert wanted in filled, wanted
    for wanted in ("travel.list.marks", "world.changed.changes", "world.view.devices", "worlds.list.worlds"):
        assert wanted in filled, wanted
    for wanted in ("turn.events", "user.invitations.invitations", "evidence.rules", "evidence.decisions", "service.switch.switches"):
        assert wanted in filled, wanted


def test_what_needs_more_keeps_to_its_schema() -> None:
    """A topic is told something, a world is dropped."""
    line = Line()
    line.ask("bridge.world.load", world=WORLD)
    topic = line.ask("bridge.user.call", user="bob", method="createTopicInCommunity", arguments=TOWER)["data"]
    assert [] == problems("service.topicNotice", line.ask("bridge.service.topicNotice", topic=topic, data="d"))
    line.ask("bridge.world.use", world="spare", keep=True)
    line.ask("bridge.world.use", world="mine")
    assert [] == problems("world.drop", line.ask("bridge.world.drop", world="spare"))


@pytest.mark.parametrize(
    ("name", "result"),
    [
        ("clock.now", {}),
        ("clock.now", {"ms": 1, "s": 1}),
        ("world.reset", {"ms": 1}),
        ("turn", {"result": 1}),
        ("turn", {"result": 1, "pending": False, "events": []}),
        ("fault.set", {"fault": "1"}),
        ("journal.list", {"entries": [{"seq": 1}], "cut": False}),
    ],
)
def test_other_results_do_not(name: str, result: Any) -> None:
    """A key that is missing or too many, a value of another kind."""
    assert problems(name, result)


@pytest.mark.parametrize("name", all_specs())
def test_errors_are_those_that_are_named(name: str) -> None:
    """Whoever names what is not there is told NotThere where the document says so, and nowhere else; nonsense is InvalidParams."""
    line, document = Line(), discovered()
    said = next(method for method in document["methods"] if method["name"] == full_name(name))
    named = {document["components"]["errors"][error["$ref"].rpartition("/")[2]]["code"] for error in said["errors"]}
    assert INVALID_PARAMS in named
    assert (NOT_THERE in named) == (name in SAID["x-notThere"])
    assert INVALID_PARAMS == line.error(full_name(name), nonsense=1)["code"]
    if name in SAID["x-notThere"]:
        line.ask("bridge.device.open", device="tablet")
        line.start("alice")
        assert NOT_THERE == line.error(full_name(name), **NOBODY.get(name, {"device": "nobody"}))["code"]
    else:
        assert "device" not in all_specs()[name].params or name == "journal.list", "a device may be none"


def test_every_argument_is_described() -> None:
    """In words, in the document and for all dialects; an enumeration that is named is one of them; nothing else is described."""
    texts = read(SCHEMAS / "arguments.json")
    keys: dict[str, set[str]] = {}
    enums: set[str] = set()
    for dialect in dialects():
        catalogue = load(dialect)
        enums |= set(catalogue.enums())
        for name in catalogue.method_names:
            spec = catalogue.method(name)
            assert spec is not None
            for param in spec.params:
                keys.setdefault(name, set()).add(param.key)
                assert words.argument(name, param.key), (name, param.key)
                assert words.argument(name, param.key) in words.described(name, param)
    assert set(texts["arguments"]) == set().union(*keys.values())
    for name, own in texts["of"].items():
        assert set(own) <= keys[name], name
        assert all(text != texts["arguments"][key] for key, text in own.items()), name
    for text in [*texts["arguments"].values(), *(text for own in texts["of"].values() for text in own.values())]:
        assert set(re.findall("`([^`]+)`", text)) <= enums, text


def test_codes_of_methods_are_named() -> None:
    """A method says which codes its envelope may have, and the document what they mean; on iOS another adapter's are not there."""
    line = Line()
    android, ios = (line.ask("rpc.discover", dialect="chat-8.2", platform=platform) for platform in ("android", "ios"))
    codes = [{method["name"]: method.get("x-codes") for method in found["methods"]} for found in (android, ios)]
    assert {6013, 6014, 51009} <= set(codes[0]["addConversationsToGroup"])
    assert [] == codes[0]["getVersion"] or 6014 not in codes[0]["getVersion"]
    assert 0 not in {code for found in codes for own in found.values() for code in own or ()}
    for found in (android, ios):
        named = {str(code) for method in found["methods"] for code in method.get("x-codes", ())}
        assert set(found["x-codes"]) <= named
        assert {"6013", "6014"} <= set(found["x-codes"])
    assert codes[0] != codes[1]
    assert android["x-enums"]["GroupAddOptTypeEnum"]["V2TIM_GROUP_ADD_ANY"] == 2
