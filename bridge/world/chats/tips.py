"""
Tips: what the service itself says in a group.

A receiver hears the message, then of the conversation, as with every other message (`delivery.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bridge.world.chats import conversation_list, conversations, delivery, messages
from bridge.world.chats.elements import Tips
from bridge.world.chats.messages import Message
from bridge.world.groups import groups
from bridge.world.kernel import facts, receiving
from bridge.world.kernel.world import World

SYSTEM = "@TIM#SYSTEM"
"""Sender of what the service itself says in a group."""


def post(
    world: World,
    group_id: str,
    data: dict[str, Any],
    receivers: Iterable[str] | None = None,
    stored: bool = True,
    quiet: bool = False,
) -> Message:
    """
    Have the service say in a group that something has happened there.

    States message_received to every receiver's devices, the actor's too, and conversation_created or conversation_changed.
    It raises nobody's unread count.

    Args:
        data: fields of `Tips`; the group is added.
        receivers: who hears it; None for all members as they are now.
        stored: false for what is told live only; a group whose type keeps no history stores nothing anyway. Only what
            is stored takes a number.
        quiet: true where the group does not show in a member's list yet (a Work group before its first message). A community with
            topics does not, either.

    Returns: the message, status sent.
    """
    group = world[groups.GROUPS].rows.get(group_id)
    kept = stored and (group is None or groups.type_of(group).stores)
    order = world.next_number("order")
    random = world.fresh32(order)
    tips = Message(
        msg_id=messages.stamp_id(world, SYSTEM, random),
        order=order,
        channel=("group", group_id),
        sender=SYSTEM,
        time_ms=world.now_ms,
        elems=(Tips(**data, group_id=group_id),),
        seq=delivery.next_seq(world, group_id, opens=False) if kept else 0,
        random=random,
    )
    if kept:
        world[messages.MESSAGES].put(tips.msg_id, tips)
    for user_id in groups.member_ids(world, group_id) if receivers is None else receivers:
        _tell_tips(world, user_id, tips, kept, quiet or (group is not None and group.support_topic))
    return tips


def _tell_tips(world: World, user_id: str, tips: Message, kept: bool, quiet: bool) -> None:
    row = conversations.get(world, user_id, messages.conversation_id_of(user_id, tips.channel))
    if row.recv_opt in receiving.SILENT:
        return
    if not kept:
        for to in delivery.reached(world, user_id, tips):
            world.state("message_received", to, message=tips)
        return
    to = facts.user(user_id)
    shows = row.listed or not quiet
    was_listed = row.listed
    if shows:
        row = conversations.save(world, delivery.raised(row, tips))
    world.state("message_received", to, message=tips)
    conversation_list.announce(world, to, [row], new=not was_listed, listed=True)
