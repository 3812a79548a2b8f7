"""
Run the tests that lean on somebody else's code with the lowest, or the newest, versions that `pyproject.toml` allows.

    python3 tools/up.py versions            # lowest, then newest
    python3 tools/try_versions.py lowest    # with this Python; others: python3.13 tools/try_versions.py lowest

What is tried: the dependencies of the package, of `listen` and of `test`, and what builds it; the newest with the newest Python that is
there and starts. Each set lives in an environment of its own, `.venv/versions/NAME-PYTHON`, which is kept for the next time. The checkout
and its environment stay as they are. 1 when a set cannot be installed or a test fails.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

EXTRAS = ("listen", "test")
"""What is tried of the optional dependencies. Tools of developers alone are tried by `up.py lint` and `up.py wheel`."""

FAST = (
    "tests/catalogue/test_explain.py",
    "tests/codecs/test_framing.py",
    "tests/dart",
    "tests/engine/test_engine.py",
    "tests/properties/test_people.py",
    "tests/snapshots",
    "tests/test_emulator.py",
    "tests/testing/test_plugin.py::test_failure_shows_what_happened",
    "tests/testing/test_plugin.py::test_fixtures_are_there",
    "tests/testing/test_plugin.py::test_fixtures_work_in_processes",
    "tests/testing/test_plugin.py::test_plugin_is_registered",
    "tests/testing/test_plugin.py::test_snapshots_are_files",
    "tests/testing/test_plugin.py::test_tests_run_on_several_dialects",
    "tests/testing/test_stubs.py::test_type_checker_finds_what_is_wrong",
    "tests/tools/test_mutate.py::test_lines_are_found_again",
    "tests/transports/test_doors.py",
    "tests/world/test_elements.py",
)
"""
Tests that meet each dependency: attrs, jsonschema, pyee, websockets, hypothesis, pytest with our plugin, xdist, syrupy, tree-sitter with
its Dart, mypy, coverage.
"""

OURS_ALONE = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "PYTHONPATH")
"""Variables that are not for the trial: without bytecode each of the many processes would compile all anew."""

_PYTHON = re.compile(r"Programming Language :: Python :: 3\.([0-9]+)")
_REQUIREMENT = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*>=\s*([0-9][0-9.]*)")


class VersionsError(Exception):
    """A set of versions cannot be tried."""


def bounds(project: dict[str, Any]) -> dict[str, str]:
    """
    Return the lowest version of every dependency that is tried, by its name, sorted.

    Raises: VersionsError for one without a plain lower bound, or with two different ones.
    """
    found: dict[str, str] = {}
    about = project["project"]
    for requirement in [
        *project["build-system"]["requires"],
        *about["dependencies"],
        *(one for extra in EXTRAS for one in about["optional-dependencies"][extra]),
    ]:
        match = _REQUIREMENT.fullmatch(requirement)
        if match is None:
            raise VersionsError(f"{requirement!r} has no lower bound of the form NAME>=VERSION")
        name, version = match.groups()
        if found.setdefault(name, version) != version:
            raise VersionsError(f"{name} has two lower bounds: {found[name]} and {version}")
    return dict(sorted(found.items()))


def requirements(which: str, lowest: dict[str, str]) -> list[str]:
    """Return what pip is asked for: each dependency in its lowest version, or in any that is newer."""
    return [f"{name}{'==' if which == 'lowest' else '>='}{version}" for name, version in lowest.items()]


def newest_python() -> str:
    """Return the newest Python that is there and has pip, of those that the classifiers of the package name; else this one."""
    classifiers = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["classifiers"]
    named = sorted(int(found[1]) for one in classifiers if (found := _PYTHON.fullmatch(one)))
    for minor in reversed([minor for minor in named if minor > sys.version_info.minor]):
        for python in (f"python3.{minor}", f"{_said_by('pyenv', 'prefix', f'3.{minor}')}/bin/python"):
            if _said_by(python, "-m", "pip", "--version"):
                return python
    return sys.executable


def _said_by(*command: str) -> str:
    """Return what a command says, "" if it cannot be started or fails."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def environment(which: str, version: str) -> Path:
    """Return where a set is installed for a version of Python."""
    return ROOT / ".venv" / "versions" / f"{which}-{version}"


def attempt(which: str, arguments: list[str]) -> None:
    """Install a set and run the tests with it. Raises VersionsError."""
    began = time.monotonic()
    base = newest_python() if which == "newest" else sys.executable
    folder = environment(which, _said_by(base, "-c", "import platform; print(platform.python_version())"))
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        _run([base, "-m", "venv", "--without-pip", str(folder)], "no environment could be made")
    wanted = requirements(which, bounds(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))))
    pip = [base, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-compile", "--disable-pip-version-check"]
    strategy = "eager" if which == "newest" else "only-if-needed"
    _run([*pip, "--upgrade", "--upgrade-strategy", strategy, "editables", *wanted], "cannot be installed")
    _run([*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)], "the package cannot be built")
    print(f"{folder.name}: installed after {time.monotonic() - began:.0f} s: {', '.join(_versions(python, wanted))}", flush=True)
    _run([str(python), "-m", "pytest", "-n", "2", "-p", "no:cacheprovider", *(arguments or FAST)], "the tests fail")
    print(f"{folder.name}: {time.monotonic() - began:.0f} s", flush=True)


def _versions(python: Path, wanted: list[str]) -> list[str]:
    names = [re.split("[=>]", one)[0] for one in wanted]
    code = "import sys; from importlib.metadata import version; print(*(f'{n} {version(n)}' for n in sys.argv[1:]), sep='\\n')"
    return subprocess.run([str(python), "-c", code, *names], capture_output=True, text=True, check=True).stdout.splitlines()


def _run(command: list[str], problem: str) -> None:
    settings = {name: value for name, value in os.environ.items() if name not in OURS_ALONE}
    if subprocess.run(command, cwd=ROOT, env=settings, check=False).returncode:
        raise VersionsError(problem)


def main() -> int:
    """See the head of this file."""
    parser = argparse.ArgumentParser(prog="try_versions.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("which", nargs="?", choices=["lowest", "newest"], help="left out: one after the other")
    parser.add_argument("tests", nargs=argparse.REMAINDER, help="other tests than the fast ones; arguments of pytest")
    options = parser.parse_args()
    failed = 0
    for which in [options.which] if options.which else ["lowest", "newest"]:
        try:
            attempt(which, options.tests)
        except VersionsError as error:
            print(f"{which}: {error}", file=sys.stderr)
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
