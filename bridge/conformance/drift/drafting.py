"""
Draft the overlay that makes up for what differs between a plugin and its nearest dialect.

A draft says what was read and no more: a method without a handler, an event whose fact nobody states, a reply of any kind. What
sources cannot tell (which rule of the world it is, what a callback is caused by) is for a person to add; `notes` of its dialect.json
list what was not drafted at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bridge.catalogue import Catalogue
from bridge.catalogue.names import snake_case
from bridge.conformance.drift.dart import plain_type
from bridge.conformance.drift.facts import Handler, Said
from bridge.conformance.drift.findings import Comparison, Finding

Json = dict[str, Any]

TYPES = {"String": "string", "int": "integer", "double": "number", "bool": "boolean"}
KINDS = {"method": "methods", "event": "events", "model": "models", "function": "functions", "callback": "callbacks"}


def dialect_name(base: str, version: str) -> str:
    """Return what a new dialect is called: the family of its base, and the first two numbers of the plugin's version."""
    numbers = re.findall(r"\d+", version)
    return f"{base.split('-')[0]}-{'.'.join(numbers[:2])}"


def write(folder: Path, name: str, said: Said, comparison: Comparison, catalogue: Catalogue) -> list[Path]:
    """Write the files of an overlay below a folder, and return their paths."""
    written = []
    for place, content in draft(name, said, comparison, catalogue):
        path = folder / name / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")
        written.append(path)
    return written


def draft(name: str, said: Said, comparison: Comparison, catalogue: Catalogue) -> Iterator[tuple[str, Json]]:
    """Yield (path below the dialect's folder, content) of the overlay's files, `dialect.json` first."""
    patches: dict[str, Json] = {}
    without: dict[str, list[str]] = {}
    undone: list[str] = []
    for finding in comparison.findings:
        if finding.kind == "extra" and finding.subject in KINDS and not _about_adapter(finding) and "key " not in finding.text:
            without.setdefault(KINDS[finding.subject], []).append(finding.name)
        elif not _patch(finding, said, catalogue, patches):
            undone.append(f"not drafted: {finding.subject} {finding.name}: {finding.text} ({finding.where or 'the plugin has none'})")
    yield "dialect.json", _dialect(name, said, comparison, set(catalogue.listener_kinds), without, undone)
    yield from sorted(patches.items())


def _about_adapter(finding: Finding) -> bool:
    return finding.subject == "event" and finding.text.endswith("tells it")


def _listener(kind: str, said: Said) -> Json:
    """Return a kind of listener that is new: the calls that are named after it."""
    named = kind[0].upper() + kind[1:]
    register = [name for name in (f"add{named}", f"set{named}") if name in said.calls]
    unregister = [name for name in (f"remove{named}",) if name in said.calls]
    return {"topic": snake_case(kind), "register": register, "unregister": unregister, "fan_out": "shared"}


def _dialect(
    name: str, said: Said, comparison: Comparison, known: set[str], without: dict[str, list[str]], undone: list[str]
) -> Json:
    channel = [one for one in comparison.findings if one.subject == "dialect"]
    new = {one.name.split("/")[0] for one in comparison.findings if one.subject == "event" and one.kind == "lacks"}
    listeners = {kind: _listener(kind, said) for kind in sorted(new - known)}
    return {
        "$schema": "../meta/dialect.schema.json",
        "dialect": name,
        "base": comparison.dialect,
        **({"channel": said.channel} if channel else {}),
        **({"listeners": listeners} if listeners else {}),
        "pluginVersion": said.version,
        "pluginVersions": [{"package": said.package, "versions": said.version, "sure": "sources read"}],
        **({"without": {kind: sorted(names) for kind, names in without.items()}} if without else {}),
        "notes": ["Drafted from the plugin's sources; what they do not tell is its base's.", *undone],
        "evidence": [{"claim": "what differs from the base", "kind": "adapter source", "source": f"plugin {said.version}"}],
    }


