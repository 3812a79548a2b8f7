"""
Sending: from a created message to everybody's conversations.

`send` goes through the checks of the service, stores the message and tells, in this order: the sending device's conversation with the message
still on its way (before the reply), then after the reply the same with the message sent, the sender's other devices, and each
receiver: message, conversation, unread sums (conversation semantics, typical event sequences).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from attrs import evolve

from bridge.errors import ChatError
from bridge.world import codes, conversations, devices, facts, groups, messages, unread, users
from bridge.world.conversations import AtInfo, Conversation
from bridge.world.devices import Device
from bridge.world.messages import Channel, Message
from bridge.world.world import World

AT_ALL = "__kImSDK_MesssageAtALL__"
MAX_MENTIONS = 30
MAX_BYTES = 12 * 1024
SYSTEM = "@TIM#SYSTEM"
"""Sender of what the service itself says in a group."""


class SendRefused(ChatError):
    """The service has refused a message. `message` is what stays at the sender: status failed."""

    def __init__(self, refusal: ChatError, message: Message) -> None:
        super().__init__(refusal.code, refusal.desc)
        self.message = message


def create(world: World, device: Device, user_id: str, message: Message) -> messages.CreatedMessage:
    """Keep a message under a new local id on a device until it is sent."""
    number = world.next_number("local_id")
    if device.platform == "ios":
        stamp = world.now_ms
    else:
        stamp = world.now_ms * 1_000_000 + number
    local_id = f"{stamp}{world.letters(number)}"
    created = messages.CreatedMessage(device.device_id, local_id, evolve(message, sender=user_id))
    world[messages.CREATED_MESSAGES].put((device.device_id, local_id), created)
    return created


def blank(world: World, *elems: messages.Elem, **attributes: object) -> Message:
    """Return a message that has been created and not sent: no id, no place yet."""
    return Message("", 0, ("c2c", "", ""), "", world.now_ms, elems, status=messages.SENDING, **attributes)  # type: ignore[arg-type]


def send(world: World, device: Device, user_id: str, message: Message, receiver: str = "", group_id: str = "") -> Message:
    """
    Send a message.

    Args:
        message: elements and options; ids, times and status are set here.
        receiver: the user it goes to; with `group_id` as well, the one member it is meant for.
        group_id: the group or topic it goes to.

    Returns: the message as sent.

    Raises: SendRefused with the failed message, which is in the sender's history.
    """
    channel: Channel = ("group", group_id) if group_id else messages.c2c_channel(user_id, receiver)
    if group_id and receiver:
        message = evolve(message, targets=(receiver,))
    stamped = _stamp(world, user_id, message, channel)
    return _dispatch(world, device, stamped, receiver, group_id)


def resend(world: World, device: Device, message: Message, online_only: bool = False) -> Message:
    """Send a failed message once more; it keeps its id, and moves to the end of the history. Raises: as `send`."""
    again = evolve(
        message,
        order=world.next_number("order"),
        time_ms=world.now_ms,
        status=messages.SENDING,
        owner=None,
        online_only=online_only,
    )
    world[messages.MESSAGES].drop(message.msg_id)
    is_group = message.channel[0] == "group"
    receiver = "" if is_group else messages.peer_of(message.sender, message.channel)
    return _dispatch(world, device, again, receiver, message.channel[1] if is_group else "")


def stamp_id(world: World, user_id: str, random: int) -> str:
    """Return a message id: the sender's internal number, the time in seconds, a random number."""
    number = 0
    for char in user_id:
        number = (number * 131 + ord(char)) % 1_000_000_000_000
    return f"144115{number:012d}-{world.now_s}-{random}"


def _stamp(world: World, user_id: str, message: Message, channel: Channel) -> Message:
    order = world.next_number("order")
    random = world.random32(order)
    return evolve(
        message,
        msg_id=stamp_id(world, user_id, random),
        order=order,
        channel=channel,
        sender=user_id,
        random=random,
        time_ms=world.now_ms,
        status=messages.SENDING,
    )


