"""A dialect on a platform: the encoders of replies and events, compiled from the schemas."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from bridge.catalogue import Catalogue, EventSpec, ReplySpec, TypeExpr, load
from bridge.dialects import registry
from bridge.dialects.view import View

Encoder = Callable[[Any, View], Any]

class Dialect:
    """
    What one version of the plugin writes on one platform. Immutable but for its cache of encoders; get one with `get`.

    Attributes:
        name: such as "im-6.1". `platform`: "android" or "ios". `native`: see `Device.native`.
        encoders: those that have been made already, by the name of their map.
    """

    def __init__(self, name: str, platform: str) -> None:
        self.name = name
        self.platform = platform
        self.catalogue: Catalogue = load(name)
        self.native = self.catalogue.native
        self.encoders: dict[str, Encoder] = {}
        self._replies: dict[str, Encoder] = {}
        self._events: dict[str, tuple[Event, ...]] = {}

    def reply_encoder(self, method: str) -> Encoder:
        """Return what writes the data (or the bare reply) of a method from its handler's value."""
        encoder = self._replies.get(method)
        if encoder is None:
            spec = self.catalogue.method(method)
            assert spec is not None
            encoder = self._replies[method] = self._reply_encoder(spec.reply(self.platform))
        return encoder

    def _reply_encoder(self, reply: ReplySpec) -> Encoder:
        if reply.text is not None:
            return lambda value, view: reply.text if value is None else value
        return nothing if reply.type is None else self.encoder(reply.type)

    def events_for(self, fact: str) -> tuple[Event, ...]:
        """Return the events that this platform makes of a kind of fact; () if it says nothing of it."""
        events = self._events.get(fact)
        if events is None:
            specs = self.catalogue.events_for(fact)
            events = tuple(Event(spec, self) for spec in specs if self.platform in spec.platforms)
            self._events[fact] = events
        return events

    def encoder(self, expr: TypeExpr) -> Encoder:
        """Return what writes a value of a type."""
        kind = expr.kind
        if expr.const is not None:
            return _constant(expr.const)
        if kind == "null":
            return nothing
        if kind == "map":
            return self._map_encoder(expr.item)
        if kind == "list":
            item = self.encoder(expr.item)
            if item is _as_is:
                return _as_list
            return lambda value, view: None if value is None else [item(one, view) for one in value]
        if kind == "dict":
            item = self.encoder(expr.item)
            return lambda value, view: None if value is None else {k: item(v, view) for k, v in value.items()}
        if kind == "double":
            return lambda value, view: None if value is None else float(value)
        return _as_is

    def write(self, name: str, value: Any, view: View) -> Any:
        """Write one map, with the keys of this platform; None stays None."""
        encoder = self.encoders.get(name) or self._map_encoder(name)
        return encoder(value, view)

    def _map_encoder(self, name: str) -> Encoder:
        encoder = self.encoders.get(name)
        if encoder is None:
            function = registry.find(name)
            if function is None:
                raise LookupError(f"nobody writes the map {name}")
            spec = self.catalogue.map(name)
            assert spec is not None
            known = frozenset(key.key for key in spec.keys(self.platform))
            encoder = _trimmed(function, known, bool(self.catalogue.trait(self.platform, "leavesOutNull")))
            self.encoders[name] = encoder
        return encoder


class Event:
    """One event of a dialect's platform: where it goes and how its data are made."""

    __slots__ = ("spec", "listener", "type", "shared", "_pieces")

    def __init__(self, spec: EventSpec, dialect: Dialect) -> None:
        self.spec = spec
        self.listener = spec.listener
        self.type = spec.type
        listener = dialect.catalogue.listener(spec.listener)
        assert listener is not None
        self.shared = listener.shared
        self._pieces = tuple((p.key, p.field, dialect.encoder(p.type)) for p in spec.data(dialect.platform))

    def per_listener(self, platform: str) -> bool:
        """Return whether each listener gets a copy with its own uuid although the kind is shared (iOS progress events)."""
        return platform in self.spec.quirks.get("perListener", ())

    @property
    def has_data(self) -> bool:
        """Return whether the event says anything but that it happened."""
        return bool(self._pieces)

    def data(self, payload: dict[str, Any], view: View) -> Any:
        """Write the event's data from a fact's payload; None for an event without data."""
        pieces = self._pieces
        if not pieces:
            return None
        if pieces[0][0] is None:
            return pieces[0][2](payload[pieces[0][1]], view)
        wire = {key: encode(payload[field], view) for key, field, encode in pieces}
        return {k: v for k, v in wire.items() if v is not None} if view.ios else wire


def nothing(value: Any, view: View) -> None:
    """Write null: the data of the many calls that answer only whether they succeeded."""


def _as_is(value: Any, view: View) -> Any:
    return value


def _as_list(value: Any, view: View) -> Any:
    return None if value is None else list(value)


def _constant(value: Any) -> Encoder:
    return lambda _value, _view: value


MAX_SHAPES = 256


def _trimmed(function: registry.WireMap, known: frozenset[str], is_ios: bool) -> Encoder:
    """
    Leave out of a map what the platform does not have; on iOS what is null as well, at any depth (nil fields).

    A function writes its map with few different sets of keys, so what has to go is remembered per set.
    """
    unknown: dict[tuple[str, ...], tuple[str, ...]] = {}

    def trimmed(value: Any, view: View) -> Any:
        if value is None:
            return None
        wire = function(value, view)
        if wire is None or wire is view.recalled:
            return wire
        shape = tuple(wire)
        extra = unknown.get(shape)
        if extra is None:
            extra = tuple(key for key in shape if key not in known)
            if len(unknown) < MAX_SHAPES:
                unknown[shape] = extra
        for key in extra:
            del wire[key]
        found = {key: item for key, item in wire.items() if item is not None} if is_ios and None in wire.values() else wire
        view.settle(wire, found)
        return found

    return trimmed


@cache
def get(name: str, platform: str) -> Dialect:
    """Return the dialect of that name on a platform. Raises KeyError for an unknown name."""
    return Dialect(name, platform)
