"""
Traces as text: for the report of a failed test, and for snapshots.

A trace is a list of entries as `Client.trace` has them: {call, device, arguments}, {reply}, {error, message, data},
{pending}, {late}, {event, device, arguments}.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from bridge.catalogue.sources import common_document
from bridge.codecs import jsonrpc

VOLATILE = frozenset(
    key for kind in ("ids", "times", "numbers", "texts") for key in common_document("volatile")[kind]
) | {"seq"}
"""Keys whose values another seed, clock or server gives otherwise, as `schemas/volatile.json` declares them."""

LONG_ENOUGH = 8
"""A volatile text of so many characters is told from others wherever it stands."""

OF_THE_BRIDGE = ("version", "dialects", "platforms")
"""What `bridge.ping` says of the bridge itself: it grows without any behaviour changing."""


def canonical(trace: Any, volatile: frozenset[str] = VOLATILE) -> str:
    """
    Return a trace as JSON text that is the same for the same behaviour: keys sorted, an entry per line.

    What `bridge.ping` says of the bridge itself is masked always: another method or dialect is no other behaviour.

    Each volatile value is replaced by a mask such as `<msgID 1>`, counted in order of appearance. The same value has
    the same mask wherever it stands, so that one that changes must change the same way everywhere.

    Args:
        volatile: keys of such values; an empty set keeps everything.
    """
    value = json.loads(jsonrpc.dumps(_listed(trace)))
    _mask_pings(value)
    masks = _Masks(volatile)
    if volatile:
        masks.collect(value)
        value = masks.applied(value)
    if not isinstance(value, list):
        return _written(value) + "\n"
    return "[\n" + ",\n".join(map(_written, value)) + "\n]\n"


def _written(entry: Any) -> str:
    return json.dumps(entry, ensure_ascii=False, sort_keys=True)


def _mask_pings(value: Any) -> None:
    entries = value if isinstance(value, list) else []
    for asked, answered in pairwise(entries):
        if isinstance(asked, dict) and asked.get("call") == "bridge.ping" and isinstance(answered.get("reply"), dict):
            answered["reply"] |= {key: f"<{key}>" for key in OF_THE_BRIDGE if key in answered["reply"]}


def _listed(trace: Any) -> Any:
    return list(trace) if not isinstance(trace, (list, dict, str)) and isinstance(trace, Iterable) else trace


class _Masks:
    """Masks by value: of texts for the whole trace, of numbers for their key."""

    def __init__(self, volatile: frozenset[str]) -> None:
        self._volatile = volatile
        self._masks: dict[Any, str] = {}
        self._counts: dict[str, int] = {}

    def collect(self, value: Any) -> None:
        """Give a mask to each volatile value, in order of appearance."""
        if isinstance(value, list):
            for item in value:
                self.collect(item)
        elif isinstance(value, dict):
            for key, item in value.items():
                if key in self._volatile and _varies(item):
                    self._add(key, item)
                else:
                    self.collect(item)

    def applied(self, value: Any, key: str = "") -> Any:
        """Return the value with masks in place."""
        if isinstance(value, dict):
            return {name: self.applied(item, name) for name, item in value.items()}
        if isinstance(value, list):
            return [self.applied(item) for item in value]
        if isinstance(value, str) and (len(value) >= LONG_ENOUGH or key in self._volatile):
            return self._masks.get(value, value)
        if key in self._volatile and isinstance(value, int):
            return self._masks.get((key, value), value)
        return value

    def _add(self, key: str, value: Any) -> None:
        known = value if isinstance(value, str) else (key, value)
        if known not in self._masks:
            self._counts[key] = number = self._counts.get(key, 0) + 1
            self._masks[known] = f"<{key} {number}>"


def _varies(value: Any) -> bool:
    """Return whether a value may be volatile: what stands for nothing is not."""
    return isinstance(value, (str, int)) and not isinstance(value, bool) and value not in ("", 0)


def report(trace: Iterable[dict[str, Any]], most: int = 30, width: int = 160) -> str:
    """Return the last entries of a trace for people, one a line, cut to a width."""
    entries = list(trace)
    lines = [_reported(entry) for entry in entries[-most:]]
    if len(entries) > most:
        lines.insert(0, f"… {len(entries) - most} earlier entries")
    return "\n".join(line if len(line) <= width else line[: width - 1] + "…" for line in lines)


def _reported(entry: dict[str, Any]) -> str:
    device = f"{entry['device']}: " if entry.get("device") else ""
    if "call" in entry:
        return f"→ {device}{entry['call']} {_text(entry['arguments'])}"
    if "event" in entry:
        arguments = entry["arguments"]
        return f"  ⚑ {device}{entry['event']}.{arguments.get('type')} {_text(arguments.get('data'))}"
    if "error" in entry:
        return f"  ✗ {entry['error']} {entry['message']} {_text(entry.get('data'))}"
    if "late" in entry:
        return f"  ← late: {_text(entry['late'])}"
    if entry.get("pending"):
        return "  … not answered"
    return f"  ← {_text(entry['reply'])}"


def _text(value: Any) -> str:
    return jsonrpc.dumps(value).decode()
