"""
What was read of an adapter, fact by fact: `fixtures/adapters/facts/PLATFORM.json`.

A fact is a value with its place, a path of keys with `/` between: `methods/change/createGroup/nullThrows` and `memberList`. A list
holds a fact for each item, but for a code with its text, which is one. Keys `lines` are where facts were read, and no facts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).parents[2] / "fixtures" / "adapters" / "facts"


class Fact(NamedTuple):
    """One thing that was read, and where in the file it stands."""

    place: str
    value: Any

    @property
    def name(self) -> str:
        """Return what tells it from all others."""
        return f"{self.place} = {json.dumps(self.value)[:60]}"

    @property
    def steps(self) -> list[str]:
        """Return the keys of its place."""
        return self.place.split("/")


def facts(platform: str) -> list[Fact]:
    """Return all facts of a platform."""
    return list(_flat(json.loads((FOLDER / f"{platform}.json").read_text(encoding="utf-8")), ""))


def _flat(value: Any, place: str) -> Iterator[Fact]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key != "lines":
                yield from _flat(item, f"{place}/{key}" if place else key)
    elif isinstance(value, list) and not _is_refusal(value):
        for item in value:
            yield from _flat(item, place)
    else:
        yield Fact(place, value)


def _is_refusal(value: list[Any]) -> bool:
    return len(value) == 2 and [int, str] == [type(item) for item in value]
