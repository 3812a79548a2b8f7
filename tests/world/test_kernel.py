"""Worlds that begin as another, and whom a message reaches at once."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.world.kernel import devices
from bridge.world.kernel.devices import Device
from bridge.world.kernel.world import World


def test_counters_go_on_from_the_template() -> None:
    """A world that begins as another counts and keeps timers from there, and leaves the other as it was."""
    template, world = World(seed=5), World()
    template.next_number("order")
    template.next_number("order")
    template.schedule("statuses.lapse", 10, "", user_id="a")
    world.begin_as(template)
    assert (5, 3) == (world.seed, world.next_number("order"))
    assert 4 == world.next_number("order")
    assert 10 == world.tables["timers"][world.schedule("statuses.lapse", 10, "", user_id="b") - 1].due_ms
    assert (2, 1) == (template.tables["counters"]["order"].value, len(template.tables["timers"].rows))


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"user_id": "a", "connected": True}, {"a"}),
        ({"user_id": None, "connected": True}, set()),
        ({"user_id": "a", "connected": False}, set()),
        ({"user_id": "a", "connected": True, "hidden": True}, set()),
    ],
)
def test_who_is_reached_at_once(given: dict[str, Any], found: set[str]) -> None:
    """Users who are logged in on a device that has a network and can be seen."""
    world = World()
    world[devices.DEVICES].put("d", Device("d", **given))
    assert found == devices.reachable(world)
