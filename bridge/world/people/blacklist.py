"""Blacklists: whom a user wants to hear nothing from."""

from __future__ import annotations

from bridge.world.kernel import codes, facts
from bridge.world.kernel.results import Item
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import Groups, TableSpec
from bridge.world.kernel.world import World
from bridge.world.people import friends
from bridge.world.people.friends import Friend

MAX_BLOCKED = 1000
ALREADY_BLOCKED_TEXT = "Err_SNS_BlackListAdd_Already_Exist"


@row_class
class Block:
    """`owner` wants to hear nothing from a user, since `added_ms`."""

    owner: str
    user_id: str
    added_ms: int = 0


BLOCKS = TableSpec("blacklist", Block, ("owner", "user_id"), {"owner": lambda: Groups(lambda b: b.owner)})


def holds(world: World, owner: str, user_id: str) -> bool:
    """Return whether a user is in the blacklist of `owner`."""
    return (owner, user_id) in world[BLOCKS].rows


def list_of(world: World, owner: str) -> list[str]:
    """Return the ids in a user's blacklist, sorted."""
    return [key[1] for key in world[BLOCKS].index("owner").of(owner)]


def add(world: World, owner: str, user_ids: list[str]) -> list[Item]:
    """
    Put users into the blacklist.

    A friendship ends on both sides (product docs: blacklist), unless the switch "blocking_keeps_friends" is on.

    Returns: an item per id: 30001 for oneself and for one who is in it, 30003 unknown, 30013 for the 1001st.

    States black_list_added to the owner's devices, then friend_list_deleted to both sides.

    Raises: ChatError 6017 (no id).
    """
    friends.check_some(user_ids)
    items = [_add_one(world, owner, user_id) for user_id in user_ids]
    added = [item.target for item in items if item.code == 0]
    if not added:
        return items
    mine: list[Friend | None] = []
    theirs: list[Friend | None] = []
    if not world.policy.switch("blocking_keeps_friends"):
        for user_id in added:
            mine.append(friends.unlink(world, owner, user_id))
            theirs.append(friends.unlink(world, user_id, owner))
    world.state("black_list_added", facts.user(owner), friends=tuple(added))
    friends.tell_deleted(world, mine)
    friends.tell_deleted(world, theirs)
    return items


def _add_one(world: World, owner: str, user_id: str) -> Item:
    if user_id == owner:
        return Item.of(user_id, codes.FRIEND_INVALID_PARAMETERS, text=friends.OWN_ID_TEXT)
    code = friends.account_code(world, user_id)
    if code:
        return Item.of(user_id, code)
    if holds(world, owner, user_id):
        return Item.of(user_id, codes.FRIEND_INVALID_PARAMETERS, text=ALREADY_BLOCKED_TEXT)
    table = world[BLOCKS]
    if table.index("owner").count(owner) >= MAX_BLOCKED:
        return Item.of(user_id, codes.BLACKLIST_LIMIT)
    table.put((owner, user_id), Block(owner, user_id, world.now_ms))
    return Item.of(user_id)


def remove(world: World, owner: str, user_ids: list[str]) -> list[Item]:
    """
    Take users out of the blacklist; a friendship that had ended stays ended.

    Returns: an item per id: 30001 for one who is not in it (product docs: user profile FAQ).

    States black_list_deleted to the owner's devices for those that went.

    Raises: ChatError 6017 (no id).
    """
    friends.check_some(user_ids)
    gone = [user_id for user_id in dict.fromkeys(user_ids) if holds(world, owner, user_id)]
    for user_id in gone:
        world[BLOCKS].drop((owner, user_id))
    if gone:
        world.state("black_list_deleted", facts.user(owner), user_id_list=tuple(gone))
    return [Item.of(user_id, 0 if user_id in gone else codes.FRIEND_INVALID_PARAMETERS) for user_id in user_ids]
