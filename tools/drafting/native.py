"""
Drafts of a generation that calls native code: the C-JSON objects, the number tables, the functions and the callbacks.

What the facts cannot know stands in `native_choices.py`: which handler takes what.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bridge.catalogue import Catalogue, MethodSpec
from bridge.catalogue.names import snake_case
from tools.drafting import native_choices as choices

Json = dict[str, Any]

SCALARS = {"string": "string", "int": "integer", "number": "number", "bool": "boolean"}
ELEMENTS = {
    "V2TimTextElem": "text",
    "V2TimCustomElem": "custom",
    "V2TimImageElem": "image",
    "V2TimSoundElem": "sound",
    "V2TimVideoElem": "video",
    "V2TimFileElem": "file",
    "V2TimLocationElem": "location",
    "V2TimFaceElem": "face",
    "V2TimGroupTipsElem": "tips",
    "V2TimMergerElem": "merger",
    "V2TimGroupReportElem": "report",
    "V2TimStreamElem": "stream",
}
TABLES = {
    "cGroupType2DartType": "group_type",
    "convertGroupTypeEnum": "group_type",
    "convertGroupType": "group_type",
    "dartFriendTypeEnum2CType": "friend_type",
    "cFriendPendencyType2DartType": "application_type",
    "dartFriendApplicationType2CType": "application_type",
    "dartFriendApplicationTypeEnum2CType": "application_type",
}
"""The client's conversions that change a number, and the table that undoes them."""


def object_name(said: str) -> str:
    """Return what an object's file is called: the name without what a file's name cannot have."""
    return said.replace(" ", "").replace("(", "_").replace(")", "")


def objects(facts: Json) -> Iterator[tuple[str, Json]]:
    """Yield (path, content) of every object that crosses."""
    for model in facts["models"]:
        name = object_name(model["model"])
        content: Json = {"$schema": "../../meta/object.schema.json", "object": name}
        writes = choices.MAPS.get(name, ())
        if writes:
            content["maps"] = list(writes)
        if model["model"] in ELEMENTS:
            content["element"] = ELEMENTS[model["model"]]
        content["keys"] = [*_keys(name, model), *choices.LATER_KEYS.get(name, ())]
        content["notes"] = [*model.get("notes", ()), *([model["note"]] if "note" in model else ())]
        content["evidence"] = [_seen("keys, types and what Dart makes of them", facts["pluginVersion"])]
        yield f"objects/{name}.json", content
    for later in choices.LATER_OBJECTS:
        yield f"objects/{later['object']}.json", later


def _seen(claim: str, version: str) -> Json:
    return {"claim": claim, "kind": "adapter source", "source": f"Dart client {version}"}


def _keys(name: str, model: Json) -> Iterator[Json]:
    pairs = choices.PAIRS.get(name, {})
    for said in model["keys"]:
        key = said["key"]
        row: Json = {"key": key, "type": _type(said)}
        if key in pairs:
            row["pairs"] = list(pairs[key])
            row["type"] = {"type": "array", "items": {"type": "object", "additionalProperties": {"type": "string"}}}
        if said.get("insideOf"):
            row["inside"] = said["insideOf"]
        if said.get("required"):
            row["required"] = True
        fields = [field for field in said.get("fields") or () if not field.startswith("_")]
        if len(fields) == 1:
            row["arg"] = snake_case(fields[0])
        tables = [TABLES[table] for table in (said.get("converted") or {}).values() if table in TABLES]
        if tables:
            row["numbers"] = tables[0]
        channel = said.get("chat82")
        if said.get("dartReads") and isinstance(channel, dict):
            row["of"] = channel["key"]
        row |= choices.KEYS.get((name, key), {})
        yield {at: value for at, value in row.items() if value is not None}
        for alias in choices.ALIASES.get((name, key), ()):
            yield {**{at: row[at] for at in ("type", "of", "pairs") if row.get(at) is not None}, "key": alias, "header": True}


