"""
Overlays: a dialect that has a base says only what differs from it, and a platform that is like another likewise.

Theory of operation. A file of an overlay is a patch of the file of that name in the base (its `$schema` is
`overlay.schema.json`): a JSON merge patch (RFC 7396) with four words more, for a merge patch can neither write a null
nor change one row of a list:

* `{"$set": value}` stands for the value as it is, nulls and all, in place of whatever was there;
* a list of objects with a `key` (keys of maps and of event data, fields of classes) is patched by an object: by key,
  null takes the row out, a new key comes last;
* any other list is patched by `{"$remove": […], "$add": […]}`;
* `"$like": NAME` at the top of a file makes its document out of another of the same kind.

What a base has and the overlay has not is named in its `dialect.json` under `without`; under `inherited` stands how
the evidence of what it takes over is to be read: another version was looked at, or this one is taken to be like it.

Where a document speaks of platforms, one that is `like` another need not be named: it has what that one has. In an
object by platform its value is a patch of that one's; `-macos` in an object or a list says that here it is not alike.

Stands alone, and is not needed to serve packed schemas but for `Platforms`: a wheel build loads this file by its path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

SET, ADD, REMOVE, LIKE = "$set", "$add", "$remove", "$like"
OVERLAY_SCHEMA = "overlay.schema.json"
OWN = ("base", "default", "without", "inherited", "pluginVersions", "evidence", "notes")
"""Keys of dialect.json that no overlay inherits."""


class OverlayError(ValueError):
    """
    A patch that does not fit what it is to change.
    """


def is_overlay(document: Mapping[str, Any]) -> bool:
    """
    Tell whether the content of a file is a patch rather than a document.
    """
    return str(document.get("$schema", "")).endswith(OVERLAY_SCHEMA)


def patched(value: Any, change: Any) -> Any:
    """
    Return a value with a change made to it; neither is touched.

    Raises:
        OverlayError: the change takes out what is not there, or wants to patch a list that has no keys.
    """
    if not isinstance(change, dict):
        return change
    if SET in change:
        return change[SET]
    if isinstance(value, list):
        return _patched_list(value, change)
    merged = dict(value) if isinstance(value, dict) else {}
    for key, part in change.items():
        if part is not None:
            merged[key] = patched(merged.get(key), part)
        elif merged.pop(key, merged) is merged:
            raise OverlayError(f"there is no {key!r} to take out")
    return merged


def _patched_list(rows: list[Any], change: dict[str, Any]) -> list[Any]:
    if ADD in change or REMOVE in change:
        unknown = [row for row in change.get(REMOVE, ()) if row not in rows]
        if unknown:
            raise OverlayError(f"there is no {unknown[0]!r} to take out")
        kept = [row for row in rows if row not in change.get(REMOVE, ())]
        return kept + [row for row in change.get(ADD, ()) if row not in kept]
    if not all(isinstance(row, dict) and "key" in row for row in rows):
        raise OverlayError(f"a list without keys is not patched by {', '.join(change)}")
    known = {row["key"] for row in rows}
    gone = [key for key, part in change.items() if part is None and key not in known]
    if gone:
        raise OverlayError(f"there is no {gone[0]!r} to take out")
    found = [patched(row, change[row["key"]]) if row["key"] in change else row for row in rows]
    new = [{"key": key, **patched({}, part)} for key, part in change.items() if key not in known]
    return [row for row in found if row is not None] + new


def resolved(own: Mapping[str, Any], find: Callable[[str | None], Mapping[str, Any]]) -> dict[str, Any]:
    """
    Return the document that a file of an overlay stands for.

    Args:
        own: the content of the file: a patch, or a document of its own.
        find: returns the base's document; of the file's own name for None, else of the name given.
    """
    if not is_overlay(own):
        return dict(own)
    change = {key: part for key, part in own.items() if key not in ("$schema", LIKE)}
    document: dict[str, Any] = patched(find(own.get(LIKE)), change)
    return document


def inherited(document: Mapping[str, Any], said: Mapping[str, Any]) -> Mapping[str, Any]:
    """
    Return a document of the base as the overlay takes it over.

    Args:
        said: `inherited` of dialect.json: `sources`, which version was read in place of which; `kind` of such evidence.
    """
    if not said or "evidence" not in document:
        return document
    return {**document, "evidence": [_as_read(entry, said) for entry in document["evidence"]]}


def _as_read(entry: Mapping[str, str], said: Mapping[str, Any]) -> dict[str, str]:
    source = entry["source"]
    for there, here in said.get("sources", {}).items():
        source = source.replace(there, here)
    if source == entry["source"]:
        return dict(entry)
    return {**entry, "source": source, "kind": said.get("kind", entry["kind"])}


def resolved_dialect(own: Mapping[str, Any], base: Mapping[str, Any] | None) -> dict[str, Any]:
    """
    Return the whole of a dialect's `dialect.json`.

    Args:
        own: the content of the file.
        base: the whole one of its base, None where it has none.
    """
    if base is None:
        return dict(own)
    inherited = {key: part for key, part in base.items() if key not in OWN}
    mine = {key: own[key] for key in OWN if key in own}
    return {**patched(inherited, {key: part for key, part in own.items() if key not in OWN}), **mine}


class Platforms:
    """
    The platforms of a dialect, and which is like which.

    Args:
        said: `platforms` of dialect.json: by name, traits; under `like` the platform that it is like; `absent` for one
            that the base has and this dialect has not.
    """

    def __init__(self, said: Mapping[str, Mapping[str, Any]]) -> None:
        self.names = tuple(name for name, part in said.items() if not part.get("absent"))
        self.like: dict[str, str] = {name: said[name]["like"] for name in self.names if "like" in said[name]}
        self._said = said
        self._all = frozenset(said) | {f"-{name}" for name in said}

    def trait(self, platform: str, name: str) -> Any:
        """
        Return what is said of a platform's adapter in general, or of the one it is like; None where nothing is.
        """
        own = self._said[platform]
        return own.get(name) if name in own or "like" not in own else self.trait(own["like"], name)

    def of(self, by_platform: Mapping[str, Any], platform: str) -> Any:
        """
        Return a platform's own value in an object by platform, or what it makes of that of the platform it is like.

        Raises:
            KeyError: neither is there.
        """
        like = self.like.get(platform)
        if like is None or f"-{platform}" in by_platform:
            return by_platform[platform]
        if platform not in by_platform:
            return self.of(by_platform, like)
        return patched(self.of(by_platform, like) if self._has(by_platform, like) else None, by_platform[platform])

    def _has(self, by_platform: Mapping[str, Any], platform: str) -> bool:
        if platform in by_platform:
            return True
        like = self.like.get(platform)
        return like is not None and f"-{platform}" not in by_platform and self._has(by_platform, like)

    def spread(self, value: Any) -> Any:
        """
        Return a part of a document with every platform named for which it holds.
        """
        if isinstance(value, list):
            if value and all(isinstance(item, str) and item in self._all for item in value):
                return [name for name in self.names if self._listed(value, name)]
            return [self.spread(item) for item in value]
        if not isinstance(value, dict):
            return value
        if value.keys() & self._all:
            there = {name: self.of(value, name) for name in self.names if self._has(value, name)}
            value = {**there, **{key: part for key, part in value.items() if key not in self._all}}
        found = {key: self.spread(part) for key, part in value.items()}
        # A list or an object that named none of the dialect's platforms says nothing here.
        return {key: part for key, part in found.items() if part not in ([], {}) or part == value[key] or key == "platforms"}

    def _listed(self, names: list[str], name: str) -> bool:
        like = self.like.get(name)
        return name in names or (like is not None and f"-{name}" not in names and self._listed(names, like))

    def quirks(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """
        Return a method's or event's quirks with every platform named; those of `iosNestedReads` and its like, too.
        """
        if not said:
            return {}
        found: dict[str, Any] = self.spread(dict(said))
        for name, like in self.like.items():
            for key in [key for key in found if key.startswith(like) and key[len(like) : len(like) + 1].isupper()]:
                found.setdefault(name + key[len(like) :], found[key])
        return found


def whole(document: Mapping[str, Any], platforms: Platforms) -> dict[str, Any]:
    """
    Return a document with every platform of its dialect named: what the meta-schemas speak of.
    """
    spread: dict[str, Any] = platforms.spread({key: part for key, part in document.items() if key != "quirks"})
    return {**spread, "quirks": platforms.quirks(document["quirks"])} if "quirks" in document else spread
