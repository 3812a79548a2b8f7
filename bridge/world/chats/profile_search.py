"""Searching among the people whose profiles a client keeps."""

from __future__ import annotations

from bridge.errors import ChatError
from bridge.world.chats import conversations
from bridge.world.kernel import codes
from bridge.world.kernel.world import World
from bridge.world.people import blacklist, friends, relations, users
from bridge.world.people.relations import Related

MAX_KEYWORDS = 5


def search(
    world: World, owner: str, keywords: list[str], in_ids: bool, in_nick_names: bool, in_remarks: bool
) -> list[Related]:
    """
    Look for users among the profiles that the client keeps: friends, blocked users, peers of chats.

    Returns: in order of their ids, those who have one of the keywords in one of the fields, upper and lower case alike. Strangers can be
        among them (native header).

    Raises: ChatError 6017 (no keyword, an empty one, over 5).
    """
    if not 1 <= len(keywords) <= MAX_KEYWORDS or not all(keywords):
        raise ChatError(codes.INVALID_PARAMETERS)
    wanted = [word.casefold() for word in keywords]
    found = []
    for user_id in _kept(world, owner):
        friend = friends.get(world, owner, user_id)
        texts = [user_id] if in_ids else []
        if in_nick_names:
            texts.append(users.profile(world, user_id).nick_name)
        if in_remarks and friend is not None:
            texts.append(friend.remark)
        if any(word in text.casefold() for text in texts for word in wanted):
            found.append(Related(user_id, relations.kind(world, owner, user_id), friend))
    return found


def _kept(world: World, owner: str) -> list[str]:
    """Return the ids of the users whose profiles a client keeps, sorted."""
    table = conversations.of(world, owner)
    chats = (table[key] for key in table.index("user").of(owner))
    peers = {row.target for row in chats if not row.is_group and row.listed}
    others = {friend.user_id for friend in friends.list_of(world, owner)} | set(blacklist.list_of(world, owner))
    return sorted((peers | others) - {owner})
