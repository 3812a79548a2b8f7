"""messageManager: forwarding one message, merging many, and what is in a merger."""

from __future__ import annotations

from typing import Any

from bridge.handlers import Caller, Refusal
from bridge.handlers.message import create, send
from bridge.world.chats import history, live_media, mergers, messages, sending, visibility
from bridge.world.chats.checks import check_merger
from bridge.world.chats.elements import Element, Nothing
from bridge.world.chats.messages import CreatedMessage, Handled, Message
from bridge.world.kernel.clients import Finding


def looked_up(caller: Caller, msg_id: str) -> Message:
    """Return a message that the caller has, or that the adapter keeps, or refuse as the platform's adapter does."""
    message = kept(caller, msg_id) or visibility.held(caller.world, caller.user, msg_id, caller.device.install)
    if message is None:
        caller.found(Finding.UNKNOWN_MESSAGE)
        caller.unfound()
    return message


def kept(caller: Caller, msg_id: str) -> Message | None:
    """Return a message of a live room or a merger that the adapter keeps, where it looks for this call into what it keeps."""
    if not caller.habits.finds_kept:
        return None
    found = live_media.kept(caller.world, caller.device_id, msg_id)
    return found or mergers.kept(caller.world, caller.device_id, msg_id)


def _forwarded(caller: Caller, msg_id: str) -> tuple[Element, ...]:
    message = looked_up(caller, msg_id)
    if message.status != messages.SENT:
        caller.found(Finding.NOT_SENT)
    return mergers.forwarded(message)


def _to_merge(caller: Caller, msg_ids: list[str]) -> list[Message]:
    """Return those messages that are found; none at all is refused by most adapters."""
    found = history.find(caller.world, caller.device, caller.user, list(dict.fromkeys(msg_ids)))
    if not found:
        caller.found(Finding.UNKNOWN_MESSAGE)
        if not caller.habits.takes_none:
            caller.unfound()
    return found


def create_forward_message(caller: Caller, msg_id: str) -> CreatedMessage:
    """Create a message with the elements of another."""
    return create(caller, *_forwarded(caller, msg_id))


def create_merger_message(
    caller: Caller,
    msg_id_list: list[str],
    title: str | None,
    abstract_list: list[str] | None,
    compatible_text: str | None,
) -> CreatedMessage:
    """
    Create one message that stands for many.

    A native side without a way to a code leaves it to the send to refuse it; of messages that nobody can merge it has none.
    """
    found = _to_merge(caller, msg_id_list)
    if caller.habits.hides_refusals and any(map(mergers.keeps_from_forwarding, found)):
        return create(caller, Nothing())
    elem = mergers.merge(found, title or "", abstract_list or [], compatible_text or "")
    if not caller.habits.hides_refusals:
        check_merger(elem)
    return create(caller, elem)


def send_forward_message(
    caller: Caller, msg_id: str, receiver: str, group_id: str, options: dict[str, Any]
) -> Handled | Refusal:
    """Send the elements of another message."""
    message = sending.blank(caller.world, *_forwarded(caller, msg_id))
    return send(caller, message, receiver, group_id, **options)


def send_merger_message(
    caller: Caller,
    msg_id_list: list[str],
    title: str | None,
    abstract_list: list[str] | None,
    compatible_text: str | None,
    receiver: str,
    group_id: str,
    options: dict[str, Any],
) -> Handled | Refusal:
    """Send one message that stands for many."""
    elem = mergers.merge(_to_merge(caller, msg_id_list), title or "", abstract_list or [], compatible_text or "")
    return send(caller, sending.blank(caller.world, elem), receiver, group_id, **options)


def download_merger_message(caller: Caller, msg_id: str) -> list[Message]:
    """Return the messages that a merger stands for."""
    message = looked_up(caller, msg_id)
    if message.elems[0].kind != "merger":
        caller.found(Finding.NO_MERGER)
    contents = mergers.contents(caller.world, message)
    if caller.habits.keeps_contents:
        mergers.keep(caller.world, caller.device_id, contents)
    return contents
