"""
Sending: from a created message to everybody's conversations.

`send` goes through the checks of the service, stores the message and tells, in this order: the sending device's conversation
with the message still on its way and the progress of an upload (before the reply), then after the reply the same conversation with
the message sent, the sender's other devices, and each receiver (conversation semantics, typical event sequences).
"""

from __future__ import annotations

from typing import Any, TypeGuard

from bridge.errors import ChatError
from bridge.world.chats import conversation_list, conversations, delivery, messages, unread
from bridge.world.chats.checks import check as check
from bridge.world.chats.conversations import Conversation
from bridge.world.chats.elements import Element, Image, Media, Variant, Video, is_media
from bridge.world.chats.messages import Channel, Message
from bridge.world.groups import communities, groups
from bridge.world.kernel import devices, facts
from bridge.world.kernel.devices import Device
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.world import World

STEPS = (25, 50, 75, 100)
"""How far an upload is when it is told of, in percent."""


class SendRefused(ChatError):
    """The service has refused a message. `message` is what stays at the sender: status failed."""

    def __init__(self, refusal: ChatError, message: Message) -> None:
        super().__init__(refusal.code, refusal.desc)
        self.message = message


def create(world: World, device: Device, user_id: str, message: Message) -> messages.CreatedMessage:
    """Keep a message under a new local id on a device until it is sent."""
    local_id = _local_id(world, device, world.next_number("local_id"))
    created = messages.CreatedMessage(device.device_id, local_id, evolve(message, sender=user_id))
    world[messages.CREATED_MESSAGES].put((device.device_id, local_id), created)
    return created


def _local_id(world: World, device: Device, number: int) -> str:
    if device.client.has_random_local_ids:
        return "".join(world.letters(4 * number + part, 8) for part in range(4))
    stamp = world.now_ms if device.client.has_short_local_ids else world.now_ms * 1_000_000 + number
    return f"{stamp}{world.letters(number)}"


def blank(world: World, *elems: Element, **attributes: Any) -> Message:
    """Return a message that has been created and not sent: no id, no place yet."""
    return Message("", 0, ("c2c", "", ""), "", world.now_ms, elems, status=messages.SENDING, **attributes)


def send(
    world: World,
    device: Device,
    user_id: str,
    message: Message,
    receiver: str = "",
    group_id: str = "",
    local_id: str | None = None,
    given_id: str | None = None,
    **options: Any,
) -> Message:
    """
    Send a message.

    Args:
        message: the elements, and options; ids, times and status are set here.
        receiver: the user it goes to; with `group_id` as well, the one member it is meant for.
        group_id: the group or topic it goes to.
        local_id: the device's handle of it, shown while its files are uploaded; None for none.
        given_id: the id that the device has given it; None for a new one.
        options: attributes of `Message` that are set on the way.

    Returns: the message as sent.

    Raises: SendRefused with the failed message, which is in the sender's history.
    """
    channel = _channel(user_id, receiver, group_id)
    if group_id and receiver:
        options["targets"] = (receiver,)
    order = world.next_number("order")
    msg_id, random = messages.id_of(world, user_id, order, given_id)
    stamped = evolve(
        message,
        msg_id=msg_id,
        order=order,
        channel=channel,
        sender=user_id,
        random=random,
        time_ms=world.now_ms,
        status=messages.SENDING,
        **options,
    )
    return _dispatch(world, device, stamped, receiver, group_id, local_id)


def _channel(user_id: str, receiver: str, group_id: str) -> Channel:
    return ("group", group_id) if group_id else messages.c2c_channel(user_id, receiver)


def refused(
    world: World, user_id: str, message: Message, receiver: str, group_id: str, given_id: str | None = None
) -> Message:
    """Return a message as a client shows it that would not send it and has given it an id all the same: failed, and kept nowhere."""
    msg_id, random = messages.id_of(world, user_id, world.next_number("order"), given_id)
    return evolve(
        message,
        msg_id=msg_id,
        channel=_channel(user_id, receiver, group_id),
        sender=user_id,
        random=random,
        status=messages.FAILED,
    )


def unsent(message: Message, **options: Any) -> Message:
    """Return a message as it is when the client did not even try to send it: failed, without an id or a place."""
    return evolve(message, status=messages.FAILED, **options)


