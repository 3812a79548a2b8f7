"""`timbridge explain` of what is no call: an event, a Dart class, a map of the adapters, an enumeration, an error code, a switch."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from bridge.catalogue import Catalogue, load
from bridge.catalogue.load import error_codes
from bridge.catalogue.native import NativeCatalogue
from bridge.catalogue.specs import EventKey, MapKey
from bridge.cli.explain_native import known_lines
from bridge.cli.tables import table, type_text

NEVER = "no platform sends it"


def find(name: str, asked: list[str]) -> dict[str, Any] | None:
    """
    Return what is known about a name in the first of some dialects that has it, as JSON values; None for none.

    Codes and switches are the same in all dialects. A code is found by its number and by its name.
    """
    code = next((row for row in error_codes() if name in (str(row["code"]), row["name"]) and name), None)
    if code is not None:
        return _code(code)
    if (switch := _switch(name)) is not None:
        return switch
    for catalogue in map(load, asked):
        known = _of_dialect(catalogue, name)
        if known is not None:
            others = [one for one in asked if one != catalogue.dialect and _has(load(one), name)]
            return {**known, "dialect": catalogue.dialect, "alsoIn": others}
    return None


def names(asked: list[str]) -> Iterator[str]:
    """Yield every name that `find` finds in some dialects; numbers of codes, and codes without a name, are not among them."""
    from bridge.world.kernel.switches import SWITCHES

    for catalogue in map(load, asked):
        yield from sorted(catalogue.event_types)
        yield from (*catalogue.model_names, *catalogue.map_names)
        yield from _enums(catalogue)
        yield from catalogue.object_names if isinstance(catalogue, NativeCatalogue) else ()
    yield from SWITCHES
    yield from (row["name"] for row in error_codes() if row["name"])


def _of_dialect(catalogue: Catalogue, name: str) -> dict[str, Any] | None:
    kinds = [kind for kind in catalogue.listener_kinds if catalogue.event(kind, name) is not None]
    if kinds:
        return _event(catalogue, kinds, name)
    made_of_keys = ([_model(catalogue, name)] if name in catalogue.model_names else []) + (
        [_map(catalogue, name)] if name in catalogue.map_names else []
    )
    if made_of_keys:
        first, last = made_of_keys[0], made_of_keys[-1]  # a name may be that of both
        return {**last, **first, "keys": {**first["keys"], **last["keys"]}}
    if isinstance(catalogue, NativeCatalogue) and catalogue.has_object(name):
        return _object(catalogue, name)
    return _enum(catalogue, name)


def _has(catalogue: Catalogue, name: str) -> bool:
    """Return whether a dialect has an event, a class, a map, an object or an enumeration of a name, or with it among its values."""
    if any(catalogue.event(kind, name) is not None for kind in catalogue.listener_kinds):
        return True
    if name in catalogue.model_names or name in catalogue.map_names:
        return True
    return (isinstance(catalogue, NativeCatalogue) and catalogue.has_object(name)) or _enum(catalogue, name) is not None


def _sources(document: Mapping[str, Any]) -> dict[str, Any]:
    return {"notes": list(document["notes"]), "evidence": [dict(one) for one in document["evidence"]]}


@cache
def _said_of(word: str) -> list[dict[str, Any]]:
    """Return the rules that speak of a word, each with the methods it is listed for."""
    from bridge.conformance.ledger import all_rules

    whole = re.compile(rf"\b{re.escape(word)}\b")
    return [{"method": name, **rule} for name, rules in all_rules().items() for rule in rules if whole.search(rule["rule"])]


# --- events


def _event(catalogue: Catalogue, kinds: list[str], name: str) -> dict[str, Any]:
    specs = [spec for kind in kinds if (spec := catalogue.event(kind, name)) is not None]
    documents = [catalogue.document("events", f"{spec.listener}/{name}") for spec in specs]
    listeners = [listener for kind in kinds if (listener := catalogue.listener(kind)) is not None]
    sending = [one for one in catalogue.platforms if any(one in spec.platforms for spec in specs)]
    return {
        "event": name,
        "listeners": [
            {"listener": one.kind, "addedBy": list(one.register), "removedBy": list(one.unregister), "fact": spec.fact}
            for one, spec in zip(listeners, specs, strict=True)
        ],
        "platforms": sending,
        "when": "before the reply of the call that causes it" if any(spec.before_reply for spec in specs) else "behind the reply",
        "data": {platform: [_key(key) for spec in specs[:1] for key in spec.data(platform)] for platform in sending},
        "dart": dict(documents[0]["dart"]),
        "callbacks": _callbacks(name),
        "quirks": {key: value for spec in specs for key, value in spec.quirks.items()},
        "rules": _said_of(name),
        "notes": list(dict.fromkeys(note for one in documents for note in one["notes"])),
        "evidence": [dict(entry) for entry in documents[0]["evidence"]],
    }


def _key(key: EventKey) -> dict[str, Any]:
    return {"key": key.key, "type": type_text(key.type)}


def _callbacks(name: str) -> list[str]:
    """Return the callbacks of native libraries by which an app hears of the same."""
    from bridge.catalogue import native_dialects

    found: dict[str, None] = {}
    for dialect in native_dialects():
        catalogue = load(dialect)
        if isinstance(catalogue, NativeCatalogue):
            found |= {one: None for one in catalogue.callback_names if name in catalogue.callback(one).heard_by}
    return list(found)


def _event_lines(known: Mapping[str, Any]) -> Iterator[str]:
    yield f"{known['event']} ({' and '.join(one['listener'] for one in known['listeners'])}, {_also(known)})"
    yield f"Comes {known['when']}, on {' and '.join(known['platforms'])}." if known["platforms"] else f"Never comes: {NEVER}."
    yield "\nheard by"
    yield from table((one["listener"], f"after {' or '.join(one['addedBy'])}", f"of {one['fact']}") for one in known["listeners"])
    yield "\ndata"
    rows = [
        (platforms, "the whole" if one["key"] is None else one["key"], one["type"])
        for platforms, keys in _alike(known["data"]).items()
        for one in keys or [{"key": "none", "type": ""}]
    ]
    yield from table(rows) if rows else ["  none"]
    if known["callbacks"]:
        yield "\nfrom the native library"
        yield from (f"  {name}" for name in known["callbacks"])
    yield from _rules_and_sources(known)


# --- what is made of keys


def _model(catalogue: Catalogue, name: str) -> dict[str, Any]:
    document = catalogue.document("models", name)
    keys = [
        {
            "key": field.key,
            "type": type_text(field.type),
            "dart": said["dartType"],
            "remarks": [
                *([f"toJson writes {field.sent}"] if field.sent not in (None, field.key) else []),
                *(["toJson leaves it out"] if field.sent is None else []),
                *(["toJson leaves null out"] if said["toJson"] == "whenNotNull" else []),
                *([f"missing becomes {said['fromJsonDefault']}"] if "fromJsonDefault" in said else []),
                *([said["note"]] if "note" in said else []),
            ],
        }
        for field, said in zip(catalogue.model(name).fields, document["fields"], strict=True)
    ]
    return {"model": name, "keys": {"": keys}, **_sources({"notes": [], **document})}


def _map(catalogue: Catalogue, name: str) -> dict[str, Any]:
    document = catalogue.document("maps", name)
    spec = catalogue.map(name)
    keys = {platform: [_map_key(key) for key in spec.keys(platform)] for platform in catalogue.platforms}
    return {"map": name, "parsedBy": spec.model, "keys": keys, **_sources(document)}


def _map_key(key: MapKey) -> dict[str, Any]:
    remarks = [key.conditional] if key.conditional else []
    if key.on_request:
        remarks.append("only where a place asks for it")
    return {"key": key.key, "type": type_text(key.type), "dart": "", "remarks": remarks}


def _object(catalogue: NativeCatalogue, name: str) -> dict[str, Any]:
    keys = [
        {
            "key": key.key,
            "type": type_text(key.type),
            "dart": "",
            "remarks": [
                *([f"numbers of {key.numbers}"] if key.numbers else []),
                *([f"pairs of {' and '.join(key.pairs)}"] if key.pairs else []),
                *(["required"] if key.required else []),
            ],
        }
        for key in catalogue.object(name).keys
    ]
    return {"object": name, "keys": {"": keys}, **_sources(catalogue.document("objects", name))}


def _keys_lines(known: Mapping[str, Any]) -> Iterator[str]:
    kind = next(kind for kind in ("model", "map", "object") if kind in known)
    what = {"model": "a Dart class", "map": "a map of the adapters", "object": "an object of the native library"}[kind]
    parsed = f", read as {known['parsedBy']}" if known.get("parsedBy") else ""
    yield f"{known[kind]} ({what}{parsed}, {_also(known)})"
    for platforms, keys in _alike(known["keys"]).items():
        yield f"\nkeys on {platforms}" if platforms else "\nkeys"
        rows = [(one["key"], one["type"], one["dart"], "; ".join(one["remarks"])) for one in keys]
        yield from table(rows) if rows else ["  none"]
    yield from _rules_and_sources(known)


def _alike(by_platform: Mapping[str, Any]) -> dict[str, Any]:
    """Return the same with platforms together that have the same."""
    found: list[tuple[list[str], Any]] = []
    for platform, keys in by_platform.items():
        same = next((platforms for platforms, other in found if other == keys), None)
        if same is None:
            found.append(([platform], keys))
        else:
            same.append(platform)
    return {" and ".join(platforms): keys for platforms, keys in found}


# --- enumerations


def _enums(catalogue: Catalogue) -> Mapping[str, Any]:
    return {} if isinstance(catalogue, NativeCatalogue) else catalogue.enums()


def _enum(catalogue: Catalogue, name: str) -> dict[str, Any] | None:
    """Return what is known of an enumeration, by its name or by that of one of its values."""
    for enum, said in _enums(catalogue).items():
        if name == enum or name in said["values"]:
            return {"enum": enum, "onWire": said["onWire"], "values": dict(said["values"])}
    return None


def _enum_lines(known: Mapping[str, Any]) -> Iterator[str]:
    yield f"{known['enum']} (an enumeration of Dart's, {_also(known)})"
    yield f"On the wire stands its {known['onWire']}."
    yield "\nvalues"
    yield from table((str(value), name) for name, value in known["values"].items())


# --- codes and switches


def _code(row: Mapping[str, Any]) -> dict[str, Any]:
    from bridge.conformance.ledger import all_rules

    return {
        "code": row["code"],
        "name": row["name"],
        "meaning": row["meaning"],
        "text": row.get("desc"),
        "raisedBy": list(row["raisedBy"]),
        "rules": [{"method": name, **rule} for name, rules in all_rules().items() for rule in rules if rule.get("code") == row["code"]],
        "notes": [row["note"]] if "note" in row else [],
        "evidence": [dict(one) for one in row["evidence"]],
    }


def _code_lines(known: Mapping[str, Any]) -> Iterator[str]:
    named = f" ({known['name']})" if known["name"] else ""
    yield f"{known['code']}{named}: {known['meaning']}"
    yield "The text of an envelope: " + ("not known; the meaning stands in for it." if known["text"] is None else json.dumps(known["text"]))
    yield "\nraised by"
    yield from (f"  {one}" for one in known["raisedBy"] or ["nothing that is known"])
    yield from _rules_and_sources(known)


def _switch(name: str) -> dict[str, Any] | None:
    from bridge.world.kernel.switches import SWITCHES

    switch = SWITCHES.get(name)
    if switch is None:
        return None
    from bridge.conformance.decisions import decisions

    told = {heading: text for heading, text in decisions().items() if re.search(rf"\b{name}\b", text)}
    return {"switch": name, "type": switch.type, "default": switch.default, "what": switch.what, "decisions": told, "rules": _said_of(name)}


def _switch_lines(known: Mapping[str, Any]) -> Iterator[str]:
    yield f"{known['switch']} (a switch of the console, {known['type']}, {json.dumps(known['default'])} unless it is set)"
    yield f"Says {known['what']}."
    yield f"Set by bridge.service.switch name={known['switch']} value=…, until the world is reset."
    yield from _rules_and_sources({"notes": [], "evidence": [], **known})


# --- for people


def _also(known: Mapping[str, Any]) -> str:
    return f"{known['dialect']}{', also in ' + ', '.join(known['alsoIn']) if known['alsoIn'] else ''}"


def _rules_and_sources(known: Mapping[str, Any]) -> Iterator[str]:
    rules = [{**rule, "rule": f"{rule['method']}: {rule['rule']}"} for rule in known.get("rules", ())]
    yield from known_lines({**known, "rules": rules})


LINES = {
    "event": _event_lines,
    "model": _keys_lines,
    "map": _keys_lines,
    "object": _keys_lines,
    "enum": _enum_lines,
    "switch": _switch_lines,
    "code": _code_lines,
}


def lines(known: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is known as lines."""
    kind = next(kind for kind in LINES if kind in known)
    yield from LINES[kind](known)
