"""`bridge.fault.*`: what is to go wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from bridge.control.clock import TEN_YEARS_MS
from bridge.control.naming import unknown_method
from bridge.control.registry import P, control
from bridge.control.session import Session
from bridge.engine.faults import EFFECTS
from bridge.errors import INVALID_PARAMS, NOT_THERE, ProtocolError, did_you_mean, nearest

Violations = list[dict[str, str]]


class Want(NamedTuple):
    """What a value must be: a test of it, and the words for it."""

    fits: Callable[[Any], bool]
    words: str


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


TEXT = Want(lambda value: isinstance(value, str), "a string")
COUNT = Want(lambda value: _is_int(value) and value >= 1, "an integer of at least 1")
ONLY_TRUE = Want(lambda value: value is True, "true")
TEXT_OR_NULL = Want(lambda value: value is None or isinstance(value, str), "a string or null")

MATCH = {
    "method": TEXT,
    "user": TEXT,
    "device": TEXT,
    "nth": COUNT,
    "times": COUNT,
    "probability": Want(
        lambda value: isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1,
        "a number from 0 to 1",
    ),
}

EFFECT = {
    "code": Want(lambda value: _is_int(value) and value != 0, "an integer other than 0"),
    "desc": TEXT,
    "delayMs": Want(lambda value: _is_int(value) and 0 <= value <= TEN_YEARS_MS, "an integer from 0 to ten years"),
    "noReply": ONLY_TRUE,
    "platformException": Want(lambda value: isinstance(value, dict), "an object {code, message, details}"),
    "disconnect": ONLY_TRUE,
    "kick": ONLY_TRUE,
    "expireUserSig": ONLY_TRUE,
}

EXCEPTION = {"code": TEXT, "message": TEXT_OR_NULL, "details": Want(lambda value: True, "anything")}


@control(
    "fault.set",
    "{fault: its number}",
    match=P("object", "which calls: {method?, user?, device?, nth?, times?, probability?}; all when left out"),
    effect=P(
        "object",
        "one of {code, desc?}, {delayMs}, {noReply: true}, {platformException: {code, message?, details?}}, {disconnect: true}, "
        "{kick: true}, {expireUserSig: true}",
        True,
    ),
)
def fault_set(session: Session, match: dict[str, Any] | None, effect: dict[str, Any]) -> dict[str, Any]:
    """Let matching channel calls go wrong, from the `nth` on and `times` often; of several faults the first set wins."""
    wanted = {key: value for key, value in (match or {}).items() if value is not None}
    violations = [*_flaws("match", wanted, MATCH), *_method_flaws(wanted.get("method")), *_effect_flaws(effect)]
    if violations:
        first = violations[0]
        raise ProtocolError(INVALID_PARAMS, f"bridge.fault.set: {first['path']} {first['message']}", violations)
    return {"fault": session.emulator.engine.faults.set(wanted, effect).number}


@control("fault.list", "{faults: [{fault, match, effect, seen, taken}]}, the first set first")
def fault_list(session: Session) -> dict[str, Any]:
    """List the faults, with how many calls they have seen and taken."""
    return {"faults": [fault.shown() for fault in session.emulator.engine.faults.faults]}


@control("fault.clear", fault=P("integer", "number of the one to forget; all when left out"))
def fault_clear(session: Session, fault: int | None) -> dict[str, Any]:
    """Forget one fault, or all."""
    faults = session.emulator.engine.faults
    if fault is None:
        faults.clear()
    elif not faults.drop(fault):
        known = [str(one.number) for one in faults.faults]
        raise ProtocolError(NOT_THERE, f"there is no fault {fault}", {"nearest": known[:3]})
    return {}


def _flaws(path: str, given: Mapping[str, Any], wants: Mapping[str, Want]) -> Violations:
    found = []
    for key, value in given.items():
        want = wants.get(key)
        if want is None:
            hint = did_you_mean(nearest(key, wants), f"known are {', '.join(wants)}")
            found.append({"path": f"{path}.{key}", "message": f"is not known here{hint}"})
        elif not want.fits(value):
            found.append({"path": f"{path}.{key}", "message": f"must be {want.words}"})
    return found


def _method_flaws(method: Any) -> Violations:
    if not isinstance(method, str):
        return []
    if method.startswith("bridge."):
        return [{"path": "match.method", "message": "faults take channel calls only, none of bridge.*"}]
    flaw = unknown_method(method)
    return [] if flaw is None else [{"path": "match.method", "message": flaw}]


def _effect_flaws(effect: Mapping[str, Any]) -> Violations:
    found = _flaws("effect", effect, EFFECT)
    kinds = [name for name in EFFECTS if name in effect]
    if len(kinds) != 1 and not found:
        found.append({"path": "effect", "message": f"must have one of {', '.join(EFFECTS)}, not {len(kinds)} of them"})
    if "desc" in effect and "code" not in effect:
        found.append({"path": "effect.desc", "message": "goes with code alone"})
    thrown = effect.get("platformException")
    if isinstance(thrown, dict):
        found += _flaws("effect.platformException", thrown, EXCEPTION)
        if "code" not in thrown:
            found.append({"path": "effect.platformException.code", "message": "is missing"})
    return found
