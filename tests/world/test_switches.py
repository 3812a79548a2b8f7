"""Switches of the console: one table says which there are, and rules and documents name no others."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bridge.world.groups.group_types import TYPES
from bridge.world.kernel.switches import SWITCHES, fits
from bridge.world.kernel.world import Policy
from bridge.world.people import statuses
from tests.support.line import Line

ROOT = Path(__file__).parents[2]
COMPOSED = {
    "group_tells_{topic}": {f"group_tells_{topic}" for kind in TYPES.values() for topic in kind.tells},
    "{owner}_custom_fields": {"group_custom_fields", "member_custom_fields"},
    "switch": {name for name, _ in statuses.SWITCHES.values()},
}
"""What a rule can ask for that does not say the whole name, or has it from a table."""
VALUES: dict[str, tuple[Any, Any]] = {"boolean": (True, 1), "integer": (3, True), "array": (["x"], "x"), "object": ({"c2c": 1}, ["c2c"])}
"""By type of a switch: a value that it takes, and one that it does not."""


def asked() -> Iterator[ast.expr]:
    """Yield the names, as they are written, of all switches that rules ask for."""
    for path in sorted((ROOT / "bridge" / "world").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            named = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if named == "switch":
                (name,) = node.args  # what it is when nobody has set it stands in the table alone
                yield name


def test_rules_ask_for_switches_that_there_are() -> None:
    """Every switch that a rule can ask for, under a composed name too, is on the list; every one on the list is asked for."""
    found: set[str] = set()
    for name in asked():
        if isinstance(name, ast.Constant):
            found.add(str(name.value))
        else:
            found |= COMPOSED[ast.unparse(name).removeprefix("f").strip("'\"")]
    assert set(SWITCHES) == found


def test_documents_name_switches_that_there_are() -> None:
    """Whatever a document calls a switch is one."""
    named: set[str] = set()
    for path in (ROOT / "DECISIONS.md", ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        for sentence in re.split(r"(?<=[.;|])\s", path.read_text(encoding="utf-8")):
            if re.search(r"\bswitch(es|ed)?\b", sentence):
                named |= set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", sentence))
    assert {"group_tells_members", "user_status", "group_custom_fields"} <= named
    modules = {path.stem for path in (ROOT / "bridge" / "world").rglob("*.py")}
    assert set() == named - set(SWITCHES) - modules


def test_a_name_that_is_none_is_a_mistake() -> None:
    """A rule that asks for a switch that there is not is a fault of ours, not a switch that is off."""
    with pytest.raises(KeyError):
        Policy().switch("no_such_switch")
    assert Policy().switch("translation") is True
    assert Policy(switches={"translation": False}).switch("translation") is False


def test_each_can_be_set() -> None:
    """The control call takes every switch with its default, as far as that is a value."""
    line = Line()
    for name, switch in SWITCHES.items():
        value = list(switch.default) if isinstance(switch.default, tuple) else switch.default
        set_now = line.ask("bridge.service.switch", name=name, value=value)["switches"]
        assert set_now.get(name) == value
        assert value is None or fits(name, value)


def test_values_have_types() -> None:
    """A switch takes values of its type alone; true is no number."""
    assert fits("revoke_window_s", 60)
    assert not fits("revoke_window_s", True)
    assert fits("sensitive_words", ["x"])
    assert not fits("communities", "off")
    for name, switch in SWITCHES.items():
        taken, other = VALUES[switch.type]
        assert fits(name, taken) and not fits(name, other), name
