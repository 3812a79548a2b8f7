"""messageManager: searching messages, on the device and in the cloud."""

from __future__ import annotations

from typing import Any

from bridge.errors import ChatError
from bridge.handlers.registry import Caller, method
from bridge.world import codes, search
from bridge.world.search import Found, Query

# by number on the wire (enum of element types)
KINDS = ("", "text", "custom", "image", "sound", "video", "file", "location", "face", "tips", "merger")
NUMBERS = ("search_time_position", "search_time_period", "page_size", "page_index", "search_count")


def _query(given: dict[str, Any], skip: int, limit: int) -> Query:
    wanted = given.get("message_type_list") or ()
    if any(not 0 <= number < len(KINDS) for number in wanted):
        raise ChatError(codes.INVALID_PARAMETERS)
    return Query(
        words=tuple(given.get("keyword_list") or ()),
        every_word=given.get("type") == 1,
        senders=tuple(given.get("user_id_list") or ()),
        kinds=tuple(KINDS[number] for number in wanted if number),
        conversation_id=given.get("conversation_id") or None,
        until_s=given.get("search_time_position") or 0,
        period_s=given.get("search_time_period") or 0,
        skip=skip,
        limit=limit,
    )


def _refuse_wide(caller: Caller, given: dict[str, Any]) -> None:
    if any(not -(1 << 31) <= (given.get(name) or 0) < 1 << 31 for name in NUMBERS):
        caller.refuse("wideNumber")


@method("searchLocalMessages")
def search_local_messages(caller: Caller, search_param: dict[str, Any]) -> Found:
    """Search what is on the device, in pages by number; page size 0 means all at once."""
    _refuse_wide(caller, search_param)
    size = search_param.get("page_size") or 0
    index = search_param.get("page_index") or 0
    return search.search(caller.world, caller.user, _query(search_param, size * index, size), caller.device.install)


@method("searchCloudMessages")
def search_cloud_messages(caller: Caller, search_param: dict[str, Any]) -> Found:
    """Search what the service keeps, in pages by cursor; a plan without that is refused with 60020."""
    _refuse_wide(caller, search_param)
    cursor = search_param.get("search_cursor") or "0"
    if not cursor.isdecimal() or len(cursor) > 18:
        raise ChatError(codes.INVALID_PARAMETERS)
    limit = search_param.get("search_count") or 0
    return search.search_cloud(caller.world, caller.user, _query(search_param, int(cursor), limit))
