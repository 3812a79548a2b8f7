"""
Draft the files of maps, models, enums and errors.
"""

from __future__ import annotations

from typing import Any

from tools.drafting.wire import dart_schema, nullable, wire_schema

Json = dict[str, Any]

# iOS spells some keys its own way: (map, iOS key) to the Android key whose type it has, or to a type of its own.
_IOS_SPELLINGS = {
    "onlineDevices": "onlineDevices ",
    "layersOverLimit": "isLayersOverLimit",
    "permissionGroupID": "germissionGroupID",
    "errorMsg": "errorMessage",
    "groupAtInfolist": "groupAtInfoList",
    "uuid": "UUID",
    "faceURL": "faceUrl",
}
_IOS_OWN = {
    "isAllMuted": "bool",
    "userID": "String|null",
    "permissionGroupID": "String|null",
    "resultMessage": "String|null",
}

# Parts of a map whose keys iOS spells differently; the facts tell it in their notes.
_IOS_PART_KEYS = {
    "V2TIMImageElem.imageList": {"UUID": "uuid"},
    "V2TIMGroupTipsElem.memberList": {"faceUrl": "faceURL"},
    "V2TIMGroupTipsElem.opMember": {"faceUrl": "faceURL"},
}
_ON_REQUEST = "only where the referring schema lists it in x-with"


def map_path(name: str) -> str:
    """
    Return the path of a map's file: "V2TIMUserInfo(sender)" stands in `maps/V2TIMUserInfo.sender.json`.
    """
    return f"maps/{name.replace('(', '.').rstrip(')')}.json"


def _entry(key: str, schema: Json, told: Json) -> Json:
    entry = {"key": key, "type": nullable(schema) if told.get("nullable") else schema}
    for word in ("conditional", "note"):
        if told.get(word):
            entry[word] = told[word]
    return entry


def _schema(owner: str, key: Json) -> Json:
    word = key["wireType"]
    if "keys" not in key:
        if owner == "CreatedMessage" and word == "map:V2TIMMessage":
            return {**wire_schema(word), "x-with": ["id"]}
        return wire_schema("any" if word == "map" else word)
    part = {"x-ref": f"maps/{owner}.{key['key']}"}
    return {"type": "array", "items": part} if word.startswith("list") else part


def _ios_keys(name: str, fact: Json, android: list[Json]) -> list[Json]:
    known = {entry["key"]: entry for entry in android}
    spelt = _IOS_PART_KEYS.get(name, {})
    keys = (fact.get("ios") or {}).get("keys") or [spelt.get(key, key) for key in known]
    entries = []
    for key in keys:
        like = known.get(key) or known.get(_IOS_SPELLINGS.get(key, ""))
        if like is None:
            word = _IOS_OWN[key]
            like = {"type": wire_schema(word)}
        entries.append({**like, "key": key})
    return entries


def _special(name: str, drafted: Json) -> Json:
    """
    Add what the facts tell in words only.
    """
    if name == "V2TIMMessage":
        for entry in drafted["android"]:
            if entry["key"] == "id":
                entry["onRequest"] = True
        held = [entry for entry in drafted["android"] if entry["key"] in ("progress", "priority")]
        drafted["ios"] = [entry if entry["key"] != "id" else {**entry, "onRequest": True} for entry in drafted["ios"]]
        drafted["ios"] += [{**entry, "conditional": _ON_REQUEST, "onRequest": True} for entry in held]
    if name == "V2TIMElem(next)":
        drafted["open"] = True
    if name == "V2TIMPermissionGroupMemberOperationResult":
        drafted["ios"] = [entry for entry in drafted["android"] if entry["key"] == "resultCode"]
        drafted["ios"] += [
            {"key": key, "type": wire_schema("String|null")} for key in ("permissionGroupID", "resultMessage")
        ]
    return drafted


def _draft_map(name: str, fact: Json, version: str, part_of: str | None = None) -> Json:
    android = [_entry(key["key"], _schema(name, key), key) for key in fact["android"]["keys"]]
    drafted: Json = {"$schema": "../../meta/map.schema.json", "map": name, "dartModel": fact.get("dartModel")}
    if part_of:
        drafted["partOf"] = part_of
    drafted["android"] = android
    drafted["ios"] = _ios_keys(name, fact, android)
    drafted["notes"] = fact.get("notes", [])
    sure = bool((fact.get("ios") or {}).get("keys"))
    drafted["evidence"] = [
        {"claim": "keys and types on Android", "kind": "adapter source", "source": f"Android adapter {version}"},
        {"claim": "keys on iOS", "kind": "adapter source" if sure else "inferred", "source": f"iOS adapter {version}"},
    ]
    return _special(name, drafted)


