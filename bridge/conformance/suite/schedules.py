"""
A case in other orders in which its people could have heard the same (`bridge.schedule.use`), and the least that makes it fail.

It is played in the usual order first, then under some schedules by chance. One under which it fails is cut down to the choices that are
enough for that; these can be played again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from attrs import evolve

from bridge.conformance.suite.actors import Answer, Broken, Stage, Untried, Wire
from bridge.conformance.suite.cases import Case
from bridge.conformance.suite.running import NOT_TRIED, SAME, Verdict, verdict
from bridge.errors import UNKNOWN_METHOD

MOST_RUNS = 40
"""How often what fails is run again in search of fewer choices."""

Fails = Callable[[Sequence[str]], bool]


class Scheduled(Wire):
    """
    A connection to a target whose people hear things in the order that is asked for.

    Attributes:
        asked: `seed` or `steps` for the next case; nothing for the usual order.
    """

    def __init__(self, wire: Wire) -> None:
        self.asked: dict[str, Any] = {}
        self._wire = wire
        self._is_usual = True

    def begin(self, given: Mapping[str, Any]) -> None:
        """See `Wire`."""
        self._wire.begin(given)
        if self.asked or not self._is_usual:
            error = (self._wire.exchange("bridge.schedule.use", self.asked).reply or {"error": {}}).get("error")
            if error is not None:
                missing = error.get("code") in (UNKNOWN_METHOD, None)
                raise Untried(f"{'the target has no ' if missing else ''}bridge.schedule.use: {error.get('message', 'no answer')}")
            self._is_usual = not self.asked

    def exchange(self, method: str, arguments: Any) -> Answer:
        """See `Wire`: what waits for the next call belongs to the one before, as everywhere in the suite."""
        answer = self._wire.exchange(method, arguments)
        if self._is_usual:
            return answer
        return evolve(answer, events=[*answer.events, *self._wire.exchange("bridge.ping", {}).events])

    def snapshot(self) -> Any:
        """See `Wire`."""
        return self._wire.snapshot()

    def seen(self) -> tuple[list[str], tuple[str, ...]]:
        """Return what the last case's schedule has chosen: choices as `3:1`, and what these did."""
        try:
            found = (self._wire.exchange("bridge.schedule.seen", {}).reply or {}).get("result") or {}
        except Broken:
            found = {}  # the target has ended with the case
        return str(found.get("steps", "")).split(), tuple(found.get("said", ()))


def explored(count: int, wire: Scheduled) -> Callable[[Case, Stage], Verdict]:
    """Return what plays a case on a stage of a wire in the usual order and under so many schedules."""

    def play(case: Case, stage: Stage) -> Verdict:
        found = _under(case, stage, wire, {})
        for seed in range(1, count + 1):
            if found.outcome != SAME:
                break
            found = _under(case, stage, wire, {"seed": seed})
            if found.outcome not in (SAME, NOT_TRIED) and found.schedule:
                fewer = shortest(found.schedule.split(), lambda steps: not _holds(case, stage, wire, steps))
                again = _under(case, stage, wire, {"steps": " ".join(fewer)})
                found = again if again.outcome != SAME else found
        return found

    return play


def replayed(steps: str, wire: Scheduled) -> Callable[[Case, Stage], Verdict]:
    """Return what plays a case on a stage of a wire under the choices that were told of before."""
    return lambda case, stage: _under(case, stage, wire, {"steps": steps})


def _under(case: Case, stage: Stage, wire: Scheduled, asked: dict[str, Any]) -> Verdict:
    wire.asked = asked
    found = verdict(case, stage)
    if not asked or found.outcome in (SAME, NOT_TRIED):
        return found
    steps, said = wire.seen()
    return evolve(found, schedule=" ".join(steps), said=said)


def _holds(case: Case, stage: Stage, wire: Scheduled, steps: Sequence[str]) -> bool:
    return _under(case, stage, wire, {"steps": " ".join(steps)}).outcome in (SAME, NOT_TRIED)


def shortest(steps: Sequence[str], fails: Fails, most: int = MOST_RUNS) -> list[str]:
    """
    Return a part of some choices under which something still fails, and under none of whose own parts without one of them it does.

    Args:
        fails: tries it under some choices.
        most: how often that is asked; then what was found so far is returned.
    """
    left = list(steps)
    size = len(left) // 2 or 1
    while left and most:
        for at in range(0, len(left), size):
            fewer = left[:at] + left[at + size :]
            most -= 1
            if fails(fewer):
                left = fewer
                break
            if not most:
                break
        else:
            if size == 1:
                break
            size //= 2
        size = min(size, len(left)) or 1
    return left
