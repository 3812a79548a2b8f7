"""messageManager: sending."""

from __future__ import annotations

from typing import Any

from attrs import evolve

from bridge.handlers.registry import Caller, Refusal, method
from bridge.world import messages, sending
from bridge.world.messages import Elem, Handled


@method("createTextMessage")
def create_text_message(caller: Caller, text: str) -> messages.CreatedMessage:
    """Create a text message."""
    return sending.create(
        caller.world, caller.device, caller.user, sending.blank(caller.world, Elem("text", {"text": text}))
    )


@method("sendMessage")
def send_message(
    caller: Caller, id: str | None, receiver: str | None, group_id: str | None, **options: Any
) -> Handled | Refusal:
    """Send a created message; its local id is used up, whatever comes of it."""
    table = caller.world[messages.CREATED_MESSAGES]
    created = None if id is None else table.get((caller.device_id, id))
    if created is None:
        caller.refuse("noId" if id is None else "unknownId")
    assert created is not None and id is not None
    table.drop((caller.device_id, id))
    message = _with_options(created.message, options)
    try:
        sent = sending.send(caller.world, caller.device, caller.user, message, receiver or "", group_id or "")
    except sending.SendRefused as refusal:
        return Refusal(refusal.code, refusal.desc, Handled(refusal.message, id))
    return Handled(sent, id)


def _with_options(message: messages.Message, options: dict[str, Any]) -> messages.Message:
    return evolve(
        message,
        priority=options.get("priority") or 0,
        online_only=bool(options.get("online_user_only")),
        excluded_from_unread=bool(options.get("is_excluded_from_unread_count")),
        excluded_from_last=bool(options.get("is_excluded_from_last_message")),
        excluded_from_moderation=bool(options.get("is_excluded_from_content_moderation")),
        supports_extension=bool(options.get("is_support_message_extension")),
        needs_receipt=bool(options.get("need_read_receipt")),
        push=options.get("offline_push_info") or message.push,
        cloud_custom_data=options.get("cloud_custom_data") or message.cloud_custom_data,
        local_custom_data=options.get("local_custom_data") or message.local_custom_data,
    )
