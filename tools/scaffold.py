"""
Start a channel method: `python3 tools/up.py scaffold METHOD`.

Its schema comes first: without one there is no such method. This writes the stubs of its handler and of a test into the files where
its nearest sibling has them (the method of the same manager whose name has most words in common), lets the schema name the handler,
and says where the rule of the world and the word on its evidence go. What is there already is left alone.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import sys
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bridge.catalogue import MethodSpec, Param, TypeExpr, load  # noqa: E402
from bridge.catalogue.names import snake_case  # noqa: E402
from bridge.errors import nearest  # noqa: E402

PLAIN = {"string": "str", "int": "int", "double": "float", "bool": "bool", "bytes": "bytes", "null": "None"}
NOISE = {"list", "info", "by", "of", "to", "from", "for", "the", "in", "id"}
"""Words of a name that do not tell what a method is about."""

SAME_VERB = 0.4
"""How much it counts that two methods do the same. With it, five of six known methods find a sibling of their own file."""

EXAMPLES = {"string": '"x"', "int": "1", "double": "1.5", "bool": "True", "list": "[]"}

HANDLER_HEAD = '''\
"""The methods of `{manager}`."""

from __future__ import annotations

from bridge.handlers import Caller
'''

HANDLER = '''

def {function}({signature}) -> {answer}:
    """
    Say what it does, and where that was seen.

    {needs}. Say which codes it refuses with, which facts it states, what it returns.
    """
    raise AssertionError("{name} is not built yet")
'''

TEST_HEAD = '''\
"""Calls of `{manager}`, told as scripts of linked devices."""

from __future__ import annotations
'''

TEST = '''

def test_{function}_does_what_it_says(stage: Stage) -> None:
    """State one behaviour; each refusal gets a test of its code, its text, and that nothing changed."""
    alice = stage.enter("alice")
    assert "what it answers" == alice.call({call})
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
            f"A new one starts with its schema: schemas/DIALECT/methods/MANAGER/{name}.json (docs/adding-a-method.md)"
        )
    return specs


# --- where its things go


def sibling_of(name: str, dialect: str) -> MethodSpec | None:
    """Return the built method of the same manager whose name is most like a name."""
    catalogue = load(dialect)
    manager = next(spec.manager for spec in (catalogue.method(name),) if spec is not None)
    specs = [spec for spec in map(catalogue.method, catalogue.method_names) if spec is not None]
    built = [spec for spec in specs if spec.manager == manager and spec.name != name and spec.handler is not None and not spec.constants]
    return max(built, key=lambda spec: _likeness(name, spec.name), default=None)


def _likeness(one: str, other: str) -> tuple[float, float]:
    """What methods are about counts before what they do with it, and both before their letters."""
    (verb, *ours), (other_verb, *theirs) = (snake_case(name).split("_") for name in (one, other))
    mine, others = ({word.removesuffix("s") for word in words} - NOISE for words in (ours, theirs))
    about = len(mine & others) / max(1, len(mine | others))
    return about + (SAME_VERB if verb == other_verb else 0), SequenceMatcher(None, one, other).ratio()


def test_file(sibling: MethodSpec | None, module: str) -> Path:
    """Return the file of tests for methods of a module of handlers: one that the sibling's rules name, if it has rules."""
    plain = f"tests/handlers/test_{module}.py"
    listed = ROOT / "schemas" / "rules" / f"{sibling.manager}.json" if sibling is not None else None
    if sibling is None or listed is None or not listed.exists():
        return ROOT / plain
    rules = json.loads(listed.read_text("utf-8"))["methods"].get(sibling.name, [])
    files = Counter(rule["test"].partition("::")[0] for rule in rules if "test" in rule)
    return ROOT / (plain if plain in files or not files else files.most_common(1)[0][0])


def world_file(sibling: MethodSpec | None) -> str:
    """Return the module of the world whose rules the sibling's handler calls; the room where that is not to be seen."""
    module, _, function = (sibling.handler or "" if sibling is not None else "").partition(".")
    file = ROOT / "bridge" / "handlers" / f"{module}.py"
    if not file.is_file():
        return "bridge/world/"
    tree = ast.parse(file.read_text("utf-8"))
    modules = {
        alias.asname or alias.name: f"{node.module}.{alias.name}".replace(".", "/") + ".py"
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bridge.world")
        for alias in node.names
    }
    bodies = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == function]
    called = [node.func for body in bodies for node in ast.walk(body) if isinstance(node, ast.Call)]
    owners = [one.value.id for one in called if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name)]
    files = [modules[owner] for owner in owners if owner in modules and (ROOT / modules[owner]).is_file()]
    return files[0] if files else "bridge/world/"


