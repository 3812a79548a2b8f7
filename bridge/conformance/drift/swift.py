"""
Read off an iOS adapter which calls it knows, what it takes the arguments for, and which events it tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bridge.conformance.drift.dart import Source
from bridge.conformance.drift.facts import Adapter, Handler
from bridge.conformance.drift.trees import Node, child, line, literal, of_type, text

CASTS = {
    "Int": "int64",
    "Int32": "int32",
    "Int64": "int64",
    "UInt": "uint64",
    "UInt32": "uint32",
    "UInt64": "uint64",
    "Bool": "bool",
    "String": "string",
    "Double": "double",
    "Float": "double",
    "Dictionary": "map",
    "Array": "list",
}
AROUND = ("as_expression", "tuple_expression", "nil_coalescing_expression", "postfix_expression")
"""What may stand around an expression and still be a cast of it."""


def adapter(sources: list[Source]) -> Adapter | None:
    """Return what an adapter says; None where nothing looks at the name of a call."""
    handlers = dict(_handlers(sources))
    return Adapter("ios", handlers, dict(_events(sources))) if handlers else None


def _functions(root: Node) -> Iterator[tuple[str, Node]]:
    for node in of_type(root, "function_declaration"):
        name = child(node, "simple_identifier")
        if name is not None and any("FlutterMethodCall" in text(one) for one in node.children if one.type == "parameter"):
            yield text(name).strip("`"), node


def _handlers(sources: list[Source]) -> Iterator[tuple[str, Handler]]:
    there = {source.name.lower().removesuffix(".swift"): dict(_functions(source.root)) for source in sources}
    files = {source.name.lower().removesuffix(".swift"): source.name for source in sources}
    for source in sources:
        for one in of_type(source.root, "switch_statement"):
            if not text(one).startswith("switch call.method"):
                continue
            for entry in (part for part in one.children if part.type == "switch_entry"):
                patterns = [part for part in entry.children if part.type == "switch_pattern"]
                names = [literal(part) for pattern in patterns for part in of_type(pattern, "line_string_literal")]
                casts: dict[str, str | None] = {}
                where = source.at(entry)
                for holder, called in _called(entry):
                    known = there.get(holder.lower(), {})
                    if called in known:
                        casts |= dict(_taken(called, known, {called}))
                        where = f"{files[holder.lower()]}:{line(known[called])}"
                for name in names:
                    if name is not None:
                        yield name, Handler(name, casts, where)


def _called(node: Node) -> Iterator[tuple[str, str]]:
    """Yield (what it is called on, name) of functions that are given the call."""
    for one in of_type(node, "call_expression"):
        head, suffix = one.children[0], child(one, "call_suffix")
        given = child(suffix, "value_arguments") if suffix is not None else None
        if given is not None and any(re.fullmatch(r"call:\s*call", text(part)) for part in given.children):
            holder, _, name = text(head).rpartition(".")
            yield holder.rstrip("?!"), name.strip("`")


def _taken(name: str, there: dict[str, Node], seen: set[str]) -> Iterator[tuple[str, str | None]]:
    node = there[name]
    known: dict[str, str] = {}
    for one in of_type(node, "call_expression"):
        key = _key(one)
        if key is not None:
            cast, holder = _cast(one)
            yield key, cast
            if holder is not None:
                known[holder] = key
        elif _index(one) is not None:
            base, inner = _index(one) or ("", "")
            if base in known:
                yield f"{known[base]}.{inner}", _cast(one)[0]
    for _, called in _called(node):
        if called in there and called not in seen:
            seen.add(called)
            yield from _taken(called, there, seen)


def _key(node: Node) -> str | None:
    """Return the argument that an expression takes: `getParam(…, param: "key")`."""
    if not text(node.children[0]).endswith("getParam"):
        return None
    for one in of_type(node, "value_argument"):
        label = child(one, "value_argument_label")
        if label is not None and text(label) == "param":
            return literal(one.named_children[-1])
    return None


def _index(node: Node) -> tuple[str, str] | None:
    """Return (name, key) of `name["key"]`."""
    suffix = child(node, "call_suffix")
    found = next(of_type(suffix, "line_string_literal"), None) if suffix is not None and text(suffix).startswith("[") else None
    key = literal(found)
    return (text(node.children[0]).rstrip("?!"), key) if key is not None and node.children[0].type == "simple_identifier" else None


def _cast(node: Node) -> tuple[str | None, str | None]:
    said, one = None, node
    while one.parent is not None and one.parent.type in AROUND:
        one = one.parent
        if one.type == "as_expression" and said is None:
            said = _kind(one.named_children[-1])
    above = one.parent
    holder = child(above, "pattern") if above is not None and above.type == "property_declaration" else None
    return said, text(holder) if holder is not None else None


def _kind(node: Node) -> str | None:
    if node.type == "array_type":
        return "list"
    if node.type == "dictionary_type":
        return "map"
    return CASTS.get(text(node).split("<")[0])


def _events(sources: list[Source]) -> Iterator[tuple[tuple[str, str], str]]:
    for source in sources:
        for one in of_type(source.root, "call_expression"):
            if text(one.children[0]).endswith("invokeListener"):
                parts = list(of_type(one, "value_argument"))
                given = {text(child(part, "value_argument_label") or part): part.named_children[-1] for part in parts}
                listener = literal(given.get("method"))
                if listener is not None and "type" in given:
                    yield (listener, text(given["type"]).rsplit(".", 1)[-1]), source.at(one)
