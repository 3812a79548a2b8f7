"""
Another order in which a client's apps could have heard the same, and `bridge.schedule.*`, which ask for one.

Apps hear what a bridge tells always in the same order; a phone's threads and networks have others. A schedule is one of them: wherever
there is a choice, it takes the usual one or another, by chance from a seed, or as it is told (`3:1 7:2`: at the third choice the first
other one). What it may do:

* within what one call has caused, listeners change places where `schemas/volatile.json` says that they may, and the reply likewise;
* devices do not wait for each other;
* what has gathered has many causes (the sync of a login or of a network that is back, timers that the clock has passed): there,
  listeners of different kinds change places;
* such a sync tells of conversations twice;
* an app that calls again at once is answered before it hears the end of what its last call has caused.

What one kind of listener hears stays in its order, and whoever looks (`bridge.turn` without a method, any control method) sees all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256
from typing import Any

from bridge.catalogue.sources import common_document
from bridge.control.registry import P, control
from bridge.control.session import Session
from bridge.engine.turn import Event, Reply, Turn
from bridge.errors import INVALID_PARAMS, ProtocolError

RARITIES = (1, 3, 1, 7, 1, 15)
"""How rare other choices than the usual are, by the seed: where only few are made, they are not always the first that there are."""

GATHERS = frozenset({"login", "bridge.clock.advance", "bridge.clock.set", "bridge.service.connectionRestored"})
"""Calls whose events have many causes."""

TWICE = frozenset({"onConversationChanged"})
"""Types of events that a sync may tell twice."""

Item = Event | Reply


class Schedule:
    """
    The choices that are made for one connection.

    Args:
        seed: makes them by chance; None for those of `steps` alone.
        steps: which other one is taken, by the number of the choice, counted from 1; the usual one is 0.
        most: how many choices by chance are not the usual one, at most; None for any number.
        pairs: listeners, or "reply", that may change places within what one call has caused.

    Attributes:
        points: how many choices there have been.
        taken: those that were not the usual one, as `steps`, and what each has done, in words.
    """

    def __init__(self, seed: int | None, steps: Mapping[int, int], most: int | None, pairs: frozenset[frozenset[str]]) -> None:
        self.points = 0
        self.taken: dict[int, tuple[int, str]] = {}
        self._seed = seed
        self._most = most
        self._steps = steps
        self._pairs = pairs
        self._held: list[Item] = []

    def arrange(self, turn: Turn, method: str, own: Mapping[str, str]) -> None:
        """
        Put what a call has caused into another order.

        Args:
            own: the connection's devices; what others hear is told them as it comes.
        """
        gathered = method in GATHERS
        mine = [item for item in turn.items if item is turn.reply or item.device_id in own]
        others = [item for item in turn.items if item is not turn.reply and item.device_id not in own]
        found = self._in_order(mine, gathered)
        if gathered:
            found += self._twice(found)
        turn.items[:] = [*self._late(found, turn.reply, method), *others]

    def release(self) -> list[Item]:
        """Return what has been held back, for whoever looks."""
        held, self._held = self._held, []
        return held

    def text(self) -> str:
        """Return the choices that were not the usual one as words: `3:1 7:2`."""
        return " ".join(f"{point}:{choice}" for point, (choice, _) in self.taken.items())

    # --- choices

    def _choose(self, options: int, what: Callable[[int], str]) -> int:
        """Return which of some options is taken; 0 is the usual one, and `what` says of any other what it does."""
        if options < 2:
            return 0
        self.points += 1
        if self._seed is None:
            choice = min(self._steps.get(self.points, 0), options - 1)
        else:
            drawn = int.from_bytes(sha256(f"{self._seed} {self.points}".encode()).digest()[:8], "big")
            usual = drawn & RARITIES[self._seed % len(RARITIES)] or (self._most is not None and len(self.taken) >= self._most)
            choice = 0 if usual else (drawn >> 8) % options
        if choice:
            self.taken[self.points] = choice, what(choice)
        return choice

    def _in_order(self, items: list[Item], gathered: bool) -> list[Item]:
        """Let each item in turn go as far forward as it is told to, and may."""
        found: list[Item] = []
        for item in items:
            furthest = len(found)
            while furthest and self._may_pass(item, found[furthest - 1], gathered):
                furthest -= 1
            end = len(found)
            what = partial(_came_ahead, item, found)
            found.insert(end - self._choose(end - furthest + 1, what), item)
        return found

    def _may_pass(self, item: Item, other: Item, gathered: bool) -> bool:
        if item.device_id != other.device_id:
            return True
        one, two = _kind(item), _kind(other)
        if one == two:
            return False
        return frozenset((one, two)) in self._pairs or (gathered and "reply" not in (one, two))

    def _twice(self, found: list[Item]) -> list[Item]:
        """Return what is told once more behind a sync."""
        told = [item for item in found if isinstance(item, Event) and item.arguments.get("type") in TWICE]
        return [item for item in told if self._choose(2, lambda _: "a change of conversations was told twice")]

    def _late(self, found: list[Item], reply: Reply, method: str) -> list[Item]:
        """Return what is told now: what was held back behind the last call, and of this one's all but what is held back in turn."""
        held = self.release()
        at = found.index(reply)
        if held and at == 0 and self._choose(2, lambda _: f"{_listed(held)} came behind the reply to {method}"):
            found = [reply, *held, *found[1:]]
        else:
            found = [*held, *found]
        if method.startswith("bridge.") or reply.error is not None:
            return found
        behind = len(found) - found.index(reply) - 1
        count = self._choose(behind + 1, lambda count: f"{_listed(found[-count:])} waited for the next call behind {method}")
        if count:
            self._held = found[-count:]
            found = found[:-count]
        return found


