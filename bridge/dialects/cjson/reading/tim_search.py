"""Users that are searched for."""

from __future__ import annotations

from bridge.dialects.cjson.adapter import NativeAdapter
from bridge.dialects.dialect import Call

EVERY_WORD = 1


def search_users(call: Call, adapter: NativeAdapter) -> None:
    """Read the words, and who else is left out: gender 0 and birthdays 0 say nothing."""
    wire = call.args["param"] or {}
    call.args = {
        "words": wire.get("keyword_list") or [],
        "every_word": wire.get("keyword_list_match_type") == EVERY_WORD,
        "gender": wire.get("gender") or None,
        "born": (wire.get("min_birthday") or 0, wire.get("max_birthday") or 0),
        "cursor": wire.get("search_cursor") or "",
        "count": wire.get("search_count") or 0,
    }
