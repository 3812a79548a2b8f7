"""messageManager: the few options of the old sends, which create and send in one step."""

from __future__ import annotations

from bridge.dialects.channel.adapter import ChannelAdapter
from bridge.dialects.channel.reading.message import mentions, push_of, says_anything
from bridge.dialects.dialect import Call

OPTIONS = ("priority", "online_user_only", "is_excluded_from_unread_count", "offline_push_info")
WEB_ONLY = ("file_content", "input_element", "web_message_instance", "web_message_instance_list")
"""What the client sends for a browser; no adapter reads it."""


def send_text_message(call: Call, adapter: ChannelAdapter) -> None:
    """Read to whom, and how."""
    args = call.args
    for name in WEB_ONLY:
        args.pop(name, None)
    given = {name: args.pop(name, None) for name in OPTIONS}
    args["receiver"] = args["receiver"] or ""
    args["group_id"] = args["group_id"] or ""
    options = args["options"] = {
        "priority": given["priority"] or 0,
        "online_only": bool(given["online_user_only"]),
        "excluded_from_unread": bool(given["is_excluded_from_unread_count"]),
    }
    if says_anything(given["offline_push_info"]):
        options["push"] = push_of(adapter, given["offline_push_info"])


send_custom_message = send_text_message
send_face_message = send_text_message
send_location_message = send_text_message
send_sound_message = send_text_message
send_file_message = send_text_message


def send_image_message(call: Call, adapter: ChannelAdapter) -> None:
    """Read to whom, and how; the name of the file is for a browser."""
    call.args.pop("file_name", None)
    send_text_message(call, adapter)


send_video_message = send_image_message


def send_text_at_message(call: Call, adapter: ChannelAdapter) -> None:
    """Read whom the text mentions; iOS makes a blank of an empty one."""
    send_text_message(call, adapter)
    args = call.args
    args["text"] = args["text"] or adapter.empty_text
    args["at_users"] = mentions(args.pop("at_user_list"), adapter.keeps_mentions)
