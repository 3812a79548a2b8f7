"""
Python names for wire keys.
"""

from __future__ import annotations

import re

# Spellings that would otherwise fall apart: iOSSound, c2CReceiveMessageOpt, msgIDs.
_WHOLE = (("iOS", "Ios"), ("C2C", "C2c"), ("c2C", "c2c"), ("IDs", "Ids"))
_ACRONYM = re.compile(r"([A-Z]+)([A-Z][a-z])")
_WORD = re.compile(r"([a-z0-9])([A-Z])")


def snake_case(key: str) -> str:
    """
    Return the snake_case of a wire key, e.g. `conversation_id_list` for conversationIDList.
    """
    for whole, plain in _WHOLE:
        key = key.replace(whole, plain)
    return _WORD.sub(r"\1_\2", _ACRONYM.sub(r"\1_\2", key)).strip().lower()
