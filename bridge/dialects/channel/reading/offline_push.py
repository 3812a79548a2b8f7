"""offlinePushManager: numbers and tokens."""

from __future__ import annotations

import math

from bridge.dialects.channel.adapter import ChannelAdapter
from bridge.dialects.dialect import Call

INT32, INT64 = range(-(1 << 31), 1 << 31), range(-(1 << 63), 1 << 63)


def set_offline_push_config(call: Call, adapter: ChannelAdapter) -> None:
    """Read the number of a certificate; Android cuts it to an integer, iOS takes no other."""
    _read_number(call, adapter, INT32)


def _read_number(call: Call, adapter: ChannelAdapter, known: range) -> None:
    number = call.args["business_id"]
    if not math.isfinite(number) or number % 1 or int(number) not in known:
        adapter.refuse("fraction")
    call.args["business_id"] = int(number) if math.isfinite(number) else 0


def set_voip(call: Call, adapter: ChannelAdapter) -> None:
    """Read the number of a certificate, which may be wide here; any token is passed on."""
    _read_number(call, adapter, INT64)
