"""What an operator sets in the console, for tests."""

from __future__ import annotations

from typing import Any

from attrs import evolve

from tests.support.stage import Phone, Stage


def switch(stage: Stage, **switches: Any) -> None:
    """Set console switches of a stage, beside those that are set already."""
    policy = stage.world.policy
    stage.world.policy = evolve(policy, switches={**policy.switches, **switches})


def limit_rates(stage: Stage) -> None:
    """Have a stage refuse what is called too often."""
    stage.world.policy = evolve(stage.world.policy, rate_limits=True)


def strict(stage: Stage) -> None:
    """Have a stage know only those accounts that exist."""
    stage.world.policy = evolve(stage.world.policy, strict_accounts=True)


def befriend(one: Phone, other: Phone) -> None:
    """Make two people friends, and let both forget what they heard of it."""
    one.call("addFriend", userID=other.user, addType=2)
    one.heard()
    other.heard()


def outcomes(items: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """Return (user id, code) of each result."""
    return [(item["userID"], item["resultCode"]) for item in items]
