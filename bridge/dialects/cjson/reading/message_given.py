"""Whole messages out of C-JSON: Dart makes them itself, with null for all that the service decides."""

from __future__ import annotations

from typing import Any

from bridge.dialects.channel.reading.message import mentions
from bridge.dialects.cjson.adapter import NativeAdapter
from bridge.dialects.cjson.elements import elements_of
from bridge.dialects.dialect import Call
from bridge.errors import ChatError
from bridge.world.chats import messages
from bridge.world.chats.messages import Message
from bridge.world.kernel import codes
from bridge.world.kernel.evolving import evolve

GROUP = 2

QUOTE = "V2TimMessageQuoteInfo"
"""What a message says of the one that it answers to; older clients have no such object."""

SWITCHES = {
    "message_is_online_msg": "online_only",
    "message_is_excluded_from_unread_count": "excluded_from_unread",
    "message_excluded_from_last_message": "excluded_from_last",
    "message_excluded_from_content_moderation": "excluded_from_moderation",
    "message_support_message_extension": "supports_extension",
    "message_need_read_receipt": "needs_receipt",
}
"""Keys of a message that are on or off, and what they are called of a message of ours."""


def given(wire: Any, adapter: NativeAdapter) -> Message:
    """
    Return the message that a call brings, with neither id nor place.

    Raises: ChatError 6017 if it is none, or has elements that nobody sends.
    """
    if not isinstance(wire, dict):
        raise ChatError(codes.INVALID_PARAMETERS)
    push = wire.get("message_offline_push_config")
    options: dict[str, Any] = {ours: True for key, ours in SWITCHES.items() if wire.get(key)}
    if push:
        options["push"] = adapter.arguments.object("OfflinePushInfo", push)
    quote = wire.get("message_quote_info") if adapter.arguments.has_object(QUOTE) else None
    if quote:
        options["quote"] = adapter.arguments.object(QUOTE, quote)
    targets = wire.get("message_target_group_member_array")
    if targets:
        options["targets"] = tuple(targets)
    return Message(
        "",
        0,
        ("c2c", "", ""),
        "",
        0,
        elements_of(wire.get("message_elem_array") or [], adapter.arguments),
        status=messages.SENDING,
        priority=wire.get("message_priority") or 0,
        at_users=mentions(wire.get("message_group_at_user_array")),
        cloud_custom_data=wire.get("message_cloud_custom_str") or "",
        local_custom_data=wire.get("message_custom_str") or "",
        **options,
    )


def send(call: Call, adapter: NativeAdapter) -> None:
    """Read what is sent to whom; the id that Dart has given it comes back."""
    args = call.args
    wire, target = args["message"], args["conv_id"] or ""
    is_group = args["conv_type"] == GROUP
    call.args = {
        "message": given(wire, adapter),
        "receiver": "" if is_group else target,
        "group_id": target if is_group else "",
        "local_id": wire.get("id"),
        "given_id": args.get("given_id"),
    }


def send_again(call: Call, adapter: NativeAdapter) -> None:
    """Read which message is sent once more."""
    args = call.args
    wire = args["message"]
    channel = ("group", args["conv_id"]) if args["conv_type"] == GROUP else ("c2c", "", args["conv_id"] or "")
    call.args = {
        "msg_id": wire["message_msg_id"],
        "online_only": bool(wire.get("message_is_online_msg")),
        "message": evolve(given(wire, adapter), channel=channel),
        "given_id": args.get("given_id"),
    }


def insert(call: Call, adapter: NativeAdapter) -> None:
    """Read what is put into which history, and who is shown as its sender."""
    wire = call.args["message"]
    message = given(wire, adapter)
    call.args = {
        "conversation_id": call.args["conversation_id"],
        "sender": wire.get("message_sender") or "",
        "message": message,
    }


def keep_local(call: Call, adapter: NativeAdapter) -> None:
    """Read the app's own data out of a whole message: what is null stays."""
    wire = call.args["message"] or {}
    call.args = {
        "msg_id": wire.get("message_msg_id") or "",
        "custom_data": wire.get("message_custom_str"),
        "custom_int": wire.get("message_custom_int"),
    }


