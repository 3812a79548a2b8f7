"""
What of a login's sync waits for the app's listeners.

A sync takes network time, and apps add listeners after `login` has answered. What nobody listens to yet is kept here; who lets it be
heard, or be lost, is the engine.
"""

from __future__ import annotations

from typing import NamedTuple

from bridge.world.chats import conversations, messages
from bridge.world.kernel.facts import Fact
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import TableSpec
from bridge.world.kernel.world import World


class Waiting(NamedTuple):
    """A fact, and the kind of listener that was not there."""

    fact: Fact
    listener: str


@row_class
class Waits:
    """
    All that waits for one device's listeners, in order.

    Attributes:
        first: begins with it, and may go on with what later rows have.
        count: how much of that is this row's.
    """

    device_id: str
    first: list[Waiting]
    count: int

    @property
    def facts(self) -> tuple[Waiting, ...]:
        """Return what waits."""
        return tuple(self.first[: self.count])


WAITING = TableSpec("waiting", Waits, ("device_id",), exported=False, is_local=True)


def add(world: World, device_id: str, fact: Fact, listener: str) -> None:
    """Let a fact wait for a kind of listener."""
    row = world[WAITING].get(device_id) or Waits(device_id, [], 0)
    if row.count and row.first[row.count - 1] == (fact, listener):  # an event after another of the same fact
        return
    first = row.first if len(row.first) == row.count else row.first[: row.count]
    first.append(Waiting(fact, listener))
    world[WAITING].put(device_id, Waits(device_id, first, row.count + 1))


def keep(world: World, device_id: str, facts: tuple[Waiting, ...]) -> None:
    """Let these facts wait for a device's listeners, and no others."""
    if facts:
        world[WAITING].put(device_id, Waits(device_id, [*facts], len(facts)))
    else:
        world[WAITING].drop(device_id)


def forget(world: World, device_id: str) -> None:
    """Let nothing wait for a device any more: its session has ended."""
    keep(world, device_id, ())


def fresh(world: World, user_id: str, fact: Fact) -> Fact:
    """Return a fact that has waited, with its conversations and its message as they are now."""
    payload = dict(fact.payload)
    if "conversations" in payload:
        rows = payload["conversations"]
        payload["conversations"] = tuple(conversations.get(world, user_id, row.conversation_id) for row in rows)
    if "message" in payload:
        payload["message"] = messages.get(world, payload["message"].msg_id) or payload["message"]
    return Fact(fact.kind, fact.to, payload, fact.before_reply)