def _came_ahead(item: Item, others: list[Item], places: int) -> str:
    return f"{_named(item)} came ahead of {_listed(others[len(others) - places :])}"


def _named(item: Item) -> str:
    return "the reply" if isinstance(item, Reply) else str(item.arguments.get("type") or item.method)


def _listed(items: list[Item]) -> str:
    return ", ".join(map(_named, items))


def _kind(item: Item) -> str:
    return "reply" if isinstance(item, Reply) else item.method


def _pairs() -> frozenset[frozenset[str]]:
    return frozenset(frozenset(row["between"]) for row in common_document("volatile").get("order", []))


def _steps(text: str) -> dict[int, int]:
    """Return the choices that a text names. Raises ProtocolError -32602."""
    found: dict[int, int] = {}
    for word in text.replace(",", " ").split():
        point, _, choice = word.partition(":")
        if not (point.isdigit() and choice.isdigit() and int(point) and len(word) < 20):
            how = "they are written as 3:1, the third choice, the first other one"
            raise ProtocolError(INVALID_PARAMS, f"{word!r} is no choice of a schedule: {how}")
        found[int(point)] = int(choice)
    return found


@control(
    "schedule.use",
    seed=P("integer", "makes choices by chance, the same ones for the same seed and calls"),
    most=P("integer", "how many of these are not the usual ones, at most; any number when left out"),
    steps=P("string", "the choices that are not the usual ones, such as `3:1 7:2`, as `bridge.schedule.seen` tells them"),
)
def schedule_use(session: Session, seed: int | None, most: int | None, steps: str | None) -> dict[str, Any]:
    """Let this connection's apps hear everything in another order that a phone could have; with neither, in the usual one again."""
    if seed is not None and steps is not None:
        raise ProtocolError(INVALID_PARAMS, "a schedule has a seed or steps, not both")
    session.schedule = None if seed is None and steps is None else Schedule(seed, _steps(steps or ""), most, _pairs())
    return {}


@control("schedule.seen", "{points: how many choices there were, steps: those that were not the usual ones, said: what these did}")
def schedule_seen(session: Session) -> dict[str, Any]:
    """Tell what this connection's schedule has chosen so far."""
    schedule = session.schedule
    if schedule is None:
        return {"points": 0, "steps": "", "said": []}
    return {"points": schedule.points, "steps": schedule.text(), "said": [said for _, said in schedule.taken.values()]}
