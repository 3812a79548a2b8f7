"""
Find the sources of an installed plugin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bridge.errors import BridgeError

INTERFACE = "_platform_interface"
"""What the package is called in which plugins before 8.0 keep their channel class and models, behind the plugin's own name."""


class Package(NamedTuple):
    """
    A plugin.

    Attributes:
        interface: the folder of its platform interface, where that is a package of its own; None where there is none, or none was found.
    """

    name: str
    version: str
    folder: Path
    interface: Path | None
    needs_interface: bool

    def dart(self) -> Iterator[tuple[Path, str]]:
        """Yield the Dart files with their names; those for the web are another client and left out."""
        for root in (self.folder, *([self.interface] if self.interface else [])):
            for path in sorted((root / "lib").rglob("*.dart")):
                name = path.relative_to(root).as_posix()
                if not name.startswith("lib/web/") and not name.endswith("_web.dart"):
                    yield path, name

    def sources(self, part: str, suffix: str) -> Iterator[tuple[Path, str]]:
        """Yield the files of a part (`android`, `ios`) with their names; tests are left out."""
        for path in sorted((self.folder / part).rglob(f"*{suffix}")):
            if "test" not in path.relative_to(self.folder).parts:
                yield path, path.name


def _pubspec(folder: Path) -> str:
    try:
        return (folder / "pubspec.yaml").read_text("utf-8")
    except OSError as error:
        raise BridgeError(f"is no installed plugin: pubspec.yaml: {error.strerror}", file=str(folder)) from None


def _value(pubspec: str, key: str) -> str:
    found = re.search(rf"^{key}:\s*['\"]?([^\s'\"#]+)", pubspec, re.MULTILINE)
    return found[1] if found else ""


def find(folder: Path, beside: Path | None = None) -> Package:
    """
    Return the plugin in a folder.

    Args:
        beside: the folder of its platform interface; one beside the plugin is found by itself.

    Raises:
        BridgeError: no pubspec.yaml is there.
    """
    pubspec = _pubspec(folder)
    name = _value(pubspec, "name")
    wanted = re.search(rf"^\s+(\w+_\w+{INTERFACE}):[ \t]*(\S*)", pubspec, re.MULTILINE)
    if beside is None and wanted is not None:
        beside = _nearest(folder.resolve().parent, wanted[1], wanted[2])
    if beside is not None:
        _pubspec(beside)
    return Package(name, _value(pubspec, "version"), folder, beside, wanted is not None)


def _nearest(parent: Path, name: str, constraint: str) -> Path | None:
    """Return the folder of a package beside the plugin: its newest version that the constraint allows, else the newest."""
    found = [path for path in parent.glob(f"{name}*") if (path / "pubspec.yaml").is_file()]
    numbered = sorted((_numbers(_value(_pubspec(path), "version")), path) for path in found)
    least = _numbers(constraint)
    allowed = [path for version, path in numbered if version >= least and version[: _fixed(least)] == least[: _fixed(least)]]
    fits = allowed or [path for _, path in numbered]
    return fits[-1] if fits else None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def _fixed(least: tuple[int, ...]) -> int:
    """Return how many numbers of a version `^` holds fast: up to the first that is not 0."""
    return next((at + 1 for at, number in enumerate(least) if number), 0)
