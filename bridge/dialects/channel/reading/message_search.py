"""messageManager: what is searched for."""

from __future__ import annotations

from typing import Any

from bridge.dialects.channel.adapter import ChannelAdapter
from bridge.dialects.channel.numbers import ELEMENTS
from bridge.dialects.dialect import Call
from bridge.errors import ChatError
from bridge.world.chats.search import Query
from bridge.world.kernel import codes


def search_local_messages(call: Call, adapter: ChannelAdapter) -> None:
    """Read a search in pages by number; page size 0 means all at once."""
    given = adapter.read("searchParam", call.args["search_param"])
    size = given.get("page_size") or 0
    call.args = {"query": _query(given, size * (given.get("page_index") or 0), size)}


def search_cloud_messages(call: Call, adapter: ChannelAdapter) -> None:
    """Read a search in pages by cursor."""
    given = adapter.read("searchParam", call.args["search_param"])
    cursor = given.get("search_cursor") or "0"
    if not cursor.isdecimal() or len(cursor) > 18:
        raise ChatError(codes.INVALID_PARAMETERS)
    call.args = {"query": _query(given, int(cursor), given.get("search_count") or 0)}


def _query(given: dict[str, Any], skip: int, limit: int) -> Query:
    wanted = given.get("message_type_list") or ()
    if not ELEMENTS.keys() >= set(wanted):
        raise ChatError(codes.INVALID_PARAMETERS)
    return Query(
        words=tuple(given.get("keyword_list") or ()),
        every_word=given.get("type") == 1,
        senders=tuple(given.get("user_id_list") or ()),
        kinds=tuple(ELEMENTS[number] for number in wanted if number),
        conversation_id=given.get("conversation_id") or None,
        until_s=given.get("search_time_position") or 0,
        period_s=given.get("search_time_period") or 0,
        skip=skip,
        limit=limit,
    )
