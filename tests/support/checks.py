"""
Compare finished values with the schemas, as the referee does with all that is said in tests.

A value must pass twice: the platform sends such a thing (exactly the keys of its map, of the right types), and the
client can digest it (`accepts` of the Dart class that parses the map, observed by running its fromJson).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

from attrs import evolve

from bridge.catalogue.careful import is_int
from bridge.catalogue.load import Catalogue
from bridge.catalogue.specs import EventKey, MapSpec, ModelSpec
from bridge.catalogue.types import TypeExpr

_MATCHES: dict[str, Callable[[Any], bool]] = {
    "any": lambda value: True,
    "null": lambda value: value is None,
    "string": lambda value: isinstance(value, str),
    "int": is_int,
    "double": lambda value: type(value) is float,
    "bool": lambda value: isinstance(value, bool),
    "bytes": lambda value: isinstance(value, bytes),
    "list": lambda value: isinstance(value, list),
    "dict": lambda value: isinstance(value, dict),
    "map": lambda value: isinstance(value, dict),
}
_LISTS_OF = {str: "list_string", int: "list_int", dict: "list_map", type(None): "list_null"}
_MAPS_OF = {str: "map_string", int: "map_int", type(None): "map_null"}


UNDIGESTED = {("V2TimGroupAtInfo", "seq")}
"""What the adapters send although the client's class does not take it: the number of a mention inside a topic is no text."""


_PASSED: dict[int, tuple[Catalogue, set[Any]]] = {}
"""What was found right, by the catalogue: nothing of the same shape need be walked through again."""

MOST_SHAPES = 100_000


def _is_known(catalogue: Catalogue, what: Any) -> bool:
    known = _PASSED.get(id(catalogue))
    return known is not None and what in known[1]


def _remember(catalogue: Catalogue, what: Any) -> None:
    _, shapes = _PASSED.setdefault(id(catalogue), (catalogue, set()))
    if len(shapes) >= MOST_SHAPES:
        shapes.clear()
    shapes.add(what)


def shape_of(value: Any) -> Any:
    """
    Return all of a value that a check looks at: types and keys, and whether a text, list or map is empty.

    Of a list it is the shapes that its items have, the first one's first.
    """
    kind = value.__class__
    if kind is str:
        return "text" if value else "no text"
    if kind is int:
        return "int" if -(2**31) <= value < 2**31 else "big"
    if kind is list:
        return ("list", *dict.fromkeys(map(shape_of, value)))
    if isinstance(value, dict):
        return ("map", *((key, shape_of(item)) for key, item in value.items()))
    return None if value is None else kind


