"""The texts that go out: compact JSON, and JSON within JSON."""

from __future__ import annotations

import json
from typing import Any

from bridge.kept import holds_kept, written


def text(value: Any) -> str:
    """Return a value as compact JSON; a text that is no Unicode text, such as half of a pair of surrogates, is escaped."""
    kind = value.__class__
    found = written(value, _compact) if (kind is dict or kind is list) and holds_kept(value) else _compact(value)
    try:
        found.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return found


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def within(value: Any) -> str:
    """Return a value as a callback's text holds it: a text as it is, anything else as JSON."""
    return value if isinstance(value, str) else text(value)
