"""
Hold what a plugin says against a dialect without a channel.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bridge.catalogue.native import NativeCatalogue
from bridge.conformance.drift.facts import Said
from bridge.conformance.drift.findings import Comparison, Counter, Finding


def compare(said: Said, catalogue: NativeCatalogue) -> Comparison:
    """Return how a plugin differs from a dialect."""
    counter = Counter()
    counter.sets("function", "", set(said.functions), set(catalogue.function_names), "a function of the library")
    for name in sorted(set(said.functions) & set(catalogue.function_names)):
        function = said.functions[name]
        if function.parameters:
            here = [one for one, _ in function.parameters]
            known = [one["name"] for one in catalogue.document("functions", name)["arguments"]]
            counter.same("function", name, here, known, "takes {}, here {}", function.where)
    counter.sets("callback", "", set(said.callbacks), set(catalogue.callback_names), "a callback")
    for name in sorted(set(said.callbacks) & set(catalogue.callback_names)):
        there = {one["key"] for one in catalogue.document("callbacks", name)["keys"]}
        counter.sets("callback", name, set(said.callbacks[name].keys), there, "key {}", said.callbacks[name].where)
    _objects(said, catalogue, counter)
    return Comparison(catalogue.dialect, counter.findings, counter.statements)


def _objects(said: Said, catalogue: NativeCatalogue, counter: Counter) -> None:
    """
    Compare the keys of C-JSON: those that the client looks at or writes anywhere with those of the objects.

    Which object a key is of is not told apart: the client moves values from one class into another, and what stands inside is read
    by whoever is outside.
    """
    documents = {name: catalogue.document("objects", name) for name in catalogue.object_names}
    known = {one["key"] for document in documents.values() for one in document["keys"]}
    known |= {one["key"] for name in catalogue.callback_names for one in catalogue.document("callbacks", name)["keys"]}
    known |= set(_nested(documents)) | {"code", "desc"}
    for key in sorted(set(said.keys) - known):
        counter.findings.append(Finding("lacks", "object", key, "a key of C-JSON", said.keys[key]))
    counter.statements += len(said.keys)
    for name, document in documents.items():
        where = said.models[name].where if name in said.models else ""
        there = {one["key"] for one in document["keys"] if not one.get("header")}
        counter.sets("object", name, there & said.texts, there, "key {}", where)


def _nested(value: Any) -> Iterator[str]:
    """Yield the keys of objects that stand inside of others, and of the pairs by which maps are told."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key == "pairs":
                yield from part
            elif key in ("inside", "envelope") and isinstance(part, str):
                yield part
            elif key == "properties":
                yield from part
            yield from _nested(part)
    elif isinstance(value, list):
        for part in value:
            yield from _nested(part)
