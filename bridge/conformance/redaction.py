"""
What a recording must not hold: signatures, tokens, passwords.

Which keys they stand under, `schemas/volatile.json` says (`secrets`, ends of keys in small letters); the tap of the Dart package goes by
the same list. Texts may be JSON (custom messages, experiments) and are looked through, too. What is only true or false is no secret.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from bridge.catalogue.sources import common_document

MARK = "<redacted>"
"""Stands where a secret was."""


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
