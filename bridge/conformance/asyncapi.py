"""
What a server tells of its own accord, as an AsyncAPI document: the events of a dialect on a platform, by kind of listener.

A channel is a kind of listener, a message a JSON-RPC notification whose method is the channel's address. What can be asked for is in
`openrpc.py`.
"""

from __future__ import annotations

from typing import Any

from bridge.catalogue import EventSpec, load
from bridge.conformance import openrpc
from bridge.conformance.shapes import Json, Shapes

ASYNCAPI = "3.0.0"
CONTENT = "application/json"


def document(dialect: str, platform: str, version: str) -> Json:
    """
    Return the document of a dialect that has a channel.

    Args:
        version: of the bridge.
    """
    catalogue = load(dialect)
    shapes = Shapes(catalogue, platform, openrpc.SCHEMAS)
    messages: Json = {}
    kinds: dict[str, list[EventSpec]] = {}
    for spec in openrpc.events_of(catalogue, platform):
        kinds.setdefault(spec.listener, []).append(spec)
        messages[f"{spec.listener}.{spec.type}"] = {
            "name": spec.type,
            "title": spec.type,
            "summary": openrpc.event_summary(catalogue, spec),
            "contentType": CONTENT,
            "payload": _notification(shapes, spec),
        }
    shapes.complete()
    openrpc.unroll(shapes.schemas)
    return {
        "asyncapi": ASYNCAPI,
        "info": {
            "title": "timbridge",
            "version": version,
            "description": openrpc.about(catalogue, dialect, platform),
            "license": {"name": "MIT"},
        },
        "defaultContentType": CONTENT,
        "channels": {kind: _channel(kind, specs) for kind, specs in kinds.items()},
        "operations": {f"tell.{kind}": _operation(kind) for kind in kinds},
        "components": {"messages": messages, "schemas": dict(sorted(shapes.schemas.items()))},
    }


def _notification(shapes: Shapes, spec: EventSpec) -> Json:
    properties: dict[str, Any] = {"jsonrpc": {"const": "2.0"}, "method": {"const": spec.listener}, "params": shapes.event(spec)}
    return {"type": "object", "properties": properties, "required": list(properties)}


def _channel(kind: str, specs: list[EventSpec]) -> Json:
    messages = {spec.type: {"$ref": f"#/components/messages/{kind}.{spec.type}"} for spec in specs}
    return {"address": kind, "description": f"What a {kind} hears.", "messages": messages}


def _operation(kind: str) -> Json:
    return {"action": "send", "channel": {"$ref": f"#/channels/{kind}"}, "summary": f"Tells whoever has a {kind}."}
