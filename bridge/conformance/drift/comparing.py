"""
Hold what a plugin says against a dialect of the channel.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bridge.catalogue import Catalogue, MethodSpec
from bridge.catalogue.bind import IGNORED
from bridge.conformance.drift.dart import plain_type
from bridge.conformance.drift.facts import Adapter, Call, Handler, Model, Said
from bridge.conformance.drift.findings import Comparison, Counter, Finding

RANGES = {
    "int32": (-(2**31), 2**31 - 1),
    "uint32": (0, 2**32 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint64": (0, 2**64 - 1),
}
SAME_CAST = {"int64Text": "string", "uint64Text": "string"}
"""Casts of the schemas that begin as another one: a text is taken, and read as a number then."""


def compare(said: Said, catalogue: Catalogue) -> Comparison:
    """Return how a plugin differs from a dialect."""
    counter = Counter()
    if said.channel is not None:
        counter.same("dialect", catalogue.dialect, said.channel, catalogue.channel, "the channel is {}, here {}", "")
    if reads_calls(said):
        _methods(said, catalogue, counter)
        _models(said, catalogue, counter)
    elif "android" in said.adapters:
        _handled(said.adapters["android"], catalogue, counter)
    if said.events:
        _events(said, catalogue, counter)
    for adapter in said.adapters.values():
        if adapter.platform in catalogue.platforms:
            _adapter(adapter, catalogue, counter)
    return Comparison(catalogue.dialect, counter.findings, counter.statements)


def reads_calls(said: Said) -> bool:
    """Return whether the class that makes the calls was there: the one that has the models has it, too."""
    return bool(said.models) and bool(said.calls)


def _methods(said: Said, catalogue: Catalogue, counter: Counter) -> None:
    counter.sets("method", "", set(said.calls), set(catalogue.method_names), "a call")
    for name, calls in said.calls.items():
        spec = catalogue.method(name)
        if spec is not None:
            managers = sorted({call.manager for call in calls if call.manager} or {spec.manager})
            where = calls[0].where
            counter.same("method", name, managers, [spec.manager], "goes to {}, here to {}", where)
            _arguments(name, calls, catalogue.document("methods", name)["arguments"]["properties"], counter)


def _arguments(name: str, calls: list[Call], properties: Mapping[str, Any], counter: Counter) -> None:
    sent = {key: value for call in calls for key, value in (call.arguments or {}).items() if key not in IGNORED}
    where = calls[0].where
    if any(call.arguments is None for call in calls):
        return
    counter.sets("argument", name, set(sent), set(properties), "argument {}", where)
    for key, value in sent.items():
        if value.type is not None and key in properties and "x-dartType" in properties[key]:
            types = {one.arguments[key].type for one in calls if one.arguments and key in one.arguments}
            declared = plain_type(properties[key]["x-dartType"])
            here = declared if declared in types else value.type
            counter.same("argument", name, here, declared, f"{key} is {{}} in Dart, here {{}}", where)


def _models(said: Said, catalogue: Catalogue, counter: Counter) -> None:
    known = {name: catalogue.document("models", name) for name in catalogue.model_names}
    mapped = {name for name, one in known.items() if one["hasFromJson"] or one["hasToJson"]}
    counter.sets("model", "", set(said.models), mapped, "a class with maps")
    for name in sorted(set(said.models) & mapped):
        _model(said.models[name], known[name], counter)


def _model(model: Model, document: Mapping[str, Any], counter: Counter) -> None:
    fields = document["fields"]
    if model.reads is not None and document["hasFromJson"]:
        there = {one["key"] for one in fields if one.get("fromJson") is not False} | set(document["keysOnlyInFromJson"])
        # A key under which a field is written may be a second one under which it is read.
        also = set(model.reads) & {one["toJsonKey"] for one in fields if "toJsonKey" in one}
        counter.sets("key", model.name, set(model.reads), there | also, "fromJson reads {}", model.where)
    if model.writes is not None and document["hasToJson"]:
        there = {one.get("toJsonKey", one["key"]) for one in fields if one["toJson"] != "never"} | set(document["keysOnlyInToJson"])
        counter.sets("key", model.name, set(model.writes), there, "toJson writes {}", model.where)
    for one in fields:
        kind = model.types.get(one.get("toJsonKey", one["key"]))
        if kind is not None:
            counter.same("key", model.name, kind, plain_type(one["dartType"]), f"{one['key']} is {{}} in Dart, here {{}}", model.where)


def _handled(android: Adapter, catalogue: Catalogue, counter: Counter) -> None:
    """Compare the methods by the adapter's functions, where the calls themselves were not there to be read."""
    specs = [spec for name in catalogue.method_names if (spec := catalogue.method(name)) is not None and "android" in spec.platforms]
    managers = {spec.manager for spec in specs}
    here = {one.name for place, one in android.handlers.items() if place.split("/")[0] in managers}
    here = {name for name in here if name not in NO_CALLS}
    counter.sets("method", "", here, {spec.name for spec in specs}, "a function of the Android adapter")


