"""What was found: search results, and addresses of media."""

from __future__ import annotations

from typing import Any

from bridge.dialects.channel.maps.messages import ELEM_KEYS, ELEM_MAPS
from bridge.dialects.channel.registry import wire_map
from bridge.dialects.view import View
from bridge.world.media import Address
from bridge.world.search import Found, Hits


@wire_map("V2TIMMessageSearchResult")
def search_result(value: Found, view: View) -> dict[str, Any]:
    """Write what a search has found."""
    return {
        "totalCount": value.total,
        "messageSearchResultItems": [view.write("V2TIMMessageSearchResultItem", item) for item in value.items],
        "searchCursor": value.cursor,
    }


@wire_map("V2TIMMessageSearchResultItem")
def search_result_item(value: Hits, view: View) -> dict[str, Any]:
    """Write what was found in one conversation."""
    return {
        "conversationID": value.conversation_id,
        "messageCount": value.count,
        "messageList": [view.write("V2TIMMessage", row) for row in value.shown],
    }


@wire_map("MessageOnlineUrl")
def online_url(value: Address, view: View) -> dict[str, Any]:
    """Write the element of a media message with its addresses."""
    kind = value.elem.kind
    return {ELEM_KEYS[kind]: view.write(ELEM_MAPS[kind], value.elem.data)}
