"""
The emptiest value that a schema allows: what a method answers before it behaves.
"""

from __future__ import annotations

from typing import Any

from bridge.catalogue.load import Catalogue
from bridge.catalogue.specs import MapKey, ModelSpec, ReplySpec
from bridge.catalogue.types import TypeExpr

_EMPTY: dict[str, Any] = {"string": "", "int": 0, "double": 0.0, "bool": False, "bytes": b"", "any": None, "null": None}


def empty(expr: TypeExpr, catalogue: Catalogue, platform: str, *, null: bool = True) -> Any:
    """
    Return the emptiest value of a type.

    Args:
        expr: the type.
        catalogue: the dialect whose maps it may name.
        platform: some leave the keys of nulls out of maps, and some have no nulls there.
        null: whether null will do where the type allows it.

    Returns:
        null, "", 0, 0.0, False, b"", [] or {}; a map with all its unconditional keys. Where the client's Dart class
        does not take a null, the value is not null although the adapter could send one.
    """
    if expr.const is not None:
        return expr.const
    if expr.nullable and null:
        return None
    if expr.kind == "union":
        return empty(expr.item[0], catalogue, platform, null=null)
    if expr.kind == "map":
        return _empty_map(expr, catalogue, platform)
    if expr.kind in ("list", "dict"):
        return [] if expr.kind == "list" else {}
    return _EMPTY[expr.kind]


def empty_data(reply: ReplySpec, catalogue: Catalogue, platform: str) -> Any:
    """
    Return what a reply carries when nothing is known: its constant text, or the emptiest value of its type.
    """
    if reply.text is not None:
        return reply.text
    return None if reply.type is None else empty(reply.type, catalogue, platform)


def _empty_map(expr: TypeExpr, catalogue: Catalogue, platform: str) -> dict[str, Any]:
    spec = catalogue.map(expr.item)
    model = catalogue.model(spec.model) if spec.model in catalogue.model_names else None
    never = bool(catalogue.trait(platform, "neverNull"))
    value = {}
    for key in spec.keys(platform):
        asked = key.key in expr.present
        if asked or not key.conditional:
            part = empty(key.type, catalogue, platform, null=not asked and not never and _takes_null(model, key))
            if part is not None or not catalogue.trait(platform, "leavesOutNull"):
                value[key.key] = part
    return value


def _takes_null(model: ModelSpec | None, key: MapKey) -> bool:
    accepts = model.accepts.get(key.key) if model and model.accepts else None
    return accepts is None or "null" in accepts
