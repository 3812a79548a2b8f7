"""Switches of the console: those that rules ask for are those that are written down."""

import re
from pathlib import Path

from bridge.world.kernel.switches import SWITCHES, fits

ROOM = Path(__file__).parents[2] / "bridge" / "world"


def test_switches_are_those_that_rules_ask_for():
    """Every switch that a rule asks for is on the list, and every one on the list is asked for."""
    asked = {
        name
        for path in ROOM.rglob("*.py")
        for name in re.findall(r'\bswitch\(\s*"(\w+)"', path.read_text(encoding="utf-8"))
    }

    assert set(SWITCHES) == asked


def test_values_have_types():
    """A switch takes values of its type alone; true is no number."""
    assert fits("revoke_window_s", 60)
    assert not fits("revoke_window_s", True)
    assert fits("sensitive_words", ["x"])
    assert not fits("communities", "off")
