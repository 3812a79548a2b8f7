"""
Read off an Android adapter what its functions take the arguments for, and which events it tells.
"""

from __future__ import annotations

from collections.abc import Iterator

from bridge.conformance.drift.dart import Source
from bridge.conformance.drift.facts import Adapter, Handler
from bridge.conformance.drift.trees import Node, child, literal, of_type, text

CASTS = {
    "int": "int32",
    "Integer": "int32",
    "long": "int64",
    "Long": "int64",
    "boolean": "bool",
    "Boolean": "bool",
    "String": "string",
    "double": "double",
    "Double": "double",
    "Float": "double",
    "float": "double",
    "List": "list",
    "ArrayList": "list",
    "LinkedList": "list",
    "Map": "map",
    "HashMap": "map",
}
TAKES = ("getParam", "argument")
EMITS = "emitEvent"


def adapter(sources: list[Source]) -> Adapter | None:
    """Return what an adapter says; None where no function takes a call."""
    handlers = dict(_handlers(sources))
    return Adapter("android", handlers, dict(_events(sources))) if handlers else None


def _methods(root: Node) -> Iterator[tuple[str, Node]]:
    for node in of_type(root, "method_declaration"):
        name = child(node, "identifier")
        if name is not None:
            yield text(name), node


def _call_name(method: Node) -> str | None:
    """Return what a function calls the call that it is given, None where it is given none."""
    for one in of_type(child(method, "formal_parameters"), "formal_parameter"):
        kind, name = child(one, "type_identifier"), child(one, "identifier")
        if kind is not None and name is not None and text(kind) == "MethodCall":
            return text(name)
    return None


def _handlers(sources: list[Source]) -> Iterator[tuple[str, Handler]]:
    for source in sources:
        there = {name: node for name, node in _methods(source.root) if _call_name(node)}
        for name, node in there.items():
            if name != "onMethodCall":
                casts = dict(_taken(name, there, {name}))
                yield f"{_manager(source)}/{name}", Handler(name, casts, source.at(node))


def _manager(source: Source) -> str:
    """Return the value of TIMManagerName that leads to a class: its name with a small first letter."""
    name = source.name.removesuffix(".java")
    return name[:1].lower() + name[1:]


def _taken(name: str, there: dict[str, Node], seen: set[str]) -> Iterator[tuple[str, str | None]]:
    """Yield (place, cast) of what a function takes out of a call, and of what the functions take that it hands the call on to."""
    node = there[name]
    call = _call_name(node) or ""
    body = child(node, "block")
    if body is None:
        return
    yield from _places(body)
    for one in of_type(body, "method_invocation"):
        called = [text(part) for part in one.children if part.type == "identifier"][-1:]
        given = child(one, "argument_list")
        if called and called[0] in there and called[0] not in seen and given is not None and call in map(text, given.children):
            seen.add(called[0])
            yield from _taken(called[0], there, seen)


def _places(body: Node) -> Iterator[tuple[str, str | None]]:
    known: dict[str, str] = {}
    found: dict[str, str | None] = {}
    for one in of_type(body, "method_invocation", "enhanced_for_statement"):
        if one.type == "enhanced_for_statement":
            names = [part for part in one.children if part.type == "identifier"]
            if len(names) > 1 and text(names[1]) in known:
                known[text(names[0])] = known[text(names[1])] + "[]"
            continue
        place = _place(one, known)
        if place is None:
            continue
        cast, holder = _cast(one)
        if not place.endswith("[]"):
            found[place] = found.get(place) or cast
        if holder is not None:
            known[holder] = place
    yield from found.items()


def _place(node: Node, known: dict[str, str]) -> str | None:
    """Return the place in the arguments that an expression stands for."""
    if node.type == "identifier":
        return known.get(text(node))
    if node.type in ("parenthesized_expression", "cast_expression"):
        return _place(node.named_children[-1], known)
    if node.type != "method_invocation":
        return None
    name = text(node.child_by_field_name("name"))
    given = [one for one in node.child_by_field_name("arguments").named_children if one.type != "comment"]
    if name in TAKES and given:
        return literal(given[-1])
    if name == "get" and len(given) == 1:
        inner = node.child_by_field_name("object")
        place = _place(inner, known) if inner is not None else None
        key = literal(given[0])
        return None if place is None else f"{place}.{key}" if key is not None else f"{place}[]"
    return None


def _cast(node: Node) -> tuple[str | None, str | None]:
    """Return what an expression is cast to, and the variable that holds it."""
    said, one = None, node
    while one.parent is not None and one.parent.type in ("parenthesized_expression", "cast_expression"):
        one = one.parent
        if one.type == "cast_expression" and said is None:
            said = _kind(one.named_children[0])
    above = one.parent
    if above is not None and above.type == "assignment_expression" and above.child_by_field_name("right") == one:
        name = text(above.child_by_field_name("left"))
        return said or _declared(above, name), name
    if above is None or above.type != "variable_declarator" or above.child_by_field_name("value") != one:
        return said, None
    declared = above.parent.child_by_field_name("type")
    return said or (_kind(declared) if declared is not None else None), text(above.child_by_field_name("name"))


def _declared(node: Node, name: str) -> str | None:
    """Return what a variable that is set somewhere was declared as, in the function around."""
    while node.parent is not None and node.type != "method_declaration":
        node = node.parent
    for one in of_type(node, "local_variable_declaration"):
        if name in [text(part.child_by_field_name("name")) for part in one.children if part.type == "variable_declarator"]:
            return _kind(one.child_by_field_name("type"))
    return None


def _kind(node: Node) -> str | None:
    return CASTS.get(text(node).split("<")[0])


def _events(sources: list[Source]) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield ((listener, type), where) of what is told: by `emitEvent` itself, or by a function that tells with its first argument."""
    for source in sources:
        telling: dict[str, str] = {}
        for name, node in _methods(source.root):
            for one in of_type(node, "method_invocation"):
                given = _told(one)
                if given is not None and literal(given[2]) is None and literal(given[1]) is not None:
                    telling[name] = literal(given[1]) or ""
        for one in of_type(source.root, "method_invocation"):
            given = _told(one)
            name = text(one.child_by_field_name("name"))
            if given is not None and literal(given[1]) is not None and literal(given[2]) is not None:
                yield (literal(given[1]) or "", literal(given[2]) or ""), source.at(one)
            elif name in telling:
                kind = literal(next(iter(one.child_by_field_name("arguments").named_children), None))
                if kind is not None:
                    yield (telling[name], kind), source.at(one)


def _told(node: Node) -> list[Node] | None:
    if text(node.child_by_field_name("name")) != EMITS:
        return None
    given = list(node.child_by_field_name("arguments").named_children)
    return given if len(given) > 2 else None
