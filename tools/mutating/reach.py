"""
Which tests run which lines: a pytest plugin that notes it, and the notes as a map.

    python -m pytest -n0 -p tools.mutating.reach [FILES…]

What a test runs in other processes is not seen. The notes are kept in a folder that git ignores; each run adds to them what its tests
run now.
"""

from __future__ import annotations

import ast
import difflib
import hashlib
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from attrs import define, field
from coverage import Coverage, CoverageData

ROOT = Path(__file__).parents[2]
CACHE = Path(os.environ.get("TIMBRIDGE_MUTANTS") or ROOT / ".mutants")
ROOMS = ("world", "engine", "control", "dialects", "transports", "codecs")
VARIANTS = "TIMBRIDGE_MUTANTS_VARIANTS"
NOTES, SECONDS, STATE = CACHE / "lines", CACHE / "seconds.json", CACHE / "state.json"
ELSEWHERE = ("native", "tools", "dart")
"""Folders of tests that reach the rooms through other processes alone."""


class Reach:
    """
    Notes for each test which lines it runs and how long it takes.

    Args:
        variants: of a test that runs with many arguments (on every dialect and platform, mostly) so many alone; 0 for all.
    """

    def __init__(self, variants: int) -> None:
        self._variants = variants
        CACHE.mkdir(exist_ok=True)
        self._seconds: dict[str, float] = {}
        self._coverage = Coverage(
            data_file=str(NOTES), config_file=False, include=[f"{ROOT}/bridge/{room}/*" for room in ROOMS]
        )
        if NOTES.exists():
            self._coverage.load()
        self._coverage.start()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out what is too much of the same."""
        kept = few((item.nodeid for item in items), self._variants)
        items[:] = [item for item in items if item.nodeid in kept]

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Let all that runs from here on be this test's."""
        self._coverage.switch_context(item.nodeid)
        yield
        self._coverage.switch_context("")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up the time of a test's parts."""
        self._seconds[report.nodeid] = round(self._seconds.get(report.nodeid, 0.0) + report.duration, 4)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Write the notes down."""
        self._coverage.stop()
        self._coverage.save()
        known = json.loads(SECONDS.read_text()) if SECONDS.exists() else {}
        SECONDS.write_text(json.dumps({**known, **self._seconds}))


def pytest_configure(config: pytest.Config) -> None:
    """Begin, unless tests are only listed."""
    if not config.option.collectonly:
        config.pluginmanager.register(Reach(int(os.environ.get(VARIANTS) or 0)), "mutants-reach")


def few(tests: Iterable[str], variants: int) -> set[str]:
    """Return of each function of tests so many of its variants, the same on every machine; 0 for all."""
    by_function: dict[str, list[str]] = {}
    for test in tests:
        by_function.setdefault(test.partition("[")[0], []).append(test)
    spread = {function: sorted(found, key=_spread) for function, found in by_function.items()}
    return {test for found in spread.values() for test in found[: variants or None]}


def _spread(test: str) -> str:
    return hashlib.sha256(test.encode()).hexdigest()


# --- the map


def sources() -> list[Path]:
    """Return the files of the rooms that people write."""
    found = (path for room in ROOMS for path in (ROOT / "bridge" / room).rglob("*.py"))
    return sorted(path for path in found if path.name == "__init__.py" or not path.name.startswith("_"))


def test_files(only: str = "") -> list[str]:
    """Return the files of tests that are held against mutants, or those of them whose path begins so."""
    found = (path.relative_to(ROOT) for path in (ROOT / "tests").rglob("test_*.py"))
    names = sorted(path.as_posix() for path in found if path.parts[1] not in ELSEWHERE)
    return [name for name in names if name.startswith(only)]


def name_of(path: Path) -> str:
    """Return a file's path in the checkout."""
    return path.relative_to(ROOT).as_posix()


def stale(files: Iterable[str]) -> list[str]:
    """Return those of some files of tests that are not noted as they are now."""
    known = json.loads(STATE.read_text())["tests"] if STATE.exists() else {}
    return [name for name in files if known.get(name) != _digest(ROOT / name)]


def variants_noted() -> int | None:
    """Return of how many variants of each test there are notes, 0 for all of them; None without notes."""
    return int(json.loads(STATE.read_text())["variants"]) if STATE.exists() else None


