"""The fault plan: which call is taken by which fault."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.engine.faults import EFFECTS, Fault, FaultPlan
from bridge.world.kernel.devices import Device
from bridge.world.kernel.world import World

PHONE = Device("d1", name="phone", user_id="alice")


def taken(plan: FaultPlan, count: int, world: World | None = None, method: str = "send", device: Device = PHONE) -> list[Any]:
    """Return the number of the fault that takes each of some calls, None where none does."""
    world = world or World()
    found = [plan.of(world, device, (method,), device.user_id) for _ in range(count)]
    return [None if fault is None else fault.number for fault in found]


def test_empty_plan_takes_nothing() -> None:
    """And says so, so that nobody need ask."""
    plan = FaultPlan()
    assert (False, [None]) == (plan.active, taken(plan, 1))
    number = plan.set({}, {"code": 1}).number
    assert plan.active
    assert plan.drop(number)
    assert not plan.active
    assert not plan.drop(number)


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        ({}, [1, 1, 1, 1]),
        ({"nth": 3}, [None, None, 1, 1]),
        ({"times": 1}, [1, None, None, None]),
        ({"nth": 2, "times": 2}, [None, 1, 1, None]),
        ({"method": "receive"}, [None] * 4),
        ({"user": "bob"}, [None] * 4),
        ({"device": ""}, [None] * 4),
        ({"method": "send", "user": "alice", "device": "phone"}, [1, 1, 1, 1]),
    ],
)
def test_calls_that_are_taken(match: dict[str, Any], expected: list[Any]) -> None:
    """From the nth matching call on, so many times."""
    plan = FaultPlan()
    plan.set(match, {"code": 1})
    assert expected == taken(plan, 4)


def test_first_set_takes_and_all_count() -> None:
    """A call that one fault takes counts for those behind it as well."""
    plan = FaultPlan()
    plan.set({"times": 2}, {"code": 1})
    plan.set({"nth": 3, "times": 1}, {"code": 2})
    assert [1, 1, 2, None] == taken(plan, 4)
    assert [(2, 2), (3, 1)] == [(fault.seen, fault.taken) for fault in plan.faults]


def test_spent_faults_cost_nothing() -> None:
    """A fault that has taken all its calls is asked no more; it is listed in its place, the last thousand are."""
    plan = FaultPlan()
    lasting = plan.set({"method": "receive"}, {"code": 1})
    for number in range(2, 1202):
        plan.set({"times": 1}, {"code": number})
    assert list(range(2, 1202)) == taken(plan, 1200)
    assert [None] == taken(plan, 1) and plan.active
    assert [1, *range(202, 1202)] == [fault.number for fault in plan.faults]
    assert plan.drop(500) and not plan.drop(500) and not plan.drop(100)
    assert plan.drop(lasting.number) and not plan.active
    assert [501, 1201] == [plan.faults[298].number, plan.faults[-1].number]
    plan.clear()
    assert [] == plan.faults


def test_nobody_has_no_user() -> None:
    """A device without a login matches no user, but for the login itself, which is its user's."""
    plan = FaultPlan()
    plan.set({"user": "bob"}, {"code": 1})
    blank = Device("d2", name="tablet")
    assert [None] == taken(plan, 1, device=blank)
    assert plan.of(World(), blank, ("login",), "carol") is None
    assert plan.of(World(), blank, ("login",), "bob") is not None


def test_chance_comes_from_the_seed() -> None:
    """The same seed takes the same calls; faults do not share their luck."""
    patterns = []
    for seed in (0, 0, 1):
        plan = FaultPlan()
        plan.set({"probability": 0.5}, {"code": 1})
        patterns.append(taken(plan, 64, World(seed)))
    assert patterns[0] == patterns[1] != patterns[2]
    assert 16 < patterns[0].count(1) < 48
    one, other = FaultPlan(), FaultPlan()
    one.set({"probability": 0.5}, {"code": 1})
    other.set({"method": "other"}, {"code": 1})
    other.set({"probability": 0.5}, {"code": 1})
    assert [n is None for n in taken(one, 64)] != [n is None for n in taken(other, 64)]


@pytest.mark.parametrize("kind", EFFECTS)
def test_kind_of_an_effect(kind: str) -> None:
    """Each effect has a name, and is shown as it was given."""
    fault = Fault(7, {"nth": 2}, {kind: 1})
    assert kind == fault.kind
    assert {"fault": 7, "match": {"nth": 2}, "effect": {kind: 1}, "seen": 0, "taken": 0} == fault.shown()
