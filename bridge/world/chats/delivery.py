"""
Delivery: what a message, or what the service says in a group, does to those who get it.

A receiver hears the message, then of the conversation, then of unread sums, in this order (conversation semantics, typical event
sequences). Old clients hear texts and custom messages of others on a listener of their own as well.
"""

from __future__ import annotations

from typing import Any

from bridge.world.chats import conversation_list, conversations, counting, messages, unread
from bridge.world.chats.checks import AT_ALL
from bridge.world.chats.conversations import AtInfo, Conversation
from bridge.world.chats.messages import Message
from bridge.world.groups import communities, groups
from bridge.world.kernel import devices, facts, receiving
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.world import World


def deliver(world: World, message: Message, group_id: str, stored: bool) -> None:
    """
    Bring a message to all who get it but the sender.

    Args:
        group_id: the group or topic, "" for a one-to-one message.
        stored: false for what is there only for those who are online now.
    """
    if group_id:
        _deliver_to_group(world, message, communities.community_of(group_id), stored)
        return
    receiver = messages.peer_of(message.sender, message.channel)
    if receiver != message.sender and message.owner is None:
        deliver_to(world, receiver, message, stored)


def _deliver_to_group(world: World, message: Message, group_id: str, stored: bool) -> None:
    """Bring a message to the members of a group; to those of a large one who are not there, when somebody looks."""
    from bridge.world.chats import backlog

    sender, targets = message.sender, message.targets
    if targets is not None or not backlog.is_worth_while(world, group_id):
        for user_id in groups.member_ids(world, group_id):
            if user_id != sender and (targets is None or user_id in targets):
                deliver_to(world, user_id, message, stored)
        return
    told = [user_id for user_id in backlog.present(world, group_id) if user_id != sender]
    for user_id in told:
        deliver_to(world, user_id, message, stored)
    if stored:
        backlog.add(world, group_id, message, told)


def deliver_to(world: World, user_id: str, message: Message, stored: bool = True) -> None:
    """
    Bring a message to one receiver.

    States message_received, conversation_created or conversation_changed, and unread sums, to the receiver's devices. A receiver
    who is not there finds the message in the history, unless it is not stored. With receive option 1 nothing arrives (product
    docs: do not disturb), with 4 only what mentions the receiver.
    """
    row = conversations.get(world, user_id, messages.conversation_id_of(user_id, message.channel))
    kind = mention_of(message, user_id) if message.at_users else 0
    if row.recv_opt == receiving.NOT_RECEIVE or (row.recv_opt == receiving.NOT_RECEIVE_EXCEPT_AT and not kind):
        if stored:
            messages.set_mark(world, user_id, message.msg_id, uncounted=True)
        return
    if not stored:
        for to in reached(world, user_id, message):
            _tell(world, to, message)
        return
    to = facts.user(user_id)
    was_listed, was_unread = row.listed, row.unread
    row = conversations.save(world, arrived(world, row, message))
    if devices.has_any(world, user_id):
        _tell(world, to, message)
        if not message.excluded_from_last or not was_listed or row.unread != was_unread or kind:
            conversation_list.announce(world, to, [row], new=not was_listed)
        unread.tell(world, user_id)
    if "push_tokens" in world.tables:
        from bridge.world.chats import pushes

        pushes.consider(world, user_id, row, message, bool(kind))


def reached(world: World, user_id: str, message: Message) -> list[facts.Audience]:
    """Return who of a receiver's devices hears what is not stored: all, in a live room those that have joined."""
    if message.channel[0] == "group":
        group = world[groups.GROUPS].rows.get(message.channel[1])
        if group is not None and groups.type_of(group).per_session:
            from bridge.world.groups import live_rooms

            return [facts.device(name) for name in live_rooms.devices_of(world, group.group_id, (user_id,))]
    return [facts.user(user_id)]


def arrived(world: World, row: Conversation, message: Message) -> Conversation:
    """Return a receiver's conversation as it is after a message that arrives: unread, with who is mentioned, and raised."""
    changes: dict[str, Any] = {}
    if counting.counts(world, row.user_id, message):
        changes["unread"] = row.unread + 1
    kind = mention_of(message, row.user_id) if message.at_users else 0
    if kind and row.is_group:  # a one-to-one chat has none (native group header)
        changes["at_infos"] = (*row.at_infos, AtInfo(message.seq, kind))
    return raised(row, message, **changes)


def raised(row: Conversation, message: Message, **changes: Any) -> Conversation:
    """
    Return a conversation as it is after a message: in the list and on top, unless the message is not to be its last one.

    Args:
        changes: what else becomes of it.
    """
    if not message.excluded_from_last:
        changes["last_message"] = message.msg_id
    elif row.listed:
        return evolve(row, **changes)
    return evolve(row, listed=row.listed or not row.is_topic, active_order=message.order, **changes)


def mention_of(message: Message, user_id: str) -> int:
    """Return how a message mentions a user: 0 not, 1 by name, 2 as everybody, 3 both."""
    return (user_id in message.at_users) + 2 * (AT_ALL in message.at_users)


def _tell(world: World, to: facts.Audience, message: Message) -> None:
    """State that a message has come, and in the words of the old listener as well if it is a text or custom message."""
    if _is_heard(world, to, message):
        world.state("message_received", to, message=message)
    first = message.elems[0]
    if first.kind not in ("text", "custom"):
        return
    msg_id, sender = message.msg_id, message.sender
    if message.channel[0] == "c2c":
        if first.kind == "text":
            world.state("c2c_text_message_received", to, msg_id=msg_id, sender=sender, text=first.text or "")
        else:
            world.state("c2c_custom_message_received", to, msg_id=msg_id, sender=sender, custom_data=first.data or "")
        return
    group_id = message.channel[1]
    member = groups.member(world, group_id, sender) or groups.Member(group_id, sender)
    if first.kind == "text":
        text = first.text or ""
        world.state("group_text_message_received", to, group_id=group_id, msg_id=msg_id, sender=member, text=text)
    else:
        data = first.data or ""
        world.state("group_custom_message_received", to, group_id=group_id, msg_id=msg_id, sender=member, custom_data=data)


def _is_heard(world: World, to: facts.Audience, message: Message) -> bool:
    """Let the adapter of a device keep a message; return whether it then tells its app."""
    if to.only is None or "kept_media" not in world.tables:
        return True
    from bridge.world.chats import live_media

    return live_media.heard(world, to, message)


def next_seq(world: World, group_id: str, opens: bool = True) -> int:
    """Give the next message of a group or topic its number. A first message opens the group; what the service says does not."""
    table = world[groups.GROUPS]
    group = table.get(group_id)
    if group is None:
        return world.next_number(f"seq:{group_id}")
    seq = group.last_seq + 1
    table.put(group_id, evolve(group, last_seq=seq, last_message_ms=world.now_ms, opened=group.opened or opens))
    return seq
