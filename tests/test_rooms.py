"""The room map: who may import whom. Read from the source, so that an import inside a function counts too."""

import ast
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.world.kernel import rules

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "bridge"

OPEN_TO_ALL = {"errors", "garbage", "kept", "slices", "usersig", "values"}
CORE = {"catalogue", "world", "handlers", "dialects", "engine", "control", "codecs", *OPEN_TO_ALL, "companions", "sanitizer", "emulator"}
PEOPLE = {"inspector", "cli", "testing"}

# room or module directly in bridge/: what it may import besides itself and what is open to all
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "garbage": set(),
    "kept": set(),
    "slices": set(),
    "usersig": set(),
    "values": set(),
    "catalogue": set(),
    "world": set(),
    "handlers": {"world"},
    "dialects": {"catalogue", "world"},
    "engine": {"handlers", "dialects", "world"},
    "world_text": set(),
    "world_files": {"catalogue", "world", "world_text"},
    "companions": {"world"},
    "sanitizer": {"catalogue", "engine", "world"},  # a tap; it knows devices, and the journal's entries
    "emulator": {"companions", "sanitizer", "engine", "handlers", "dialects", "catalogue", "world", "world_files"},
    # a Session (one connection) acts on worlds and devices, so control stands upon the emulator, not below it
    "control": {"emulator", "engine", "world", "world_files", "catalogue", "conformance"},
    "conformance": {"emulator", "world", "catalogue", "codecs"},  # codecs: a recording is lines of JSON
    "codecs": {"engine"},
    "transports": {"codecs", "control", "emulator", "world_files", "world_text", "engine"},  # engine: replies and events, as codecs
    "native": set(),
    "__init__": set(),  # the package itself: `from bridge import __version__`
    "__main__": {"cli"},
}

# What core rooms may import from outside. I/O, threads, wall time and chance are not among it.
RUNTIME = {"attr", "attrs", "jsonschema", "pyee", "referencing"}
NOT_IN_CORE = {"asyncio", "random", "secrets", "select", "selectors", "socket", "ssl", "subprocess", "threading"}
OUTSIDE_CORE = {
    "cli": {"tqdm", "websockets"},
    "conformance": {"tree_sitter"},
    "testing": {"_pytest", "pytest", "syrupy", "websockets"},
    "transports": {"websockets"},
}


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
        ("world/x.py", "from bridge.handlers import Caller"),
        ("world/x.py", "import bridge.catalogue"),
        ("world/x.py", "def f():\n    from bridge import engine"),
        ("handlers/x.py", "from bridge.catalogue import MethodSpec"),
        ("engine/x.py", "from bridge.catalogue import load"),
        ("world/x.py", "import socket"),
        ("world/x.py", "import yaml"),
        ("handlers/x.py", "import_module(f'bridge.dialects.{name}')"),
        ("engine/x.py", "from bridge.emulator import Emulator"),
        ("transports/x.py", "import bridge.world.people.users"),
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
        ("engine/x.py", "import bridge.handlers.caller"),
        ("transports/x.py", "import socket"),
        ("cli/x.py", "from bridge.engine import Engine"),
        ("codecs/x.py", "from bridge import __version__"),
    ],
)
def test_allowed_import_passes(module, line):
    """What the map allows is not complained about."""
    assert [] == breaches(PACKAGE / module, ast.parse(line))


# --- the rooms of the world

WORLD = PACKAGE / "world"
WORLD_ROOMS = ("kernel", "people", "groups", "chats", "documents")
"""The rooms of the world, from the ground up: each may import from itself and from those before it, within functions, too."""

BY_NAME = {"kernel/rules.py", "documents/row_json.py"}
"""Files of the world that import by a text: `rules.py` what it lists, `row_json.py` every module, to find tables."""