def map_files(maps: Json, version: str) -> dict[str, Json]:
    """
    Draft every file of `maps/`, by path. Maps written out inside another one become files of their own (`partOf`).
    """
    files = {}
    for name, fact in maps.items():
        files[map_path(name)] = _draft_map(name, fact, version)
        for key in fact["android"]["keys"]:
            if "keys" in key:
                part = f"{name}.{key['key']}"
                files[map_path(part)] = _draft_map(part, {"android": {"keys": key["keys"]}}, version, name)
    if "V2TIMTopicOperationResult" in maps:
        files[map_path("V2TIMTopicOperationResult(deletion)")] = _deletion(maps["V2TIMTopicOperationResult"], version)
    return files


def _deletion(fact: Json, version: str) -> Json:
    """
    The results of deleteTopicFromCommunity: iOS spells the text key differently there than anywhere else.
    """
    keys = ["errorCode", "errorMsg", "topicID"]
    told = {**fact, "ios": {"keys": keys}, "notes": ["Used by deleteTopicFromCommunity on iOS."]}
    return _draft_map("V2TIMTopicOperationResult(deletion)", told, version, "V2TIMTopicOperationResult")


_FIELD_WORDS = ("fromJson", "fromJsonDefault", "toJsonKey", "toJsonDefault", "initialValue", "note")


def _field(field: Json) -> Json:
    drafted: Json = {
        "name": field["name"],
        "key": field["key"],
        "dartType": field["dartType"],
        "type": dart_schema(field["dartType"]),
        "toJson": field["toJsonPresent"],
    }
    for word in _FIELD_WORDS:
        if field.get(word) not in (None, "", True):
            drafted[word] = field[word]
    return drafted


def model_file(model: Json, accepts: Json, version: str) -> Json:
    """
    Draft `models/<Class>.json`: the fields of a Dart class, and what its fromJson takes.
    """
    observed = accepts["classes"].get(model["class"])
    drafted: Json = {
        "$schema": "../../meta/model.schema.json",
        "model": model["class"],
        "extends": model["extends"],
        "hasFromJson": model["hasFromJson"],
        "hasToJson": model["hasToJson"],
        "fields": [_field(field) for field in model["fields"]],
        "keysOnlyInFromJson": model["keysOnlyInFromJson"],
        "keysOnlyInToJson": model["keysOnlyInToJson"],
        "evidence": [
            {"claim": "fields and keys", "kind": "adapter source", "source": f"models of the plugin {version}"}
        ],
    }
    if observed:
        drafted["accepts"] = {word: observed[word] for word in ("emptyMap", "needs", "keys")}
        drafted["evidence"].append(
            {"claim": "what fromJson takes", "kind": "documented", "source": f"fromJson of the plugin {version}, run"}
        )
    return drafted


def enums_file(enums: Json) -> Json:
    """
    Draft `enums.json`: enumerations and constant classes of a dialect, by name.
    """
    return {
        "$schema": "../meta/enums.schema.json",
        "dialect": enums["dialect"],
        "enums": {
            enum["name"]: {word: enum[word] for word in ("kind", "onWire", "values", "note") if word in enum}
            for enum in enums["enums"]
        },
    }


def errors_file(errors: Json) -> Json:
    """
    Draft `errors.json`: every code that an app can see, in the order of the facts.
    """
    drafted = []
    for error in errors["errors"]:
        kind = "inferred" if "[inferred]" in error["meaning"] or "[inferred]" in error.get("note", "") else "documented"
        entry = {word: error[word] for word in ("code", "name", "desc", "meaning", "raisedBy", "note") if word in error}
        entry["evidence"] = [{"claim": "code, name and meaning", "kind": kind, "source": error["source"]}]
        if "descSource" in error:
            entry["evidence"].append({"claim": "text", "kind": "documented", "source": error["descSource"]})
        drafted.append(entry)
    return {"$schema": "meta/errors.schema.json", "errors": drafted}
