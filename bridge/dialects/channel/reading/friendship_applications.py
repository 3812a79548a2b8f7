"""friendshipManager: how an application is answered."""

from __future__ import annotations

from bridge.dialects.channel.adapter import ChannelAdapter
from bridge.dialects.dialect import Call

ADD_AS_WELL = 1
"""Of responseType: the acceptor wants the other in the own list too; 0 only agrees."""


def accept_friend_application(call: Call, adapter: ChannelAdapter) -> None:
    """Read whether the acceptor wants the other, too."""
    args = call.args
    args["adds_back"] = args.pop("response_type") == ADD_AS_WELL
    refuse_friend_application(call, adapter)


def refuse_friend_application(call: Call, adapter: ChannelAdapter) -> None:
    """Read the kind; None where the adapter goes by the user alone."""
    call.args["kind"] = call.args.pop("type")


delete_friend_application = refuse_friend_application
