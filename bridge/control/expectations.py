"""What was expected, held against what the journal has."""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any

from bridge.control.naming import called, heard_as, unknown_event, unknown_method
from bridge.engine.journal import Entry
from bridge.errors import INVALID_PARAMS, ProtocolError, did_you_mean, nearest

MAX_MISSES = 3
MAX_MET = 20
MAX_DIFFERENCES = 20

Seen = tuple[Entry, str]
"""An entry, and the name of its device."""

CALL_KEYS = {"method": str, "arguments": dict, "times": int, "device": str}
EVENT_KEYS = {"type": str, "method": str, "data": object, "times": int, "device": str}
_WORDS = {str: "a string", dict: "an object", int: "an integer of at least 0"}


def compare(calls: Sequence[Any], events: Sequence[Any], entries: Sequence[Seen]) -> dict[str, Any]:
    """
    Hold expectations against entries.

    Returns: {match, missing: [{expected, found, met: [{seq, device, method}], nearest: [{seq, device, method, differences}]}],
        unexpected: {method: how often}}. `met` are those that were found where there should be more or fewer of them.

    Raises: ProtocolError -32602 for what is no expectation, names that no dialect has included: to expect that nothing of such a name
        was called or heard would always hold.
    """
    _check("calls", calls, CALL_KEYS, "method")
    _check("events", events, EVENT_KEYS, "type")
    _check_names("calls", calls, "method", unknown_method, {_method(seen) for seen in entries if seen[0].kind == "call"})
    _check_names("events", events, "type", unknown_event, {_type(seen) for seen in entries if seen[0].kind in ("event", "dropped")})
    made = [seen for seen in entries if seen[0].kind == "call"]
    heard = [seen for seen in entries if seen[0].kind == "event"]
    dropped = [seen for seen in entries if seen[0].kind == "dropped"]
    missing = [_missing(want, made, _call_differences, _method) for want in calls]
    missing += [_missing(want, heard, _event_differences, _type, dropped) for want in events]
    found = [one for one in missing if one is not None]
    return {"match": not found, "missing": found, "unexpected": _unexpected(calls, made)}


def _check(name: str, wanted: Sequence[Any], keys: Mapping[str, type], needed: str) -> None:
    violations: list[dict[str, str]] = []
    for at, want in enumerate(wanted):
        path = f"{name}[{at}]"
        if not isinstance(want, dict):
            violations.append({"path": path, "message": "must be an object"})
            continue
        if want.get(needed) is None:
            violations.append({"path": f"{path}.{needed}", "message": "is missing"})
        violations += [flaw for key, value in want.items() for flaw in _flaw(f"{path}.{key}", key, value, keys)]
    _refuse(violations)


def _check_names(
    name: str, wanted: Sequence[Any], key: str, flaw: Callable[[str], str | None], in_journal: Container[str]
) -> None:
    """Refuse names that nothing has, but those that an app has called all the same."""
    found = ((at, flaw(want[key])) for at, want in enumerate(wanted) if want[key] not in in_journal)
    _refuse([{"path": f"{name}[{at}].{key}", "message": message} for at, message in found if message is not None])


def _refuse(violations: list[dict[str, str]]) -> None:
    if violations:
        message = f"bridge.journal.expect: {violations[0]['path']} {violations[0]['message']}"
        raise ProtocolError(INVALID_PARAMS, message, violations)


def _flaw(path: str, key: str, value: Any, keys: Mapping[str, type]) -> list[dict[str, str]]:
    if key not in keys:
        hint = did_you_mean(nearest(key, keys), f"known are {', '.join(keys)}")
        return [{"path": path, "message": f"is not known here{hint}"}]
    kind = keys[key]
    is_count = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if value is None or (is_count if kind is int else isinstance(value, kind)):
        return []
    return [{"path": path, "message": f"must be {_WORDS[kind]}"}]


# --- one expectation


