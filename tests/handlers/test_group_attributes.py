"""Attributes and counters of groups."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.world.kernel.world import Policy
from tests.support.groups import TYPES, team
from tests.support.stage import Phone, Stage


def put(phone: Phone, group_id: str, **values: str) -> None:
    """Set attributes."""
    phone.call("setGroupAttributes", groupID=group_id, attributes=values)


def read(phone: Phone, group_id: str, *keys: str) -> Any:
    """Read attributes."""
    return phone.call("getGroupAttributes", groupID=group_id, keys=list(keys))


# --- attributes


def test_writing_tells_the_whole_map(stage: Stage) -> None:
    """Every member, the writer too, hears all attributes, not only those that have changed."""
    group_id, (alice, bob, _) = team(stage, "Public")
    put(alice, group_id, b="1", a="2")
    put(alice, group_id, b="3")
    for phone in (alice, bob):
        told = [data["groupAttributeMap"] for _, data in phone.heard("onGroupAttributeChanged")]
        assert [{"a": "2", "b": "1"}, {"a": "2", "b": "3"}] == told
    assert {"a": "2", "b": "3"} == read(bob, group_id)
    assert {"b": "3"} == read(bob, group_id, "b", "none")


def test_init_replaces_all(stage: Stage) -> None:
    """Initialising leaves no other attributes; with none at all it clears them."""
    group_id, (alice, bob, _) = team(stage, "Public")
    put(alice, group_id, a="1", b="2")
    alice.call("initGroupAttributes", groupID=group_id, attributes={"c": "3"})
    assert {"c": "3"} == read(bob, group_id)
    alice.call("initGroupAttributes", groupID=group_id, attributes={})
    assert {} == bob.heard("onGroupAttributeChanged")[-1][1]["groupAttributeMap"]


def test_deleting(stage: Stage) -> None:
    """Named keys go, all go without a key; one that there is not is refused with 10050."""
    group_id, (alice, bob, _) = team(stage, "Public")
    put(alice, group_id, a="1", b="2", c="3")
    bob.heard()
    assert 10050 == alice.refused("deleteGroupAttributes", groupID=group_id, keys=["a", "none"])
    alice.call("deleteGroupAttributes", groupID=group_id, keys=["a"])
    alice.call("deleteGroupAttributes", groupID=group_id, keys=[])
    assert [{"b": "2", "c": "3"}, {}] == [data["groupAttributeMap"] for _, data in bob.heard("onGroupAttributeChanged")]


def test_no_keys_mean_all(stage: Stage) -> None:
    """Leaving the keys out, null and an empty list all mean every attribute."""
    group_id, (alice, _, _) = team(stage, "Public")
    put(alice, group_id, a="1", b="2")
    assert {"a": "1", "b": "2"} == alice.call("getGroupAttributes", groupID=group_id) == read(alice, group_id)
    alice.call("deleteGroupAttributes", groupID=group_id, keys=None)
    assert {} == alice.call("getGroupAttributes", groupID=group_id, keys=[] if stage.family == "chat-8.2" else None)


def test_same_again_is_not_told(stage: Stage) -> None:
    """Setting what is so already succeeds and tells nobody."""
    group_id, (alice, bob, _) = team(stage, "Public")
    put(alice, group_id, a="1")
    bob.heard()
    put(alice, group_id, a="1")
    assert [] == bob.heard()


def test_first_writer_wins(stage: Stage) -> None:
    """Who has never read is refused with 10056 once somebody else has written, until it has read."""
    group_id, (alice, bob, carol) = team(stage, "Public")
    put(bob, group_id, seat="bob")
    for method in ("setGroupAttributes", "initGroupAttributes"):
        assert 10056 == alice.refused(method, groupID=group_id, attributes={"seat": "alice"})
    assert 10056 == carol.refused("deleteGroupAttributes", groupID=group_id, keys=["seat"])
    assert {"seat": "bob"} == read(alice, group_id)
    put(alice, group_id, seat="alice")
    assert {"seat": "alice"} == read(carol, group_id)


def test_events_keep_writers_up_to_date(stage: Stage) -> None:
    """Who has read once is kept up to date by the event, also without a listener; a device that is cut off is not."""
    group_id, (alice, bob, _) = team(stage, "Public")
    read(alice, group_id)
    put(bob, group_id, a="1")
    put(alice, group_id, b="2")
    put(bob, group_id, c="3")
    assert {"a": "1", "b": "2", "c": "3"} == read(alice, group_id)


def test_new_login_reads_first(stage: Stage) -> None:
    """What a client had seen is gone with its login."""
    group_id, (alice, _, _) = team(stage, "Public")
    put(alice, group_id, a="1")
    alice.call("logout")
    alice.login("alice")
    assert 10056 == alice.refused("setGroupAttributes", groupID=group_id, attributes={"a": "2"})


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({f"k{n}": "v" for n in range(17)}, 10047),
        ({"k" * 33: "v"}, 10045),
        ({"会" * 11: "v"}, 10045),
        ({"": "v"}, 10045),
        ({"k": "v" * 4001}, 10046),
        ({f"k{n}": "v" * 3999 for n in range(5)}, 10048),
    ],
)
def test_attributes_have_limits(stage: Stage, values: dict[str, str], code: int) -> None:
    """Too many, too long keys, too long values and too much of all are refused, each with its code."""
    group_id, (alice, _, _) = team(stage, "Public")
    for method in ("setGroupAttributes", "initGroupAttributes"):
        assert code == alice.refused(method, groupID=group_id, attributes=values)


def test_limits_hold_for_all_together(stage: Stage) -> None:
    """A seventeenth attribute is one too many, however few are set at once."""
    group_id, (alice, _, _) = team(stage, "Public")
    put(alice, group_id, **{f"k{n}": "v" for n in range(16)})
    assert 10047 == alice.refused("setGroupAttributes", groupID=group_id, attributes={"one": "more"})
    put(alice, group_id, k0="w")


@pytest.mark.parametrize("group_type", TYPES)
def test_attributes_by_type(stage: Stage, group_type: str) -> None:
    """Every type has them, a Community from 7.0 on; strangers are refused with 10007, no attribute with 6017."""
    group_id, (alice, bob, _) = team(stage, group_type)
    if group_type == "Community" and not stage.client.has_community_attributes:
        assert 10007 == alice.refused("setGroupAttributes", groupID=group_id, attributes={"a": "1"})
        assert 10007 == alice.refused("getGroupAttributes", groupID=group_id, keys=[])
        return
    put(bob, group_id, a="1")
    assert ["onGroupAttributeChanged"] == alice.heard_types()
    dave = stage.enter("dave")
    assert 10007 == dave.refused("getGroupAttributes", groupID=group_id, keys=[])
    assert 10007 == dave.refused("setGroupAttributes", groupID=group_id, attributes={"a": "1"})
    assert 6017 == bob.refused("setGroupAttributes", groupID=group_id, attributes={})
    assert 10010 == bob.refused("getGroupAttributes", groupID="none", keys=[])


def test_attributes_have_a_rate() -> None:
    """With rate limits, ten writes and twenty reads in five seconds, then 8511."""
    stage = Stage(policy=Policy(rate_limits=True))
    group_id, (alice, _, _) = team(stage, "Public")
    for number in range(10):
        put(alice, group_id, a=str(number))
    assert 8511 == alice.refused("deleteGroupAttributes", groupID=group_id, keys=[])
    for _ in range(20):
        read(alice, group_id)
    assert 8511 == alice.refused("getGroupAttributes", groupID=group_id, keys=[])
    stage.advance(5000)
    put(alice, group_id, a="x")
    read(alice, group_id)


# --- counters


@pytest.fixture(params=["android", "ios"])
def new_stage(request: pytest.FixtureRequest) -> Stage:
    """Return a stage with counters: 8.2 alone has them."""
    return Stage("chat-8.2", request.param)


def test_counters_move(new_stage: Stage) -> None:
    """Setting answers those that were set, moving the one; a missing one counts from 0; each change is told to all."""
    group_id, (alice, bob, _) = team(new_stage, "Public")
    assert {"a": 1, "b": -2} == alice.call("setGroupCounters", groupID=group_id, counters={"b": -2, "a": 1})
    assert {"b": 5} == bob.call("setGroupCounters", groupID=group_id, counters={"b": 5})
    assert {"a": 4} == bob.call("increaseGroupCounter", groupID=group_id, key="a", value=3)
    assert {"c": -7} == bob.call("decreaseGroupCounter", groupID=group_id, key="c", value=7)
    told = [(d["key"], d["value"]) for _, d in alice.heard("onGroupCounterChanged")]
    assert [("a", 1), ("b", -2), ("b", 5), ("a", 4), ("c", -7)] == told
    assert {"a": 4, "b": 5, "c": -7} == alice.call("getGroupCounters", groupID=group_id, keys=[])
    assert {"c": -7} == alice.call("getGroupCounters", groupID=group_id, keys=["c", "none"])


def test_counters_that_stay_are_not_told(new_stage: Stage) -> None:
    """Setting a counter to what it is tells nobody."""
    group_id, (alice, bob, _) = team(new_stage, "Public")
    for _ in range(2):
        alice.call("setGroupCounters", groupID=group_id, counters={"a": 1})
    assert 1 == len(bob.heard("onGroupCounterChanged"))


@pytest.mark.parametrize(
    ("method", "arguments", "code"),
    [
        ("setGroupCounters", {"counters": {}}, 6017),
        ("setGroupCounters", {"counters": {"": 1}}, 6017),
        ("setGroupCounters", {"counters": {"k" * 129: 1}}, 10004),
        ("setGroupCounters", {"counters": {f"k{n}": 1 for n in range(21)}}, 10063),
        ("increaseGroupCounter", {"key": "max", "value": 1}, 10004),
        ("decreaseGroupCounter", {"key": "", "value": 1}, 6017),
    ],
)
def test_counters_have_limits(new_stage: Stage, method: str, arguments: dict[str, Any], code: int) -> None:
    """No counter, an empty or long key, a 21st counter and a number over 64 bits are refused, each with its code."""
    group_id, (alice, _, _) = team(new_stage, "Public")
    alice.call("setGroupCounters", groupID=group_id, counters={"max": (1 << 63) - 1})
    assert code == alice.refused(method, groupID=group_id, **arguments)


@pytest.mark.parametrize("group_type", TYPES)
def test_counters_by_type(new_stage: Stage, group_type: str) -> None:
    """Every type but Community has counters; strangers are refused with 10007."""
    group_id, (alice, bob, _) = team(new_stage, group_type)
    if group_type == "Community":
        assert 10007 == alice.refused("increaseGroupCounter", groupID=group_id, key="a", value=1)
        assert 10007 == alice.refused("getGroupCounters", groupID=group_id, keys=[])
        return
    assert {"a": 1} == bob.call("increaseGroupCounter", groupID=group_id, key="a", value=1)
    dave = new_stage.enter("dave")
    assert 10007 == dave.refused("getGroupCounters", groupID=group_id, keys=[])
    assert 10007 == dave.refused("decreaseGroupCounter", groupID=group_id, key="a", value=1)
    assert 10010 == dave.refused("setGroupCounters", groupID="none", counters={"a": 1})


def test_counters_have_a_rate() -> None:
    """With rate limits, twenty changes and twenty reads in five seconds, then 8516."""
    stage = Stage(policy=Policy(rate_limits=True))
    group_id, (alice, _, _) = team(stage, "Public")
    for _ in range(20):
        alice.call("increaseGroupCounter", groupID=group_id, key="a", value=1)
        alice.call("getGroupCounters", groupID=group_id, keys=[])
    assert 8516 == alice.refused("setGroupCounters", groupID=group_id, counters={"a": 1})
    assert 8516 == alice.refused("getGroupCounters", groupID=group_id, keys=[])
    stage.advance(5000)
    assert {"a": 20} == alice.call("getGroupCounters", groupID=group_id, keys=[])
