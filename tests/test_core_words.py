"""Words that belong to the plugin's native side stay there: engine, handlers and world know none of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.catalogue import dialects, load

PACKAGE = Path(__file__).parent.parent / "bridge"
ROOMS = ("engine", "handlers", "world")

SERVICES_OWN = {"signals.py"}
"""What the service itself writes into messages, as apps of every version read it: names of the wire, but of no version's."""

FORBIDDEN = re.compile(r"android|ios|macos|windows|native|(chat|im|native)-\d.*", re.IGNORECASE)
TOLD = re.compile(r"\bquirks?\b|\bMethodSpec\b|\.native\b|\b(Android|iOS)\b")


def files() -> list[Path]:
    return [path for room in ROOMS for path in sorted((PACKAGE / room).rglob("*.py"))]


def wire_words() -> set[str]:
    """Return every name of a method, listener, event or key in any dialect that no Python name could be."""
    found: set[str] = set()
    for dialect in dialects():
        catalogue = load(dialect)
        found.update(catalogue.method_names, catalogue.listener_kinds)
        for name in catalogue.method_names:
            found.update(param.key for param in catalogue.method(name).params)
        for name in catalogue.map_names:
            found.update(key.key for platform in catalogue.platforms for key in catalogue.map(name).keys(platform))
        for name in catalogue.model_names:
            found.update(key for field in catalogue.model(name).fields for key in (field.key, field.sent) if key)
        for kind in catalogue.listener_kinds:
            found.update(catalogue.listener(kind).events)
    return {word for word in found if re.search("[a-z][A-Z]", word)}


def texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of every constant text that is no docstring."""
    documents = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
            yield node.lineno, node.value


def strangers(name: str, source: str, words: set[str]) -> list[str]:
    """Return the words of one file that it should not know, as `file:line: word`."""
    found = [
        f"{name}:{line}: {text}"
        for line, text in texts(ast.parse(source))
        if FORBIDDEN.fullmatch(text) or (text in words and name not in SERVICES_OWN)
    ]
    code = "\n".join(line for line in source.split("\n") if not line.strip().startswith("#"))
    without_documents = re.sub(r'"""(?s:.*?)"""', "", code)
    return found + [f"{name}: {word.group()}" for word in TOLD.finditer(without_documents)]


def test_core_knows_no_word_of_the_wire() -> None:
    """No platform, version, oddity or wire name stands in the rooms that are the same for all of them."""
    words = wire_words()
    assert "conversationIDList" in words
    assert [] == [one for path in files() for one in strangers(path.name, path.read_text("utf-8"), words)]


@pytest.mark.parametrize(
    "line",
    [
        'if device.platform == "ios": pass',
        'DIALECT = "chat-8.2"',
        'params.get("conversationIDList")',
        'spec.quirks.get("x")',
        "if device.native < 800: pass",
        "from bridge.catalogue import MethodSpec",
    ],
)
def test_stranger_is_noticed(line: str) -> None:
    """The test can fail: each of these is a word from elsewhere."""
    assert strangers("x.py", line, {"conversationIDList"})


def test_wire_names_may_be_spoken_of() -> None:
    """Docstrings and comments may name what a rule was seen in."""
    assert [] == strangers("x.py", 'def f():\n    """As iOS answers getVersion."""\n    # Android, too\n', {"getVersion"})
