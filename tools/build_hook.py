"""
Hatchling's build hook: puts packed schemas, shipped worlds, the suite and decisions into the wheel, as `bridge/catalogue/_packed/`.

Packing is the catalogue's business (`bridge/catalogue/packing.py`); that file and the two it needs are loaded by their
paths, because at build time neither `bridge` nor what it depends on is installed. For a wheel everything is made in a temporary folder. An
editable install packs into the checkout, for a quicker start: there the catalogue notices when a schema is newer than
its packed copy, worlds are read from `fixtures/`, and the large one is made when it is first asked for.
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
import tempfile
from pathlib import Path
from runpy import run_path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKED = "bridge/catalogue/_packed"


class PackingHook(BuildHookInterface):  # type: ignore[misc]  # untyped where hatchling is not installed
    """
    Packs before a wheel is written and cleans up after it.
    """

    _made: Path | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """
        Add the packed folder to a standard wheel.

        Args:
            version: "standard" or "editable".
            build_data: hatchling's settings of this build; `force_include` grows.
        """
        root = Path(self.root)
        if version == "editable":
            shutil.rmtree(root / PACKED, ignore_errors=True)
            pack_schemas(root, root / PACKED)
            return
        self._made = Path(tempfile.mkdtemp(prefix="timbridge-packed-"))
        pack_schemas(root, self._made)
        copy_worlds(root, self._made)
        make_worlds(root, self._made)
        sys.modules["bridge.catalogue.packing"].copy_suite(root / "fixtures", self._made)
        shutil.copy(root / "DECISIONS.md", self._made)  # what rules cite of it is told by `bridge.evidence`
        if any(self._made.iterdir()):
            build_data["force_include"][str(self._made)] = PACKED

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the temporary folder once the wheel is written."""
        if self._made is not None:
            shutil.rmtree(self._made, ignore_errors=True)


def pack_schemas(root: Path, target: Path) -> None:
    """
    Write the packed form of a checkout's `schemas/` below `target`, by the catalogue's own means.
    """
    for name in ("bridge.catalogue.overlays", "bridge.catalogue.packing", "bridge.catalogue.sources"):
        spec = importlib.util.spec_from_file_location(name, root / Path(*name.split(".")).with_suffix(".py"))
        assert spec is not None and spec.loader is not None
        # Under its own name, so that the next one finds it without `bridge` being imported.
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    sys.modules["bridge.catalogue.packing"].pack(root / "schemas", target)


def copy_worlds(root: Path, target: Path) -> None:
    """
    Copy the worlds that are shipped by name, `fixtures/worlds/NAME.json`, to `worlds/` below `target`.
    """
    worlds = root / "fixtures" / "worlds"
    if worlds.is_dir():
        shutil.copytree(worlds, target / "worlds", ignore=shutil.ignore_patterns(".*"), dirs_exist_ok=True)


def make_worlds(root: Path, target: Path) -> None:
    """
    Make the worlds that are shipped but not committed: `tools/make_world.py` needs nothing that is installed.
    """
    tool = run_path(str(root / "tools" / "make_world.py"))
    (target / "worlds").mkdir(parents=True, exist_ok=True)
    tool["write"](tool["make"](), target / "worlds" / "large.json")
