"""
What client and service check before they take a message.

The order is that of message semantics, "checks at send": sizes first, which the client sees itself, then the network, then
sender and receiver, then the group, then the contents.
"""

from __future__ import annotations

from bridge.errors import ChatError
from bridge.world.chats import elements, messages
from bridge.world.chats.messages import Message
from bridge.world.groups import communities, groups
from bridge.world.kernel import codes, sensitive_words
from bridge.world.kernel.devices import Device
from bridge.world.kernel.texts import bytes_of
from bridge.world.kernel.world import World
from bridge.world.people import users

AT_ALL = "__kImSDK_MesssageAtALL__"
MAX_MENTIONS = 30
MAX_TARGETS = 50
MAX_BYTES = 12 * 1024
MAX_PER_SECOND = 40
MAX_MERGED, MAX_ABSTRACTS, MAX_ABSTRACT_LETTERS = 300, 5, 100
MAX_FILE_BYTES = {"image": 28 << 20, "sound": 28 << 20, "video": 100 << 20, "file": 100 << 20}

# by group type: what a message there cannot do (product docs: FAQ on mentions; message pages: targeted messages)
NO_MENTIONS = ("AVChatRoom",)
NO_MENTION_OF_ALL = ("Community",)
NO_TARGETS = ("AVChatRoom", "Community")


def check(world: World, message: Message, receiver: str, group_id: str, device: Device | None = None) -> None:
    """
    Go through all that can keep a message from being sent, from a device or by the service for a user.

    Raises: ChatError with the first that applies.
        Anywhere: 6032 (no receiver), 6017 (an empty text, too many targets), 8001 (over 12 KB of text), 7005 (a file that is
        too large), 9508 (no network), 20012 (the sender is muted everywhere), what the app's own backend says, 80001 (a sensitive
        word), 80004 (an image whose file's name has one).
        To a user: 20003 (no account), 20007 and 20009 to 20011 (see relations.check_send).
        To a group: 10010, 10015 (no such group), 10007 (not in it), 10017 (muted), 10023 (over 40 a second, with rate
        limits), 10053 (over 30 mentions), 10004 (what the type does not have).
    """
    world.consent()
    if not receiver and not group_id:
        raise ChatError(codes.INVALID_MESSAGE_RECEIVER)
    _check_elements(message)
    if device is not None and not device.connected:
        raise ChatError(codes.NETWORK_DISCONNECTED)
    if message.sender in world.policy.switch("muted_accounts"):
        raise ChatError(codes.SENDER_MUTED)
    if group_id:
        _check_group(world, message, group_id)
    else:
        _check_user(world, message, receiver)
    _check_contents(world, message, group_id)


def check_merger(elem: elements.Merger) -> None:
    """Raise ChatError 6017 where a merger has over 300 messages, an abstract over five lines of 100 letters, or no text for old clients."""
    lines = elem.abstracts or ()
    too_long = len(lines) > MAX_ABSTRACTS or any(len(line) > MAX_ABSTRACT_LETTERS for line in lines)
    if too_long or len(elem.msg_ids or ()) > MAX_MERGED or not elem.compatible_text:
        raise ChatError(codes.INVALID_PARAMETERS)


def _check_elements(message: Message) -> None:
    size = 0
    for elem in message.elems:
        if isinstance(elem, elements.Nothing):
            raise ChatError(codes.INVALID_PARAMETERS)
        if isinstance(elem, elements.Merger):
            check_merger(elem)
        size += sum(bytes_of(text) for text in elements.texts(elem))
        if elem.kind == "text" and not elem.text:
            raise ChatError(codes.INVALID_PARAMETERS)
        if elements.is_media(elem) and (elem.size or 0) > MAX_FILE_BYTES[elem.kind]:
            raise ChatError(codes.FILE_TOO_LARGE)
    if size > MAX_BYTES:
        raise ChatError(codes.MESSAGE_SIZE_LIMIT)


