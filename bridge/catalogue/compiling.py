"""
Turn the documents of `schemas/` into specs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from bridge.catalogue.bind import binder
from bridge.catalogue.names import snake_case
from bridge.catalogue.overlays import Platforms
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


class ByPlatform(dict[str, Any]):
    """
    Something compiled for each platform, when first asked for: its own, or that of the platform it is like.
    """

    def __init__(self, said: Document, platforms: Platforms, compile_one: Callable[[Any, str], Any]) -> None:
        super().__init__()
        self._said = said
        self._platforms = platforms
        self._compile = compile_one

    def __missing__(self, platform: str) -> Any:
        value = self[platform] = self._compile(self._platforms.of(self._said, platform), platform)
        return value


def method_spec(document: Document, models: FindModel, platforms: Platforms) -> MethodSpec:
    """
    Compile `methods/<manager>/<wireName>.json`.

    Args:
        document: the file.
        models: finds the models that arguments refer to; called when an argument of that kind first comes.
        platforms: those of the dialect.
    """
    sent, unsent = _params(document["arguments"], platforms)
    quirks = platforms.quirks(document["quirks"])
    unanswered = quirks.get("inPracticeUnanswered", ())
    return MethodSpec(
        name=document["method"],
        manager=document["manager"],
        handler=document.get("handler"),
        constants=document.get("with", {}),
        needs=document["needs"],
        params=sent,
        platforms=tuple(platforms.spread(document["platforms"])),
        error_carries_data=document["errorCarriesData"],
        adapter_errors=platforms.spread(document["adapterErrors"]),
        quirks=quirks,
        casts=platforms.spread(document.get("casts", {})),
        evidence=document["evidence"],
        bind=binder(document["method"], document["manager"], sent, models, unsent),
        replies=ByPlatform(document["result"], platforms, lambda said, name: _reply(said, name in unanswered)),
        unsent=unsent,
    )


def _params(arguments: Document, platforms: Platforms) -> tuple[tuple[Param, ...], dict[str, Any]]:
    """
    Return the arguments that the client sends, and what the handler gets for those that it does not.
    """
    required = arguments["required"]
    sent, unsent = [], {}
    for key, schema in arguments["properties"].items():
        arg = schema.get("x-arg") or snake_case(key)
        if schema.get("x-unsent"):
            unsent[arg] = schema.get("default")
            continue
        param = Param(
            key=key,
            arg=arg,
            type=compile_type(schema),
            required=key in required,
            has_default="default" in schema,
            default=schema.get("default"),
            refuses_null="x-refusesNull" in schema,
            keeps_null=schema.get("x-keepsNull", False),
            ignored_by=tuple(platforms.spread(schema.get("x-ignoredBy", []))),
            note=schema.get("description", ""),
        )
        sent.append(param)
    return tuple(sent), unsent


def _reply(said: Document, unanswered: bool) -> ReplySpec:
    text = said.get("text")
    one, every = (text["one"], text["all"]) if isinstance(text, dict) else (text, None)
    return ReplySpec(
        form=said["reply"],
        type=compile_type(said["data"]) if "data" in said else None,
        text=one,
        text_all=every,
        unanswered=unanswered or said["reply"] == "none",
        desc=said.get("desc"),
        refusal=said.get("refusal", said["reply"]),
    )


def event_spec(document: Document, platforms: Platforms) -> EventSpec:
    """
    Compile `events/<listener>/<type>.json`.
    """
    quirks = platforms.quirks(document["quirks"])
    return EventSpec(
        listener=document["listener"],
        type=document["type"],
        fact=document["fact"],
        platforms=tuple(platforms.spread(document["platforms"])),
        before_reply=quirks.get("beforeReply", False),
        quirks=quirks,
        evidence=document["evidence"],
        data=ByPlatform(document["data"], platforms, lambda said, _: _event_data(said)),
    )


def _event_data(said: Document | None) -> tuple[EventKey, ...]:
    if said is None:
        return ()
    if "keys" in said:
        return tuple(EventKey(key["key"], key["field"], compile_type(key["type"]), key.get("asNull", False)) for key in said["keys"])
    return (EventKey(None, said["value"], compile_type(said["type"])),)


def map_spec(document: Document, platforms: Platforms) -> MapSpec:
    """
    Compile `maps/<Name>.json`.
    """
    name = document["map"]
    return MapSpec(
        name=name,
        base=name.partition("(")[0],
        model=document["dartModel"],
        open=document.get("open", False),
        through_text=platforms.spread(document.get("throughText", {})),
        keys=ByPlatform(document, platforms, lambda said, _: tuple(map(_map_key, said))),
    )


def _map_key(said: Document) -> MapKey:
    key = said["key"]
    kind, conditional, on_request = compile_type(said["type"]), said.get("conditional"), said.get("onRequest", False)
    return MapKey(key, kind, conditional, on_request, said.get("of", key), said.get("asNull", False))


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