class Check:
    """
    One walk through a value.
    """

    def __init__(self, catalogue: Catalogue, platform: str) -> None:
        self._catalogue = catalogue
        self._platform = platform
        self._leaves_out_null = catalogue.trait(platform, "leavesOutNull")
        self._never_null = catalogue.trait(platform, "neverNull")
        self.problems: list[str] = []
        self._needs_values = False  # a type asks for one value

    def passes(self, what: Any, value: Any, walk: Callable[[], None]) -> None:
        """
        Walk through a value, unless one of its shape has been found right in its place.

        Args:
            what: tells the place from all others of the catalogue.
        """
        place = (what, self._platform, shape_of(value))
        if _is_known(self._catalogue, place):
            return
        walk()
        if not self.problems and not self._needs_values:
            _remember(self._catalogue, place)

    def say(self, path: str, problem: str) -> None:
        """
        Note a problem.
        """
        self.problems.append(f"{path or 'data'}: {problem}")

    def value(self, expr: TypeExpr, value: Any, path: str) -> None:
        """
        Check a value against its type.
        """
        if value is None:
            if not expr.nullable:
                self.say(path, f"is null, should be {expr.kind}")
        elif expr.kind == "union":
            self._union(expr, value, path)
        elif not _MATCHES[expr.kind](value):
            self.say(path, f"is {type(value).__name__}, should be {expr.kind}")
        elif expr.const is not None:
            self._needs_values = True
            if value != expr.const:
                self.say(path, f"is {value!r}, should be {expr.const!r}")
        elif expr.kind == "list":
            for at, item in enumerate(value):
                self.value(expr.item, item, f"{path}[{at}]")
        elif expr.kind == "dict":
            for key, item in value.items():
                self.value(expr.item, item, f"{path}.{key}")
        elif expr.kind == "map":
            self._map(expr, value, path)

    def _union(self, expr: TypeExpr, value: Any, path: str) -> None:
        before, fewest = self.problems, None
        for part in expr.item:
            self.problems = []
            self.value(part, value, path)
            if fewest is None or len(self.problems) < len(fewest):
                fewest = self.problems
        self.problems = before + (fewest or [])

    def _map(self, expr: TypeExpr, value: dict[str, Any], path: str) -> None:
        spec = self._catalogue.map(expr.item)
        self._keys(expr, spec, value, path)
        if spec.model in self._catalogue.model_names:
            like = self._catalogue.like(self._platform)
            usual = {key.key for key in spec.keys(like)} if like else set()
            self._digested(self._catalogue.model(spec.model), value, path, usual - {key.key for key in spec.keys(self._platform)})

    def _keys(self, expr: TypeExpr, spec: MapSpec, value: dict[str, Any], path: str) -> None:
        keys = {key.key: key for key in spec.keys(self._platform)}
        if not spec.open:
            for given in value:
                if given not in keys:
                    self.say(f"{path}.{given}", f"is no key of {spec.name} on {self._platform}")
        for name, key in keys.items():
            asked = name in expr.present
            if name in value:
                if value[name] is not None or not key.as_null:
                    self._key(key.type, value[name], f"{path}.{name}")
                if key.on_request and not asked:
                    self.say(f"{path}.{name}", "belongs only where it is asked for")
            elif (asked or not key.conditional) and not (self._leaves_out_null and key.type.nullable and not key.as_null):
                self.say(f"{path}.{name}", "is missing")

    def _key(self, expr: TypeExpr, value: Any, path: str) -> None:
        if value is None and self._leaves_out_null:
            self.say(path, f"is null, which {self._platform} leaves out")
        elif value is None and self._never_null and expr.kind not in ("any", "null"):
            self.say(path, f"is null, which nothing is on {self._platform}")
        else:
            self.value(expr, value, path)

    def _digested(self, model: ModelSpec, value: dict[str, Any], path: str, never: Collection[str] = ()) -> None:
        """Check what a class of the client makes of a map; `never` are keys that this platform does not send, to the client's harm."""
        fields = {field.key: field.type for field in model.fields}
        for key, accepts in (model.accepts or {}).items():
            if key in never or (model.name, key) in UNDIGESTED:
                continue
            if key in fields and self._is_nested(fields[key], value.get(key), f"{path}.{key}"):
                continue
            kinds = _kinds(value.get(key))
            if not kinds & accepts:
                self.say(f"{path}.{key}", f"{model.name}.fromJson takes no {'/'.join(sorted(kinds))}")

    def _is_nested(self, expr: TypeExpr, value: Any, path: str) -> bool:
        """
        Check maps of other models inside one: they were tried with too few keys, so what their own model takes counts.

        Returns whether the value is such a map, or a list of them.
        """
        if expr.kind == "list" and value and isinstance(value, list):
            return all(self._is_nested(expr.item, item, f"{path}[{at}]") for at, item in enumerate(value))
        if expr.kind != "model" or not isinstance(value, dict):
            return False
        self._digested(self._catalogue.model(expr.item), value, path)
        return True

    def event(self, pieces: tuple[EventKey, ...], data: Any) -> None:
        """
        Check the data of an event.
        """
        if len(pieces) == 1 and pieces[0].key is None:
            self.value(pieces[0].type, data, "")
        elif not isinstance(data, dict):
            self.say("", "should be a map")
        else:
            self._pieces(pieces, data)

    def _pieces(self, pieces: tuple[EventKey, ...], data: dict[str, Any]) -> None:
        types = {piece.key: piece.type for piece in pieces}
        for key in data:
            if key not in types:
                self.say(str(key), "is no key of the event")
        for name, expr in types.items():
            if name in data:
                self.value(expr, data[name], str(name))
            else:
                self.say(str(name), "is missing")


def _kinds(value: Any) -> frozenset[str]:
    """
    Return the words of `accepts` for a value; several where the observation tried more than one value of the sort.
    """
    if value is None:
        return frozenset({"null"})
    if isinstance(value, bool):
        return frozenset({"bool"})
    if isinstance(value, int):
        return frozenset({"int" if -(2**31) <= value < 2**31 else "big"})
    if isinstance(value, str):
        return frozenset({"string" if value else "empty_string"})
    if isinstance(value, list):
        return _list_kinds(value)
    if isinstance(value, dict):
        return _map_kinds(value)
    return frozenset({"double" if isinstance(value, float) else "bytes"})


