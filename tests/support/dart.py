"""Dart sources as a tree: what they declare and what they say, without running them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import tree_sitter_dart
from tree_sitter import Language, Node, Parser

DART = Language(tree_sitter_dart.language())

_DECLARED = (
    "class_definition",
    "mixin_declaration",
    "extension_declaration",
    "enum_declaration",
    "function_signature",
    "getter_signature",
    "setter_signature",
    "factory_constructor_signature",
    "constructor_signature",
    "static_final_declaration",
    "initialized_identifier",
    "formal_parameter",
    "constructor_param",
)


def parse(path: Path) -> Node:
    """Return the root of a file's tree."""
    return Parser(DART).parse(path.read_bytes()).root_node


def parse_text(source: str) -> Node:
    """Return the root of a source's tree."""
    return Parser(DART).parse(source.encode()).root_node


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all below it, in order."""
    yield node
    for child in node.children:
        yield from walk(child)


def flaws(root: Node) -> list[str]:
    """Return where a tree is no Dart: `line: text` of each error, and of what is missing."""
    found = [node for node in walk(root) if node.is_error or node.is_missing]
    return [f"{node.start_point[0] + 1}: {text(node)[:80]!r}" for node in found]


def text(node: Node) -> str:
    """Return a node's source."""
    return (node.text or b"").decode()


def declared(root: Node) -> set[str]:
    """Return the names of what a tree declares: types, methods, getters, fields, constants and parameters."""
    return {
        text(child)
        for node in walk(root)
        if node.type in _DECLARED
        for child in node.children
        if child.type == "identifier"
    }


def constants(root: Node) -> dict[str, str]:
    """Return the `static const` names of a tree with the source of their values."""
    return {
        text(node.children[0]): text(node.children[-1])
        for node in walk(root)
        if node.type == "static_final_declaration"
    }


def strings(node: Node) -> list[str]:
    """Return the values of all plain string literals below a node."""
    return [text(one)[1:-1] for one in walk(node) if one.type == "string_literal"]


def calls(root: Node) -> Iterator[tuple[str, list[Node]]]:
    """Yield each call as the name just before its parentheses, and its argument nodes."""
    for node in walk(root):
        if node.type != "arguments":
            continue
        part = node.parent
        selector = part.parent if part is not None and part.type == "argument_part" else part
        before = selector.prev_sibling if selector is not None else None
        if before is not None:
            yield text(before).lstrip(".?!"), [one for one in node.children if one.is_named]


def keys(node: Node) -> set[str]:
    """Return the string keys of the map literal that a node is or begins with; not those of maps inside it."""
    for one in walk(node):
        if one.type == "set_or_map_literal":
            return {strings(pair.children[0])[0] for pair in _pairs(one) if strings(pair.children[0])}
    return set()


def _pairs(literal: Node) -> Iterator[Node]:
    for child in literal.children:
        if child.type == "pair":
            yield child
        elif child.type == "if_element":
            yield from _pairs(child)
