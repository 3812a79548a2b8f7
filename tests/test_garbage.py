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
