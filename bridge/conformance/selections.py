"""
What is chosen of a journal, as steps that can be taken again: who called what, what came of it, what time it was.

Of chosen replies and events it is the call behind them that counts. What the bridge does by itself so that somebody can act (a login on a
device that nobody sees) is no step: it does it again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

SAY = "bridge.user.say"
CLOCK = "bridge.clock.set"
CLOCK_MS = 1_000
"""From how much on the time between two calls is a step of its own."""

OWN_CALLS = ("initSDK", "login")
"""What the bridge calls by itself on a device that nobody sees."""


class Noted(NamedTuple):
    """An entry of a journal; see `bridge.engine.journal.Entry`."""

    seq: int
    ms: int
    device: str
    kind: str
    method: str
    key: str
    value: Any
    cause: int


class Actor(NamedTuple):
    """
    Who called.

    Attributes:
        device: name of the device; "" for the main one, and for a user's that nobody sees.
        user: id of the user whose device nobody sees; "" for others.
        dialect, platform: what the device speaks.
    """

    device: str
    user: str = ""
    dialect: str = ""
    platform: str = ""


class Step(NamedTuple):
    """
    A call with what came of it.

    Attributes:
        method: a channel method, `bridge.user.say` or `bridge.clock.set`.
        outcome: {result} or {error}; {} where nothing was answered.
        events: (name of the device, method, arguments), in order.
    """

    seq: int
    ms: int
    actor: Actor
    method: str
    arguments: dict[str, Any]
    outcome: dict[str, Any]
    events: tuple[tuple[str, str, Any], ...]


def steps(entries: Sequence[Noted], chosen: set[int], actors: Mapping[str, Actor]) -> list[Step]:
    """
    Return the steps of what was chosen, in order.

    Args:
        entries: of the journal, oldest first.
        actors: who acts on a device, by its id; what others have called or heard is left out.
    """
    behind = {entry.cause or entry.seq for entry in entries if entry.seq in chosen}
    calls = [entry for entry in entries if entry.kind == "call" and entry.seq in behind and entry.device in actors]
    caused: dict[int, list[Noted]] = {}
    for entry in entries:
        if entry.cause in behind:
            caused.setdefault(entry.cause, []).append(entry)
    found: list[Step] = []
    for entry in calls:
        actor = actors[entry.device]
        if actor.user and entry.method in OWN_CALLS:
            continue
        if found and entry.ms - found[-1].ms >= CLOCK_MS:
            found.append(_time(entries, found[-1], entry, actors))
        step = _step(entry, actor, caused.get(entry.seq, ()), actors)
        said = _said(found[-1], step) if found else None
        if said is None:
            found.append(step)
        else:
            found[-1] = said
    return found


def _time(entries: Sequence[Noted], before: Step, call: Noted, actors: Mapping[str, Actor]) -> Step:
    """Return the step by which time comes to that of a call, with what nobody's call has caused on the way."""
    passed = [entry for entry in entries if before.seq < entry.seq < call.seq and not entry.cause and before.ms < entry.ms]
    arguments = {"ms": call.ms}
    return Step(call.seq, call.ms, Actor(""), CLOCK, arguments, {"result": arguments}, _events(passed, actors))


def _events(entries: Sequence[Noted], actors: Mapping[str, Actor]) -> tuple[tuple[str, str, Any], ...]:
    heard = [entry for entry in entries if entry.kind == "event" and entry.device in actors and not actors[entry.device].user]
    return tuple((actors[entry.device].device, entry.method, entry.value) for entry in heard)


def _step(call: Noted, actor: Actor, caused: Sequence[Noted], actors: Mapping[str, Actor]) -> Step:
    outcome = next(({entry.key: entry.value} for entry in caused if entry.kind == "reply"), {})
    return Step(call.seq, call.ms, actor, call.method, dict(call.value or {}), outcome, _events(caused, actors))


def _said(made: Step, sent: Step) -> Step | None:
    """Return the one step that two are in which somebody makes a text and sends it; None for any others."""
    if not made.actor.user or made.actor != sent.actor or (made.method, sent.method) != ("createTextMessage", "sendMessage"):
        return None
    result = made.outcome.get("result")
    data = result.get("data") if isinstance(result, dict) else None
    if not isinstance(data, dict) or data.get("id") != sent.arguments.get("id"):
        return None
    group = sent.arguments.get("groupID")
    where = {"group": group} if group else {"to": sent.arguments.get("receiver")}
    outcome = sent.outcome
    result = outcome.get("result")
    if isinstance(result, dict) and result.get("code") == 0:
        outcome = {"result": result["data"]}
    return Step(made.seq, made.ms, made.actor, SAY, {"text": made.arguments.get("text", ""), **where}, outcome, sent.events)


class Known:
    """Texts that the service has made up in replies: where a later call has one of them, it is taken from the reply."""

    def __init__(self) -> None:
        self._places: dict[str, tuple[int, tuple[str | int, ...]]] = {}

    def learn(self, number: int, result: Any, arguments: Any) -> None:
        """Take in the reply number `number`; what was asked for is nothing new."""
        asked = {text for _, text in _texts(arguments, ())}
        for path, text in _texts(result, ()):
            if text and text not in asked and text not in self._places and (not path or _is_id(path[-1])):
                self._places[text] = number, path

    def place(self, text: str) -> tuple[int, tuple[str | int, ...]] | None:
        """Return in which reply, and where, a text stands; None for one that whoever called has made up."""
        return self._places.get(text)


def used(told: Sequence[Step]) -> set[int]:
    """Return of which steps, by their place, something in the reply is used later."""
    known, found = Known(), set()
    for number, step in enumerate(told):
        for _, text in _texts(step.arguments, ()):
            place = known.place(text)
            if place is not None:
                found.add(place[0])
        known.learn(number, step.outcome.get("result"), step.arguments)
    return found


def _is_id(key: str | int) -> bool:
    return isinstance(key, str) and (key.lower().endswith("id") or key == "data")


def _texts(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, (*path, key))
    elif isinstance(value, (list, tuple)):
        for at, item in enumerate(value):
            yield from _texts(item, (*path, at))
