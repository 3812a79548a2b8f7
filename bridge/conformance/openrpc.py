"""
What a server speaks, as an OpenRPC document: the channel's methods of a dialect on a platform, from the catalogue, and the control plane.

Models that apps send and maps that the bridge answers become `components.schemas`, each once. What OpenRPC has no place for stands under
words of ours: `x-events`, the notifications that come (as an AsyncAPI document, too: `asyncapi.py`); `x-codes`, by method the codes that
its envelope may have, and in the whole document what they mean; `x-enums`, the enumerations that arguments are of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from bridge.catalogue import Catalogue, EventSpec, MethodSpec, Param, error_codes, load, words
from bridge.catalogue.sources import common_document
from bridge.conformance import ledger
from bridge.conformance.shapes import Json, Shapes
from bridge.errors import (
    INVALID_PARAMS,
    INVALID_REQUEST,
    NOT_THERE,
    OUR_BUG,
    PARSE_ERROR,
    THROWN,
    UNANSWERED,
    UNKNOWN_METHOD,
)
from bridge.slices import Slices, at_once

OPENRPC = "1.3.2"
SCHEMAS = "#/components/schemas/"

ERRORS = {
    "ParseError": (PARSE_ERROR, "What came is no message."),
    "InvalidRequest": (INVALID_REQUEST, "What came is no request, or one that may not be made here."),
    "UnknownMethod": (UNKNOWN_METHOD, "Nobody answers a method of that name, here or on this platform; data has the nearest names."),
    "InvalidParams": (INVALID_PARAMS, "The arguments are none that a correct plugin sends; data lists {path, message} of each."),
    "OurBug": (OUR_BUG, "The bridge has a bug."),
    "NotThere": (NOT_THERE, "There is nothing of that name, or it is taken; data has the nearest names."),
    "Unanswered": (UNANSWERED, "The real plugin gives no answer to such a call."),
    "Thrown": (THROWN, "A fault makes the plugin throw a PlatformException, which data has."),
}
"""JSON-RPC's errors by the names of `components.errors`. (What the service refuses is a result: an envelope with a code.)"""

CHANNEL_ERRORS = ("InvalidParams", "Unanswered", "Thrown")
NEEDED = {"nothing": (), "init": (6013,), "cache": (6013, 6014), "login": (6013, 6014)}
"""By what a method needs, the codes of a call that comes too early."""


def document(dialect: str, platform: str, version: str, control: Iterable[Json]) -> Json:
    """
    Return the document.

    Args:
        version: of the bridge.
        control: the control plane's methods, as OpenRPC method objects.
    """
    return at_once(writing(dialect, platform, version, control))


def writing(dialect: str, platform: str, version: str, control: Iterable[Json]) -> Slices[Json]:
    """Do the same in slices."""
    catalogue = load(dialect)
    shapes = Shapes(catalogue, platform, SCHEMAS)
    channel, events = [], []
    for spec in methods(catalogue, platform):
        channel.append(_method(catalogue, shapes, spec, platform))
        yield
    for event in events_of(catalogue, platform):
        events.append(_event(catalogue, shapes, event))
        yield
    shapes.complete()
    yield
    unroll(shapes.schemas)
    yield
    schemas = {**shapes.schemas, **_control_schemas()}
    codes = {code for method in channel for code in method["x-codes"]}
    return {
        "openrpc": OPENRPC,
        "info": {
            "title": "timbridge",
            "version": version,
            "description": about(catalogue, dialect, platform),
            "license": {"name": "MIT"},
        },
        "methods": [*control, *channel],
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "errors": {name: {"code": code, "message": text} for name, (code, text) in ERRORS.items()},
        },
        "x-events": events,
        "x-codes": meanings(codes),
        "x-enums": {} if catalogue.channel is None else {name: dict(enum["values"]) for name, enum in catalogue.enums().items()},
    }


def about(catalogue: Catalogue, dialect: str, platform: str) -> str:
    """Return a sentence on what a document describes."""
    if catalogue.channel is None:
        return f"The control plane. The dialect {dialect} has no channel: its functions are called through the native library."
    return f"The native side of the plugin behind the channel {catalogue.channel}, dialect {dialect}, on {platform}."


def methods(catalogue: Catalogue, platform: str) -> Iterator[MethodSpec]:
    """Yield the methods that a platform has."""
    for name in catalogue.method_names:
        spec = catalogue.method(name)
        if spec is not None and platform in spec.platforms and spec.reply(platform).form != "notImplemented":
            yield spec


def events_of(catalogue: Catalogue, platform: str) -> Iterator[EventSpec]:
    """Yield the events that a platform sends."""
    for kind in catalogue.listener_kinds:
        listener = catalogue.listener(kind)
        for type in () if listener is None else listener.events:
            spec = catalogue.event(kind, type)
            if spec is not None and platform in spec.platforms:
                yield spec


def codes_of(catalogue: Catalogue, spec: MethodSpec, platform: str) -> list[int]:
    """Return the codes, other than 0, that a method's envelope is known to have on a platform, least first."""
    known = {*catalogue.lineage(platform)}
    found = set(NEEDED[spec.needs])
    found |= {rule["code"] for rule in ledger.rules(spec.name, catalogue.dialect) if "code" in rule and "missing" not in rule}
    found |= {error["code"] for error in spec.adapter_errors.get(platform, ())}
    for by_platform in spec.quirks.get("refusals", {}).values():
        found |= {error["code"] for name, error in by_platform.items() if name in known and "code" in error}
    return sorted(found - {0})


