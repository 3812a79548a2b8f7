"""timManager: the own profile."""

from __future__ import annotations

from bridge.dialects.channel.adapter import ChannelAdapter
from bridge.dialects.dialect import Call

INT32 = range(-(1 << 31), 1 << 31)


def set_self_info(call: Call, adapter: ChannelAdapter) -> None:
    """Refuse numbers that the adapter's cast does not take."""
    if any((call.args.get(name) or 0) not in INT32 for name in ("birthday", "level", "role")):
        adapter.refuse("wide_number")