def resend(world: World, device: Device, message: Message, online_only: bool = False) -> Message:
    """Send a failed message once more; it keeps its id, and moves to the end of the history. Raises: as `send`."""
    user_id = message.sender
    again = evolve(
        message,
        order=world.next_number("order"),
        time_ms=world.now_ms,
        status=messages.SENDING,
        owner=None,
        install=None,
        online_only=online_only,
    )
    world[messages.MESSAGES].drop(message.msg_id)
    if message.channel[0] == "group":
        sent = _dispatch(world, device, again, "", message.channel[1], None)
    else:
        sent = _dispatch(world, device, again, messages.peer_of(user_id, message.channel), "", None)
    if online_only:
        row = conversations.get(world, user_id, messages.conversation_id_of(user_id, message.channel))
        conversation_list.announce(world, facts.device(device.device_id), [row], listed=True)
    return sent


def _dispatch(
    world: World, device: Device, message: Message, receiver: str, group_id: str, local_id: str | None
) -> Message:
    try:
        check(world, message, receiver, group_id, device)
    except ChatError as refusal:
        raise SendRefused(refusal, _fail(world, device, message, receiver, group_id)) from None
    if message.online_only or not _is_stored(world, group_id):
        elems = _tell_upload(world, device, message, local_id)
        sent = evolve(message, status=messages.SENT, owner=_only_owner(world, message), elems=elems)
        if sent.owner is None:
            delivery.deliver(world, sent, group_id, stored=False)
        return sent
    message = _with_own_data_kept(world, device, message)
    table = world[messages.MESSAGES]
    table.put(message.msg_id, message)
    was_listed, row = _raise_senders(world, message)
    here = facts.device(device.device_id)
    conversation_list.announce(world, here, [row], new=not was_listed, before_reply=True)
    sent = _accepted(world, message, group_id, _tell_upload(world, device, message, local_id))
    table.put(sent.msg_id, sent)
    raised = row
    if group_id and unread.is_any_unread(world, row):
        row = _read_elsewhere(world, device, row, sent)
    if not message.excluded_from_last or row is not raised:
        conversation_list.announce(world, here, [row])
    if world[devices.DEVICES].index("user").count(message.sender) > 1:
        elsewhere = facts.user(message.sender, without=device.device_id)
        world.state("message_received", elsewhere, message=sent)
        conversation_list.announce(world, elsewhere, [row], new=not was_listed)
    if sent.owner is None:
        delivery.deliver(world, sent, group_id, stored=True)
    return sent


def _with_own_data_kept(world: World, device: Device, message: Message) -> Message:
    """Let the sending app alone have what it put beside a message for itself; return the message without."""
    if not message.local_custom_data:
        return message
    from bridge.world.chats import own_marks

    return own_marks.settle(world, message.sender, device.install, message)


def _is_stored(world: World, group_id: str) -> bool:
    """Return whether what is sent to a group stays in the history."""
    if not group_id:
        return True
    group = groups.find(world, group_id)
    return group is None or groups.type_of(group).stores


def _accepted(world: World, message: Message, group_id: str, elems: tuple[Element, ...]) -> Message:
    """Return a message as the service has taken it: sent, with its number."""
    if group_id:
        community_id = communities.community_of(group_id)
        group = groups.find(world, community_id)
        wants = message.needs_receipt and group is not None and "receipts" in groups.type_of(group).features
        members = groups.member_count(world, community_id) if wants else 0
        return evolve(
            message,
            status=messages.SENT,
            seq=delivery.next_seq(world, group_id),
            needs_receipt=wants,
            members_then=members,
            owner=_only_owner(world, message),
            elems=elems,
        )
    seq = message.random % 100_000_000  # made by the client in a one-to-one chat
    return evolve(message, status=messages.SENT, seq=seq, owner=_only_owner(world, message), elems=elems)


def _only_owner(world: World, message: Message) -> str | None:
    """
    Return the sender if nothing arrives though they see success: the receiver has blocked them (product docs: blacklist), or the
    app's backend drops what is sent in silence (switch "webhook_drops": some of "c2c" and "group"), or a live room too much at once.
    """
    if message.channel[0] in world.policy.switch("webhook_drops"):
        return message.sender
    if message.channel[0] == "group":
        return message.sender if _is_dropped(world, message) else None
    from bridge.world.people import relations

    receiver = messages.peer_of(message.sender, message.channel)
    return message.sender if relations.is_blocked(world, receiver, message.sender) else None


