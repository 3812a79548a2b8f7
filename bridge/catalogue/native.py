"""
The catalogue of a dialect without a channel: functions, callbacks, objects and tables of numbers in place of methods, events and maps.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from bridge.catalogue.load import Catalogue, load
from bridge.catalogue.sources import Source
from bridge.catalogue.types import TypeExpr, compile_type
from bridge.errors import nearest


class ArgumentSpec(NamedTuple):
    """
    An argument of a function.

    Attributes:
        name: in the C declaration.
        holds: `text`, `json` (a JSON text), `number`, `bool`, `pointer`, or `user_data`, which comes back with the reply.
        type: what a JSON text is read as; None elsewhere.
        shape: what a value must look like that a reader takes as it is; None where `type` says it.
        arg: what the handler calls it; None where nothing is made of it.
        spread: the keys of the object are the handler's arguments.
        pick: the one value of an object, or of each object of an array, that is meant: keys and indexes with dots between.
        pairs: the keys of the pairs that stand for a map.
        kind: the argument that tells a user's conversation (1) from a group's (2); the value becomes a conversation id.
    """

    name: str
    holds: str
    type: TypeExpr | None = None
    arg: str | None = None
    spread: bool = False
    pick: str | None = None
    pairs: tuple[str, ...] = ()
    kind: str | None = None
    shape: TypeExpr | None = None


class CaseSpec(NamedTuple):
    """
    What a function does with some arguments.

    Attributes:
        when: what they are: by argument, or key of its object with dots between, a value or `{"given": true}`; {} for all others.
        dart_methods: the public methods that come down to it.
        handler, needs, constants, works_offline: as of a method.
        args: what the handler calls an argument in this case, by its name.
        takes: what the handler is given, with what stands there for null; None for whatever is read.
        result: what the reply holds; None where it says only whether it succeeded.
        pairs: the keys of the pairs by which the reply tells a map.
    """

    when: Mapping[str, Any]
    dart_methods: tuple[str, ...]
    handler: str | None
    needs: str
    constants: Mapping[str, Any]
    works_offline: bool
    args: Mapping[str, str]
    takes: Mapping[str, Any] | None
    result: TypeExpr | None
    pairs: tuple[str, ...]


class FunctionSpec(NamedTuple):
    """
    A function of the library.

    Attributes:
        kind: `call` (answered through the port), `waiting` (answered by what it returns), `switch` (of a callback), or
            `library` (the library alone is concerned).
        answers: what it returns: `status` (0 or a code), `value` (what the handler says), `id`, `nothing`; None for 0.
        beside: keys of the reply's envelope, each with the key of the result that stands there.
        starts_over: a page behind an unknown message is the first one.
        cases: at least one; the first whose condition holds.
    """

    name: str
    manager: str
    kind: str
    answers: str | None
    arguments: tuple[ArgumentSpec, ...]
    beside: Mapping[str, str]
    starts_over: bool
    cases: tuple[CaseSpec, ...]

    @property
    def dart_methods(self) -> tuple[str, ...]:
        """All public methods that come down to it."""
        return tuple(dict.fromkeys(name for case in self.cases for name in case.dart_methods))


class ObjectKey(NamedTuple):
    """
    A key of an object.

    Attributes:
        of: the key of the SDK's map that it is written from; None where a function fills it.
        arg: what it is read as; None for a key that says nothing to a handler.
        numbers: the table that tells what a number stands for.
        pairs: the keys of the pairs in its array, which stand for a map.
        inside: the key of the object within that it stands in.
        required: Dart throws without it.
        header: a name of the vendor's header beside the one that Dart reads.
    """

    key: str
    type: TypeExpr
    of: str | None
    arg: str | None
    numbers: str | None
    pairs: tuple[str, ...]
    inside: str | None
    required: bool
    header: bool


class ObjectSpec(NamedTuple):
    """An object: the maps of the SDK that it is written from, or the element of a message that it is."""

    name: str
    maps: tuple[str, ...]
    element: str | None
    keys: tuple[ObjectKey, ...]


class AlsoHeard(NamedTuple):
    """
    A further name by which an app hears of a callback.

    Attributes:
        at: where to look in what is posted, key by key, `*` for each of an array; () where it is always called.
        where: what stands there then, by a path of the same kind.
    """

    name: str
    at: tuple[str, ...]
    where: tuple[tuple[tuple[str, ...], Any], ...]


class TellSpec(NamedTuple):
    """
    How a callback tells a fact: by keys (each with the payload field and its type), or by a function of that name.

    Attributes:
        also: what else Dart calls of it than its listener's methods that are the fact's on a channel.
    """

    fact: str
    keys: tuple[tuple[str, str, TypeExpr | None], ...]
    by: str | None
    also: tuple[AlsoHeard, ...]


class CallbackSpec(NamedTuple):
    """
    A global callback.

    Attributes:
        topic: of the facts that it hears. `texts`: keys that are JSON texts. `heard_by`: what Dart calls of it.
        if_listened_to: clients ask for it only where their app listens to it.
    """

    name: str
    number: int
    switched_on_by: str
    topic: str
    texts: frozenset[str]
    tells: tuple[TellSpec, ...]
    heard_by: tuple[str, ...]
    if_listened_to: bool


class NativeCatalogue(Catalogue):
    """
    All that the schemas say of one dialect without a channel.

    Attributes:
        function_names, callback_names, object_names: all of them, sorted.
        behaves_as: the dialect whose rules hold: the service does the same for both.
    """

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.function_names: tuple[str, ...] = tuple(source.names("functions"))
        self.callback_names: tuple[str, ...] = tuple(source.names("callbacks"))
        self.object_names: tuple[str, ...] = tuple(source.names("objects"))
        self.behaves_as: str = source.dialect["behavesAs"]
        self._functions: dict[str, FunctionSpec] = {}
        self._objects: dict[str, ObjectSpec] = {}
        self._callbacks: dict[str, CallbackSpec] = {}
        self._made_of: dict[str, str] | None = None
        self._telling: dict[str, tuple[tuple[CallbackSpec, TellSpec], ...]] | None = None
        self._numbers: Mapping[str, Mapping[str, Any]] | None = None

    def nearest(self, name: str) -> list[str]:
        """Return up to three functions that `name` may have been meant for."""
        return nearest(name, self.function_names)

    def function(self, name: str) -> FunctionSpec | None:
        """Return the function of that name, None when the dialect has none."""
        spec = self._functions.get(name)
        if spec is None and self._source.has("functions", name):
            spec = self._functions[name] = _function(self._source.document("functions", name))
        return spec

    def has_object(self, name: str) -> bool:
        """Return whether the dialect has an object of that name."""
        return self._source.has("objects", name)

    def object(self, name: str) -> ObjectSpec:
        """Return an object by its name; a `KeyError` when there is none, for only schemas name objects."""
        spec = self._objects.get(name)
        if spec is None:
            spec = self._objects[name] = _object(self._source.document("objects", name))
        return spec

    def object_of(self, map_name: str) -> str | None:
        """Return the object that is written from a map of the SDK, None when the dialect has none."""
        if self._made_of is None:
            self._made_of = {one: name for name in self.object_names for one in self.object(name).maps}
        return self._made_of.get(map_name)

    def element_objects(self) -> dict[str, ObjectSpec]:
        """Return the objects that are elements of messages, by the kind of element."""
        specs = (self.object(name) for name in self.object_names)
        return {spec.element: spec for spec in specs if spec.element is not None}

    def callback(self, name: str) -> CallbackSpec:
        """Return a callback by its name; a `KeyError` when there is none."""
        spec = self._callbacks.get(name)
        if spec is None:
            spec = self._callbacks[name] = _callback(self._source.document("callbacks", name))
        return spec

    def wanted_by_clients(self) -> frozenset[str]:
        """Return the callbacks that a client of the dialect always asks for."""
        return frozenset(name for name in self.callback_names if not self.callback(name).if_listened_to)

    def callbacks_for(self, fact: str) -> tuple[tuple[CallbackSpec, TellSpec], ...]:
        """Return which callbacks tell a fact, and how, in the order of their numbers."""
        if self._telling is None:
            found: dict[str, list[tuple[CallbackSpec, TellSpec]]] = {}
            for spec in sorted((self.callback(name) for name in self.callback_names), key=lambda spec: spec.number):
                for tell in spec.tells:
                    found.setdefault(tell.fact, []).append((spec, tell))
            self._telling = {kind: tuple(rows) for kind, rows in found.items()}
        return self._telling.get(fact, ())

    def heard_as(self, spec: CallbackSpec, tell: TellSpec) -> tuple[str, ...]:
        """
        Return by which names people always know that a callback has told a fact: those of the listeners' methods which Dart calls.

        They are what the fact is called where there is a channel; the callback's own name where Dart calls none.
        """
        if len(spec.heard_by) == 1:
            return spec.heard_by
        told = {event.type for event in load(self.behaves_as).events_for(tell.fact)}
        always = (*(name for name in spec.heard_by if name in told), *(one.name for one in tell.also if not one.at))
        return always or (spec.name,)

    def numbers(self, table: str) -> Mapping[str, Any]:
        """Return what the numbers of a table stand for, by the number as a text."""
        if self._numbers is None:
            self._numbers = self._source.document("numbers", "numbers")["numbers"]
        return self._numbers[table]


def _type(schema: Mapping[str, Any] | None) -> TypeExpr | None:
    return None if schema is None or "pairs" in schema else compile_type(schema)


def _function(said: Mapping[str, Any]) -> FunctionSpec:
    cases = tuple(_case({**_shared(said), **case}) for case in said.get("cases", ())) or (_case(said),)
    return FunctionSpec(
        said["function"],
        said["manager"],
        said["kind"],
        said.get("answers"),
        tuple(_argument(one) for one in said["arguments"]),
        said.get("beside", {}),
        bool(said.get("startsOver")),
        cases,
    )


def _shared(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what all cases of a function have in common."""
    return {key: said[key] for key in ("result",) if key in said}


