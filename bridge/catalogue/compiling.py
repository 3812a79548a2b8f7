"""
Turn the documents of `schemas/` into specs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from bridge.catalogue.bind import binder
from bridge.catalogue.names import snake_case
from bridge.catalogue.specs import (
    EventKey,
    EventSpec,
    MapKey,
    MapSpec,
    MethodSpec,
    ModelField,
    ModelSpec,
    Param,
    ReplySpec,
)
from bridge.catalogue.types import compile_type

Document = Mapping[str, Any]
FindModel = Callable[[str], ModelSpec]


def method_spec(document: Document, models: FindModel) -> MethodSpec:
    """
    Compile `methods/<manager>/<wireName>.json`.

    Args:
        document: the file.
        models: finds the models that arguments refer to; called when an argument of that kind first comes.
    """
    params = tuple(_params(document["arguments"]))
    unanswered = document["quirks"].get("inPracticeUnanswered", ())
    return MethodSpec(
        name=document["method"],
        manager=document["manager"],
        handler=document.get("handler"),
        constants=document.get("with", {}),
        needs=document["needs"],
        params=params,
        platforms=tuple(document["platforms"]),
        error_carries_data=document["errorCarriesData"],
        adapter_errors=document["adapterErrors"],
        quirks=document["quirks"],
        evidence=document["evidence"],
        bind=binder(document["method"], document["manager"], params, models),
        replies={name: _reply(said, name in unanswered) for name, said in document["result"].items()},
    )


def _params(arguments: Document) -> list[Param]:
    required = arguments["required"]
    return [
        Param(
            key=key,
            arg=schema.get("x-arg") or snake_case(key),
            type=compile_type(schema),
            required=key in required,
            has_default="default" in schema,
            default=schema.get("default"),
            refuses_null=schema.get("x-refusesNull"),
            keeps_null=schema.get("x-keepsNull", False),
            ignored_by=tuple(schema.get("x-ignoredBy", ())),
        )
        for key, schema in arguments["properties"].items()
    ]


def _reply(said: Document, unanswered: bool) -> ReplySpec:
    text = said.get("text")
    one, every = (text["one"], text["all"]) if isinstance(text, dict) else (text, None)
    return ReplySpec(
        form=said["reply"],
        type=compile_type(said["data"]) if "data" in said else None,
        text=one,
        text_all=every,
        unanswered=unanswered or said["reply"] == "none",
    )


def event_spec(document: Document) -> EventSpec:
    """
    Compile `events/<listener>/<type>.json`.
    """
    quirks = document["quirks"]
    return EventSpec(
        listener=document["listener"],
        type=document["type"],
        fact=document["fact"],
        platforms=tuple(document["platforms"]),
        before_reply=quirks.get("beforeReply", False),
        quirks=quirks,
        evidence=document["evidence"],
        data={platform: _event_data(said) for platform, said in document["data"].items()},
    )


def _event_data(said: Document | None) -> tuple[EventKey, ...]:
    if said is None:
        return ()
    if "keys" in said:
        return tuple(EventKey(key["key"], key["field"], compile_type(key["type"])) for key in said["keys"])
    return (EventKey(None, said["value"], compile_type(said["type"])),)


def map_spec(document: Document) -> MapSpec:
    """
    Compile `maps/<Name>.json`.
    """
    name = document["map"]
    return MapSpec(
        name=name,
        base=name.partition("(")[0],
        model=document["dartModel"],
        open=document.get("open", False),
        keys={platform: tuple(_map_key(said) for said in document[platform]) for platform in ("android", "ios")},
    )


def _map_key(said: Document) -> MapKey:
    return MapKey(said["key"], compile_type(said["type"]), said.get("conditional"), said.get("onRequest", False))


def model_spec(document: Document) -> ModelSpec:
    """
    Compile `models/<Class>.json`.
    """
    accepts = document.get("accepts")
    return ModelSpec(
        name=document["model"],
        fields=tuple(_field(said) for said in document["fields"]),
        accepts=accepts and {key: frozenset(said["accepts"]) for key, said in accepts["keys"].items()},
        empty_map=accepts and accepts["emptyMap"],
    )


def _field(said: Document) -> ModelField:
    sent = None if said["toJson"] == "never" else said.get("toJsonKey", said["key"])
    default = json.loads(said["toJsonDefault"]) if "toJsonDefault" in said else None
    arg = said.get("x-arg") or snake_case(sent or said["key"])
    return ModelField(said["name"], said["key"], sent, arg, compile_type(said["type"]), default)
