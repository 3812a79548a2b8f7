"""Which versions are tried. The trial itself is a part of CI: it installs things."""

from __future__ import annotations

import tomllib
from types import SimpleNamespace
from typing import Any

import pytest

from tools import try_versions
from tools.try_versions import ROOT, VersionsError, bounds, requirements


def project(**more: Any) -> dict[str, Any]:
    """Return a project with few dependencies."""
    return {
        "build-system": {"requires": ["builder>=1.2"]},
        "project": {
            "dependencies": ["one>=1.0"],
            "optional-dependencies": {"listen": ["two>=2"], "test": ["two>=2", "three>=3.1"]},
            **more,
        },
    }


def test_every_bound_is_tried() -> None:
    """What builds, runs and tests the package is asked for, each once."""
    lowest = bounds(project())

    assert {"builder": "1.2", "one": "1.0", "two": "2", "three": "3.1"} == lowest
    assert ["builder==1.2", "one==1.0", "three==3.1", "two==2"] == requirements("lowest", lowest)
    assert ["builder>=1.2", "one>=1.0", "three>=3.1", "two>=2"] == requirements("newest", lowest)


@pytest.mark.parametrize("requirement", ["one", "one==1", "one>=1,<2", "two>=3"])
def test_bound_that_cannot_be_tried_is_refused(requirement: str) -> None:
    """None at all, one of another form, and two different ones of a name are said."""
    with pytest.raises(VersionsError, match=requirement[:3]):
        bounds(project(dependencies=[requirement]))


def test_fast_tests_are_there() -> None:
    """The tests that are named exist, and the project's own bounds can be tried."""
    for name in try_versions.FAST:
        path, _, function = name.partition("::")
        assert (ROOT / path).exists(), name
        assert not function or f"def {function}(" in (ROOT / path).read_text("utf-8"), name
    assert "attrs" in bounds(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8")))


def test_newest_python_that_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest of those that have pip, on the path or kept by pyenv; else the one that runs; never one that the package does not name."""
    there: dict[tuple[str, ...], str] = {("python3.13", "-m", "pip", "--version"): "pip"}
    monkeypatch.setattr(try_versions, "_said_by", lambda *command: there.get(command, ""))
    monkeypatch.setattr(try_versions, "sys", SimpleNamespace(version_info=SimpleNamespace(minor=11), executable="this"))
    assert "python3.13" == try_versions.newest_python()

    there = {("pyenv", "prefix", "3.12"): "/kept", ("/kept/bin/python", "-m", "pip", "--version"): "pip"}
    assert "/kept/bin/python" == try_versions.newest_python()

    there = {("python3.99", "-m", "pip", "--version"): "pip"}
    assert "this" == try_versions.newest_python()
