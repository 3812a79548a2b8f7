"""What has happened in the world, and who hears of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class Audience:
    """
    The devices that hear a fact: all logged-in devices of some users, less one, or one device alone.

    Attributes:
        users: user ids, each once, in the order in which they hear it.
        without: id of a device that does not hear it (mostly the one that caused it), or None.
        only: id of the one device that hears it, or None.
        is_own: the device's own doing, of which it hears without a network, too.
        waits: of a login's sync: what nobody listens to may be heard by a listener that is added next.
        kept_for: the user for whom it is kept while the one device is away; None for what is not kept.
    """

    __slots__ = ("users", "without", "only", "is_own", "waits", "kept_for")

    def __init__(
        self,
        users: tuple[str, ...] = (),
        without: str | None = None,
        only: str | None = None,
        is_own: bool = False,
        waits: bool = False,
        kept_for: str | None = None,
    ) -> None:
        self.users = users
        self.without = without
        self.only = only
        self.is_own = is_own
        self.waits = waits
        self.kept_for = kept_for

    def __repr__(self) -> str:
        return f"Audience(users={self.users!r}, without={self.without!r}, only={self.only!r})"


def user(user_id: str, without: str | None = None) -> Audience:
    """Return all devices of a user, less one."""
    return Audience((user_id,), without)


def users(user_ids: Iterable[str], without: str | None = None) -> Audience:
    """Return all devices of several users, less one."""
    return Audience(tuple(dict.fromkeys(user_ids)), without)


def device(device_id: str, is_own: bool = False, waits: bool = False, kept_for: str | None = None) -> Audience:
    """Return one device alone; see `Audience` for the rest."""
    return Audience((), None, device_id, is_own, waits, kept_for)


class Fact:
    """
    One thing that has happened: a kind in the past tense (`conversation_group_created`), its audience and what it is about.

    `before_reply` is true for the few facts that reach the caller ahead of the answer of the call that caused them.
    """

    __slots__ = ("kind", "to", "payload", "before_reply")

    def __init__(self, kind: str, to: Audience, payload: dict[str, Any], before_reply: bool = False) -> None:
        self.kind = kind
        self.to = to
        self.payload = payload
        self.before_reply = before_reply

    def __repr__(self) -> str:
        return f"Fact({self.kind}, {self.to!r}, {self.payload!r})"
