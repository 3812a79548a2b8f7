"""Extensions of messages."""

from __future__ import annotations

from typing import Any

from bridge.dialects.channel.registry import wire_map
from bridge.dialects.view import View
from bridge.world.extensions import Extension, Pair
from bridge.world.results import Item


@wire_map("V2TIMMessageExtension")
def extension(value: Extension | Pair, view: View) -> dict[str, Any]:
    """Write a pair: one that a message has, or one by itself."""
    key, text = (value.key, value.value) if isinstance(value, Extension) else value
    return {"extensionKey": key, "extensionValue": text}


@wire_map("V2TIMMessageExtensionResult")
def extension_result(value: Item, view: View) -> dict[str, Any]:
    """Write what came of one pair of a call."""
    return {
        "resultCode": value.code,
        "resultInfo": value.text,
        "extension": view.write("V2TIMMessageExtension", value.value),
    }