def _case(said: Mapping[str, Any]) -> CaseSpec:
    result = said.get("result")
    return CaseSpec(
        said.get("when", {}),
        tuple(said["dartMethods"]),
        said.get("handler"),
        said.get("needs", "nothing"),
        said.get("with", {}),
        bool(said.get("worksOffline")),
        said.get("args", {}),
        said.get("takes"),
        _type(result),
        tuple(result["pairs"]) if result and "pairs" in result else (),
    )


def _argument(said: Mapping[str, Any]) -> ArgumentSpec:
    return ArgumentSpec(
        said["name"],
        said["holds"],
        _type(said.get("type")),
        said.get("arg"),
        bool(said.get("spread")),
        said.get("pick"),
        tuple(said.get("pairs", ())),
        said.get("kind"),
        _type(said.get("shape", said.get("type"))),
    )


def _object(said: Mapping[str, Any]) -> ObjectSpec:
    keys = tuple(
        ObjectKey(
            row["key"],
            compile_type(row["type"]),
            row.get("of"),
            row.get("arg"),
            row.get("numbers"),
            tuple(row.get("pairs", ())),
            row.get("inside"),
            bool(row.get("required")),
            bool(row.get("header")),
        )
        for row in said["keys"]
    )
    return ObjectSpec(said["object"], tuple(said.get("maps", ())), said.get("element"), keys)


def _also(said: Mapping[str, Any]) -> AlsoHeard:
    where = tuple((tuple(path.split(".")), value) for path, value in said.get("where", {}).items())
    return AlsoHeard(said["name"], tuple(said["in"].split(".")) if "in" in said else (), where)


def _callback(said: Mapping[str, Any]) -> CallbackSpec:
    tells = tuple(
        TellSpec(
            one["fact"],
            tuple((key, row["field"], _type(row.get("type"))) for key, row in one.get("keys", {}).items()),
            one.get("by"),
            tuple(_also(row) for row in one.get("alsoHeardAs", ())),
        )
        for one in said["tells"]
    )
    texts = frozenset(row["key"] for row in said["keys"] if row.get("text"))
    return CallbackSpec(
        said["callback"],
        said["number"],
        said["switchedOnBy"],
        said["topic"],
        texts,
        tells,
        tuple(said["dartCallbacks"]),
        "ifListenedTo" in said,
    )
