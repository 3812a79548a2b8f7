"""What the pages say of names: what `timbridge explain` says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from bridge.catalogue import load
from bridge.cli import explain, explain_names, explain_native

Known = dict[str, Any]


def methods(dialect: str) -> Iterator[Known]:
    """Yield what is known of every method of a dialect that has a channel."""
    for name in load(dialect).method_names:
        yield {**explain.facts(dialect, name), "dart": list(load(dialect).document("methods", name)["dartMethods"])}


def named(dialect: str, names: Iterable[str]) -> Iterator[Known]:
    """Yield what is known of events, maps, classes, enumerations or objects of a dialect, in it or in others, too."""
    from bridge.catalogue import dialects, native_dialects

    others = [one for one in (*dialects(), *native_dialects()) if one != dialect]
    for name in names:
        found = explain_names.find(name, [dialect, *others])
        assert found is not None, f"{dialect} has no {name}"
        yield found


def native(dialect: str, names: Iterable[str]) -> Iterator[Known]:
    """Yield what is known of functions and callbacks of a dialect without a channel."""
    for name in names:
        found = explain_native.find(name, [dialect])
        assert found is not None, f"{dialect} has no {name}"
        yield found
