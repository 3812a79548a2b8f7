"""What the service says in groups, and what sending leaves behind."""

from __future__ import annotations

from typing import Any

from bridge.world.chats import conversations, elements, messages, tips
from bridge.world.groups import groups, live_rooms
from bridge.world.kernel import devices
from bridge.world.kernel.world import World

JOINED = {"type": 2, "op_member": "alice", "members": ["bob"]}


def group_of(world: World, group_type: str = "Public", *members: str, group_id: str = "g") -> None:
    """Put a group with members into a world."""
    world[groups.GROUPS].put(group_id, groups.Group(group_id, group_type, owner="alice"))
    for user_id in members or ("alice", "bob"):
        world[groups.MEMBERS].put((group_id, user_id), groups.Member(group_id, user_id))


def heard(world: World) -> list[tuple[str, tuple[str, ...]]]:
    """Return the list to which (kind, users) of each fact will be added."""
    facts: list[tuple[str, tuple[str, ...]]] = []

    def hear(fact: Any) -> None:
        facts.append((fact.kind, fact.to.users))

    world.sink = hear
    return facts


def test_tips_reach_every_member() -> None:
    """All members hear of a tip, the actor too; it is the last message and counts as read by nobody."""
    world = World()
    group_of(world)
    facts = heard(world)
    said = tips.post(world, "g", JOINED)
    assert [
        ("message_received", ("alice",)),
        ("conversation_created", ("alice",)),
        ("message_received", ("bob",)),
        ("conversation_created", ("bob",)),
    ] == facts
    row = conversations.get(world, "bob", "group_g")
    assert (said.msg_id, 0) == (row.last_message, row.unread)
    assert (1, "g") == (said.seq, elements.fields(said.elems[0])["group_id"])


def test_tips_of_live_rooms_are_not_kept() -> None:
    """A room whose type keeps no history hears its tips on the devices that have joined, and keeps nothing, not even a number."""
    world = World()
    group_of(world, "AVChatRoom")
    live_rooms.enter(world, "g", devices.Device("d1"), "bob")
    facts = heard(world)
    said = tips.post(world, "g", JOINED)
    assert ["message_received"] == [kind for kind, _ in facts]
    assert 0 == said.seq
    assert messages.get(world, said.msg_id) is None


def test_quiet_tips_leave_lists_alone() -> None:
    """Quiet tips do not bring the group into a list, and do not open it."""
    world = World()
    group_of(world, "Work")
    tips.post(world, "g", JOINED, quiet=True)
    assert not conversations.get(world, "bob", "group_g").listed
    assert not world[groups.GROUPS]["g"].opened


def test_tips_may_go_to_some_alone() -> None:
    """Receivers may be named; somebody who has just left is one of them."""
    world = World()
    group_of(world)
    facts = heard(world)
    tips.post(world, "g", JOINED, receivers=["carol"])
    assert {("carol",)} == {users for _, users in facts}
