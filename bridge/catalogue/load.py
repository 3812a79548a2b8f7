"""
Load a dialect's catalogue, from the packed files of an installation or the single files of a checkout.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from typing import Any

from bridge.catalogue import compiling
from bridge.catalogue.overlays import Platforms
from bridge.catalogue.sources import Source, common_document, dialect_heads, dialect_names, open_source
from bridge.catalogue.specs import EventSpec, ListenerSpec, MapSpec, MethodSpec, ModelSpec
from bridge.errors import BridgeError, did_you_mean, nearest


class Catalogue:
    """
    All that the schemas say of one dialect. Immutable to its users; specs are compiled when first asked for.

    Attributes:
        channel: the plugin's channel; None for a generation without one.
        native_number: version of the native client under the plugin, as major * 100 + minor.
        native_version: the same as its client tells it ("8.2.6325").
        plugin_version: the one that was read.
        platforms: the first is the usual one.
        listener_kinds: also the channel methods of their events.
    """

    def __init__(self, source: Source) -> None:
        said = source.dialect
        self.dialect: str = said["dialect"]
        self.channel: str | None = said["channel"]
        self.base: str | None = said["base"]
        self.native_number: int = said["native"]["number"]
        self.native_version: str = said["native"]["version"]
        self.plugin_version: str = said["pluginVersion"]
        self._platforms = Platforms(said["platforms"])
        self.platforms: tuple[str, ...] = self._platforms.names
        self.method_names: tuple[str, ...] = tuple(source.names("methods"))
        self.listener_kinds: tuple[str, ...] = tuple(said.get("listeners", ()))
        self._source = source
        self._methods: dict[str, MethodSpec] = {}
        self._events: dict[str, EventSpec] = {}
        self._maps: dict[str, MapSpec] = {}
        self._models: dict[str, ModelSpec] = {}
        self._listeners: dict[str, ListenerSpec] = {}
        self._by_fact: dict[str, tuple[EventSpec, ...]] = {}

    def method(self, name: str) -> MethodSpec | None:
        """
        Return the method with that wire name, None when the dialect has none.
        """
        try:
            return self._methods[name]
        except KeyError:
            pass
        if not self._source.has("methods", name):
            return None  # not remembered: a client may ask for any number of names
        spec = compiling.method_spec(self._source.document("methods", name), self.model, self._platforms)
        self._methods[name] = spec
        return spec

    def lineage(self, platform: str) -> tuple[str, ...]:
        """
        Return a platform and those that it goes by where nothing is said of it, nearest first.
        """
        like = self.like(platform)
        return (platform,) if like is None else (platform, *self.lineage(like))

    def nearest(self, name: str) -> list[str]:
        """
        Return up to three wire names that `name` may have been meant for, the likeliest first.
        """
        return nearest(name, self.method_names)

    def listener(self, kind: str) -> ListenerSpec | None:
        """
        Return a kind of listener (`conversationListener`), None when the dialect has none.
        """
        if kind not in self._listeners and kind in self.listener_kinds:
            said = self._source.dialect["listeners"][kind]
            events = tuple(name.split("/")[1] for name in self._source.names("events") if name.startswith(kind + "/"))
            self._listeners[kind] = ListenerSpec(
                kind,
                said["topic"],
                tuple(said["register"]),
                tuple(said["unregister"]),
                said["fan_out"] == "shared",
                events,
            )
        return self._listeners.get(kind)

    def event(self, listener: str, type: str) -> EventSpec | None:
        """
        Return an event by its listener's kind and its type, None when the dialect has none.
        """
        name = f"{listener}/{type}"
        if name not in self._events and self._source.has("events", name):
            self._events[name] = compiling.event_spec(self._source.document("events", name), self._platforms)
        return self._events.get(name)

    def events_for(self, fact: str) -> tuple[EventSpec, ...]:
        """
        Return the events that tell of a fact, in the order of their listeners; () when the dialect has none.
        """
        try:
            return self._by_fact[fact]
        except KeyError:
            names = (name.split("/") for name in self._source.facts().get(fact, ()))
            found = (self.event(*name) for name in sorted(names, key=lambda name: self.listener_kinds.index(name[0])))
            specs = tuple(spec for spec in found if spec is not None)
            if specs:
                self._by_fact[fact] = specs
            return specs

    @cached_property
    def event_types(self) -> frozenset[str]:
        """
        The types of all events.
        """
        return frozenset(name.split("/")[1] for name in self._source.names("events"))

    @property
    def facts(self) -> tuple[str, ...]:
        """
        All facts that some event tells of.
        """
        return tuple(self._source.facts())

    @property
    def map_names(self) -> tuple[str, ...]:
        """
        All maps, parts of maps (`V2TIMImageElem.imageList`) and variants (`V2TIMUserInfo(sender)`) included.
        """
        return tuple(self._source.names("maps"))

    @property
    def model_names(self) -> tuple[str, ...]:
        """
        All Dart classes.
        """
        return tuple(self._source.names("models"))

    def map(self, name: str) -> MapSpec:
        """
        Return a map by its name; a `KeyError` when there is none, for only schemas name maps.
        """
        spec = self._maps.get(name)
        if spec is None:
            spec = self._maps[name] = compiling.map_spec(self._source.document("maps", name), self._platforms)
        return spec

    def model(self, name: str) -> ModelSpec:
        """
        Return a Dart class by its name; a `KeyError` when there is none.
        """
        spec = self._models.get(name)
        if spec is None:
            spec = self._models[name] = compiling.model_spec(self._source.document("models", name))
        return spec

    @property
    def login_calls(self) -> tuple[str, ...]:
        """
        The calls by which a tool adds a listener of every kind before it logs somebody in.
        """
        return tuple(self._source.dialect["loginListeners"])

    @property
    def init_arguments(self) -> dict[str, Any]:
        """
        What a tool sends with `initSDK`.
        """
        return dict(self._source.dialect["initSDK"])

    @property
    def about(self) -> Mapping[str, Any]:
        """
        The whole `dialect.json`, what its base says included.
        """
        return self._source.dialect

    def like(self, platform: str) -> str | None:
        """
        Return the platform that another one is like, None for one that stands for itself.
        """
        return self._platforms.like.get(platform)

    def trait(self, platform: str, name: str) -> Any:
        """
        Return what is said of a platform's adapter in general (`schemas/meta/dialect.schema.json`); None where nothing is.
        """
        return self._platforms.trait(platform, name)

    def document(self, kind: str, name: str) -> Mapping[str, Any]:
        """
        Return a whole file of the schemas: kind is `methods`, `events` (`listener/type`), `maps`, `models`; `KeyError`.
        """
        return self._source.document(kind, name)

    def enums(self) -> Mapping[str, Any]:
        """
        Return the enumerations by name, each with `kind`, `onWire` and `values`.
        """
        enums: Mapping[str, Any] = self._source.document("enums", "enums")["enums"]
        return enums


@cache
def load(dialect: str) -> Catalogue:
    """
    Return the catalogue of a dialect, e.g. `chat-8.2`; the same one every time.

    Raises:
        BridgeError: there is no such dialect.
    """
    names = dialect_names()
    if dialect not in names:
        hint = did_you_mean(nearest(dialect, names))
        raise BridgeError(f"there is no dialect {dialect!r}; there are {', '.join(names)}{hint}")
    source = open_source(dialect)
    if source.dialect["channel"] is None:
        from bridge.catalogue.native import NativeCatalogue

        return NativeCatalogue(source)
    return Catalogue(source)


def dialects_with(method: str) -> list[str]:
    """
    Return the names of the dialects that have a method: the default one first, then the newest first.
    """
    return [name for name in dialects() if load(name).method(method) is not None]


@cache
def heads() -> Mapping[str, Mapping[str, Any]]:
    """
    Return what tells the dialects apart, by name: the default one first, then the newest first.
    """
    return dialect_heads()


def dialects() -> tuple[str, ...]:
    """
    Return the names of all dialects of the method channel: the default one first, then the newest first.
    """
    return tuple(name for name, head in heads().items() if head["channel"] is not None)


def native_dialects() -> tuple[str, ...]:
    """
    Return the names of the dialects of the generation that calls native code, the newest first.
    """
    return tuple(name for name, head in heads().items() if head["channel"] is None)


@cache
def platforms() -> tuple[str, ...]:
    """
    Return the names of all platforms that some dialect of the method channel has, each once.
    """
    return tuple(dict.fromkeys(name for one in dialects() for name in Platforms(heads()[one]["platforms"]).names))


def default_dialect() -> str:
    """
    Return the dialect of whoever does not say which.
    """
    return next(iter(heads()))


@cache
def error_codes() -> tuple[Mapping[str, Any], ...]:
    """
    Return what is known of every code that an app can see: code, name, meaning, evidence and, where known, desc.
    """
    return tuple(common_document("errors")["errors"])
