"""The room map: who may import whom. Read from the source, so that an import inside a function counts too."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "bridge"

OPEN_TO_ALL = {"errors", "usersig"}
CORE = {"catalogue", "world", "handlers", "dialects", "engine", "control", "codecs", "errors", "usersig", "emulator"}
PEOPLE = {"inspector", "cli", "testing"}

# room or module directly in bridge/: what it may import besides itself and what is open to all
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "usersig": set(),
    "catalogue": set(),
    "world": set(),
    "handlers": {"world", "catalogue"},
    "dialects": {"catalogue", "world"},
    "engine": {"handlers", "dialects", "catalogue", "world"},
    "world_files": {"catalogue", "world"},
    "emulator": {"engine", "handlers", "dialects", "catalogue", "world", "world_files"},
    # a Session (one connection) acts on worlds and devices, so control stands upon the emulator, not below it
    "control": {"emulator", "engine", "world", "world_files", "catalogue", "conformance"},
    "conformance": {"emulator", "world", "catalogue", "codecs"},  # codecs: a recording is lines of JSON
    "codecs": {"engine"},
    "transports": {"codecs", "control", "emulator", "world_files"},
    "__init__": set(),  # the package itself: `from bridge import __version__`
    "__main__": {"cli"},
}

# What core rooms may import from outside. I/O, threads, wall time and chance are not among it.
RUNTIME = {"attr", "attrs", "jsonschema", "pyee", "referencing"}
NOT_IN_CORE = {"asyncio", "random", "secrets", "select", "selectors", "socket", "ssl", "subprocess", "threading"}
OUTSIDE_CORE = {"transports": {"websockets"}, "testing": {"_pytest", "pytest", "syrupy", "websockets"}}


def modules() -> list[Path]:
    return [path for path in sorted(PACKAGE.rglob("*.py")) if "_packed" not in path.parts]


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield (line, dotted name) of everything that a module imports, by statement or by `import_module`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            yield from ((node.lineno, f"{module}.{name.name}") for name in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ("import_module", "__import__"):
            yield from ((node.lineno, name) for name in _leading_text(node.args[0]))


def _leading_text(argument: ast.expr) -> Iterator[str]:
    """Yield the constant (beginning of the) name that is imported, if there is one."""
    first = argument.values[0] if isinstance(argument, ast.JoinedStr) and argument.values else argument
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        yield first.value.rstrip(".")


def room_imported(name: str) -> str | None:
    """Return the room that a dotted name stands in; None outside of `bridge`."""
    parts = name.split(".")
    if parts[0] != "bridge":
        return None
    return parts[1] if len(parts) > 1 and not parts[1].startswith("__") else "__init__"


def breaches(path: Path, tree: ast.AST) -> list[str]:
    """Return the imports of one module that the room map forbids, as `file:line: what`."""
    room = room_of(path)
    found = []
    for line, name in imports(tree):
        target = room_imported(name)
        if target is None:
            allowed = _allowed_outside(room, name.split(".")[0])
        else:
            allowed = target in OPEN_TO_ALL | {room, "__init__"} | MAY_IMPORT.get(room, set()) or room in PEOPLE
        if not allowed:
            found.append(f"{path.relative_to(ROOT)}:{line}: {room} imports {name}")
    return found


def _allowed_outside(room: str, top: str) -> bool:
    if top in sys.stdlib_module_names:
        return room not in CORE or top not in NOT_IN_CORE
    return top in RUNTIME | OUTSIDE_CORE.get(room, set())


def test_imports_follow_the_room_map():
    """Rooms import only what the map allows, and only dependencies that are declared."""
    assert [] == [line for path in modules() for line in breaches(path, ast.parse(path.read_text("utf-8")))]


def test_every_room_is_on_the_map():
    """A new room gets its line before it gets its code."""
    assert set() == {room_of(path) for path in modules()} - set(MAY_IMPORT) - PEOPLE


def test_map_has_no_circle():
    """Imports go down only: no room can be reached from itself."""
    for start in MAY_IMPORT:
        reached, waiting = set(), set(MAY_IMPORT[start])
        while waiting:
            room = waiting.pop()
            reached.add(room)
            waiting |= MAY_IMPORT.get(room, set()) - reached
        assert start not in reached


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("world/x.py", "from bridge.handlers import method"),
        ("world/x.py", "import bridge.catalogue"),
        ("world/x.py", "def f():\n    from bridge import engine"),
        ("world/x.py", "import socket"),
        ("world/x.py", "import yaml"),
        ("handlers/x.py", "import_module(f'bridge.dialects.{name}')"),
        ("engine/x.py", "from bridge.emulator import Emulator"),
        ("transports/x.py", "import bridge.world.users"),
        ("codecs/x.py", "from bridge.cli import main"),
    ],
)
def test_breach_is_noticed(module, line):
    """The test can fail: each of these breaks the map."""
    assert breaches(PACKAGE / module, ast.parse(line))


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("world/x.py", "from bridge.errors import ChatError"),
        ("world/x.py", "from bridge.world import users"),
        ("world/x.py", "import_module(f'bridge.world.{name}')"),
        ("engine/x.py", "import bridge.handlers.registry"),
        ("transports/x.py", "import socket"),
        ("cli/x.py", "from bridge.engine import Engine"),
        ("codecs/x.py", "from bridge import __version__"),
    ],
)
def test_allowed_import_passes(module, line):
    """What the map allows is not complained about."""
    assert [] == breaches(PACKAGE / module, ast.parse(line))


def test_no_module_is_for_tests_alone():
    """What nothing in the bridge imports lives with the tests. (Rooms whose modules are loaded by name are not looked at.)"""
    trees = [ast.parse(path.read_text("utf-8")) for path in modules()]
    used = {part for tree in trees for _, name in imports(tree) for part in (name, name.rpartition(".")[0])}
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in modules() if path.stem != "__init__"}
    rooms = ("bridge.catalogue.", "bridge.conformance.", "bridge.engine.", "bridge.transports.")
    assert [] == sorted(name for name in names - used if name.startswith(rooms))
