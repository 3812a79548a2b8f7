"""What the native client under a dialect can do, from its version and platform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bridge.catalogue import Catalogue
from bridge.catalogue.sources import common_document
from bridge.world.kernel.clients import Client


def client(catalogue: Catalogue, platform: str) -> Client:
    """Return the client of a dialect on a platform, by `schemas/clients.json` and what the dialect says otherwise."""
    said = common_document("clients")
    lineage = catalogue.lineage(platform)
    able = {name: _has(rule, catalogue.native_number, lineage) for name, rule in said["abilities"].items()}
    able |= catalogue.about.get("abilities", {})
    system = next((said["systems"][name] for name in lineage if name in said["systems"]), "")
    return Client(version=catalogue.native_version, system=system, **able)


def _has(rule: Mapping[str, Any], number: int, lineage: Sequence[str]) -> bool:
    platforms = rule.get("platforms")
    if platforms is not None and set(lineage).isdisjoint(platforms):
        return False
    return bool(rule.get("since", number) <= number < rule.get("until", number + 1))