def _list_kinds(value: list[Any]) -> frozenset[str]:
    if not value:
        return frozenset({"empty_list"})
    kind = _LISTS_OF.get(type(value[0]), "list_rich")
    return frozenset({kind, "list_rich"} if kind == "list_map" else {kind})


def _map_kinds(value: dict[str, Any]) -> frozenset[str]:
    if not value:
        return frozenset({"empty_map", "rich_map"})
    kinds = {_MAPS_OF.get(type(item), "rich_map") for item in value.values()}
    return frozenset({"rich_map", *kinds})


def check_reply(catalogue: Catalogue, method: str, platform: str, reply: Any) -> list[str]:
    """
    Return what is wrong with a reply, as the platform would pass it to `Result.success`; [] when nothing is.
    """
    spec = catalogue.method(method)
    if spec is None:
        return [f"{method}: is no method of {catalogue.dialect}"]
    said = spec.reply(platform)
    check = Check(catalogue, platform)
    data = reply
    if said.form not in ("envelope", "void", "bare"):
        check.say("", f"{method} is never answered on {platform}")
        return check.problems
    refuses_with_data = bool((catalogue.trait(platform, "envelope") or {}).get("refusalData"))
    if said.form == "void":
        refusals = [said[platform] for said in spec.quirks.get("refusals", {}).values() if "code" in said.get(platform, {})]
        own = [(error["code"], error["desc"]) for error in [*spec.adapter_errors.get(platform, ()), *refusals]]
        if not isinstance(reply, dict) or (reply.get("code"), reply.get("desc")) not in own:
            return _envelope(reply, {"code", "desc"})
        return _envelope(reply, {"code", "desc", "data"} if refuses_with_data else {"code", "desc"})
    if said.form == "envelope":
        failed = isinstance(reply, dict) and reply.get("code") != 0
        shows_data = refuses_with_data and said.refusal != "void"
        bare_refusal = failed and not shows_data and not (spec.error_carries_data and "data" in reply)
        problems = _envelope(reply, {"code", "desc"} if bare_refusal else {"code", "desc", "data"})
        if problems or (reply["code"] != 0 and "data" not in reply):
            return problems
        data = reply["data"]
        lacks = set(spec.quirks.get("failureWithout", {}).get(platform, ())) if failed else set()
        if lacks and said.type is not None:
            kept = tuple(key for key in said.type.present if key not in lacks)
            said = evolve(said, type=evolve(said.type, present=kept))
        if reply["code"] != 0 and data is None:
            return []
    if data in [texts.get(platform) for texts in spec.quirks.get("answers", {}).values()] and data is not None:
        return []
    if said.type is not None:
        check.passes(("reply", method, said.type.present), data, partial(check.value, said.type, data, ""))
    if said.text is not None and data not in (said.text, said.text_all):
        check.say("", f"is {data!r}, should be {said.text!r}")
    return check.problems


def _envelope(reply: Any, wanted: set[str]) -> list[str]:
    if not isinstance(reply, dict):
        return [f"envelope: is {type(reply).__name__}"]
    if not is_int(reply.get("code")):
        return ["code: is no integer"]
    if not isinstance(reply.get("desc"), str):
        return ["desc: is no string"]
    if set(reply) == wanted:
        return []
    return [f"envelope: has the keys {sorted(reply)}, should have {sorted(wanted)}"]


def check_event(catalogue: Catalogue, platform: str, listener: str, arguments: Mapping[str, Any]) -> list[str]:
    """
    Return what is wrong with an event; [] when nothing is.

    Args:
        listener: the channel method, e.g. `conversationListener`.
        arguments: `{"type", "data", "listenerUuid"}`; Android may add `method`, iOS leaves `data` out where there is
            none.
    """
    spec = catalogue.event(listener, str(arguments.get("type")))
    check = Check(catalogue, platform)
    if spec is None:
        return [f"{listener}: has no event {arguments.get('type')!r}"]
    if platform not in spec.platforms:
        check.say("type", f"{spec.type} is not sent on {platform}")
    if not isinstance(arguments.get("listenerUuid"), str):
        check.say("listenerUuid", "is no string")
    pieces = spec.data(platform)
    if pieces:
        data = arguments.get("data")
        check.passes((listener, spec.type), data, partial(check.event, pieces, data))
    elif arguments.get("data") is not None or ("data" in arguments) == bool(catalogue.trait(platform, "leavesOutNull")):
        check.say("data", "should be null, and absent where the platform leaves null out")
    return check.problems
