"""Who hears that a profile has changed."""

from __future__ import annotations

from bridge.world.chats import conversations
from bridge.world.kernel import facts
from bridge.world.kernel.world import World
from bridge.world.people.friends import FRIENDS
from bridge.world.people.statuses import SUBSCRIPTIONS
from bridge.world.people.users import User


def tell(world: World, old: User, new: User) -> None:
    """
    State what a change of a profile means to its owner, to friends, to followers, and to conversations that show it.

    Friends hear friend_info_changed and not user_info_changed, and nobody the latter of the own profile (native header).
    """
    if old == new:
        return
    world.state("self_info_updated", facts.user(new.user_id), user=new)
    table = world[FRIENDS]
    friends_of = table.index("user").of(new.user_id)
    for owner, _ in friends_of:
        world.state("friend_info_changed", facts.user(owner), friends=(table[(owner, new.user_id)],))
    owners = {new.user_id, *(owner for owner, _ in friends_of)}
    from bridge.world.kernel import devices

    for device_id, _, _ in world[SUBSCRIPTIONS].index("user").of(("profile", new.user_id)):
        if devices.get(world, device_id).user_id not in owners:
            world.state("user_info_changed", facts.device(device_id), user_info_list=(new,))
    if (old.nick_name, old.face_url) != (new.nick_name, new.face_url):
        for row in showing(world, new.user_id):
            conversations.announce(world, facts.user(row.user_id), [row], listed=True)


def showing(world: World, user_id: str) -> list[conversations.Conversation]:
    """Return the conversations that others have with a user, in order of their ids; some may be in no list."""
    table = world[conversations.CONVERSATIONS]
    return [table[key] for key in table.index("with").of(f"c2c_{user_id}")]
