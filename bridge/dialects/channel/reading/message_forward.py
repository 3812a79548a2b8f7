"""messageManager: forwards and mergers."""

from __future__ import annotations

from bridge.dialects.channel.adapter import ChannelAdapter
from bridge.dialects.channel.reading.message_onestep import send_text_message
from bridge.dialects.dialect import Call

send_forward_message = send_text_message
send_merger_message = send_text_message


def create_forward_message(call: Call, adapter: ChannelAdapter) -> None:
    """Read which message; what else comes with the call says nothing."""
    call.args = {"msg_id": call.args["msg_id"]}