def note_state(noted: Iterable[str], variants: int) -> None:
    """Write down that these files of tests have been noted, and how the sources stood when the first were."""
    if STATE.exists():
        state = json.loads(STATE.read_text())
    else:
        state = {"variants": variants, "tests": {}, "sources": {name_of(path): path.read_text("utf-8") for path in sources()}}
    state["tests"].update({name: _digest(ROOT / name) for name in noted})
    STATE.write_text(json.dumps(state))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@define
class Map:
    """Which tests run which lines, as it was noted; lines that have moved since are found again."""

    seconds: dict[str, float] = field(factory=lambda: json.loads(SECONDS.read_text()))
    _then: dict[str, str] = field(factory=lambda: json.loads(STATE.read_text())["sources"])
    _files: dict[str, dict[int, frozenset[str]]] = field(factory=dict)
    _groups: dict[frozenset[str], frozenset[str]] = field(factory=dict)
    _data: CoverageData = field(factory=lambda: CoverageData(str(NOTES)))

    def tests(self, name: str, lines: Iterable[int]) -> set[str]:
        """Return the tests that run any of some lines of a file; "" stands for what runs outside of tests."""
        if name not in self._files:
            found = {line: frozenset(map(sys.intern, tests)) for line, tests in self._read(name).items()}
            self._files[name] = {line: self._groups.setdefault(tests, tests) for line, tests in found.items()}  # neighbours have the same
        return {test for line in lines for test in self._files[name].get(line, ())}

    def _read(self, name: str) -> dict[int, list[str]]:
        self._data.read()
        noted = self._data.contexts_by_lineno(str(ROOT / name))
        then, now = self._then.get(name, "").splitlines(), (ROOT / name).read_text("utf-8").splitlines()
        if then == now:
            return noted
        moved: dict[int, list[str]] = {}
        for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, then, now, autojunk=False).get_opcodes():
            around = sorted({test for line in range(i1, i2 + 2) for test in noted.get(line, ())})
            for line in range(j1 + 1, j2 + 1):
                moved[line] = noted.get(line - j1 + i1, []) if tag == "equal" else around
        return moved

    def in_order(self, tests: Iterable[str], module: str = "") -> list[str]:
        """
        Return tests in the order in which they find something soonest.

        Args:
            module: of which something has changed. Tests go first whose file has the most words of its name.

        Returns: of such files every function once, the quick ones first, then each a second time with other arguments, and so on.
        """
        words = _words(module.rpartition(".")[2])
        rounds: dict[str, int] = {}
        order: list[tuple[int, int, float, str]] = []
        for test in sorted(tests, key=lambda test: (self.seconds.get(test, 0.0), test)):
            function = test.partition("[")[0]
            shared = len(words & _words(Path(test.partition("::")[0]).stem)) if words else 0
            order.append((-shared, rounds.setdefault(function, 0), self.seconds.get(test, 0.0), test))
            rounds[function] += 1
        return [test for *_, test in sorted(order)]


def _words(name: str) -> set[str]:
    """Return the words of a name, each as if there were one of it: `test_group_members` has group and member."""
    return {word.removesuffix("s") for word in name.split("_") if word not in ("", "test")}


QUICK_S = 0.003
"""A test that takes no longer is tried early: it looks at something by itself, rather than let devices play."""
FEW = 3
"""A module that more files of tests than these import is held only against those that bear its name."""


@cache
def importing(module: str) -> frozenset[str]:
    """Return the files of tests that are about a module as it is imported: they import it, and bear its name or are few."""
    found, stem = importing_at_all(module), module.rpartition(".")[2]
    return frozenset(name for name in found if len(found) <= FEW or Path(name).stem == f"test_{stem}")


def importing_at_all(module: str) -> frozenset[str]:
    """Return the files of tests that import a module."""
    room, _, stem = module.rpartition(".")
    return frozenset(name for name in test_files() if {module, f"{room}:{stem}"} & _imports(name))


@cache
def _imports(name: str) -> frozenset[str]:
    """Return the modules from which a file of tests imports something, and what it imports as `module:name`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / name).read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}:{one.name}" for one in node.names)}
    return frozenset(found)


@cache
def lines_naming(names: frozenset[str]) -> dict[str, list[int]]:
    """Return where in the rooms some names stand, by file."""
    pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, names)) + r")\b")
    found: dict[str, list[int]] = {}
    for path in sources():
        lines = _lines_of(path)
        places = [number for number, line in enumerate(lines, 1) if pattern.search(line)]
        if places:
            found[name_of(path)] = places
    return found


@cache
def _lines_of(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()