def _check_contents(world: World, message: Message, group_id: str) -> None:
    """Ask the app's own backend, which the switch "webhook_refuses" stands for ({"c2c": code, "group": code}), and look for words."""
    code = world.policy.switch("webhook_refuses").get("group" if group_id else "c2c", 0)
    if code:
        raise ChatError(code)
    if sensitive_words.has_sensitive(world, texts(message)):
        raise ChatError(codes.SENSITIVE_TEXT)
    if sensitive_words.has_sensitive(world, [elem.path for elem in message.elems if elem.kind == "image"]):
        raise ChatError(codes.SENSITIVE_IMAGE)


def texts(message: Message) -> list[str]:
    """Return what the content check reads of a message: what the app makes itself (custom elements) escapes it (native error header)."""
    found = []
    for elem in message.elems:
        if elem.kind == "text":
            found.append(elem.text or "")
    return found


def _check_user(world: World, message: Message, receiver: str) -> None:
    if users.find(world, receiver) is None:
        raise ChatError(codes.MESSAGE_INVALID_ACCOUNT)
    from bridge.world.people import relations

    relations.check_send(world, message.sender, receiver)


def _check_group(world: World, message: Message, group_id: str) -> None:
    group = groups.require(world, communities.community_of(group_id))
    role = groups.role_of(world, group, message.sender)
    if not role:
        raise ChatError(codes.GROUP_PERMISSION_DENIED)
    member = groups.member(world, group.group_id, message.sender)
    is_muted = member is not None and member.muted_until_ms > world.now_ms
    if is_muted or (group.all_muted and role < groups.ADMIN and not group.permission_groups_on):
        raise ChatError(codes.GROUP_MUTED)
    if group.permission_groups_on or group_id != group.group_id:
        communities.check_send(world, group, message.sender, group_id)
    if world.policy.rate_limits and _sent_last_second(world, group_id) >= MAX_PER_SECOND:
        raise ChatError(codes.GROUP_MESSAGE_FREQUENCY_LIMIT)
    if message.at_users or message.targets is not None:
        _check_named(message, group.group_type, _may_mention_all(world, group, message.sender, group_id))


def _may_mention_all(world: World, group: groups.Group, user_id: str, group_id: str) -> bool:
    """Return whether everybody may be mentioned: not in a type without it, unless permission groups allow it (community header)."""
    if group.group_type not in NO_MENTION_OF_ALL:
        return True
    topic_id = "" if group_id == group.group_id else group_id
    return group.permission_groups_on and communities.may(world, group, user_id, "mention_all", topic_id)


def _check_named(message: Message, group_type: str, may_mention_all: bool) -> None:
    """Check whom a group message mentions, and whom it is meant for."""
    mentioned = message.at_users
    if mentioned and group_type in NO_MENTIONS:
        raise ChatError(codes.GROUP_INVALID_PARAMETERS)
    if AT_ALL in mentioned and not may_mention_all:
        raise ChatError(codes.GROUP_INVALID_PARAMETERS, "this group type does not support @all (not support @all)")
    if len(mentioned) > MAX_MENTIONS:
        raise ChatError(codes.GROUP_MENTION_LIMIT)
    if message.targets is None:
        return
    if group_type in NO_TARGETS or mentioned:
        raise ChatError(codes.GROUP_INVALID_PARAMETERS)
    if not 1 <= len(message.targets) <= MAX_TARGETS:
        raise ChatError(codes.INVALID_PARAMETERS)


def _sent_last_second(world: World, group_id: str) -> int:
    table = world[messages.MESSAGES]
    count = 0
    for msg_id in table.index("channel").older(("group", group_id)):
        message = table[msg_id]
        if message.time_ms <= world.now_ms - 1000 or count == MAX_PER_SECOND:
            break
        count += message.install is None  # what has failed, or was put in locally, the service has not
    return count
