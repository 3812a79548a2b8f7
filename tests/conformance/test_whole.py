"""The schemas that are written for other tools: whole, valid by others' words, and true of what is said."""

import json
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from bridge.catalogue import dialects, load, native_dialects
from bridge.codecs import jsonrpc
from bridge.conformance import asyncapi, whole
from tests.catalogue.schema_files import METAS, RECORDED, ROOT
from tests.support import metaschemas
from tests.support.line import Line
from tools import gen_meta

KINDS = [(dialect, platform) for dialect in dialects() for platform in load(dialect).platforms]


@cache
def schema(dialect: str, platform: str) -> Any:
    """Return the schema of a dialect on a platform."""
    return whole.schema(dialect, platform)


@cache
def validator(dialect: str, platform: str, name: str) -> Any:
    """Return what checks values of one of its types."""
    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": schema(dialect, platform)["$defs"]})


def joined(*names: str) -> str:
    """Return what a type of several names is called."""
    return "".join(name[0].upper() + name[1:] for name in names)


@pytest.mark.parametrize(("dialect", "platform"), KINDS)
def test_schema_is_whole(dialect: str, platform: str) -> None:
    """Every reference leads to a type, names differ by more than case, and all methods and events are there."""
    found = schema(dialect, platform)
    names = found["$defs"]
    assert {f"#/$defs/{name}" for name in names} >= set(gen_meta.references(found))
    assert len(names) == len({name.lower() for name in names})
    assert all(name.isidentifier() for name in names)
    assert f"urn:timbridge:schemas:{dialect}:{platform}" == found["$id"]
    catalogue = load(dialect)
    for method in catalogue.method_names:
        spec = catalogue.method(method)
        assert spec is not None
        there = platform in spec.platforms and spec.reply(platform).form != "notImplemented"
        assert there == (joined(method, "arguments") in names) == (joined(method, "reply") in names), method


def test_schemas_are_json_schema() -> None:
    """They keep to JSON Schema's own meta-schema; to that of draft 7, which is quick, and has all the words that they use."""
    for kind in (KINDS[0], ("chat-8.2", "windows"), ("im-5.0", "ios")):
        Draft7Validator.check_schema({"definitions": schema(*kind)["$defs"]})


def of_the_wire(value: Any) -> Any:
    """Return a value as a client reads it that knows JSON alone: bytes are objects."""
    return json.loads(jsonrpc.dumps(value))


@pytest.mark.parametrize(("dialect", "platform"), [kind for kind in KINDS if kind[0] in RECORDED])
def test_schema_is_true_of_what_is_said(dialect: str, platform: str) -> None:
    """What a real client sends keeps to it, and so do the replies to it and all that is heard on the way."""
    line = Line(dialect=dialect, platform=platform)
    line.ask("bridge.world.load", world={"version": 1, "users": ["bob"], "groups": [GROUP]})
    line.start("alice")
    text = (ROOT / "fixtures" / "recordings" / f"{dialect}.calls.jsonl").read_text("utf-8")
    seen = {"arguments": 0, "reply": 0, "event": 0}

    def check(kind: str, name: str, value: Any) -> None:
        problems = [error.message for error in validator(dialect, platform, name).iter_errors(of_the_wire(value))]
        assert [] == problems, (name, value)
        seen[kind] += 1

    for call in map(json.loads, text.splitlines()[1:]):
        method, arguments = call["method"], call["arguments"]
        if joined(method, "arguments") not in schema(dialect, platform)["$defs"] or method.startswith(ENDING):
            continue
        check("arguments", joined(method, "arguments"), {k: v for k, v in arguments.items() if v is not None})
        for message in line.request(method, jsonrpc.loads(json.dumps(arguments))):
            if "method" in message:
                check("event", joined(message["method"], message["params"]["type"]), message["params"])
            elif "result" in message:
                check("reply", joined(method, "reply"), message["result"])
    assert seen["arguments"] > 200
    assert seen["reply"] > 200
    assert seen["event"] >= 20


ENDING = ("logout", "unInitSDK", "initSDK", "remove", "dismissGroup", "quitGroup")
"""Calls behind which less is heard."""

