"""How two users stand to each other, seen from both lists: for queries, and for who may message whom."""

from __future__ import annotations

from bridge.errors import ChatError
from bridge.values import value_class
from bridge.world.kernel import codes
from bridge.world.kernel.results import Item
from bridge.world.kernel.world import World
from bridge.world.people import blacklist, friends
from bridge.world.people.friends import Friend

NONE, MINE, THEIRS, BOTH = 0, 1, 2, 3


@value_class
class Related:
    """
    A user as seen by another.

    Attributes:
        kind: 0 no relation, 1 in my list, 2 I am in theirs, 3 both.
        friend: my entry, or None.
        known: whether the profile is at hand; a query of friends leaves that of others blank (native header).
        code, text: what became of the query.
    """

    user_id: str
    kind: int
    friend: Friend | None = None
    known: bool = True
    code: int = 0
    text: str = ""


# --- who may message whom


def is_blocked(world: World, receiver: str, sender: str) -> bool:
    """Return whether nothing from a sender reaches a receiver, who has put them into the blacklist."""
    return blacklist.holds(world, receiver, sender)


def check_send(world: World, sender: str, receiver: str) -> None:
    """
    Check whether the console lets two users talk.

    By default everybody may; a blocked sender sees success and nothing arrives (see `is_blocked`). The switch "blacklist_refuses" has the
    blocked refused, "friends_only" asks for a friendship.

    Raises: ChatError 20009 (no friends), 20010 (the receiver has not the sender), 20011 (the sender has not the receiver), 20007 (blocked).
    """
    if sender == receiver:
        return
    policy = world.policy
    if policy.switch("friends_only"):
        refusals = {NONE: codes.NOT_FRIENDS, MINE: codes.NOT_PEER_FRIEND, THEIRS: codes.NOT_SELF_FRIEND}
        code = refusals.get(kind(world, sender, receiver))
        if code is not None:
            raise ChatError(code)
    if policy.switch("blacklist_refuses") and is_blocked(world, receiver, sender):
        raise ChatError(codes.IN_PEER_BLACKLIST)


# --- queries


def kind(world: World, owner: str, user_id: str) -> int:
    """Return 0 no relation, 1 in the owner's list, 2 the owner in theirs, 3 both."""
    mine = friends.get(world, owner, user_id) is not None
    theirs = friends.get(world, user_id, owner) is not None
    return mine * MINE + theirs * THEIRS


def check(world: World, owner: str, user_ids: list[str], both: bool) -> list[Item]:
    """
    Say how users stand to the owner; without `both`, only whether they are in the own list (native header).

    Returns: an item per id whose value is the kind of relation, see `kind`; 30003 and 7003 for ids without an account.

    Raises: ChatError 6017 (no id).
    """
    friends.check_some(user_ids)
    items = []
    for user_id in user_ids:
        code = friends.account_code(world, user_id)
        found = NONE if code else kind(world, owner, user_id)
        items.append(Item.of(user_id, code, found if both else found & MINE))
    return items


def infos(world: World, owner: str, user_ids: list[str]) -> list[Related]:
    """
    Return what the owner has about users, one entry per id; 31804 and 7003 in that of an id without an account.

    Raises: ChatError 6017 (no id).
    """
    friends.check_some(user_ids)
    return [_info(world, owner, user_id) for user_id in user_ids]


def _info(world: World, owner: str, user_id: str) -> Related:
    code = friends.account_code(world, user_id)
    if code == codes.FRIEND_ACCOUNT_NOT_FOUND:
        code = codes.FRIEND_CHECK_ACCOUNT_NOT_FOUND
    if code:
        return Related(user_id, NONE, known=False, code=code, text=codes.text(code))
    friend = friends.get(world, owner, user_id)
    return Related(user_id, kind(world, owner, user_id), friend, known=friend is not None)
