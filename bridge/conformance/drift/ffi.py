"""
Read off a plugin's Dart code which functions of the native library it binds and calls, and what it looks at in what comes back.
"""

from __future__ import annotations

import re

from bridge.conformance.drift.dart import Source, callee, index_key, name_of
from bridge.conformance.drift.facts import Callback, Function
from bridge.conformance.drift.trees import Node, child, literal, of_type, text

SYMBOL = b"_lookup<"
C_KEY = re.compile(r"[A-Za-z][a-z0-9]*(_[A-Za-z0-9]+)+")
"""What keys of C-JSON look like; Dart's own have no underscore."""

CALLBACK = re.compile(r"\w*CallbackType\.(\w+)$")


def functions(sources: list[Source]) -> dict[str, Function]:
    """Return the functions that are looked up in the library, by name."""
    found: dict[str, Function] = {}
    for source in sources:
        if SYMBOL not in (source.root.text or b""):
            continue
        bound = {name_of(one): one for one in of_type(source.root, "method_signature")}
        for one in of_type(source.root, "initialized_identifier"):
            # A type argument that is a function type is read as a comparison: the name of the symbol is the last text in any case.
            symbols = [name for part in of_type(one, "string_literal") if (name := literal(part)) is not None]
            if symbols and SYMBOL in (one.text or b""):
                parameters = _parameters(bound[symbols[-1]]) if symbols[-1] in bound else ()
                found[symbols[-1]] = Function(symbols[-1], parameters, source.at(one))
    return found


def _parameters(signature: Node) -> tuple[tuple[str, str], ...]:
    """Return (name, kind) of the parameters of a bound function."""
    found = []
    for one in of_type(signature, "formal_parameter"):
        name = [part for part in one.children if part.type == "identifier"][-1:]
        if name:
            kind = text(one)[: name[0].start_byte - one.start_byte].strip().replace("ffi.", "")
            found.append((text(name[0]), "".join(kind.split())))
    return tuple(found)


def callbacks(sources: list[Source]) -> dict[str, Callback]:
    """Return the callbacks that Dart tells apart in what is posted, by name, with the keys that it looks at."""
    found: dict[str, Callback] = {}
    for source in sources:
        for case in of_type(source.root, "switch_statement_case"):
            pattern = child(case, "constant_pattern")
            name = CALLBACK.match(text(pattern)) if pattern is not None else None
            if name is not None:
                found.setdefault(name[1], Callback(name[1], frozenset(_keys(case)), source.at(case)))
    return found


def _keys(case: Node) -> set[str]:
    keys = set()
    for one in of_type(case, "unconditional_assignable_selector"):
        found = index_key(one)
        if found is not None and found[0] == "dataFromNativeMap":
            keys.add(found[1])
    for one in of_type(case, "arguments"):
        if callee(one) == "_getGlobalCallbackJsonString":
            keys |= {key for part in of_type(one, "string_literal") if (key := literal(part)) is not None}
    return keys


def keys(sources: list[Source]) -> dict[str, str]:
    """Return the keys of C-JSON that are looked at or written, by index or in a map written out, with where the first is."""
    found: dict[str, str] = {}
    for source in sources:
        for one in of_type(source.root, "index_selector", "pair"):
            key = literal(one.named_children[0]) if one.named_children else None
            if key is not None and C_KEY.fullmatch(key):
                found.setdefault(key, source.at(one))
    return found


def texts(sources: list[Source]) -> frozenset[str]:
    """Return all plain texts."""
    found = (literal(one) for source in sources for one in of_type(source.root, "string_literal"))
    return frozenset(one for one in found if one is not None)
