"""When garbage is looked for: a server's large worlds are left alone."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest

from bridge import garbage
from bridge.emulator import Emulator

DOCUMENT: dict[str, Any] = {"version": 1, "messages": [{"from": "bob", "to": "alice", "text": str(number)} for number in range(40)]}


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    """Let this process be looked at again behind a test."""
    assert 0 == gc.get_freeze_count()
    yield
    gc.unfreeze()


@pytest.mark.parametrize(("is_served", "many", "is_left"), [(True, 40, True), (True, 1_000, False), (False, 40, False)])
def test_large_worlds_of_servers_are_left_alone(monkeypatch: pytest.MonkeyPatch, is_served: bool, many: int, is_left: bool) -> None:
    """What a server has loaded is not looked at again, if it is large; in other programs nothing is kept from the collector."""
    monkeypatch.setattr(garbage, "MANY_ROWS", many)
    with garbage.young_only() if is_served else nullcontext():
        Emulator().load(DOCUMENT)
    assert is_left is (gc.get_freeze_count() > 0)


def test_servers_look_for_old_garbage_themselves() -> None:
    """Behind a server the collector goes on as before."""
    usual = gc.get_threshold()
    with garbage.young_only():
        assert (usual[0], garbage.SOON, garbage.NEVER) == gc.get_threshold()
    assert usual == gc.get_threshold()


def test_what_was_made_without_a_search_and_stays_is_not_young_behind_it() -> None:
    """Nobody looks at a million new rows as soon as something is looked at again; what is made later is young."""
    with garbage.no_search(stays=True):
        made: list[list[int]] = [[] for _ in range(1_000)]
    assert gc.isenabled() and gc.get_freeze_count() == 0
    young = {id(one) for one in gc.get_objects(generation=0)}
    assert young.isdisjoint(map(id, made))
    assert {id(one) for one in gc.get_objects(generation=2)}.issuperset(map(id, made))


def test_what_is_left_alone_stays_so_behind_what_was_made_without_a_search() -> None:
    """What a server never looks at again is not given back to the collector."""
    garbage.leave_alone()
    left = gc.get_freeze_count()
    with garbage.no_search(stays=True):
        pass
    assert gc.get_freeze_count() == left