NO_CALLS = {"getParam", "handleOfflinePushInfo", "setReceiveMessageOpt"}
"""Functions of adapters that are given a call and answer none that Dart makes."""


def _events(said: Said, catalogue: Catalogue, counter: Counter) -> None:
    known = {name for name in _event_names(catalogue) if any(_comes(name, one, catalogue) for one in ("android", "ios"))}
    here = {f"{listener}/{type}" for listener, type in said.events}
    heard = {name for name in here if name in known or not _unheard(name, catalogue)}
    counter.sets("event", "", heard, known, "Dart hears it")


def _adapter(adapter: Adapter, catalogue: Catalogue, counter: Counter) -> None:
    platform = adapter.platform
    for name in catalogue.method_names:
        spec = catalogue.method(name)
        if spec is None:
            continue
        handler = adapter.handlers.get(f"{spec.manager}/{name}" if platform == "android" else name)
        counter.statements += 1
        if (handler is not None) != (platform in spec.platforms):
            kind, where = ("lacks", handler.where) if handler is not None else ("extra", "")
            counter.findings.append(_found(kind, name, f"a call that the {platform} adapter answers", where))
        elif handler is not None:
            _takes(handler, spec, platform, catalogue.document("methods", name)["arguments"]["properties"], counter)
    told = {f"{listener}/{type}" for listener, type in adapter.events}
    events = {name for name in _event_names(catalogue) if _comes(name, platform, catalogue)}
    heard = {name for name in told if name in events or not _unheard(name, catalogue)}
    counter.sets("event", "", heard, events, f"{platform} tells it")


def _comes(name: str, platform: str, catalogue: Catalogue) -> bool:
    spec = catalogue.event(*name.split("/"))
    return spec is not None and platform in spec.platforms


def _event_names(catalogue: Catalogue) -> list[str]:
    kinds = [listener for kind in catalogue.listener_kinds if (listener := catalogue.listener(kind)) is not None]
    return [f"{listener.kind}/{type}" for listener in kinds for type in listener.events]


def _unheard(name: str, catalogue: Catalogue) -> bool:
    """Return whether the schemas know an event and say that it comes on neither platform that is read here."""
    spec = catalogue.event(*name.split("/"))
    return spec is not None and not {"android", "ios"} & set(spec.platforms)


def _found(kind: str, name: str, text: str, where: str) -> Finding:
    return Finding(kind, "handler", name, text, where)


def _takes(handler: Handler, spec: MethodSpec, platform: str, properties: Mapping[str, Any], counter: Counter) -> None:
    top = {place.split(".")[0].split("[")[0] for place in handler.casts}
    casts = spec.casts.get(platform, {})
    if platform == "android":
        ignored = {param.key for param in spec.params if platform in param.ignored_by}
        looked_at, wanted = set(properties) & top, set(properties) - ignored
        counter.sets("handler", spec.name, looked_at, wanted, "the android adapter looks at {}", handler.where)
    for place, said in casts.items():
        here, there = handler.casts.get(place), SAME_CAST.get(said["as"], said["as"])
        if here is not None and _told_apart(here, there, platform):
            text = f"{platform} casts {place} to {{}}, here to {{}}"
            counter.same("cast", spec.name, here, there, text, handler.where)
    for place, here in handler.casts.items():
        integer = properties.get(place, {}).get("type") in ("integer", ["integer", "null"])
        if here in ("int32", "uint32") and place not in casts and integer:
            counter.statements += 1
            text = f"{platform} casts {place} to {here}"
            counter.findings.append(Finding("lacks", "cast", spec.name, text, handler.where))


def _told_apart(here: str, there: str, platform: str) -> bool:
    """Return whether two casts can be held against each other: iOS may take more first, and cut it later."""
    if here in RANGES and there in RANGES:
        narrow, wide = RANGES[here], RANGES[there]
        return platform == "android" or narrow[0] > wide[0] or narrow[1] < wide[1] or here == there
    return there in RANGES or there in ("string", "bool", "list", "map", "double")
