"""What a call of the client raises."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bridge.errors import did_you_mean


class Refused(Exception):
    """
    The chat service refused a call: an envelope with a code.

    Attributes:
        method: the channel method.
        code, desc: of the envelope.
        data: what a failed call carries nonetheless (the message of a failed send), else None.
    """

    def __init__(self, method: str, code: int, desc: str, data: Any = None) -> None:
        super().__init__(f"{method}: {code} {desc}")
        self.method = method
        self.code = code
        self.desc = desc
        self.data = data


class RpcError(Exception):
    """
    A call that no correct plugin would make, or a mistake in using the control plane.

    Attributes:
        method: what was called.
        code: -32601 unknown method, -32602 wrong arguments, -32001 never answered, -32000 no such device, world or
            checkpoint, -32600 no request, -32603 a bug of the bridge.
        data: the nearest names, or every violation as {path, message}.
    """

    def __init__(self, method: str, code: int, message: str, data: Any = None) -> None:
        details = "".join(
            f"\n  {item['path']} {item['message']}" for item in data or () if isinstance(item, dict) and "path" in item
        )
        super().__init__(f"{message} ({code}){details}")
        self.method = method
        self.code = code
        self.message = message
        self.data = data


class UnknownEvent(ValueError):
    """A type of event that the dialect has not: it would never come."""

    def __init__(self, type: str, dialect: str, near: Sequence[str]) -> None:
        super().__init__(f"{dialect} has no event {type!r}{did_you_mean(near)}")
        self.type = type
        self.near = tuple(near)


class Unanswered(Exception):
    """The call was carried out and has no reply: a fault, `--faithful`, or a reply that is delayed."""

    def __init__(self, method: str) -> None:
        super().__init__(f"{method} was not answered")
        self.method = method


class Lost(ConnectionError):
    """There is no connection to a bridge: none could be made, or it is gone."""


class Unmet(AssertionError):
    """
    The journal has not what was expected of it.

    Attributes:
        missing: of each expectation that was not met: {expected, found, met, nearest}, as `bridge.journal.expect` answers.
        unexpected: which methods were called that no expectation is about, and how often.
        cut: older entries are lost, and may have been those.
    """

    def __init__(self, answer: Mapping[str, Any]) -> None:
        lines = [line for one in answer["missing"] for line in _unmet(one)]
        if answer["cut"]:
            lines.append("older entries of the journal are lost (its length: --journal)")
        super().__init__("\n".join(lines))
        self.missing = answer["missing"]
        self.unexpected = answer["unexpected"]
        self.cut = answer["cut"]


def _unmet(one: Mapping[str, Any]) -> list[str]:
    wanted = one["expected"]
    name = wanted.get("method") or wanted.get("type")
    more = [f"{key} {_text(wanted[key])}" for key in ("arguments", "data", "device") if wanted.get(key) is not None]
    times = wanted.get("times")
    often = "at least once" if times is None else "never" if times == 0 else f"{times} time{'' if times == 1 else 's'}"
    lines = [f"expected {' with '.join((name, *more[:1]))}{''.join(', ' + word for word in more[1:])} {often}, came {one['found']}"]
    lines += [f"  came as #{seen['seq']}{_on(seen)}" for seen in one["met"]]
    for near in one["nearest"]:
        differences = "; ".join(
            f"{difference['path'] or 'it'}: expected {_text(difference['expected'])}, came {_text(difference['actual'])}"
            for difference in near["differences"]
        )
        lines.append(f"  near is #{near['seq']} {near['method']}{_on(near)}: {differences}")
    return lines


def _on(seen: Mapping[str, Any]) -> str:
    return f" on {seen['device']}" if seen["device"] else ""


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
