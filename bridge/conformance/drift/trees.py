"""
Sources as trees: the grammars, and what all readers ask of a tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from bridge.errors import BridgeError

Node = Any
"""A node of tree-sitter, which is not there without the extra `drift`."""

GRAMMARS = {".dart": "tree_sitter_dart", ".java": "tree_sitter_java", ".swift": "tree_sitter_swift"}


@cache
def parser(suffix: str) -> Any:
    """
    Return the parser of a kind of file.

    Raises:
        BridgeError: the grammars are not installed.
    """
    try:
        sitter = import_module("tree_sitter")
        grammar = import_module(GRAMMARS[suffix])
    except ModuleNotFoundError as error:
        raise BridgeError(f"reading sources needs {error.name}: pip install 'timbridge[drift]'") from None
    return sitter.Parser(sitter.Language(grammar.language()))


CALL_TYPES = re.compile(rb"\binvokeMethod<[\w<>, ?]*>\(")
"""What a call over the channel is said to answer: behind it the grammar may take the call's own brackets for those of a comparison."""


def parse(path: Path) -> Node:
    """Return the root of a file's tree."""
    return parse_text(path.read_bytes(), path.suffix)


def parse_text(source: bytes, suffix: str) -> Node:
    """Return the root of a source's tree; its lines are those of the source."""
    if suffix == ".dart":
        source = CALL_TYPES.sub(b"invokeMethod(", source)
    return parser(suffix).parse(source).root_node


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all below it, in order."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(reversed(one.children))


def of_type(node: Node, *types: str) -> Iterator[Node]:
    """Yield what is of some type at or below a node."""
    return (one for one in walk(node) if one.type in types)


def text(node: Node) -> str:
    """Return a node's source."""
    return (node.text or b"").decode("utf-8", "replace")


def child(node: Node, *types: str) -> Node | None:
    """Return the first child of some type."""
    return next((one for one in node.children if one.type in types), None)


def literal(node: Node | None) -> str | None:
    """Return the value of a plain string literal, None for anything else."""
    if node is None or node.type not in ("string_literal", "line_string_literal"):
        return None
    said = text(node)
    return None if "$" in said or "\\" in said or said[:3] in ('"""', "'''") else said[1:-1]


def line(node: Node) -> int:
    """Return the number of the line in which a node begins."""
    return int(node.start_point[0]) + 1
