"""messageManager: extensions of messages."""

from __future__ import annotations

from bridge.handlers.message import refuse_unfound
from bridge.handlers.registry import Caller, method
from bridge.world import extensions as rules
from bridge.world import messages
from bridge.world.extensions import Extension
from bridge.world.messages import Message
from bridge.world.results import Item


@method("setMessageExtensions")
def set_message_extensions(caller: Caller, msg_id: str, extensions: list[dict[str, str]]) -> list[Item]:
    """Set extensions of a message. Android wants at least one pair; iOS passes over those without a key or a value."""
    pairs = [(pair["key"], pair["value"]) for pair in extensions]
    if caller.device.platform in caller.spec.quirks.get("skipsEmpty", ()):
        pairs = [(key, value) for key, value in pairs if key and value]
    if not pairs:
        caller.refuse("noExtensions")
    return rules.put(caller.world, caller.device, caller.user, _suitable(caller, msg_id), pairs)


@method("getMessageExtensions")
def get_message_extensions(caller: Caller, msg_id: str) -> list[Extension]:
    """Return the extensions of a message."""
    return rules.read(caller.world, caller.device, caller.user, _suitable(caller, msg_id))


@method("deleteMessageExtensions")
def delete_message_extensions(caller: Caller, msg_id: str, keys: list[str] | None) -> list[Item]:
    """Take extensions off a message; no keys means all of them."""
    return rules.delete(caller.world, caller.device, caller.user, _suitable(caller, msg_id), keys or [])


def _suitable(caller: Caller, msg_id: str) -> Message:
    """Look a message up as the adapters do: it must be there, must have been sent, and sent so that it takes extensions."""
    message = messages.held(caller.world, caller.user, msg_id, caller.device.install)
    if message is None:
        caller.refuse("unknownMessage")
        refuse_unfound(caller)
    if not rules.takes_some(message):
        caller.refuse("unsuitableMessage")
        refuse_unfound(caller)
    return message