def _patch(finding: Finding, said: Said, catalogue: Catalogue, patches: dict[str, Json]) -> bool:
    """Add what makes up for a finding to the files; False where a person has to."""
    if finding.subject == "method" and finding.kind == "lacks" and finding.name in said.calls:
        place, content = _method(finding.name, said)
        patches[place] = content
    elif finding.subject == "event" and finding.kind == "lacks" and not _about_adapter(finding):
        patches[f"events/{finding.name}.json"] = _event(finding, said)
    elif finding.subject == "model" and finding.kind == "lacks":
        patches[f"models/{finding.name}.json"] = _model(finding.name, said)
    elif finding.subject == "argument":
        place = f"{_manager(finding.name, catalogue)}/{finding.name}"
        patch = _overlay(patches, f"methods/{place}.json", 3)
        _argument(finding, said, place, patch, set(catalogue.document("methods", finding.name)["arguments"].get("required", ())))
    elif finding.subject == "key":
        patches[f"models/{finding.name}.json"] = _changed(catalogue.document("models", finding.name), said)
    elif finding.subject == "object" and finding.kind == "extra":
        keys = _overlay(patches, f"objects/{finding.name}.json", 2).setdefault("keys", {})
        keys[finding.text.removeprefix("key ")] = None
    elif finding.subject == "cast":
        _cast(finding, _overlay(patches, f"methods/{_manager(finding.name, catalogue)}/{finding.name}.json", 3))
    elif finding.subject == "handler" and finding.text.endswith("adapter answers") and finding.kind == "extra":
        platform = finding.text.split()[4]
        patch = _overlay(patches, f"methods/{_manager(finding.name, catalogue)}/{finding.name}.json", 3)
        patch["platforms"] = {"$remove": [*patch.get("platforms", {}).get("$remove", []), platform]}
        patch.setdefault("result", {})[platform] = {"$set": {"reply": "none" if platform == "android" else "notImplemented"}}
    else:
        return False
    return True


def _overlay(patches: dict[str, Json], place: str, depth: int) -> Json:
    return patches.setdefault(place, {"$schema": f"{'../' * depth}meta/overlay.schema.json"})


def _manager(method: str, catalogue: Catalogue) -> str:
    spec = catalogue.method(method)
    assert spec is not None, method
    return spec.manager


def _type(dart: str | None) -> Json:
    """Return the type of a value on the wire; {} where Dart's says too little."""
    inner = (dart or "").removeprefix("List<").removesuffix(">")
    if (dart or "").startswith("List<"):
        return {"type": ["array", "null"], "items": _type(inner)}
    return {"type": [TYPES[inner], "null"]} if inner in TYPES else {}


def _sent(name: str, key: str, said: Said) -> Json:
    for call in said.calls[name]:
        if call.arguments and key in call.arguments:
            value = call.arguments[key]
            return {**_type(value.type), "x-dartType": value.type or "dynamic"}
    return {}


def _method(name: str, said: Said) -> tuple[str, Json]:
    calls = said.calls[name]
    manager = next((call.manager for call in calls if call.manager), "timManager")
    keys = dict.fromkeys(key for call in calls for key in call.arguments or ())
    places = (("android", f"{manager}/{name}"), ("ios", name))
    platforms = [one for one, place in places if _answers(said, one, place)]
    handlers = {one: said.adapters[one].handlers[place] for one, place in places if one in platforms and one in said.adapters}
    casts = {one: found for one, handler in handlers.items() if (found := _casts(handler, keys))}
    return f"methods/{manager}/{name}.json", {
        "$schema": "../../../meta/method.schema.json",
        "method": name,
        "manager": manager,
        "needs": "login",
        "platforms": platforms,
        "dartMethods": [name],
        "arguments": {"type": "object", "properties": {key: _argument_of(name, key, said, handlers) for key in keys}, "required": []},
        "result": {one: {"reply": "envelope", "data": {}} for one in platforms},
        "errorCarriesData": False,
        "adapterErrors": {},
        "quirks": {},
        **({"casts": casts} if casts else {}),
        "notes": ["Drafted: what it needs and answers is not read off."],
        "evidence": [_evidence("name, manager and keys", said, calls[0].where)],
    }


def _casts(handler: Handler, keys: Iterable[str]) -> Json:
    """Return what is seen of a function's casts: what comes of null behind them is not."""
    return {key: {"as": kind, "line": handler.where} for key in keys if (kind := handler.casts.get(key)) is not None}


def _argument_of(name: str, key: str, said: Said, handlers: Mapping[str, Handler]) -> Json:
    ignored = "android" in handlers and key not in {place.split(".")[0].split("[")[0] for place in handlers["android"].casts}
    return {**_sent(name, key, said), **({"x-ignoredBy": ["android"]} if ignored else {})}


def _answers(said: Said, platform: str, place: str) -> bool:
    return platform not in said.adapters or place in said.adapters[platform].handlers