def world_modules() -> dict[str, Path]:
    """Return the files of the world by their dotted names."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): path
        for path in sorted(WORLD.rglob("*.py"))
        if path.name != "__init__.py"
    }


def files_imported(tree: ast.AST, known: dict[str, Path]) -> set[str]:
    """Return the files of the world that a module imports, wherever in it."""
    found = set()
    for _, name in imports(tree):
        module = name if name in known else name.rpartition(".")[0]
        if module in known:
            found.add(module)
    return found


def upward(path: Path, tree: ast.AST) -> list[str]:
    """Return the imports of a file of the world that go to a room above its own, as `file:line: name`."""
    allowed = WORLD_ROOMS[: WORLD_ROOMS.index(path.relative_to(WORLD).parts[0]) + 1]
    return [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for line, name in imports(tree)
        if name.startswith("bridge.world.") and name.split(".")[2] not in allowed
    ]


def circles(graph: dict[str, set[str]]) -> list[str]:
    """Return what is left of a graph of imports when, again and again, all that import nothing that is left are taken away."""
    left = dict(graph)
    while True:
        free = [name for name, targets in left.items() if not targets & left.keys()]
        if not free:
            return sorted(left)
        for name in free:
            del left[name]


def test_rooms_of_the_world_build_on_each_other():
    """In the world imports go down only, from room to room; every file stands in a room."""
    found = world_modules()
    assert set(WORLD_ROOMS) == {path.relative_to(WORLD).parts[0] for path in found.values()}
    assert [] == [line for path in found.values() for line in upward(path, ast.parse(path.read_text("utf-8")))]


def test_files_of_the_world_have_no_circle():
    """No file of the world can be reached from itself, imports within functions and for types included."""
    found = world_modules()
    assert [] == circles({name: files_imported(ast.parse(p.read_text("utf-8")), found) for name, p in found.items()})


def test_circle_in_the_world_is_noticed():
    """The tests can fail: a lazy import back or up is found."""
    found = world_modules()
    lazy = ast.parse("def f():\n    from bridge.world.people import friends")
    friends, users = "bridge.world.people.friends", "bridge.world.people.users"
    assert [friends, users] == circles({users: files_imported(lazy, found), friends: {users}, "other": {users}})[:2]
    assert upward(WORLD / "kernel" / "x.py", lazy)
    assert [] == upward(WORLD / "groups" / "x.py", lazy)


def test_world_imports_by_name_in_two_files():
    """What a text names is imported in the files that are known for it, and nowhere else."""
    found = {path.relative_to(WORLD).as_posix() for path in world_modules().values() if "import_module(" in path.read_text("utf-8")}
    assert BY_NAME == found


def happenings() -> list[tuple[str, set[str]]]:
    """Return what rules say has happened: (what, names of the arguments) of each call in the sources."""
    return [
        (ast.literal_eval(node.args[0]), {str(keyword.arg) for keyword in node.keywords})
        for path in world_modules().values()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "happened"
    ]


def test_what_happens_has_its_reactions():
    """Every happening in the sources is listed with rules that take its arguments, and every one that is listed happens."""
    said = happenings()
    assert set(rules.REACTIONS) == {what for what, _ in said}
    for what, given in said:
        for name in rules.REACTIONS[what]:
            assert ["world", *sorted(given)] == _parameters(name), name


def _parameters(name: str) -> list[str]:
    first, *others = inspect.signature(rules.rule(name)).parameters
    return [first, *sorted(others)]


def carried() -> set[str]:
    """Return the rules that carry a table's rows over from what an install did away from the service."""
    return {
        str(ast.literal_eval(keyword.value))
        for path in world_modules().values()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "TableSpec"
        for keyword in node.keywords
        if keyword.arg == "carry"
    }


def test_rules_called_by_name_are_there():
    """Every rule that is named is a function of the module and room that are listed; no room is listed in vain."""
    names = {*rules.TIMED, *(name for names in rules.REACTIONS.values() for name in names), *(name for _, name in rules.ENDINGS)}
    names |= carried()
    assert set(rules.ROOMS) == {name.partition(".")[0] for name in names}
    assert [] == [name for name in sorted(names) if not inspect.isfunction(rules.rule(name))]


def test_no_module_is_for_tests_alone():
    """What nothing in the bridge imports lives with the tests. (Rooms whose modules are loaded by name are not looked at.)"""
    trees = [ast.parse(path.read_text("utf-8")) for path in modules()]
    used = {part for tree in trees for _, name in imports(tree) for part in (name, name.rpartition(".")[0])}
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in modules() if path.stem != "__init__"}
    rooms = ("bridge.catalogue.", "bridge.conformance.", "bridge.engine.", "bridge.transports.")
    assert [] == sorted(name for name in names - used if name.startswith(rooms))
