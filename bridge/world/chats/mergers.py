"""Forwarding messages, one by one or many in one."""

from __future__ import annotations

from collections.abc import Iterable

from bridge.errors import ChatError
from bridge.world.chats import messages
from bridge.world.chats.elements import Element, Merger
from bridge.world.chats.messages import Message
from bridge.world.kernel import codes
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import TableSpec
from bridge.world.kernel.world import World

MAX_LAYERS = 100


@row_class
class Unpacked:
    """A message that a device has seen inside a merger; its adapter finds it by its id."""

    device_id: str
    msg_id: str


UNPACKED = TableSpec("unpacked_messages", Unpacked, ("device_id", "msg_id"), exported=False, is_local=True)


def forwarded(message: Message) -> tuple[Element, ...]:
    """
    Return the elements of a message that is sent on; its options and mentions stay behind.

    Raises: ChatError 6017 for one that was not sent, and for group tips (plugin 8.9 has the same checks and texts).
    """
    flaw = keeps_from_forwarding(message)
    if flaw is not None:
        raise ChatError(codes.INVALID_PARAMETERS, flaw)
    return message.elems


def keeps_from_forwarding(message: Message) -> str | None:
    """Return what keeps a message from being sent on, in the client's words, or None."""
    if message.status != messages.SENT:
        return "message status must be successful"
    return "group tips message is not support" if message.elems[0].kind == "tips" else None


def merge(merged: list[Message], title: str, abstracts: list[str], compatible_text: str) -> Merger:
    """
    Return one element that stands for many messages, oldest first; whether it can be sent, `checks.check_merger` says.

    Args:
        abstracts: the lines that a chat shows of them.
        compatible_text: what clients show that know no mergers.

    Raises: ChatError 6017 for a message that was not sent, and for group tips.
    """
    for message in merged:
        forwarded(message)
    layers = 1 + max((_layers(message) for message in merged), default=0)
    return Merger(
        title=title,
        abstracts=list(abstracts),
        compatible_text=compatible_text,
        msg_ids=[message.msg_id for message in sorted(merged, key=lambda m: m.order)],
        layers=layers,
        over_limit=True if layers > MAX_LAYERS else None,
    )


def _layers(message: Message) -> int:
    """Return how many mergers deep a message goes; 0 for one that is none."""
    first = message.elems[0]
    return int(1 if first.layers is None else first.layers) if isinstance(first, Merger) else 0


def contents(world: World, message: Message) -> list[Message]:
    """
    Return the messages that a merger stands for, oldest first, whoever was party to them.

    Raises: ChatError 8005 for one that is nested deeper than 100.
    """
    merger = message.elems[0]
    if not isinstance(merger, Merger):
        return []
    if merger.over_limit:
        raise ChatError(codes.MERGER_LAYERS_LIMIT)
    found = (messages.get(world, msg_id) for msg_id in merger.msg_ids or ())
    return [row for row in found if row is not None]


def keep(world: World, device_id: str, unpacked: Iterable[Message]) -> None:
    """Let a device find messages by their ids that it has seen inside a merger."""
    for message in unpacked:
        world[UNPACKED].put((device_id, message.msg_id), Unpacked(device_id, message.msg_id))


def keeps_any(world: World, device_id: str) -> bool:
    """Return whether a device has seen the inside of any merger."""
    return any(key[0] == device_id for key in world[UNPACKED].rows)


def kept(world: World, device_id: str, msg_id: str) -> Message | None:
    """Return a message that a device has seen inside a merger, or None."""
    return messages.get(world, msg_id) if (device_id, msg_id) in world[UNPACKED] else None
