"""messageManager: pairs that hang on messages."""

from __future__ import annotations

from bridge.dialects.channel.adapter import ChannelAdapter
from bridge.dialects.dialect import Call


def set_message_extensions(call: Call, adapter: ChannelAdapter) -> None:
    """Read pairs. Android wants at least one; iOS passes over those without a key or a value."""
    pairs = [(pair["key"], pair["value"]) for pair in call.args.pop("extensions")]
    if adapter.skips_empty:
        pairs = [(key, value) for key, value in pairs if key and value]
    if not pairs:
        adapter.refuse("no_extensions")
    call.args["pairs"] = pairs
