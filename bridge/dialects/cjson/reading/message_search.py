"""What is searched for in messages."""

from __future__ import annotations

from typing import Any

from bridge.dialects.cjson.adapter import NativeAdapter
from bridge.dialects.cjson.arguments import conversation_id
from bridge.dialects.dialect import Call
from bridge.errors import ChatError
from bridge.world.chats.search import Query
from bridge.world.kernel import codes

EVERY_WORD = 1


def search_local_messages(call: Call, adapter: NativeAdapter) -> None:
    """Read a search in pages by number; page size 0 means all at once."""
    wire = call.args["search_param"] or {}
    size = wire.get("msg_search_param_page_size") or 0
    call.args = {"query": _query(wire, adapter, size * (wire.get("msg_search_param_page_index") or 0), size)}


def search_cloud_messages(call: Call, adapter: NativeAdapter) -> None:
    """Read a search in pages by cursor."""
    wire = call.args["search_param"] or {}
    cursor = wire.get("msg_search_param_search_cursor") or "0"
    if not cursor.isdecimal() or len(cursor) > 18:
        raise ChatError(codes.INVALID_PARAMETERS)
    call.args = {"query": _query(wire, adapter, int(cursor), wire.get("msg_search_param_search_count") or 0)}


def _query(wire: dict[str, Any], adapter: NativeAdapter, skip: int, limit: int) -> Query:
    kinds = [adapter.arguments.element_kind(one) for one in wire.get("msg_search_param_message_type_array") or ()]
    if None in kinds:
        raise ChatError(codes.INVALID_PARAMETERS)
    target = wire.get("msg_search_param_conv_id")
    return Query(
        words=tuple(wire.get("msg_search_param_keyword_array") or ()),
        every_word=wire.get("msg_search_param_keyword_list_match_type") == EVERY_WORD,
        senders=tuple(wire.get("msg_search_param_send_identifier_array") or ()),
        kinds=tuple(kind for kind in kinds if kind is not None),
        conversation_id=conversation_id(target, wire.get("msg_search_param_conv_type")) if target else None,
        until_s=wire.get("msg_search_param_search_time_position") or 0,
        period_s=wire.get("msg_search_param_search_time_period") or 0,
        skip=skip,
        limit=limit,
    )