# --- types


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


def answer(spec: MethodSpec) -> str:
    """Return the annotation of what a handler returns: a value of the world, where the reply has more than plain values."""
    reply = spec.reply(spec.platforms[0]) if spec.platforms else None
    if reply is None or reply.type is None or reply.text is not None:
        return "None"
    text = python_type(reply.type).replace("dict[str, Any]", "Any")
    return "Any" if text == "Any | None" else text


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


def call(spec: MethodSpec) -> str:
    """Return the arguments of a call in a test: the wire name and what must be given."""
    needed = [f"{param.key}={EXAMPLES.get(param.type.kind, '{}')}" for param in spec.params if param.required]
    return ", ".join([f'"{spec.name}"', *needed])


# --- writing


def scaffold(name: str) -> list[str]:
    """
    Write what a method lacks.

    Returns:
        A line for each of its places: what was written or found there, and what is to be written by hand.
    """
    specs = specs_of(name)
    dialect, spec = next(iter(specs.items()))
    sibling = sibling_of(name, dialect)
    named = next((one.handler for one in specs.values() if one.handler is not None), None)
    beside = sibling.handler if sibling is not None and sibling.handler is not None else snake_case(spec.manager.removesuffix("Manager"))
    handler = named or f"{beside.partition('.')[0]}.{snake_case(name)}"
    module, _, function = handler.partition(".")
    words = {
        "name": name,
        "manager": spec.manager,
        "function": function,
        "signature": signature(list(specs.values())),
        "answer": answer(spec),
        "needs": NEEDS[spec.needs],
        "call": call(spec),
    }
    rules = f"schemas/rules/{spec.manager}.json"
    return [
        *_name_handler(spec.manager, name, list(specs), handler),
        _append(ROOT / "bridge" / "handlers" / f"{module}.py", rf"^def {function}\(|^{function} =", HANDLER_HEAD, HANDLER, words),
        _append(test_file(sibling, module), rf"^def test_{function}_", TEST_HEAD, TEST, words),
        f"to write: the rule of the world, as in {world_file(sibling)}",
        f"to write: the rule's evidence and test in {rules}, then tools/gen_ledger.py",
    ]


def _name_handler(manager: str, name: str, those: list[str], handler: str) -> list[str]:
    """Let each schema name the handler. A dialect that has the method of another one has no file for it, or one of differences."""
    lines = []
    for dialect in those:
        file = ROOT / "schemas" / dialect / "methods" / manager / f"{name}.json"
        if not file.exists():
            continue
        text = file.read_text("utf-8")
        if "manager" not in json.loads(text):
            continue
        if "handler" not in json.loads(text):
            text = re.sub(r'^( *"manager": .*\n)', rf'\1  "handler": "{handler}",\n', text, count=1, flags=re.MULTILINE)
            file.write_text(text, "utf-8", newline="\n")
        lines.append(f"schema: {file.relative_to(ROOT).as_posix()}, handler {json.loads(text)['handler']}")
    return lines


def _append(file: Path, known: str, head: str, stub: str, words: dict[str, str]) -> str:
    shown = file.relative_to(ROOT).as_posix()
    text = file.read_text("utf-8") if file.exists() else head.format(**words)
    if re.search(known, text, re.MULTILINE):
        return f"is there already: {shown}"
    text = text.rstrip("\n") + "\n" + stub.format(**words)
    for module, what in (("typing", "Any"), ("tests.support.stage", "Stage")):
        if re.search(rf"\b{what}\b", stub.format(**words)):
            text = _importing(text, module, what)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8", newline="\n")
    return f"stub written: {shown}"


def _importing(text: str, module: str, what: str) -> str:
    """Return a module's text with an import that it may lack: of `typing` before the project's own, any other behind them."""
    nodes = [node for node in ast.parse(text).body if isinstance(node, (ast.Import, ast.ImportFrom))]
    if any(isinstance(node, ast.ImportFrom) and what in [alias.name for alias in node.names] for node in nodes):
        return text
    lines = text.split("\n")
    own = [node for node in nodes if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in ("bridge", "tests")]
    line = f"from {module} import {what}"
    if module == "typing" and own:
        standard = len([node for node in nodes if node.lineno < own[0].lineno]) > 1  # besides __future__
        at = own[0].lineno - 1
        lines[at - 1 if standard else at : at] = [line, ""]
    else:
        at = max((node.end_lineno or 0 for node in nodes), default=1)
        lines[at:at] = [line] if own else ["", line]
    return "\n".join(lines)


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
