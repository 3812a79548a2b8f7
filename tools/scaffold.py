"""
Start a channel method: `python3 tools/up.py scaffold METHOD`.

Writes the stub of its handler and of a test, and names the schema files: the three places that a method has. A handler
that is there already is left alone. The schema comes first: without one there is no such method.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bridge.catalogue import MethodSpec, Param, TypeExpr, load  # noqa: E402
from bridge.catalogue.names import snake_case  # noqa: E402
from bridge.catalogue.sources import SCHEMAS, FolderSource  # noqa: E402
from bridge.errors import nearest  # noqa: E402

PLAIN = {"string": "str", "int": "int", "double": "float", "bool": "bool", "bytes": "bytes", "null": "None"}

HANDLER_HEAD = '''\
"""The methods of `{manager}`."""

from __future__ import annotations

from typing import Any

from bridge.handlers.registry import Caller, method
'''

HANDLER = '''

@method("{name}")
def {function}({signature}) -> Any:
    """
    Say what it does, and where that was seen.

    {needs}. Say which codes it refuses with, which facts it states, what it returns.
    """
    raise AssertionError("{name} is not built yet")
'''

TEST_HEAD = '''\
"""Calls of `{manager}`, told as scripts of linked devices."""
'''

TEST = '''

def test_{function}_does_what_it_says():
    """State one behaviour; each refusal gets a test of its code, its text, and that nothing changed."""
    raise AssertionError("{name} has no test yet")
'''

NEEDS = {
    "nothing": "Works before initSDK",
    "init": "Refused with 6013 before initSDK",
    "login": "Refused with 6014 without a login",
    "cache": "Refused with 6014 unless a login runs, failed or is done",
}


class ScaffoldError(Exception):
    """Nothing was written; the message says why."""


def dialects() -> list[str]:
    """Return the dialects of the checkout, sorted."""
    return sorted(path.parent.name for path in (ROOT / "schemas").glob("*/dialect.json"))


def specs_of(name: str) -> dict[str, MethodSpec]:
    """Return a method by dialect; a `ScaffoldError` with the nearest names where no dialect has it."""
    found = {dialect: load(dialect).method(name) for dialect in dialects()}
    specs = {dialect: spec for dialect, spec in found.items() if spec is not None}
    if not specs:
        near = nearest(name, {known: None for dialect in dialects() for known in load(dialect).method_names})
        hint = f" Did you mean {', '.join(near)}?" if near else ""
        raise ScaffoldError(
            f"No dialect has a method {name}.{hint}\n"
            f"A new one starts with its schema: schemas/DIALECT/methods/MANAGER/{name}.json"
        )
    return specs


def python_type(type_: TypeExpr) -> str:
    """Return the annotation of a value as `MethodSpec.bind` hands it over."""
    if type_.kind == "list":
        plain = f"list[{python_type(type_.item)}]"
    elif type_.kind == "dict":
        plain = f"dict[str, {python_type(type_.item)}]"
    elif type_.kind == "union":
        plain = " | ".join(python_type(part) for part in type_.item)
    else:
        plain = PLAIN.get(type_.kind, "Any" if type_.kind == "any" else "dict[str, Any]")
    return f"{plain} | None" if type_.nullable and plain not in ("Any", "None") else plain


def signature(specs: list[MethodSpec]) -> str:
    """Return the parameters of a handler: the arguments of all dialects, those that one lacks with a default."""
    params: dict[str, Param] = {}
    for spec in specs:
        for param in spec.params:
            params.setdefault(param.arg, param)
    shared = [arg for arg in params if all(arg in {param.arg for param in spec.params} for spec in specs)]
    parts = [f"{arg}: {python_type(params[arg].type)}" for arg in shared]
    for arg in params:
        if arg not in shared:
            annotation = python_type(params[arg].type)
            parts.append(f"{arg}: {annotation}{'' if annotation.endswith(('None', 'Any')) else ' | None'} = None")
    one_line = ", ".join(["caller: Caller", *parts])
    if len(one_line) <= 80:
        return one_line
    return "\n    " + ",\n    ".join(["caller: Caller", *parts]) + ",\n"


def scaffold(name: str) -> list[str]:
    """
    Write what a method lacks.

    Returns:
        A line for each of its places: what was written or found there.
    """
    specs = specs_of(name)
    manager = next(iter(specs.values())).manager
    words = {
        "name": name,
        "manager": manager,
        "function": snake_case(name),
        "signature": signature(list(specs.values())),
        "needs": NEEDS[next(iter(specs.values())).needs],
    }
    room = snake_case(manager.removesuffix("Manager"))
    top = Path(SCHEMAS)
    paths = {Path(path) for dialect in specs for path in FolderSource(str(top / dialect)).files("methods", name)}
    schemas = [f"schema: {path.relative_to(top.parent).as_posix()}" for path in sorted(paths)]
    handlers = ROOT / "bridge" / "handlers"
    known = _place_of(rf"@method\([^)]*\"{name}\"", sorted(handlers.glob("*.py")))
    tests = ROOT / "tests" / "handlers"
    tested = _place_of(rf"def test_{words['function']}_", sorted(tests.glob("test_*.py")))
    return [
        *schemas,
        known or _append(handlers / f"{room}.py", HANDLER_HEAD, HANDLER, words),
        tested or _append(tests / f"test_{room}.py", TEST_HEAD, TEST, words),
    ]


def _place_of(pattern: str, files: list[Path]) -> str | None:
    for file in files:
        if re.search(pattern, file.read_text("utf-8")):
            return f"is there already: {file.relative_to(ROOT).as_posix()}"
    return None


def _append(file: Path, head: str, stub: str, words: dict[str, str]) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    text = file.read_text("utf-8") if file.exists() else head.format(**words)
    file.write_text(text.rstrip("\n") + "\n" + stub.format(**words), "utf-8", newline="\n")
    return f"stub written: {file.relative_to(ROOT).as_posix()}"


def main(arguments: list[str] | None = None) -> int:
    """Write the stubs and say where; 1 for an unknown method."""
    parser = argparse.ArgumentParser(description="Write the stubs of a channel method's handler and test.")
    parser.add_argument("method", help="The wire name, such as pinConversation.")
    options = parser.parse_args(arguments)
    try:
        print("\n".join(scaffold(options.method)))
    except ScaffoldError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