def _type(said: Json) -> Json:
    kind = said["jsonType"]
    if kind in SCALARS:
        return {"type": SCALARS[kind]}
    if kind == "object" and said.get("model"):
        return {"x-ref": f"objects/{object_name(said['model'])}"}
    if kind == "array":
        model = said.get("elementModel")
        if model is None or " " in model:
            return {"type": "array", "items": _items(said["key"])}
        return {"type": "array", "items": {"x-ref": f"objects/{object_name(model)}"}}
    if kind == "object":
        return {"type": "object", "additionalProperties": {}}
    return {}


TEXTS = ("identifier_array", "keyword_list", "keyword_array", "name_array", "groupid_list", "user_array", "group_array", "devices")
NUMBERS = ("field_list", "type_array", "seq_array", "mark_array")


def _items(key: str) -> Json:
    """Return what an array without a model holds, which its name tells."""
    if key.endswith(TEXTS) or key in ("message_target_group_member_array", "merge_elem_abstract_array", "signaling_info_invitee_list"):
        return {"type": "string"}
    return {"type": "integer"} if key.endswith(NUMBERS) else {}


def functions(facts: Json, methods: Json, events: Json, catalogue: Catalogue) -> Iterator[tuple[str, Json]]:
    """Yield (path, content) of every function."""
    switches = {event["switchedOnBy"]: event["name"] for event in events["events"]}
    made_of: dict[str, list[tuple[str, str]]] = {}
    for method in methods["methods"]:
        for name in method.get("endsIn") or ():
            made_of.setdefault(name, []).append((method["manager"], method["method"]))
    for said in facts["functions"]:
        called_by = made_of.get(said["name"], [])
        content = _function(said, called_by, catalogue, facts["pluginVersion"])
        if content["kind"] == "switch":
            callback = switches.get(said["name"], "ReceiveNewMessage")
            content["with"] = {"topic": choices.CALLBACKS[callback][0], "listener": callback}
        yield f"functions/{content['manager']}/{said['name']}.json", content


def _function(said: Json, called_by: list[tuple[str, str]], catalogue: Catalogue, version: str) -> Json:
    name = said["name"]
    own = choices.FUNCTIONS.get(name, {})
    dart = list(dict.fromkeys(method for _, method in called_by))
    content: Json = {
        "$schema": "../../../meta/function.schema.json",
        "function": name,
        "manager": own.get("manager") or _manager(called_by, said),
        "kind": {"listenerSwitch": "switch", "async": "call", "sync": "waiting"}[said["kind"]],
        "dartMethods": dart,
    }
    like = own.get("like") or (dart[0] if dart else "")
    spec = catalogue.method(like)
    cases = own.get("cases")
    if said["kind"] == "listenerSwitch":
        content |= {"handler": "listeners.add", "needs": "nothing", "answers": "nothing"}
    elif spec is not None and not cases and own.get("handler", "") is not None:
        content |= _carried(spec)
        if "handler" not in own:
            content["takes"] = _takes(spec)
    content |= {key: value for key, value in own.items() if key not in ("manager", "arguments", "like", "result", "cases")}
    content = {key: value for key, value in content.items() if value is not None}
    content["arguments"] = [_argument(param, own.get("arguments", {})) for param in said["params"]]
    if cases:
        content["cases"] = [_case(case, catalogue) for case in cases]
    if said["kind"] == "async":
        content["result"] = own["result"] if "result" in own else _result(said)
    content["notes"] = [said["note"]] if "note" in said else []
    content["evidence"] = [_seen("parameters, and what the reply must hold", version)]
    return content


def _carried(spec: Any) -> Json:
    """Return what carries out a method, as its schema on the channel says."""
    found: Json = {"handler": spec.handler, "needs": spec.needs}
    if spec.constants:
        found["with"] = dict(spec.constants)
    if spec.quirks.get("worksOffline"):
        found["worksOffline"] = True
    return found


EMPTY: dict[str, Any] = {"string": "", "int": 0, "double": 0, "bool": False, "list": [], "dict": {}, "model": {}}