def _dispatch(world: World, device: Device, message: Message, receiver: str, group_id: str) -> Message:
    try:
        check(world, message, receiver, group_id)
    except ChatError as refusal:
        raise SendRefused(refusal, _fail(world, device, message, receiver, group_id)) from None
    user_id = message.sender
    if receiver and not group_id and _is_blocked(world, receiver, user_id):
        message = evolve(message, owner=user_id)  # the sender sees success, nothing arrives (product docs: blacklist)
    if message.online_only:
        sent = evolve(message, status=messages.SENT)
        world[messages.MESSAGES].put(sent.msg_id, sent)
        _deliver(world, device, sent, group_id)
        return sent
    world[messages.MESSAGES].put(message.msg_id, message)
    was_listed, row = _raise_senders(world, message)
    announce_sender = facts.device(device.device_id)
    conversations.announce(world, announce_sender, [row], new=not was_listed, before_reply=True)
    sent = evolve(message, status=messages.SENT, seq=_next_seq(world, message))
    if group_id:
        sent = evolve(sent, members_then=len(groups.member_ids(world, group_id.partition("@TOPIC#")[0])))
    world[messages.MESSAGES].put(sent.msg_id, sent)
    if not message.excluded_from_last:
        conversations.announce(world, announce_sender, [row])
    elsewhere = facts.user(user_id, without=device.device_id)
    world.state("message_received", elsewhere, message=sent)
    conversations.announce(world, elsewhere, [row], new=not was_listed)
    _deliver(world, device, sent, group_id)
    return sent


def check(world: World, message: Message, receiver: str, group_id: str) -> None:
    """
    Go through what the service checks before it takes a message.

    Raises: ChatError with the first that applies; see message semantics, "checks at send".
    """
    if not receiver and not group_id:
        raise ChatError(codes.INVALID_MESSAGE_RECEIVER)
    if size_bytes(message) > MAX_BYTES:
        raise ChatError(codes.MESSAGE_SIZE_LIMIT)
    for extra in CHECKS:
        extra(world, message, receiver, group_id)
    if group_id:
        _check_group(world, message, group_id)
        return
    if users.find(world, receiver) is None:
        raise ChatError(codes.MESSAGE_INVALID_ACCOUNT)
    from bridge.world import relations

    relations.check_send(world, message.sender, receiver)


CHECKS: tuple[Callable[[World, Message, str, str], None], ...] = ()


def _check_group(world: World, message: Message, group_id: str) -> None:
    group = groups.require(world, group_id.partition("@TOPIC#")[0])
    member = groups.member(world, group.group_id, message.sender)
    if member is None:
        raise ChatError(codes.GROUP_PERMISSION_DENIED)
    if member.muted_until_ms > world.now_ms or (group.all_muted and member.role < groups.ADMIN):
        raise ChatError(codes.GROUP_MUTED)
    if group.permission_groups_on or group_id != group.group_id:
        from bridge.world import communities

        communities.check_send(world, group, message.sender, group_id)
    if len(message.at_users) > MAX_MENTIONS:
        raise ChatError(codes.GROUP_MENTION_LIMIT)


def size_bytes(message: Message) -> int:
    """Return how much of the size limit the texts of a message take."""
    return sum(
        len(value.encode("utf-8", "surrogatepass"))
        for elem in message.elems
        for value in elem.data.values()
        if isinstance(value, str)
    )


def _fail(world: World, device: Device, message: Message, receiver: str, group_id: str) -> Message:
    """Keep a message that was refused at its sender: status failed, in the history, raised in the list."""
    failed = evolve(message, status=messages.FAILED, owner=message.sender)
    if message.online_only or not (receiver or group_id):
        return failed
    world[messages.MESSAGES].put(failed.msg_id, failed)
    was_listed, row = _raise_senders(world, failed)
    conversations.announce(world, facts.device(device.device_id), [row], new=not was_listed)
    return failed


def _raise_senders(world: World, message: Message) -> tuple[bool, Conversation]:
    """Move the sender's conversation to the top. Returns whether it was listed before, and the row."""
    user_id = message.sender
    row = conversations.get(world, user_id, messages.conversation_id_of(user_id, message.channel))
    return row.listed, conversations.save(world, _raised(row, message))


def _raised(row: Conversation, message: Message) -> Conversation:
    listed = row.listed or not row.is_topic
    if message.excluded_from_last:
        return row if row.listed else evolve(row, listed=listed, active_order=message.order)
    return evolve(row, listed=listed, active_order=message.order, last_message=message.msg_id)


def _next_seq(world: World, message: Message) -> int:
    """Return the number of a message: counted by the group, made by the client in a one-to-one chat."""
    if message.channel[0] == "c2c":
        return message.random % 100_000_000
    return next_group_seq(world, message.channel[1])


def next_group_seq(world: World, group_id: str) -> int:
    """Give the next message of a group or topic its number."""
    table = world[groups.GROUPS]
    group = table.get(group_id)
    if group is None:
        return world.next_number(f"seq:{group_id}")
    group = evolve(group, last_seq=group.last_seq + 1, last_message_ms=world.now_ms, opened=True)
    table.put(group_id, group)
    return group.last_seq


