"""
What a call has caused, then and now: which reply and which event answers to which, and whether they came in a legal order.

Of each listener's events as many as can be are taken for the same, so one that is missing is one difference and those behind it are
none. Then the order counts: what `schemas/volatile.json` (`order`) says may change places, may; everything else may not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from bridge.catalogue.sources import common_document
from bridge.conformance.compare import NOTHING, Comparison, Difference

REPLY = "reply"
MOST_CELLS = 40_000
"""How much is compared to align one listener's events; of longer ones, all that is in its place is taken for the same."""

SAME, MISSING = 0.0, 1.0


class Item(NamedTuple):
    """
    A reply or an event of a turn.

    Attributes:
        lane: `reply`, or the listener; only what is in one lane can be the same.
        name: which reply, or what kind of event.
        of: the method that is answered, or again the kind of event.
        value: what is compared.
        label: how people are told of it.
        line: of the recording; 0 for what came now.
    """

    lane: str
    name: str
    of: str
    value: Any
    label: str
    line: int = 0


def reply(number: int, method: str, outcome: dict[str, Any], own: bool, line: int = 0) -> Item:
    """Return the reply to the call of that number; `own` if it is the turn's. Of an error only the code counts: the rest is for people."""
    error = outcome.get("error")
    value = {"error": error.get("code")} if isinstance(error, dict) else {"result": outcome.get("result", NOTHING)}
    return Item(REPLY, str(number), method, value, "" if own else f"reply to call {number} {method}", line)


def event(method: str, arguments: Any, at: int, line: int = 0) -> Item:
    """Return an event, the turn's `at`th."""
    device, listener, said = "", method, arguments
    if method == "bridge.device.event" and isinstance(arguments, dict):
        device, listener, said = f" on {arguments.get('device')}", str(arguments.get("method")), arguments.get("arguments")
    kind = str(said.get("type", "")) if isinstance(said, dict) else ""
    return Item(f"{listener}{device}", kind, kind, said, f"events[{at}] {listener} {kind}".rstrip() + device, line)


def compare(comparison: Comparison, recorded: Sequence[Item], came: Sequence[Item]) -> list[Difference]:
    """Return what differs between two turns, in the order of the recording; what came beyond it stands at the end."""
    pairs = _pairs(comparison, recorded, came)
    found: list[Difference] = []
    misplaced = _misplaced(recorded, came, pairs)
    for at, item in enumerate(recorded):
        comparison.place = f"line {item.line}" if item.line else item.label or REPLY
        other = pairs.get(at)
        if other is None:
            found.append(Difference(item.label or REPLY, item.value, NOTHING, item.line))
            continue
        found += comparison.differences(item.value, came[other].value, item.label, item.line, item.of)
        if at in misplaced:
            found.append(Difference(item.label or REPLY, NOTHING, NOTHING, item.line, misplaced[at]))
    taken = set(pairs.values())
    line = recorded[-1].line if recorded else 0
    found += [Difference(item.label or REPLY, NOTHING, item.value, line) for at, item in enumerate(came) if at not in taken]
    return found


# --- which answers to which


def _pairs(comparison: Comparison, recorded: Sequence[Item], came: Sequence[Item]) -> dict[int, int]:
    """Return the place among what came of each recorded item that has one."""
    pairs: dict[int, int] = {}
    for lane in dict.fromkeys(item.lane for item in recorded):
        ours = [at for at, item in enumerate(recorded) if item.lane == lane]
        theirs = [at for at, item in enumerate(came) if item.lane == lane]
        if lane == REPLY:
            by_name = {came[at].name: at for at in theirs}
            pairs |= {at: by_name[recorded[at].name] for at in ours if recorded[at].name in by_name}
            continue
        for one, other in _aligned(comparison, [recorded[at] for at in ours], [came[at] for at in theirs]):
            pairs[ours[one]] = theirs[other]
        _pair_moved(comparison, recorded, came, pairs, ours, theirs)
    return pairs


