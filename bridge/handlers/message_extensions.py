"""messageManager: extensions of messages."""

from __future__ import annotations

from bridge.errors import ChatError
from bridge.handlers import Caller
from bridge.world.chats import extensions as rules
from bridge.world.chats import visibility
from bridge.world.chats.extensions import Extension
from bridge.world.chats.messages import Message
from bridge.world.kernel import codes
from bridge.world.kernel.clients import Finding
from bridge.world.kernel.results import Item


def set_message_extensions(caller: Caller, msg_id: str, pairs: list[tuple[str, str]]) -> list[Item]:
    """Set extensions of a message."""
    return rules.put(caller.world, caller.device, caller.user, _suitable(caller, msg_id), pairs)


def get_message_extensions(caller: Caller, msg_id: str) -> list[Extension]:
    """Return the extensions of a message."""
    return rules.read(caller.world, caller.device, caller.user, _suitable(caller, msg_id))


def delete_message_extensions(caller: Caller, msg_id: str, keys: list[str] | None) -> list[Item]:
    """Take extensions off a message; no keys means all of them."""
    return rules.delete(caller.world, caller.device, caller.user, _suitable(caller, msg_id), keys or [])


def _suitable(caller: Caller, msg_id: str) -> Message:
    """Look a message up as the adapters do: it must be there, must have been sent, and sent so that it takes extensions."""
    message = visibility.held(caller.world, caller.user, msg_id, caller.device.install)
    if message is None:
        caller.found(Finding.UNKNOWN_MESSAGE)
        caller.unfound()
    if not rules.takes_some(message):
        caller.found(Finding.UNSUITABLE_MESSAGE)
        raise ChatError(codes.INVALID_PARAMETERS)
    return message
