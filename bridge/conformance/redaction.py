"""
What a recording must not hold: signatures, tokens, passwords.

Which keys they stand under, `schemas/volatile.json` says (`secrets`, ends of keys in small letters); the tap of the Dart package goes by
the same list. Texts may be JSON (custom messages, experiments) and are looked through, too. What is only true or false is no secret.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from bridge.catalogue.sources import common_document

MARK = "<redacted>"
"""Stands where a secret was."""

OF_MACHINES = re.compile(r"(?:ID|IDs|Id|IDList|Uuid|UUID|uuid|Type|Cursor|Seq)$")
"""Ends of keys whose texts are made by programs: ids, kinds, places in a list."""

KEPT = frozenset(
    {
        "addSource", "androidFCMImage", "androidHonorImage", "androidHuaWeiCategory", "androidHuaWeiImage", "androidSound",
        "androidVIVOCategory", "androidVIVOClassification", "api", "atUserList", "errorDesc", "errorMessage", "errorMsg",
        "extensionKey", "extensionKeys", "fromUser", "groupAtUserList", "groupMemberSearchResultItems", "iOSImage", "iOSSound", "id",
        "invitee", "inviteeList", "inviter", "key", "keys", "language", "memberList", "nextElem", "onlineDevices", "owner", "plugins",
        "receiver", "receiverList", "resultInfo", "resultMessage", "role", "sender", "seq", "sourceLanguage", "status",
        "targetLanguage", "token", "toUser", "trace", "type", "uiPlatform", "userList", "userSig",
    }
)
"""Other keys whose texts nobody has written: who it is about, what an app's program calls things, what the SDK says."""

SAID_BY_SDK = frozenset({"desc", "method", "code"})


@cache
def secret_ends() -> tuple[str, ...]:
    """Return the ends of the keys that hold secrets."""
    return tuple(common_document("volatile")["secrets"])


def clean(value: Any, ends: tuple[str, ...] = ()) -> Any:
    """
    Return a value without its secrets.

    Args:
        ends: further ends of keys that hold some, in small letters.
    """
    return _clean(value, (*secret_ends(), *ends))


def hidden(value: Any) -> Any:
    """Return a value without its secrets, and with the lengths of all texts that people or apps may have written."""
    return _hidden(clean(value))


def _hidden(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _hidden(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_hidden(item, key) for item in value]
    if not isinstance(value, str) or not value or value == MARK or key in KEPT or key in SAID_BY_SDK or OF_MACHINES.search(key):
        return value
    return f"<{len(value)} characters>"


def _clean(value: Any, ends: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        return {key: MARK if _is_secret(key, item, ends) else _clean(item, ends) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean(item, ends) for item in value]
    if isinstance(value, str) and value[:1] in ("{", "["):
        return _clean_text(value, ends)
    return value


def _is_secret(key: str, value: Any, ends: tuple[str, ...]) -> bool:
    return value not in (None, "") and not isinstance(value, bool) and key.lower().endswith(ends)


def _clean_text(text: str, ends: tuple[str, ...]) -> str:
    """Return a text, written anew only if it is JSON that holds a secret."""
    try:
        inner = json.loads(text)
    except (ValueError, RecursionError):
        return text
    cleaned = _clean(inner, ends)
    return text if cleaned == inner else json.dumps(cleaned, ensure_ascii=False, separators=(",", ":"))
