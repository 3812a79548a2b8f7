"""Friend groups: named sets of a user's friends. A friend may be in many; each entry of the friend list names its own."""

from __future__ import annotations

from bridge.errors import ChatError
from bridge.world.kernel import codes, facts
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.results import Item
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import Groups, TableSpec
from bridge.world.kernel.texts import bytes_of
from bridge.world.kernel.world import World
from bridge.world.people import friends
from bridge.world.people.friends import FRIENDS, Friend

# product docs: friend groups
MAX_GROUPS = 32
NAME_BYTES = 30

MISSING_TEXT = "there is no friend group of this name"
TAKEN_TEXT = "there is a friend group of this name already"


@row_class
class FriendGroup:
    """A friend group of a user. `order` is when it was made, in the world's order."""

    owner: str
    name: str
    order: int


FRIEND_GROUPS = TableSpec("friend_groups", FriendGroup, ("owner", "name"), {"owner": lambda: Groups(lambda g: g.owner)})


def list_of(world: World, owner: str, names: list[str]) -> list[FriendGroup]:
    """Return the groups of those names, unknown ones left out; all groups in order of creation if none is named."""
    table = world[FRIEND_GROUPS]
    if names:
        found = (table.get((owner, name)) for name in dict.fromkeys(names))
        return [group for group in found if group is not None]
    return sorted((table[key] for key in table.index("owner").of(owner)), key=lambda group: group.order)


def members(world: World, owner: str, name: str) -> list[str]:
    """Return the ids of the friends in a group, sorted."""
    return [key[1] for key in world[FRIENDS].index("group").of((owner, name))]


def check_name(name: str) -> None:
    """Raise ChatError 9005 unless a name has 1 to 30 bytes."""
    if not 1 <= bytes_of(name) <= NAME_BYTES:
        raise ChatError(codes.INVALID_FRIEND_GROUP_NAME)


def ensure(world: World, owner: str, name: str) -> None:
    """Make a group unless it is there. Raises: ChatError 30011 for a 33rd one."""
    table = world[FRIEND_GROUPS]
    if (owner, name) in table:
        return
    if table.index("owner").count(owner) >= MAX_GROUPS:
        raise ChatError(codes.FRIEND_GROUP_LIMIT)
    table.put((owner, name), FriendGroup(owner, name, world.next_number("order")))


def create(world: World, owner: str, name: str, user_ids: list[str]) -> list[Item]:
    """
    Make a group with friends in it; one that is there takes them (DECISIONS.md: Friend groups that exist, or do not).

    Returns: an item per id, 32216 for one who is no friend; the group is made all the same.

    States friend_info_changed to the owner's devices for those that came in.

    Raises: ChatError 9005 (name not of 1 to 30 bytes), 30011 (a 33rd group).
    """
    check_name(name)
    ensure(world, owner, name)
    return _take_in(world, owner, name, user_ids)


def add(world: World, owner: str, name: str, user_ids: list[str]) -> list[Item]:
    """
    Put friends into a group; those in it stay.

    Returns: an item per id, 32216 for one who is no friend. States friend_info_changed to the owner's devices for those that came in.

    Raises: ChatError 9005 (no or overlong name), 6017 (no id), 30001 (no such group).
    """
    _require(world, owner, name)
    friends.check_some(user_ids)
    return _take_in(world, owner, name, user_ids)


def _take_in(world: World, owner: str, name: str, user_ids: list[str]) -> list[Item]:
    items = []
    changed = []
    for user_id in user_ids:
        row = friends.get(world, owner, user_id)
        items.append(Item.of(user_id, 0 if row is not None else codes.FRIEND_GROUP_NOT_A_FRIEND))
        if row is not None and name not in row.groups:
            changed.append(friends.save(world, evolve(row, groups=(*row.groups, name))))
    _tell(world, owner, changed)
    return items


def remove(world: World, owner: str, name: str, user_ids: list[str]) -> list[Item]:
    """
    Take friends out of a group; the group stays, even empty.

    Returns: an item per id, 0 also for one who was not in it (DECISIONS.md: Taking out what is not in).

    States friend_info_changed to the owner's devices for those that went.

    Raises: as `add`.
    """
    _require(world, owner, name)
    friends.check_some(user_ids)
    rows = [friends.get(world, owner, user_id) for user_id in dict.fromkeys(user_ids)]
    _tell(world, owner, [_leave(world, row, name) for row in rows if row is not None and name in row.groups])
    return [Item.of(user_id) for user_id in user_ids]


def delete(world: World, owner: str, names: list[str]) -> None:
    """
    Delete groups; the friends in them stay.

    States friend_info_changed to the owner's devices for those that were in one.

    Raises: ChatError 6017 (no name), 9005 (no or overlong name), 30001 (one that is not there; nothing is deleted).
    """
    friends.check_some(names)
    changed = {}
    for name in dict.fromkeys(names):
        _require(world, owner, name)
        for user_id in members(world, owner, name):
            changed[user_id] = _leave(world, world[FRIENDS][(owner, user_id)], name)
        world[FRIEND_GROUPS].drop((owner, name))
    _tell(world, owner, list(changed.values()))


def rename(world: World, owner: str, old: str, new: str) -> None:
    """
    Give a group another name; its friends and its place stay.

    States friend_info_changed to the owner's devices for the friends in it; nothing if the name is the same.

    Raises: ChatError 9005 (no or overlong name), 30001 (no such group, or the new name is taken).
    """
    check_name(new)
    group = _require(world, owner, old)
    if old == new:
        return
    table = world[FRIEND_GROUPS]
    if (owner, new) in table:
        raise ChatError(codes.FRIEND_INVALID_PARAMETERS, TAKEN_TEXT)
    changed = []
    for user_id in members(world, owner, old):
        row = world[FRIENDS][(owner, user_id)]
        names = tuple(new if name == old else name for name in row.groups)
        changed.append(friends.save(world, evolve(row, groups=names)))
    table.drop((owner, old))
    table.put((owner, new), evolve(group, name=new))
    _tell(world, owner, changed)


def _require(world: World, owner: str, name: str) -> FriendGroup:
    check_name(name)
    group = world[FRIEND_GROUPS].get((owner, name))
    if group is None:
        raise ChatError(codes.FRIEND_INVALID_PARAMETERS, MISSING_TEXT)
    return group


def _leave(world: World, row: Friend, name: str) -> Friend:
    return friends.save(world, evolve(row, groups=tuple(kept for kept in row.groups if kept != name)))


def _tell(world: World, owner: str, changed: list[Friend]) -> None:
    if changed:
        world.state("friend_info_changed", facts.user(owner), friends=tuple(changed))
