"""Friends: who has whom in the list, under which remark."""

from __future__ import annotations

from attrs import field, frozen

from bridge.world.store import Groups, TableSpec
from bridge.world.world import World


@frozen
class Friend:
    """One entry of `owner`'s friend list. `added_ms` is when; `groups` the owner's friend groups that hold it."""

    owner: str
    user_id: str
    remark: str = ""
    added_ms: int = 0
    source: str = ""
    wording: str = ""
    groups: tuple[str, ...] = ()
    custom: dict[str, str] = field(factory=dict)


FRIENDS = TableSpec(
    "friends",
    Friend,
    ("owner", "user_id"),
    {"owner": lambda: Groups(lambda f: f.owner), "user": lambda: Groups(lambda f: f.user_id)},
)


def get(world: World, owner: str, user_id: str) -> Friend | None:
    """Return the entry that `owner` has for a user, or None."""
    return world[FRIENDS].rows.get((owner, user_id))


def remark(world: World, owner: str, user_id: str) -> str:
    """Return the remark that `owner` keeps for a user; "" without one."""
    friend = world[FRIENDS].rows.get((owner, user_id))
    return "" if friend is None else friend.remark


def shown_name(world: World, viewer: str, user_id: str) -> str:
    """Return the name of a user as `viewer` sees it: remark, else nickname, else id (brief)."""
    from bridge.world import users

    return remark(world, viewer, user_id) or users.profile(world, user_id).nick_name or user_id
