"""Revoking: a message stays in its place and shows that it was taken back, and by whom."""

from __future__ import annotations

from bridge.errors import ChatError
from bridge.world.chats import conversation_list, conversations, counting, messages, unread, visibility
from bridge.world.chats.conversations import Conversation
from bridge.world.chats.messages import Message
from bridge.world.groups import communities, groups
from bridge.world.kernel import codes, facts
from bridge.world.kernel.devices import Device
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.world import World


def revoke(world: World, device: Device, user_id: str, message: Message) -> None:
    """
    Take a message back for all who have it.

    States message_revoked and conversation_changed to all parties; on old clients the device that revokes does not hear the
    first. Where it was unread, the count falls; a note of a mention goes.

    Raises: ChatError 20023 (revoked already), 20022 or 10030 (never sent, or somebody else's in a one-to-one chat), 10032 (what
        the service says), 10041 (switched off for groups), 10007 (another's, without being an administrator), 20016 or 10031 (too late).
    """
    is_group = message.channel[0] == "group"
    _check(world, user_id, message, is_group)
    parties = visibility.parties(world, message)
    rows = [_row_if_unread(world, party, message) for party in parties]
    revoked = evolve(message, status=messages.REVOKED, revoker=user_id)
    world[messages.MESSAGES].put(message.msg_id, revoked)
    for party, row in zip(parties, rows, strict=True):
        quiet = device.device_id if party == user_id and not device.client.tells_revoker else None
        _tell(world, facts.user(party, without=quiet), revoked)
        _settle(world, party, revoked, row)


def _check(world: World, user_id: str, message: Message, is_group: bool) -> None:
    unknown = codes.GROUP_REVOKE_MESSAGE_NOT_FOUND if is_group else codes.REVOKE_MESSAGE_NOT_FOUND
    if message.status == messages.REVOKED:
        raise ChatError(codes.MESSAGE_ALREADY_REVOKED)
    if message.status != messages.SENT:
        raise ChatError(unknown)
    if message.elems[0].kind == "tips":
        raise ChatError(codes.GROUP_REVOKE_DENIED)
    if is_group:
        _check_group(world, user_id, message)
    elif message.sender != user_id:
        raise ChatError(unknown)
    if world.now_ms - message.time_ms > world.policy.switch("revoke_window_s") * 1000:
        raise ChatError(codes.GROUP_REVOKE_TIME_LIMIT if is_group else codes.REVOKE_TIME_LIMIT)


def _check_group(world: World, user_id: str, message: Message) -> None:
    if not world.policy.switch("group_revocation"):
        raise ChatError(codes.GROUP_REVOKE_SWITCHED_OFF)
    group = groups.require(world, communities.community_of(message.channel[1]))
    role = groups.role_of(world, group, user_id)
    if not role or (message.sender != user_id and not _may_revoke_others(world, group, user_id, message)):
        raise ChatError(codes.GROUP_PERMISSION_DENIED)


def _may_revoke_others(world: World, group: groups.Group, user_id: str, message: Message) -> bool:
    """Return whether a user may take back what others wrote: by role, or by a bit where permission groups are on (community header)."""
    if not group.permission_groups_on:
        return groups.role_of(world, group, user_id) >= groups.ADMIN
    topic_id = message.channel[1] if communities.is_topic(message.channel[1]) else ""
    return communities.may(world, group, user_id, "revoke", topic_id)


def _row_if_unread(world: World, user_id: str, message: Message) -> Conversation | None:
    """Return the conversation of a party in which the message still counts as unread, or None."""
    row = conversations.find(world, user_id, messages.conversation_id_of(user_id, message.channel))
    return row if row is not None and counting.is_unread(world, row, message) else None


def _tell(world: World, to: facts.Audience, message: Message) -> None:
    world.state(
        "message_revoked", to, msg_id=message.msg_id, operate_user=message.revoker, reason=message.revoke_reason
    )


def _settle(world: World, user_id: str, message: Message, counted: Conversation | None) -> None:
    """Bring a party's conversation in line: one unread less, no mention, the last message shown as revoked."""
    row = conversations.find(world, user_id, messages.conversation_id_of(user_id, message.channel))
    if row is None:
        return
    at_infos = tuple(info for info in row.at_infos if not message.seq or info.seq != message.seq)
    changed = evolve(row, unread=row.unread - (counted is not None), at_infos=at_infos)
    if changed != row:
        conversations.save(world, changed)
    views = conversation_list.views(world, conversation_list.recounted(world, changed))
    if changed != row or len(views) > 1 or row.last_message == message.msg_id:
        conversation_list.announce(world, facts.user(user_id), [changed], listed=True)
    unread.tell(world, user_id)