GROUP = {"group_id": "g1", "group_type": "Public", "name": "g", "owner": "bob", "members": ["bob", "alice"]}


def test_schema_notices_what_is_wrong() -> None:
    """A reply without its code, an event of another type, and an argument of a wrong kind do not pass."""
    kind = ("chat-8.2", "android")
    assert not validator(*kind, "GetVersionReply").is_valid({"desc": "ok", "data": "8"})
    assert not validator(*kind, "CreateConversationGroupArguments").is_valid({"groupName": 1, "conversationIDList": []})
    assert not validator(*kind, "CreateConversationGroupArguments").is_valid({"groupName": "g"})
    event = {"type": "onConnecting", "data": None, "listenerUuid": "", "method": "initSDKListener"}
    assert validator(*kind, "InitSDKListenerOnConnecting").is_valid(event)
    for change in ({"type": "onConnected"}, {"data": 1}, {"listenerUuid": None}, {"more": 1}):
        assert not validator(*kind, "InitSDKListenerOnConnecting").is_valid({**event, **change}), change


@pytest.mark.parametrize("dialect", [*dialects(), *native_dialects()])
def test_documents_lie_as_in_schemas(dialect: str) -> None:
    """Each has a path of its own, says by a relative path what it keeps to, and keeps to it; none is a patch."""
    found = list(whole.documents(dialect))
    assert len(found) == len({path.lower() for path, _ in found})
    for path, document in found[:: 1 if dialect == "im-5.0" else 9]:
        meta = document["$schema"].rpartition("/")[2]
        assert f"{'../' * (path.count('/') + 1)}meta/{meta}" == document["$schema"], path
        assert [] == [error.message for error in Draft202012Validator(METAS[meta]).iter_errors(document)], path
    kinds = {path.partition("/")[0] for path, _ in found}
    assert ({"methods", "events", "maps", "models"} if dialect in dialects() else {"functions", "callbacks", "objects"}) < kinds


def test_overlay_is_put_together() -> None:
    """What im-5.0 takes over from its base is there, with what it changes; what it has not is missing."""
    found = dict(whole.documents("im-5.0"))
    assert "methods/conversationManager/createConversationGroup.json" in found
    assert "methods/friendshipManager/followUser.json" not in found
    assert "../../../meta/method.schema.json" == found["methods/conversationManager/getConversationListByFilter.json"]["$schema"]
    assert "maps/V2TIMUserInfo.sender.json" in found


@pytest.mark.parametrize(("dialect", "platform"), [("chat-8.2", "android"), ("im-5.0", "ios")])
def test_events_are_asyncapi(dialect: str, platform: str) -> None:
    """The document keeps to AsyncAPI's own meta-schema, which notices what does not."""
    document = asyncapi.document(dialect, platform, "1.0")
    assert [] == metaschemas.problems("asyncapi-3.0.json", document)
    few = {**document, "components": {}, "operations": {"x": {"action": "sends", "channel": {"$ref": "#/channels/x"}}}}
    assert metaschemas.problems("asyncapi-3.0.json", few)


@pytest.mark.parametrize(("dialect", "platform"), KINDS)
def test_asyncapi_has_every_event(dialect: str, platform: str) -> None:
    """The events that `rpc.discover` names, and no others; all references lead somewhere, none in a circle."""
    document = asyncapi.document(dialect, platform, "1.0")
    said = Line().ask("rpc.discover", dialect=dialect, platform=platform)["x-events"]
    assert {f"{event['method']}.{event['name']}" for event in said} == set(document["components"]["messages"])
    assert [event["params"] for event in said] == [
        message["payload"]["properties"]["params"] for message in document["components"]["messages"].values()
    ]
    for reference in set(gen_meta.references(document)):
        value: Any = document
        for key in reference.removeprefix("#/").split("/"):
            value = value[key]
        assert isinstance(value, dict)
    sent = {kind for kind, channel in document["channels"].items() if channel["messages"]}
    assert sent == {event["method"] for event in said} == {name.removeprefix("tell.") for name in document["operations"]}
