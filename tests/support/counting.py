"""What holds of a world's counters after whatever has happened: they are those that there are."""

from __future__ import annotations

from bridge.world.kernel.world import World

NAMES = {
    "fetch",
    "group_id",
    "invitation",
    "local_id",
    "login",
    "notice",
    "now_ms",
    "order",
    "permission_group",
    "permission_group_member",
    "push",
    "subscription",
    "timer",
    "topic",
}
"""A counter that stands in no document under its name would begin anew in the world that is made of it."""


def problems(world: World) -> list[str]:
    """Return which counters of a world nobody knows; those of messages of a topic have its id."""
    names = (row.name for row in world.tables["counters"].rows.values())
    return [f"there is no counter {name}" for name in names if name not in NAMES and not name.startswith("seq:")]
