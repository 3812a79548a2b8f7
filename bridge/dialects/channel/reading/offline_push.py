"""offlinePushManager: numbers and tokens."""

from __future__ import annotations

import math

from bridge.dialects.channel.adapter import ChannelAdapter
from bridge.dialects.dialect import Call

INT32 = range(-(1 << 31), 1 << 31)


def set_offline_push_config(call: Call, adapter: ChannelAdapter) -> None:
    """Read the number of a certificate; Android cuts it to an integer, iOS takes no other."""
    number = call.args["business_id"]
    if not math.isfinite(number) or number % 1 or int(number) not in INT32:
        adapter.refuse("fraction")
    call.args["business_id"] = int(number) if math.isfinite(number) else 0


def set_voip(call: Call, adapter: ChannelAdapter) -> None:
    """Read the number of a certificate, and refuse a token that is no hexadecimal number."""
    set_offline_push_config(call, adapter)
    token = call.args["token"]
    if len(token) % 2 or not all(letter in "0123456789abcdefABCDEF" for letter in token):
        adapter.refuse("token")