def _deliver(world: World, device: Device, message: Message, group_id: str) -> None:
    if group_id:
        for user_id in _receivers(world, message, group_id.partition("@TOPIC#")[0]):
            deliver_to(world, user_id, message)
        return
    receiver = messages.peer_of(message.sender, message.channel)
    if receiver != message.sender and message.owner is None:
        deliver_to(world, receiver, message)


def _is_blocked(world: World, receiver: str, sender: str) -> bool:
    from bridge.world import relations

    return relations.is_blocked(world, receiver, sender)


def _receivers(world: World, message: Message, group_id: str) -> list[str]:
    members = groups.member_ids(world, group_id)
    return [m for m in members if m != message.sender and (message.targets is None or m in message.targets)]


def deliver_to(world: World, user_id: str, message: Message) -> None:
    """
    Bring a message to one receiver.

    States message_received, conversation_created or conversation_changed, and unread sums, to the receiver's devices. A receiver who is not there finds the message in
    the history, unless it is for those who are online only. With receive option 1 nothing arrives.
    """
    conversation_id = messages.conversation_id_of(user_id, message.channel)
    row = conversations.get(world, user_id, conversation_id)
    to = facts.user(user_id)
    kind = mention_of(message, user_id)
    if row.recv_opt == 1 or (row.recv_opt == 4 and not kind):
        return
    if message.online_only:
        if devices.is_reachable(world, user_id):
            world.state("message_received", to, message=message)
        return
    was_listed = row.listed
    row = _raised(row, message)
    if unread.counts(world, user_id, row, message):
        row = evolve(row, unread=row.unread + 1)
    if kind:
        row = evolve(row, at_infos=(*row.at_infos, AtInfo(message.seq, kind)))
    conversations.save(world, row)
    world.state("message_received", to, message=message)
    if not message.excluded_from_last or not was_listed or row.unread:
        conversations.announce(world, to, [row], new=not was_listed)
    unread.tell(world, user_id)


def mention_of(message: Message, user_id: str) -> int:
    """Return how a message mentions a user: 0 not, 1 by name, 2 as everybody, 3 both."""
    return (user_id in message.at_users) + 2 * (AT_ALL in message.at_users)


# --- what the service says in a group


def post_tips(
    world: World,
    group_id: str,
    data: dict[str, Any],
    receivers: Iterable[str] | None = None,
    stored: bool = True,
    quiet: bool = False,
) -> Message:
    """
    Have the service say in a group that something has happened there.

    States message_received to every receiver's devices, the actor's too, and conversation_created or conversation_changed. It raises nobody's unread count.

    Args:
        data: fields of the element, as dialects/maps/messages.tips_elem reads them (type, op_member, members, changes…); "group_id" is added.
        receivers: who hears it; None for all members as they are now.
        stored: false for what is told live only; a group whose type keeps no history stores nothing anyway. Only what is stored takes a number.
        quiet: true where the group does not show in a member's list yet (a Work group before its first message).

    Returns: the message, status sent.
    """
    group = world[groups.GROUPS].rows.get(group_id)
    kept = stored and (group is None or groups.type_of(group).stores)
    order = world.next_number("order")
    random = world.random32(order)
    tips = Message(
        msg_id=stamp_id(world, SYSTEM, random),
        order=order,
        channel=("group", group_id),
        sender=SYSTEM,
        time_ms=world.now_ms,
        elems=(messages.Elem("tips", {**data, "group_id": group_id}),),
        seq=_next_tips_seq(world, group_id) if kept else 0,
        random=random,
    )
    if kept:
        world[messages.MESSAGES].put(tips.msg_id, tips)
    for user_id in groups.member_ids(world, group_id) if receivers is None else receivers:
        _tell_tips(world, user_id, tips, kept, quiet)
    return tips


def _next_tips_seq(world: World, group_id: str) -> int:
    """Give tips their number; unlike a first message they do not open the group."""
    table = world[groups.GROUPS]
    group = table.get(group_id)
    if group is None:
        return world.next_number(f"seq:{group_id}")
    table.put(group_id, evolve(group, last_seq=group.last_seq + 1, last_message_ms=world.now_ms))
    return group.last_seq + 1


def _tell_tips(world: World, user_id: str, tips: Message, kept: bool, quiet: bool) -> None:
    row = conversations.get(world, user_id, messages.conversation_id_of(user_id, tips.channel))
    if row.recv_opt in (1, 4):
        return
    to = facts.user(user_id)
    shows = kept and (row.listed or not quiet)
    if shows:
        was_listed = row.listed
        row = conversations.save(world, _raised(row, tips))
    world.state("message_received", to, message=tips)
    if shows:
        conversations.announce(world, to, [row], new=not was_listed)
