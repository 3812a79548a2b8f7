"""What differs by platform in a dialect, and from the dialect that it is based on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bridge.catalogue import Catalogue, load
from bridge.cli import explain_names
from bridge.cli.site import known

Row = tuple[str, str, str]
KINDS = ("methods", "events", "maps", "models", "functions", "callbacks", "objects")


def by_platform(dialect: str) -> Iterator[Row]:
    """Yield (name, of what kind, what differs) of all that is not the same on all platforms of a dialect."""
    catalogue = load(dialect)
    for said in known.methods(dialect):
        found = [f"{platforms}: {text}" for platforms, text in together(said["replies"]).items()]
        parts = found if len(found) > 1 else []
        parts += [f"{one['name']} is not looked at on {', '.join(one['ignoredBy'])}" for one in said["arguments"] if "ignoredBy" in one]
        if parts:
            yield said["method"], "method", "; ".join(parts)
    for said in known.named(dialect, sorted(catalogue.event_types)):
        parts = [] if set(said["platforms"]) == set(catalogue.platforms) else [f"comes on {', '.join(said['platforms']) or 'no platform'}"]
        keys = {platform: {(one["key"] or "the whole", one["type"]) for one in rows} for platform, rows in said["data"].items()}
        parts += _apart(keys)
        if parts:
            yield said["event"], "event", "; ".join(parts)
    for name in catalogue.map_names:
        said = explain_names.find(name, [dialect]) or {}
        rows = {platform: {(one["key"], one["type"]) for one in keys} for platform, keys in said["keys"].items() if platform}
        if parts := _apart(rows):
            yield name, "map", "; ".join(parts)


def together(by_platform: Mapping[str, Any]) -> dict[str, Any]:
    """Return the same with platforms together that have the same."""
    found: dict[str, Any] = {}
    for platform, said in by_platform.items():
        same = next((names for names, other in found.items() if other == said), None)
        if same is None:
            found[platform] = said
        else:
            found = {f"{names}, {platform}" if names == same else names: other for names, other in found.items()}
    return found


def _apart(keys: Mapping[str, set[tuple[str, str]]]) -> list[str]:
    """Return what is not on all platforms, in words."""
    every = set.intersection(*keys.values()) if keys else set()
    own = {platform: ", ".join(f"{key} ({kind})" for key, kind in sorted(rows - every)) for platform, rows in keys.items()}
    return [f"{platforms}: {text or 'none of these'}" for platforms, text in together(own).items()] if any(own.values()) else []


def from_base(dialect: str) -> Iterator[Row]:
    """Yield (name, of what kind, what differs) of all that a dialect has otherwise than its base."""
    catalogue = load(dialect)
    if catalogue.base is None:
        return
    base = load(catalogue.base)
    for kind in KINDS:
        here, there = set(_names(catalogue, kind)), set(_names(base, kind))
        for name in sorted(here | there):
            said = _said(catalogue, base, kind, name, name in here, name in there)
            if said:
                yield name.rpartition("/")[2], kind, said


def _said(catalogue: Catalogue, base: Catalogue, kind: str, name: str, is_here: bool, was_there: bool) -> str:
    if not is_here:
        return f"{base.dialect} has it, {catalogue.dialect} has not"
    if not was_there:
        return "is new here"
    one, other = catalogue.document(kind, name), base.document(kind, name)
    changed = [key for key in sorted({**one, **other}) if key not in ("$schema", "evidence", "notes") and one.get(key) != other.get(key)]
    return f"differs in {', '.join(changed)}" if changed else ""


def _names(catalogue: Catalogue, kind: str) -> Iterable[str]:
    if kind == "events":
        types = ((one, catalogue.listener(one)) for one in catalogue.listener_kinds)
        return [f"{one}/{type}" for one, listener in types if listener is not None for type in listener.events]
    names: Iterable[str] = getattr(catalogue, f"{kind[:-1]}_names", ())
    return names


