"""
Hatchling's build hook: puts the packed schemas and the shipped worlds into the wheel, as `bridge/catalogue/_packed/`.

Packing is the catalogue's business (`bridge/catalogue/packing.py`); that file is loaded by its path, because at build
time neither `bridge` nor what it depends on is installed. Everything is made in a temporary folder, so that a build
leaves nothing in the checkout that could go stale there. An editable install packs nothing: a checkout reads `schemas/`
itself.
"""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from pathlib import Path
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
        if version == "editable":
            return
        self._made = Path(tempfile.mkdtemp(prefix="timbridge-packed-"))
        pack_into(Path(self.root), self._made)
        if any(self._made.iterdir()):
            build_data["force_include"][str(self._made)] = PACKED

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the temporary folder once the wheel is written."""
        if self._made is not None:
            shutil.rmtree(self._made, ignore_errors=True)


def pack_into(root: Path, target: Path) -> None:
    """
    Write what an installed `bridge` needs of `root` below `target`: packed schemas, and `worlds/NAME.json`.

    Args:
        root: a checkout or an unpacked sdist. One without schemas or worlds (yet) is no error.
        target: an existing empty folder.
    """
    packing = root / "bridge" / "catalogue" / "packing.py"
    schemas = root / "schemas"
    if packing.is_file() and schemas.is_dir():
        spec = importlib.util.spec_from_file_location("_timbridge_packing", packing)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.pack(schemas, target)
    worlds = root / "fixtures" / "worlds"
    if worlds.is_dir():
        shutil.copytree(worlds, target / "worlds", dirs_exist_ok=True)
