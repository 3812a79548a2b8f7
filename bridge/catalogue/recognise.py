"""
Tell by what a client starts with which dialect it speaks: a channel's name alone does not.

Imported only where a client's first call does not fit the dialect that it is served.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from bridge.catalogue.bind import IGNORED
from bridge.catalogue.load import Catalogue, heads, load, native_dialects
from bridge.catalogue.specs import InvalidArguments

START = "initSDK"


def misfits(catalogue: Catalogue, params: Mapping[str, Any]) -> int:
    """
    Return how many arguments of the first call are not those of a dialect's client: too many, missing or of a wrong type.
    """
    spec = catalogue.method(START)
    if spec is None:
        return len(params)
    sent = params.keys() - IGNORED
    known = {param.key for param in spec.params}
    wrong = len(sent - known) + len(catalogue.init_arguments.keys() - sent)
    try:
        spec.bind(params)
    except InvalidArguments as flaw:
        wrong += len(flaw.violations)
    return wrong


def better(catalogue: Catalogue, params: Mapping[str, Any]) -> str | None:
    """
    Return the dialect of the same channel whose client sends exactly this, None where the present one's does or nobody's.
    """
    if not misfits(catalogue, params):
        return None
    sent = params.keys() - IGNORED
    # by their heads first: to load a dialect takes milliseconds, in the middle of somebody's first call
    others = (
        name
        for name, head in heads().items()
        if head["channel"] == catalogue.channel and head["initSDK"].keys() <= sent
    )
    return next((name for name in others if not misfits(load(name), params)), None)


def caller(asked: Collection[str]) -> str | None:
    """
    Return the newest dialect without a channel whose client asks for these callbacks at its start; None for nobody's.

    A client of that generation asks for nearly all that it knows before it starts the library, whatever its app listens to.
    """
    return next((name for name in native_dialects() if _asks(load(name), frozenset(asked))), None)


def _asks(catalogue: Catalogue, asked: frozenset[str]) -> bool:
    """Return whether these are the callbacks that a client of a dialect asks for, with or without those that are up to its app."""
    from bridge.catalogue.native import NativeCatalogue

    return isinstance(catalogue, NativeCatalogue) and catalogue.wanted_by_clients() <= asked <= set(catalogue.callback_names)


def hint(catalogue: Catalogue, params: Mapping[str, Any]) -> str | None:
    """
    Return a sentence for whoever is served by the wrong dialect, None for others.
    """
    name = better(catalogue, params)
    if name is None:
        return None
    covered = ", ".join(one["versions"] for one in load(name).about["pluginVersions"])
    return (
        f"this is how a client of {name} starts (plugin {covered}), and the device speaks {catalogue.dialect}: "
        f"start the server with --dialect {name}, or say so with ?dialect={name} or bridge.device.open"
    )
