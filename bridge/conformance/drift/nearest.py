"""
Pick the dialect that is nearest to a plugin.
"""

from __future__ import annotations

import re

from bridge.catalogue import Catalogue, dialects, load, native_dialects
from bridge.catalogue.native import NativeCatalogue
from bridge.conformance.drift import comparing, comparing_ffi
from bridge.conformance.drift.facts import Said
from bridge.conformance.drift.findings import Comparison, Finding


def compare(said: Said, catalogue: Catalogue) -> Comparison:
    """Return how a plugin differs from a dialect of its generation."""
    if isinstance(catalogue, NativeCatalogue):
        return comparing_ffi.compare(said, catalogue)
    return comparing.compare(said, catalogue)


def ranked(said: Said) -> list[Comparison]:
    """
    Return the comparisons with all dialects of a plugin's generation, the nearest first.

    Where two are as near, the one comes first whose list of versions names the plugin's own.
    """
    names = native_dialects() if said.functions else dialects()
    found = [compare(said, load(name)) for name in names]
    return sorted(found, key=lambda one: (-one.share, not names_version(load(one.dialect), said.version)))


def names_version(catalogue: Catalogue, version: str) -> bool:
    """Return whether a dialect is said to be for a version."""
    return any(_within(version, one["versions"]) for one in catalogue.about.get("pluginVersions", ()))


def _within(version: str, said: str) -> bool:
    numbers = [_numbers(one) for one in re.findall(r"\d[\d.+]*\d", said)]
    if not numbers:
        return False
    own = _numbers(version)
    if " to " in said and len(numbers) == 2:
        return numbers[0] <= own <= numbers[1] or own[: len(numbers[1])] == numbers[1]
    return own in numbers


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def explained(finding: Finding, catalogue: Catalogue) -> str | None:
    """Return what the schemas themselves note on what differs, None where they say nothing."""
    notes = [str(note) for note in catalogue.about.get("notes", ())]
    return next((note for note in notes if _speaks_of(note, finding)), None)


def _speaks_of(note: str, finding: Finding) -> bool:
    key = finding.text.rsplit(" ", 1)[-1]
    named = re.findall(r"\w+_\w+", note)
    return any(key.startswith(word) for word in named) or re.search(rf"(?<!: ){finding.name}\b(?!:)", note) is not None
