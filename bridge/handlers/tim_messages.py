"""
timManager: the oldest sends, with a text or custom message and nothing else.

Some native sides answer them oddly (`Habits.reports`): "forced" is success before the service has said anything,
"unsent" is a message that was never sent with what is known of the real one written over it.
"""

from __future__ import annotations

from typing import Any

from bridge.handlers import Caller, Refusal
from bridge.handlers.message import custom_elem
from bridge.world.chats import messages, sending
from bridge.world.chats.elements import Element, Text
from bridge.world.chats.messages import Handled, Message
from bridge.world.kernel.evolving import evolve


def send_c2c_text_message(caller: Caller, text: str | None, user_id: str) -> Handled | Refusal:
    """Send a text to a user."""
    return _send(caller, Text(text or ""), user_id, "")


def send_c2c_custom_message(caller: Caller, custom_data: str | None, user_id: str) -> Handled | Refusal:
    """Send a message of the app's own making to a user."""
    return _send(caller, custom_elem(custom_data), user_id, "")


def send_group_text_message(
    caller: Caller, text: str | None, group_id: str, priority: int | None = 0
) -> Handled | Refusal:
    """Send a text to a group."""
    return _send(caller, Text(text or ""), "", group_id, priority=priority or 0)


def send_group_custom_message(
    caller: Caller, custom_data: str | None, group_id: str, priority: int | None = 0
) -> Handled | Refusal:
    """Send a message of the app's own making to a group."""
    return _send(caller, custom_elem(custom_data), "", group_id, priority=priority or 0)


def _send(caller: Caller, elem: Element, receiver: str, group_id: str, **options: Any) -> Handled | Refusal:
    reply = caller.habits.reports
    blank = sending.blank(caller.world, elem)
    try:
        sent = sending.send(caller.world, caller.device, caller.user, blank, receiver, group_id, **options)
    except sending.SendRefused as refusal:
        if reply == "forced":
            return _forced(refusal.message)
        return Refusal(refusal.code, refusal.desc)
    if reply == "forced":
        return _forced(sent)
    if reply == "unsent":
        return evolve(_forced(_never_sent(blank, sent)), sent=True, text=elem.text if isinstance(elem, Text) else None)
    return Handled(sent)


def _forced(message: Message) -> Handled:
    """Show a message as sent, all of it."""
    return Handled(evolve(message, status=messages.SENT), progress=100, uploading=True)


def _never_sent(blank: Message, sent: Message) -> Message:
    """Return a message as created, with text, id, group, priority and sender of the one that was sent."""
    return evolve(blank, msg_id=sent.msg_id, channel=sent.channel, priority=sent.priority, sender=sent.sender)