def _missing(
    want: Mapping[str, Any],
    entries: Sequence[Seen],
    differences: Callable[[Mapping[str, Any], Seen], list[dict[str, Any]]],
    name: Callable[[Seen], str],
    others: Sequence[Seen] = (),
) -> dict[str, Any] | None:
    """Return how an expectation was not met, or None."""
    compared = [(differences(want, seen), seen) for seen in entries]
    count = sum(1 for found, _ in compared if not found)
    times = want.get("times")
    if count == times or (times is None and count):
        return None
    wanted = want.get("method") or want.get("type") or ""
    compared += [([{"path": "", "expected": "a listener", "actual": "none was there"}], seen) for seen in others if name(seen) == wanted]
    near = [(found, seen) for found, seen in compared if found and name(seen) == wanted]
    if not near:
        names = nearest(wanted, {name(seen) for _, seen in compared})
        near = [(found, seen) for found, seen in compared if found and name(seen) in names]
    near.sort(key=lambda one: (len(one[0]), -one[1][0].seq))
    misses = [
        {"seq": seen[0].seq, "device": seen[1], "method": name(seen), "differences": found[:MAX_DIFFERENCES]}
        for found, seen in near[:MAX_MISSES]
    ]
    met = [{"seq": seen[0].seq, "device": seen[1], "method": name(seen)} for found, seen in compared if not found]
    return {"expected": dict(want), "found": count, "met": met[:MAX_MET], "nearest": misses}


def _method(seen: Seen) -> str:
    return seen[0].method


def _type(seen: Seen) -> str:
    return str(_told(seen[0])["type"])


def _call_differences(want: Mapping[str, Any], seen: Seen) -> list[dict[str, Any]]:
    entry, device = seen
    found = [] if entry.method in called(want["method"]) else _unequal("method", want["method"], entry.method)
    if want.get("device") is not None:
        found += _unequal("device", want["device"], device)
    return found + _lacking("arguments", want.get("arguments") or {}, entry.value)


def _event_differences(want: Mapping[str, Any], seen: Seen) -> list[dict[str, Any]]:
    entry, device = seen
    told = _told(entry)
    found = _unequal("type", want["type"], told["type"])
    if found and want["type"] in heard_as(entry.method, entry.value):
        found = []
    if want.get("method") is not None:
        found += _unequal("method", want["method"], entry.method)
    if want.get("device") is not None:
        found += _unequal("device", want["device"], device)
    return found + (_lacking("data", want["data"], told["data"]) if want.get("data") is not None else [])


def _told(entry: Entry) -> dict[str, Any]:
    """Return an event's type and data: what a native library posts has neither, its name is the type and all it says the data."""
    said = entry.value
    return {"type": said.get("type"), "data": said.get("data")} if "type" in said else {"type": entry.method, "data": said}


def _unequal(path: str, expected: Any, actual: Any) -> list[dict[str, Any]]:
    return [] if expected == actual else [{"path": path, "expected": expected, "actual": actual}]


def _lacking(path: str, expected: Any, actual: Any) -> list[dict[str, Any]]:
    """Return what of `expected` is not so in `actual`; objects may have more keys, lists may not have more items."""
    if isinstance(expected, (dict, list)) and isinstance(actual, str):
        actual = _parsed(actual)
    if isinstance(expected, dict) and isinstance(actual, dict):
        return [
            flaw
            for key, value in expected.items()
            for flaw in (
                _lacking(f"{path}.{key}", value, actual[key])
                if key in actual
                else [{"path": f"{path}.{key}", "expected": value, "actual": "(not there)"}]
            )
        ]
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        pairs = enumerate(zip(expected, actual, strict=True))
        return [flaw for at, (one, other) in pairs for flaw in _lacking(f"{path}[{at}]", one, other)]
    return _unequal(path, expected, actual)


def _parsed(text: str) -> Any:
    """Return what a JSON text says, for native calls bring such texts; one that is none as it is."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _unexpected(calls: Sequence[Mapping[str, Any]], made: Sequence[Seen]) -> dict[str, int]:
    """Return which methods were called that no expectation is about, and how often."""
    expected = {name for want in calls for name in called(want["method"])}
    found: dict[str, int] = {}
    for entry, _ in made:
        if entry.method not in expected:
            found[entry.method] = found.get(entry.method, 0) + 1
    return dict(sorted(found.items()))