def meanings(codes: Iterable[int]) -> Json:
    """Return what some codes are called and mean, by the code as a text."""
    wanted = {str(code) for code in codes}
    found = {str(row["code"]): row for row in error_codes() if str(row["code"]) in wanted}
    return {
        code: {"name": row["name"], "meaning": row["meaning"]} if row.get("name") else {"meaning": row["meaning"]}
        for code, row in sorted(found.items(), key=lambda one: int(one[0]))
    }


def _errors(names: Iterable[str]) -> list[Json]:
    return [{"$ref": f"#/components/errors/{name}"} for name in names]


def _method(catalogue: Catalogue, shapes: Shapes, spec: MethodSpec, platform: str) -> Json:
    """Return the method object of a channel method."""
    reply = spec.reply(platform)
    written: Json = {
        "name": spec.name,
        "summary": f"{spec.manager}; needs {spec.needs}",
        "tags": [{"name": spec.manager}],
        "paramStructure": "by-name",
        "params": [_param(shapes, spec, param) for param in spec.params],
        "result": {"name": "reply", "schema": shapes.reply(spec)},
        "errors": _errors(CHANNEL_ERRORS),
        "x-codes": codes_of(catalogue, spec, platform),
    }
    if reply.unanswered or reply.form == "none":
        written["description"] = f"The real plugin gives no answer to this call; the bridge answers the error {UNANSWERED}."
    return written


def _param(shapes: Shapes, spec: MethodSpec, param: Param) -> Json:
    return {
        "name": param.key,
        "description": words.described(spec.name, param),
        "required": param.required,
        "schema": shapes.argument(param),
    }


def _event(catalogue: Catalogue, shapes: Shapes, spec: EventSpec) -> Json:
    """Return what is said of an event: the notification's method and params, and when it comes."""
    return {
        "name": spec.type,
        "method": spec.listener,
        "summary": event_summary(catalogue, spec),
        "params": shapes.event(spec),
    }


def event_summary(catalogue: Catalogue, spec: EventSpec) -> str:
    """Return when an event comes, and to whom."""
    listener = catalogue.listener(spec.listener)
    fact = spec.fact.replace("_", " ")
    words = f"{fact[0].upper()}{fact[1:]}"
    if spec.quirks.get("neverSent"):
        words += "; never sent of themselves by the adapters"
    if spec.before_reply:
        words += "; before the reply of the call that causes it"
    return words if listener is None else f"{words}. Heard after {', '.join(listener.register)}."


# --- the control plane


@cache
def _control() -> Mapping[str, Any]:
    return common_document("control.schema")


def control_method(name: str, summary: str, result: str, params: Mapping[str, tuple[str, str, bool]]) -> Json:
    """
    Return the method object of a control method.

    Args:
        params: type (JSON types with "|", or "any"), what it is, whether it is required; by name.
    """
    said = _control()
    short = name.removeprefix("bridge.")
    errors = ["InvalidParams"]
    if short in said["x-notThere"]:
        errors.append("NotThere")
    if short in said["x-callsChannel"]:
        errors += ["Unanswered", "Thrown"]
    return {
        "name": name,
        "summary": summary,
        "tags": [{"name": "control plane"}],
        "paramStructure": "by-name",
        "params": [
            {"name": key, "description": what, "required": required, "schema": _control_type(kind)}
            for key, (kind, what, required) in sorted(params.items(), key=lambda one: not one[1][2])
        ],
        "result": {"name": "result", "description": result, "schema": {"$ref": f"{SCHEMAS}control.{short}"}},
        "errors": _errors(errors),
    }


def _control_type(kind: str) -> Json:
    words = kind.split("|")
    if "any" in words:
        return {}
    items: Json = {"items": {"type": "object"}} if "array" in words else {}  # no method of the control plane takes another list
    return {"type": words[0] if len(words) == 1 else words, **items}


def _control_schemas() -> Json:
    """Return what control methods answer, as schemas of the document."""
    parts = _control()["$defs"]
    return {f"control.{name}": _moved(part) for name, part in parts.items()}


def _moved(value: Any) -> Any:
    if isinstance(value, list):
        return [_moved(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: f"{SCHEMAS}control.{item.rpartition('/')[2]}" if key == "$ref" and isinstance(item, str) else _moved(item)
        for key, item in value.items()
    }


# --- circles


def unroll(schemas: Json) -> None:
    """
    Put a plain object in the place of each reference that leads back to where it stands.

    Generators that follow references to their ends (that of the OpenRPC project does) never return from a circle.
    """
    leads = {name: _references(schema) for name, schema in schemas.items()}
    for name in sorted(schemas):
        back = {target for target in leads[name] if name in _reached(target, leads)}
        if back:
            schemas[name] = _cut(schemas[name], back)
            leads[name] = _references(schemas[name])


def _cut(value: Any, back: set[str]) -> Any:
    if isinstance(value, list):
        return [_cut(item, back) for item in value]
    if not isinstance(value, dict):
        return value
    target = str(value.get("$ref", "")).rpartition("/")[2]
    if target in back:
        return {"type": "object", "description": f"Again a {target}."}
    return {key: _cut(item, back) for key, item in value.items()}


def _reached(name: str, leads: Mapping[str, Iterable[str]]) -> set[str]:
    """Return a schema's name, and those of all that it leads to."""
    reached: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one not in reached:
            reached.add(one)
            waiting += leads[one]
    return reached


def _references(value: Any) -> set[str]:
    """Return what a schema refers to."""
    if isinstance(value, list):
        return set().union(*map(_references, value))
    if not isinstance(value, dict):
        return set()
    found = set().union(*map(_references, value.values()))
    if isinstance(value.get("$ref"), str):
        found.add(value["$ref"].rpartition("/")[2])
    return found
