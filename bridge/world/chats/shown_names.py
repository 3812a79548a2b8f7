"""The names and pictures that conversations show of people: who hears when they are others."""

from __future__ import annotations

from collections.abc import Iterable

from bridge.world.chats import conversation_list, conversations
from bridge.world.kernel import facts
from bridge.world.kernel.world import World
from bridge.world.people.users import User


def profile_changed(world: World, old: User, new: User) -> None:
    """State conversation_changed to those whose list shows a user whose nickname or picture is another."""
    if (old.nick_name, old.face_url) != (new.nick_name, new.face_url):
        for row in showing(world, new.user_id):
            conversation_list.announce(world, facts.user(row.user_id), [row], listed=True)


def showing(world: World, user_id: str) -> list[conversations.Conversation]:
    """Return the conversations that others have with a user, in order of their ids; some may be in no list."""
    return conversations.with_id(world, f"c2c_{user_id}")


def remark_changed(world: World, owner: str, user_ids: Iterable[str]) -> None:
    """State conversation_changed to a user for the listed chats whose name follows a remark that changed."""
    rows = (conversations.find(world, owner, f"c2c_{user_id}") for user_id in user_ids)
    conversation_list.announce(world, facts.user(owner), [row for row in rows if row is not None], listed=True)
