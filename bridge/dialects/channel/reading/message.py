"""messageManager: texts, mentions and the options of a send."""

from __future__ import annotations

from typing import Any

from bridge.dialects.channel.adapter import ChannelAdapter
from bridge.dialects.dialect import Call
from bridge.world.chats.checks import AT_ALL

AT_ALL_ON_THE_WIRE = ("__kImSDK_MessageAtALL__", "__kImSDK_MesssageAtALL__")
"""Both spellings are in use; the adapters map the first that they find (adapter 8.2)."""

SWITCHES = {
    "online_user_only": "online_only",
    "is_excluded_from_unread_count": "excluded_from_unread",
    "is_excluded_from_last_message": "excluded_from_last",
    "is_excluded_from_content_moderation": "excluded_from_moderation",
    "is_support_message_extension": "supports_extension",
    "need_read_receipt": "needs_receipt",
}
"""Options of a send that are on or off, and what they are called of a message."""


def mentions(user_ids: list[str] | None, as_it_is: bool = False, only: str | None = None) -> tuple[str, ...]:
    """
    Return whom a list mentions: the first mark of everybody stands last, as the client writes it, unless all is left as it is.

    Args:
        only: the one spelling that is replaced, and where it stands.
    """
    named = user_ids or []
    if only is not None:
        return tuple(AT_ALL if one == only else one for one in named)
    for spelling in AT_ALL_ON_THE_WIRE:
        if spelling in named and not as_it_is:
            return (*(one for one in named if one != spelling), AT_ALL)
    return tuple(named)


def create_text_at_message(call: Call, adapter: ChannelAdapter) -> None:
    """Read whom a text mentions; iOS makes a blank of an empty one."""
    args = call.args
    args["text"] = args["text"] or adapter.empty_text
    args["at_users"] = mentions(args.pop("at_user_list"), only=adapter.only_mention)


def create_at_signed_group_message(call: Call, adapter: ChannelAdapter) -> None:
    """Read whom a message mentions."""
    call.args["at_users"] = mentions(call.args.pop("at_user_list"), adapter.keeps_mentions)


def send_message(call: Call, adapter: ChannelAdapter) -> None:
    """Read the options of a send: what is not given leaves what the created message has."""
    args = call.args
    local_id = args.pop("id")
    if local_id is None:
        adapter.refuse("no_id")
        adapter.unfound()
    call.args = {
        "local_id": local_id,
        "receiver": args.pop("receiver") or "",
        "group_id": args.pop("group_id") or "",
        "options": _options(adapter, args),
    }


def _options(adapter: ChannelAdapter, given: dict[str, Any]) -> dict[str, Any]:
    options: dict[str, Any] = {ours: True for name, ours in SWITCHES.items() if given.get(name)}
    for name in ("priority", "cloud_custom_data", "local_custom_data"):
        if given.get(name):
            options[name] = given[name]
    if says_anything(given.get("offline_push_info")):
        options["push"] = push_of(adapter, given["offline_push_info"])
    return options


def says_anything(push: dict[str, Any] | None) -> bool:
    """Return whether push settings have anything in them: the adapters make equal objects of none and of empty ones."""
    return push is not None and any(push.values())


def push_of(adapter: ChannelAdapter, given: dict[str, Any]) -> dict[str, Any]:
    """Return what the adapter hands on of push settings: the keys it reads, what it fills in for some that are not there."""
    read = adapter.read("offlinePushInfo", given)
    return {**adapter.push_defaults, **{name: value for name, value in read.items() if value is not None}}


def re_send_message(call: Call, adapter: ChannelAdapter) -> None:
    """Read the one option that is looked at."""
    call.args = {"msg_id": call.args["msg_id"], "online_only": bool(call.args.get("online_user_only"))}
