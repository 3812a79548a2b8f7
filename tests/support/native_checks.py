"""
Hold what native apps hear against the schemas: objects have keys of the object alone, of the right types, without null, and all that Dart
throws without.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from bridge.catalogue import TypeExpr
from bridge.catalogue.native import CallbackSpec, NativeCatalogue, ObjectSpec

KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "int": (int,),
    "double": (float, int),
    "bool": (bool,),
    "list": (list,),
    "object": (dict,),
    "dict": (dict,),
}
HOLDS = {"int": int, "string": str, "bool": bool}


@cache
def _rows(catalogue: NativeCatalogue, name: str) -> dict[str, Any]:
    """Return what the schemas say of each key of a callback."""
    return {row["key"]: row for row in catalogue.document("callbacks", name)["keys"]}


class Checks:
    """One walk through what was said."""

    def __init__(self, catalogue: NativeCatalogue) -> None:
        self._catalogue = catalogue
        self._callbacks = {spec.number: spec for spec in map(catalogue.callback, catalogue.callback_names)}
        self._elements = {spec.element: spec for spec in catalogue.element_objects().values()}
        self.problems: list[str] = []

    def reply(self, function: str, reply: dict[str, Any]) -> None:
        """Check a reply: the envelope, and what it holds if it says that all is well."""
        spec = self._catalogue.function(function)
        assert spec is not None
        if spec.kind in ("waiting", "switch", "library"):
            if set(reply) != {"return"}:
                self.problems.append(f"{function}: {sorted(reply)} in place of what it returns")
            return
        if not isinstance(reply.get("code"), int) or not isinstance(reply.get("desc"), str):
            self.problems.append(f"{function}: code {reply.get('code')!r}, desc {reply.get('desc')!r}")
        held = reply.get("json_param")
        if held is None:
            return
        if not isinstance(held, str):
            self.problems.append(f"{function}: json_param is no text")
            return
        results = [case.result for case in spec.cases if case.result is not None]
        if not spec.beside and results and all(result.kind != "string" for result in results):
            self.value(results[0], json.loads(held), function)

    def texts_of(self, said: dict[str, Any]) -> frozenset[str]:
        """Return the keys of what a callback says that are JSON texts."""
        return self._callbacks[said["callbackType"]].texts

    def callback(self, heard: str, said: dict[str, Any]) -> None:
        """Check what a callback says: exactly its keys, arrays and objects as texts; people know it by a listener's method that it has."""
        if said.get("callback") == "apiCallback":
            return
        spec = self._callbacks[said["callbackType"]]
        name = spec.name
        if heard not in (spec.heard_by or (name,)):
            self.problems.append(f"{name}: is known as {heard}")
        rows = _rows(self._catalogue, name)
        if said.keys() != {"callbackType", *rows}:
            self.problems.append(f"{name}: keys {sorted(set(said) ^ {'callbackType', *rows})}")
        for key, row in rows.items():
            value = said.get(key)
            wanted = str if row.get("text") else HOLDS.get(row["holds"])
            if wanted is not None and not isinstance(value, wanted):
                self.problems.append(f"{name}: {key} is {value!r}")
        self._objects_of(spec, said)

    def _objects_of(self, spec: CallbackSpec, said: dict[str, Any]) -> None:
        for tell in spec.tells:
            for key, _, expr in tell.keys:
                if expr is not None:
                    self.value(expr, json.loads(said[key]), f"{spec.name}.{key}")

    def value(self, expr: TypeExpr, value: Any, path: str) -> None:
        """Check a value against its type."""
        kinds = KINDS.get(expr.kind)
        if value is None or (kinds is not None and (not isinstance(value, kinds) or isinstance(value, bool) != (expr.kind == "bool"))):
            self.problems.append(f"{path}: is {value!r}, should be {expr.kind}")
        elif expr.kind == "list":
            for item in value:
                self.value(expr.item, item, path)
        elif expr.kind == "object":
            self._object(self._catalogue.object(expr.item), value, path)

    def _object(self, spec: ObjectSpec, value: dict[str, Any], path: str) -> None:
        known = {key.key: key for key in spec.keys if key.inside is None}
        for key, item in value.items():
            if key not in known:
                self._unknown(spec, key, path)
                continue
            row = known[key]
            if key == "message_elem_array":
                for one in item:
                    self._element(one, path)
            elif row.pairs:
                self._pairs(row.pairs, item, f"{path}.{key}")
            else:
                self.value(row.type, item, f"{path}.{key}")
        missing = [key.key for key in known.values() if key.required and key.key not in value]
        if missing:
            self.problems.append(f"{path}: Dart throws without {missing}")

    def _pairs(self, names: tuple[str, ...], value: Any, path: str) -> None:
        if not isinstance(value, list) or any(set(one) != set(names) for one in value):
            self.problems.append(f"{path}: no pairs of {names}: {value!r}")

    def _unknown(self, spec: ObjectSpec, key: str, path: str) -> None:
        if key not in BESIDE.get(spec.name, ()):
            self.problems.append(f"{path}: {spec.name} has no key {key}")

    def _element(self, value: dict[str, Any], path: str) -> None:
        kind = self._catalogue.numbers("element").get(str(value.get("elem_type")))
        spec = self._elements.get(kind)
        if spec is None:
            self.problems.append(f"{path}: an element of number {value.get('elem_type')!r}")
        else:
            self._object(spec, value, f"{path}.{kind}")


BESIDE = {
    "V2TimUserInfo": ("user_profile_friend_remark",),
    "V2TimGroupTipsElem": ("group_tips_elem_op_user",),
    "V2TimTopicInfo": (),
}
"""Keys of the vendor's header that Dart reads elsewhere or not at all, and that are sent."""