def _is_dropped(world: World, message: Message) -> bool:
    """Return whether a message is one too many in a live room: nobody gets it, and the sender sees success (product docs: group system)."""
    if not world.policy.rate_limits:
        return False
    group = groups.find(world, message.channel[1])
    if group is None or not groups.type_of(group).per_session:
        return False
    from bridge.world.groups import live_rooms

    return live_rooms.is_too_much(world, group.group_id, message.priority)


def _tell_upload(world: World, device: Device, message: Message, local_id: str | None) -> tuple[Element, ...]:
    """
    State message_send_progressed to the sending device for each step of an upload, before the reply.

    What is forwarded is on the server already, and need not be on the device.

    Returns: the elements as they are once their files are on the server.
    """
    elems = message.elems
    if not any(map(is_to_upload, elems)):
        return elems
    elems = tuple(measured(world, elem) if is_to_upload(elem) else elem for elem in elems)
    to = facts.device(device.device_id)
    for step in STEPS:
        shown = messages.Handled(message, local_id, step, uploading=True)
        world.state("message_send_progressed", to, before_reply=True, message=shown, progress=step)
    return tuple(uploaded(elem, message) if is_to_upload(elem) else elem for elem in elems)


def is_to_upload(elem: Element) -> TypeGuard[Media]:
    """Return whether an element has files that are not on the server. Apps of the native library say so by an empty id, or list."""
    return is_media(elem) and not (elem.images if isinstance(elem, Image) else elem.uuid)


def measured(world: World, elem: Media) -> Media:
    """Return a media element with the sizes of its files, where the world may look at them."""
    size = world.files.size(elem.path or "")
    snapshot = world.files.size(elem.snapshot_path or "") if isinstance(elem, Video) else 0
    if not size and not snapshot:
        return elem
    return elem._replace(size=size, snapshot_size=snapshot) if isinstance(elem, Video) else elem._replace(size=size)


def uploaded(elem: Media, message: Message) -> Media:
    """Return a media element with the ids that the service gives its files. An image has three variants: original, thumbnail, large."""
    stem = f"{message.random:08x}-{message.order:x}"
    if isinstance(elem, Image):
        return elem._replace(images=[Variant(f"{stem}-{kind}", kind, elem.size or 0) for kind in (0, 1, 2)])
    if isinstance(elem, Video):
        return elem._replace(uuid=stem, snapshot_uuid=f"{stem}-snapshot")
    return elem._replace(uuid=stem)


def _read_elsewhere(world: World, device: Device, row: Conversation, sent: Message) -> Conversation:
    """Read a group in which the user has written while other devices are on: it was evidently open (release notes of 5.8)."""
    others = [one for one in devices.seen_of_user(world, row.user_id) if one.device_id != device.device_id]
    if not others:
        return row
    read = evolve(row, unread=0, at_infos=(), read_seq=max(row.read_seq, sent.seq))
    conversation_list.recounted(world, conversations.save(world, read))
    unread.tell(world, row.user_id)
    return read


def _fail(world: World, device: Device, message: Message, receiver: str, group_id: str) -> Message:
    """Keep a message that was refused on the device that sent it, and there alone: status failed, in the history, raised in the list."""
    failed = evolve(message, status=messages.FAILED, owner=message.sender)
    if message.online_only or not (receiver or group_id):
        return failed
    from bridge.world.chats import local_copies

    user_id = message.sender
    failed = evolve(_with_own_data_kept(world, device, failed), install=device.install)
    world[messages.MESSAGES].put(failed.msg_id, failed)
    conversation_id = messages.conversation_id_of(user_id, message.channel)
    row = conversations.get(world, user_id, conversation_id)
    conversation_list.announce_own(world, device, row, new=local_copies.add(world, device, row, failed))
    return failed


def _raise_senders(world: World, message: Message) -> tuple[bool, Conversation]:
    """Move the sender's conversation to the top. Returns whether it was listed before, and the row."""
    user_id = message.sender
    row = conversations.get(world, user_id, messages.conversation_id_of(user_id, message.channel))
    return row.listed, conversations.save(world, delivery.raised(row, message))
