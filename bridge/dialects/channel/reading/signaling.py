"""signalingManager: whom to call, and with what."""

from __future__ import annotations

from bridge.dialects.channel.adapter import ChannelAdapter
from bridge.dialects.dialect import Call


def invite(call: Call, adapter: ChannelAdapter) -> None:
    """Read the settings for a push; some adapters refuse to call nobody."""
    args = call.args
    if not args["invitee"]:
        adapter.refuse("empty_invitee")
    given = args.pop("offline_push_info")
    if given:
        adapter.refuse("push_info")
    args["push"] = None if given is None else adapter.read("offlinePushInfo", given)


def invite_in_group(call: Call, adapter: ChannelAdapter) -> None:
    """Refuse to call nobody, where the adapter does."""
    if not call.args["invitee_list"]:
        adapter.refuse("nobody")


def cancel(call: Call, adapter: ChannelAdapter) -> None:
    """Read the data of an answer."""
    if call.args["data"] is None:
        adapter.refuse("null_data")
        call.args["data"] = ""


accept = cancel
reject = cancel


def add_invited_signaling(call: Call, adapter: ChannelAdapter) -> None:
    """Read what is known of an invitation."""
    call.args = {"info": adapter.read("info", call.args["info"])}
