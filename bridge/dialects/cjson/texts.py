"""The texts that go out: compact JSON, and JSON within JSON."""

from __future__ import annotations

import json
from typing import Any


def text(value: Any) -> str:
    """Return a value as compact JSON; a text that is no Unicode text, such as half of a pair of surrogates, is escaped."""
    found = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        found.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return found


def within(value: Any) -> str:
    """Return a value as a callback's text holds it: a text as it is, anything else as JSON."""
    return value if isinstance(value, str) else text(value)