def _evidence(claim: str, said: Said, where: str) -> Json:
    return {"claim": claim, "kind": "adapter source", "source": f"plugin {said.version}, {where}"}


def _event(finding: Finding, said: Said) -> Json:
    listener, type = finding.name.split("/")
    event = said.events[listener, type]
    platforms = [one.platform for one in said.adapters.values() if (listener, type) in one.events] or ["android"]
    keys = [{"key": key, "field": snake_case(key), "type": {}} for key in sorted(event.keys)]
    return {
        "$schema": "../../../meta/event.schema.json",
        "type": type,
        "listener": listener,
        "fact": snake_case(type.removeprefix("on")),
        "platforms": platforms,
        "data": {one: {"keys": keys} for one in platforms},
        "dart": {"callback": type, "arguments": [{"from": key} for key in sorted(event.keys)]},
        "quirks": {},
        "notes": ["Drafted: nothing states its fact yet."],
        "evidence": [_evidence("name and keys", said, event.where)],
    }


def _model(name: str, said: Said) -> Json:
    model = said.models[name]
    reads, writes = model.reads or frozenset(), model.writes or frozenset()
    return {
        "$schema": "../../meta/model.schema.json",
        "model": name,
        "extends": model.extends,
        "hasFromJson": model.reads is not None,
        "hasToJson": model.writes is not None,
        "fields": [{"key": key, **_field(key, model.types.get(key), reads, writes)} for key in sorted(reads | writes)],
        "keysOnlyInFromJson": [],
        "keysOnlyInToJson": [],
        "evidence": [_evidence("fields and keys", said, model.where)],
    }


def _field(key: str, dart: str | None, reads: frozenset[str], writes: frozenset[str]) -> Json:
    field: Json = {"name": key, "dartType": dart or "dynamic", "type": _type(dart), "toJson": "always" if key in writes else "never"}
    return field if key in reads else {**field, "fromJson": False}


def _argument(finding: Finding, said: Said, place: str, patch: Json, required: set[str]) -> None:
    properties = patch.setdefault("arguments", {}).setdefault("properties", {})
    key = finding.text.removeprefix("argument ") if finding.kind != "differs" else finding.text.split()[0]
    if finding.kind == "extra":
        properties[key] = None
    else:
        android = said.adapters["android"].handlers.get(place) if "android" in said.adapters else None
        properties[key] = {"$set": _argument_of(finding.name, key, said, {} if android is None else {"android": android})}
    if finding.kind == "extra" and key in required:
        patch["arguments"].setdefault("required", {"$remove": []})["$remove"].append(key)


def _changed(document: Mapping[str, Any], said: Said) -> Json:
    """Return a class of the base with the keys that the plugin's reads and writes: whole, for a field may be read and written under two."""
    model = said.models[document["model"]]
    reads, writes = model.reads or frozenset(), model.writes or frozenset()
    fields, covered = [], {*document["keysOnlyInFromJson"], *document["keysOnlyInToJson"]}
    for field in document["fields"]:
        key, sent = field["key"], field.get("toJsonKey", field["key"])
        if sent not in writes:
            field, sent = {part: value for part, value in field.items() if part != "toJsonKey"}, key
        covered |= {key, sent}
        if key in reads or sent in writes:
            change: Json = {} if key in reads else {"fromJson": False}
            change["toJson"] = ("always" if field["toJson"] == "never" else field["toJson"]) if sent in writes else "never"
            change["dartType"] = _nullable(model.types.get(sent), field["dartType"])
            fields.append({**{part: value for part, value in field.items() if part != "fromJson"}, **change})
    fields += [{"key": key, **_field(key, model.types.get(key), reads, writes)} for key in sorted((reads | writes) - covered)]
    return {
        **document,
        "fields": fields,
        "keysOnlyInFromJson": [key for key in document["keysOnlyInFromJson"] if key in reads],
        "keysOnlyInToJson": [key for key in document["keysOnlyInToJson"] if key in writes],
        "evidence": [_evidence("fields and keys", said, model.where)],
    }


def _nullable(here: str | None, known: str) -> str:
    """Return the type of a field: the one that is known, unless another was read."""
    return known if here is None or plain_type(known) == here else here


def _cast(finding: Finding, patch: Json) -> None:
    words = finding.text.split()
    patch.setdefault("casts", {}).setdefault(words[0], {})[words[2]] = {"as": words[4].rstrip(","), "line": finding.where}
