"""
Draft the files of events, and what a dialect says of its listeners.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tools.drafting.facts import fact_name, field_name, value_name
from tools.drafting.wire import Schema, wire_schema

Json = dict[str, Any]

# Keys that only iOS sends, of events whose keys the facts name without a type.
_IOS_TYPES = {
    "groupID": "String",
    "isMute": "bool",
    "memberIDList": "list<String>",
    "markType": "int",
    "enableMark": "bool",
    "msgID": "String",
    "text": "String",
    "customData": "String",
}
_SENDERS = {
    "onRecvC2CTextMessage": "map:V2TIMUserInfo(sender)",
    "onRecvC2CCustomMessage": "map:V2TIMUserInfo(sender)",
    "onRecvGroupTextMessage": "map:V2TIMGroupMemberInfo",
    "onRecvGroupCustomMessage": "map:V2TIMGroupMemberInfo",
}
_EMPTY_UUID = "iOS emits it with listenerUuid ''"


def _holding(event_type: str, platform: str, schema: Schema) -> Schema:
    """
    A message in a progress event holds its created-message id, and on iOS its progress.
    """
    if event_type != "onSendMessageProgress" or schema.get("x-ref") != "maps/V2TIMMessage":
        return schema
    return {**schema, "x-with": ["id"] if platform == "android" else ["id", "progress"]}


def _keys(event: Json, platform: str) -> list[Json]:
    said = event[platform]
    words = {key["key"]: key["wireType"] for key in (event["android"] or {}).get("keys", [])}
    names = [key if isinstance(key, str) else key["key"] for key in said["keys"]]
    keys = []
    for name in names:
        word = words.get(name) or _IOS_TYPES.get(name) or _SENDERS[event["type"]]
        schema = _holding(event["type"], platform, wire_schema(word))
        keys.append({"key": name, "field": field_name(name), "type": schema})
    return keys


def _data(event: Json, platform: str) -> Json | None:
    said = event[platform]
    android = event["android"]
    if said is None or said["data"] in ("null", "absent (no data key)"):
        return None
    if said["data"] == "as Android" or said.get("sameKeysAsAndroid") or not android:
        data = android or said
    else:
        data = said
    if data["data"] == "map" and not (platform == "ios" and android and android["data"] != "map"):
        return {"keys": _keys(event, platform if "keys" in said else "android")}
    return {"value": value_name(event["type"]), "type": wire_schema(android["data"])}


def _platforms(event: Json) -> list[str]:
    if any("ever comes in" in note or "the event never comes." in note for note in event.get("notes", [])):
        return []
    return [platform for platform in ("android", "ios") if event[platform] is not None]


def _quirks(event: Json, shared: bool) -> Json:
    quirks: Json = {}
    if event["type"] == "onSendMessageProgress":
        quirks["beforeReply"] = True
    if shared and event["type"] in ("onSendMessageProgress", "onMessageDownloadProgressCallback"):
        quirks["perListener"] = ["ios"]
    notes = " ".join(event.get("notes", []))
    if _EMPTY_UUID in notes:
        quirks["emptyUuid"] = ["ios"]
    if "never comes" in notes.lower():
        quirks["neverSent"] = True
    return quirks


def event_file(listener: str, event: Json, version: str, shared: bool) -> Json:
    """
    Draft `events/<listener>/<type>.json` from one event of events.json.

    Args:
        listener: kind of the listener, which is the channel method of the event.
        event: the facts.
        version: the plugin's version, for the evidence.
        shared: whether one event serves all listeners of the kind.
    """
    return {
        "$schema": "../../../meta/event.schema.json",
        "type": event["type"],
        "listener": listener,
        "fact": fact_name(event["type"]),
        "platforms": _platforms(event),
        "data": {platform: _data(event, platform) for platform in ("android", "ios")},
        "dart": {"callback": event["dartCallback"], "arguments": event["dartArgs"]},
        "quirks": _quirks(event, shared),
        "notes": event.get("notes", []),
        "evidence": [
            {"claim": "keys and types on Android", "kind": "adapter source", "source": f"Android adapter {version}"},
            {"claim": "keys on iOS", "kind": "adapter source", "source": f"iOS adapter {version}"},
            {
                "claim": "what the Dart callback gets",
                "kind": "adapter source",
                "source": f"event handler of the plugin {version}",
            },
        ],
    }


IOS_TRAITS = ("leavesOutNull", "namesNoListener", "goesByName", "answersUnknown")


def dialect_file(methods: Json, events: Json) -> Json:
    """
    Draft `dialect.json`: the names of a dialect and its listeners.
    """
    shared = methods["dialect"] != "im-5.0"
    return {
        "$schema": "../meta/dialect.schema.json",
        "dialect": methods["dialect"],
        "channel": methods["channel"],
        "pluginVersion": methods["pluginVersion"],
        "platforms": {"android": {}, "ios": dict.fromkeys(IOS_TRAITS, True)},
        "listeners": {
            kind: {
                "register": list(said["register"]),
                "unregister": list(said["unregister"]),
                "fan_out": "shared" if shared else "perListener",
            }
            for kind, said in events["listeners"].items()
        },
        "notes": [*_told("calls", methods["general"]), *_told("events", events["general"])],
    }


def _told(path: str, said: Any) -> Iterator[str]:
    """
    Flatten general remarks into sentences that begin with what they are about.
    """
    if isinstance(said, dict):
        for key, value in said.items():
            yield from _told(f"{path}, {key}", value)
    else:
        yield f"{path}: {', '.join(said) if isinstance(said, list) else said}"