def _pair_moved(
    comparison: Comparison, recorded: Sequence[Item], came: Sequence[Item], pairs: dict[int, int], ours: list[int], theirs: list[int]
) -> None:
    """Pair what is left of a lane and the same, wherever it stands: it has moved."""
    left = [at for at in theirs if at not in pairs.values()]
    for one in ours:
        if one in pairs:
            continue
        for other in left:
            if _cost(comparison, recorded[one], came[other]) == SAME:
                pairs[one] = other
                left.remove(other)
                break


def _aligned(comparison: Comparison, ours: list[Item], theirs: list[Item]) -> list[tuple[int, int]]:
    """Return which of ours is which of theirs, both in their order, so that as little as can be differs."""
    start = 0
    while start < min(len(ours), len(theirs)) and _cost(comparison, ours[start], theirs[start]) == SAME:
        start += 1
    pairs = [(at, at) for at in range(start)]
    rest, others = ours[start:], theirs[start:]
    if len(rest) * len(others) > MOST_CELLS:
        return pairs + [
            (start + at, start + at) for at, (one, other) in enumerate(zip(rest, others, strict=False)) if one.name == other.name
        ]
    costs = [[_cost(comparison, one, other) for other in others] for one in rest]
    table = [[0.0] * (len(others) + 1) for _ in range(len(rest) + 1)]
    for one in range(len(rest), -1, -1):
        for other in range(len(others), -1, -1):
            table[one][other] = min(_steps(table, costs, one, other), default=(0.0,))[0]
    one = other = 0
    while one < len(rest) and other < len(others):
        _, step = min(_steps(table, costs, one, other))
        if step == 0:
            pairs.append((start + one, start + other))
        one += step != 2
        other += step != 1
    return pairs


def _steps(table: list[list[float]], costs: list[list[float]], one: int, other: int) -> list[tuple[float, int]]:
    """Return what it costs to the end to pair the next two (0), to leave out ours (1), to leave out theirs (2)."""
    steps = []
    if one < len(costs):
        steps.append((MISSING + table[one + 1][other], 1))
    if other < len(table[0]) - 1:
        steps.append((MISSING + table[one][other + 1], 2))
        if one < len(costs) and costs[one][other] < 2 * MISSING:
            steps.append((costs[one][other] + table[one + 1][other + 1], 0))
    return steps


def _cost(comparison: Comparison, recorded: Item, came: Item) -> float:
    """Return how unlike two items are: nothing, more than one that is missing, or beyond all likeness."""
    if recorded.name != came.name:
        return 2 * MISSING
    distance = comparison.distance(recorded.value, came.value, recorded.of)
    return SAME if not distance else MISSING + min(distance, 90) / 100


# --- in which order


def _misplaced(recorded: Sequence[Item], came: Sequence[Item], pairs: dict[int, int]) -> dict[int, str]:
    """Return which recorded items came in a place where they may not, and the words on that; as few as explain it all."""
    crossed: dict[int, set[int]] = {at: set() for at in pairs}
    order = sorted(pairs)
    for position, one in enumerate(order):
        for other in order[position + 1 :]:
            if pairs[other] < pairs[one] and not _may_change_places(recorded[one], recorded[other]):
                crossed[one].add(other)
                crossed[other].add(one)
    told: dict[int, str] = {}
    while True:
        worst = max(order, key=lambda at: (len(crossed[at]), recorded[at].lane != REPLY), default=None)
        if worst is None or not crossed[worst]:
            return told
        other = min(crossed[worst])
        name = recorded[other].label or f"the {REPLY}"
        told[worst] = f"recorded behind {name}, came ahead of it" if other < worst else f"recorded ahead of {name}, came behind it"
        for one in crossed.pop(worst):
            crossed[one].discard(worst)
        crossed[worst] = set()


def _may_change_places(one: Item, other: Item) -> bool:
    lanes = {one.lane.partition(" ")[0], other.lane.partition(" ")[0]}
    return one.lane != other.lane and any(set(pair["between"]) == lanes for pair in common_document("volatile")["order"])