def _takes(spec: MethodSpec) -> Json:
    """Return what a handler is given, with what stands there when the client sends null, as the method's schema on the channel says."""
    return {
        param.arg: param.default if param.has_default else None if param.type.nullable else EMPTY.get(param.type.kind)
        for param in spec.params
    }


def _case(case: Json, catalogue: Catalogue) -> Json:
    like = case.get("like", case["dartMethods"][0])
    spec = catalogue.method(like)
    assert spec is not None or "handler" in case, like
    carried = {} if spec is None else _carried(spec)
    if spec is not None and "handler" not in case:
        carried["takes"] = _takes(spec)
    return {**carried, **{key: value for key, value in case.items() if key != "like"}}


def _manager(called_by: list[tuple[str, str]], said: Json) -> str:
    if called_by:
        manager = called_by[0][0].removeprefix("V2TIM")
        return {"Manager": "timManager"}.get(manager, manager[0].lower() + manager[1:])
    return "listeners" if said["kind"] == "listenerSwitch" else "timManager"


def _argument(param: Json, own: Json) -> Json:
    name = param["name"]
    content = param["content"]
    row: Json = {"name": name}
    if content == "user_data":
        return {**row, "holds": "user_data", **own.get(name, {})}
    if param["cType"] == "const char*":
        shape = param.get("jsonShape")
        if content == "JSON text":
            row["holds"] = "json"
            row["type"] = _shape(shape, param.get("model"))
        else:
            row["holds"] = "text"
    else:
        row["holds"] = "bool" if param["cType"] == "bool" else "pointer" if "*" in param["cType"] else "number"
    dart = [arg for arg in param.get("fromDart") or () if arg.isidentifier()]
    if row["holds"] != "pointer" and len(dart) == 1:
        row["arg"] = snake_case(dart[0])
    row |= own.get(name, {})
    if row["holds"] == "json" and row.get("type") == {} and param.get("model"):
        row["shape"] = _shape(param.get("jsonShape"), param["model"])
    return {key: value for key, value in row.items() if value is not None}


def _shape(shape: str | None, model: str | None) -> Json:
    item: Json = {"type": "string"} if model is None else {"x-ref": f"objects/{object_name(model)}"}
    return {"type": "array", "items": item} if (shape or "").startswith("array") else item


def _result(said: Json) -> Json | None:
    for reply in said.get("replies", ()):
        shape = reply.get("jsonShape") or ""
        if shape.startswith("array"):
            model = reply.get("elementModel")
            item = {"type": "string"} if model is None else {"x-ref": f"objects/{object_name(model)}"}
            return {"type": "array", "items": item}
        if reply.get("model"):
            return {"x-ref": f"objects/{object_name(reply['model'])}"}
        if shape == "text":
            return {"type": "string"}
    return None


def callbacks(facts: Json) -> Iterator[tuple[str, Json]]:
    """Yield (path, content) of every callback."""
    for event in facts["events"]:
        name = event["name"]
        topic, tells = choices.CALLBACKS[name]
        content: Json = {
            "$schema": "../../meta/callback.schema.json",
            "callback": name,
            "number": event["callbackType"],
            "switchedOnBy": event["switchedOnBy"],
            "topic": topic,
            **({"ifListenedTo": True} if name in choices.IF_LISTENED_TO else {}),
            "keys": [_callback_key(key) for key in event["keys"]],
            "tells": tells,
            "dartCallbacks": [one["callback"] for one in event["callbacks"]],
            "notes": event["notes"],
            "evidence": [_seen("keys and what Dart makes of them", facts["pluginVersion"])],
        }
        yield f"callbacks/{name}.json", content


def _callback_key(key: Json) -> Json:
    row: Json = {"key": key["key"]}
    if key.get("kind") == "JSON text":
        holds = key.get("holds") or ""
        row["text"] = True
        row["holds"] = holds
    else:
        row["holds"] = key["jsonType"]
    if key.get("required"):
        row["required"] = True
    return row
