"""
Pushes: what the service would have put on the screens of those who are away.

Nothing leaves the world. Each push is a row, for tests to look at.
"""

from __future__ import annotations

from typing import Any

from bridge.world.chats import receive_options
from bridge.world.chats.conversations import Conversation
from bridge.world.chats.messages import Message
from bridge.world.groups import groups
from bridge.world.kernel import devices, receiving
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import Groups, TableSpec
from bridge.world.kernel.world import World
from bridge.world.people import friends, push_tokens
from bridge.world.people.push_tokens import CALLS, MESSAGES, PUSH_TOKENS, PushToken

VOIP = 1
"""The push type on iOS that goes to the token for calls (plugin 8.2: iOSPushType)."""

SHOWN = {
    "image": "[Image]",
    "sound": "[Voice]",
    "video": "[Video]",
    "file": "[File]",
    "location": "[Location]",
    "face": "[Emoji]",
    "merger": "[Chat history]",
}
"""What stands for a message without words where the sender gave no text (DECISIONS.md: Texts of pushes)."""


@row_class
class Push:
    """
    A push to one token.

    Attributes:
        number: counts up from 1.
        extra: what the tapped notification hands to the app.
        sound: the sender's choice for the platform; "" for the usual one.
        badge: the number on the app's icon from then on; None where pushes leave it alone.
    """

    number: int
    ms: int
    user_id: str
    install: str
    platform: str
    kind: str
    business_id: int
    token: str
    msg_id: str
    conversation_id: str
    title: str
    text: str
    extra: str
    sound: str
    badge: int | None


PUSHES = TableSpec("pushes", Push, ("number",), {"user": lambda: Groups(lambda p: p.user_id)}, exported=False)


def consider(world: World, user_id: str, row: Conversation, message: Message, is_mentioned: bool) -> None:
    """
    Push a stored message to a receiver who is away.

    Not pushed: to a user with a device that is online and in the foreground; what the sender switched off; custom messages
    without a text of their own for it; in a conversation that is not to notify, or only of mentions (push pages).
    """
    tokens = push_tokens.of_user(world, user_id)
    if not tokens or not is_due(world, user_id, row, message, is_mentioned):
        return
    info = message.push or {}
    kind = CALLS if info.get("ios_push_type") == VOIP and any(t.kind == CALLS for t in tokens) else MESSAGES
    for token in tokens:
        if token.kind == kind:
            _push(world, token, row, message, info)


def is_due(world: World, user_id: str, row: Conversation, message: Message, is_mentioned: bool) -> bool:
    """Return whether a receiver is to be told of a message by a push."""
    here = devices.seen_of_user(world, user_id)
    if any(device.connected and not device.in_background for device in here):
        return False
    if row.recv_opt in receiving.UNPUSHED or (row.recv_opt in receiving.PUSHED_IF_MENTIONED and not is_mentioned):
        return False
    if is_quiet(world, user_id) and not is_mentioned:
        return False
    info = message.push or {}
    return not info.get("disable_push") and (message.elems[0].kind != "custom" or bool(info.get("desc")))


def is_quiet(world: World, user_id: str) -> bool:
    """Return whether a user has asked not to be disturbed at this time."""
    if "all_receive_options" not in world.tables:
        return False
    return receive_options.is_quiet(world, user_id)


def _push(world: World, token: PushToken, row: Conversation, message: Message, info: dict[str, Any]) -> None:
    badge = None
    if token.has_badge and token.counts_badge:
        badge = token.badge if info.get("ignore_ios_badge") else token.badge + 1
        world[PUSH_TOKENS].put((token.user_id, token.install, token.kind), evolve(token, badge=badge))
    title, text = _shown(world, token.user_id, row, message)
    number = world.next_number("push")
    push = Push(
        number=number,
        ms=world.now_ms,
        user_id=token.user_id,
        install=token.install,
        platform=token.platform,
        kind=token.kind,
        business_id=token.business_id,
        token=token.token,
        msg_id=message.msg_id,
        conversation_id=row.conversation_id,
        title=info.get("title") or title,
        text=info.get("desc") or text,
        extra=info.get("ext") or "",
        sound=info.get("ios_sound" if token.has_badge else "android_sound") or "",
        badge=badge,
    )
    world[PUSHES].put(number, push)


def _shown(world: World, user_id: str, row: Conversation, message: Message) -> tuple[str, str]:
    """Return title and text of a push for which the sender gave none."""
    sender = friends.shown_name(world, user_id, message.sender)
    first = message.elems[0]
    text = first.text or "" if first.kind == "text" else SHOWN.get(first.kind, "")
    if not row.is_group:
        return sender, text
    group = world[groups.GROUPS].get(row.target)
    return (group.name or group.group_id if group is not None else row.target), f"{sender}: {text}"


def of_user(world: World, user_id: str | None = None) -> list[Push]:
    """Return the pushes to a user, or to everybody, the oldest first."""
    table = world[PUSHES]
    keys = sorted(table.rows) if user_id is None else table.index("user").of(user_id)
    return [table[key] for key in keys]
