"""What receive options and exclusions do to a message on its way in."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.world.chats import conversations, counting, delivery, messages, unread, visibility
from bridge.world.chats.checks import AT_ALL
from bridge.world.chats.elements import Text
from bridge.world.chats.messages import Message
from bridge.world.groups import groups
from bridge.world.kernel import devices
from bridge.world.kernel.world import World
from tests.world.test_sending import group_of, heard


def said(world: World, number: int, **more: Any) -> Message:
    """Store a message of alice in the group."""
    message = Message(
        f"m{number}", number, ("group", "g"), "alice", number, (Text("x"),), seq=number, **more
    )
    world[messages.MESSAGES].put(message.msg_id, message)
    return message


def with_option(option: int) -> World:
    """Return a world in which bob is in a group with a receive option, and logged in."""
    world = World()
    group_of(world)
    world[devices.DEVICES].put("d", devices.Device("d", user_id="bob"))
    conversations.change(world, "bob", "group_g", recv_opt=option)
    return world


@pytest.mark.parametrize(
    ("option", "at_users", "arrives"),
    [
        (0, (), True),
        (1, (), False),
        (1, ("bob",), False),
        (2, (), True),
        (3, (), True),
        (4, (), False),
        (4, ("bob",), True),
        (4, (AT_ALL,), True),
    ],
)
def test_receive_options(option: int, at_users: tuple[str, ...], arrives: bool) -> None:
    """Option 1 lets nothing in and 4 only mentions; what stays out neither lists nor counts, now or later."""
    world = with_option(option)
    facts = heard(world)
    message = said(world, 1, at_users=at_users)
    delivery.deliver(world, message, "g", stored=True)
    row = conversations.get(world, "bob", "group_g")
    assert (arrives, int(arrives)) == (row.listed, row.unread)
    assert arrives == any(kind == "message_received" for kind, _ in facts)
    assert arrives == counting.is_unread(world, row, message)
    assert visibility.is_visible(world, "bob", message)


def test_nobody_hears_where_nobody_is() -> None:
    """A member who is logged in nowhere has the message and the count, and no fact is stated to that member."""
    world = with_option(0)
    world[devices.DEVICES].drop("d")
    facts = heard(world)
    delivery.deliver(world, said(world, 1), "g", stored=True)
    row = conversations.get(world, "bob", "group_g")
    assert (row.listed, row.unread, row.last_message) == (True, 1, "m1")
    assert [] == facts


def test_read_part_counts_what_arrived() -> None:
    """Reading part of a group leaves the count of what came later and arrived."""
    world = with_option(0)
    delivery.deliver(world, said(world, 1), "g", stored=True)
    conversations.change(world, "bob", "group_g", recv_opt=1)
    delivery.deliver(world, said(world, 2), "g", stored=True)
    conversations.change(world, "bob", "group_g", recv_opt=0)
    delivery.deliver(world, said(world, 3), "g", stored=True)
    world[groups.GROUPS].put("g", groups.Group("g", "Public", last_seq=3))
    unread.clean(world, "bob", "group_g", until_seq=1)
    assert 1 == conversations.get(world, "bob", "group_g").unread


@pytest.mark.parametrize(("at_users", "kind"), [((), 0), (("bob",), 1), ((AT_ALL,), 2), (("bob", AT_ALL), 3)])
def test_mentions_have_kinds(at_users: tuple[str, ...], kind: int) -> None:
    """By name 1, as everybody 2, both 3."""
    assert kind == delivery.mention_of(said(World(), 1, at_users=at_users), "bob")
