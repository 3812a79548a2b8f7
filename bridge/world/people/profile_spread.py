"""Who hears that a profile has changed."""

from __future__ import annotations

from bridge.world.kernel import devices, facts
from bridge.world.kernel.world import World
from bridge.world.people.friends import FRIENDS
from bridge.world.people.statuses import SUBSCRIPTIONS
from bridge.world.people.users import User


def tell(world: World, old: User, new: User) -> None:
    """
    State what a change of a profile means to its owner, to friends and to followers.

    Friends hear friend_info_changed and not user_info_changed, and nobody the latter of the own profile (native header).
    """
    world.state("self_info_updated", facts.user(new.user_id), user=new)
    table = world[FRIENDS]
    friends_of = table.index("user").of(new.user_id)
    for owner, _ in friends_of:
        world.state("friend_info_changed", facts.user(owner), friends=(table[(owner, new.user_id)],))
    owners = {new.user_id, *(owner for owner, _ in friends_of)}
    for device_id, _, _ in world[SUBSCRIPTIONS].index("user").of(("profile", new.user_id)):
        if devices.get(world, device_id).user_id not in owners:
            world.state("user_info_changed", facts.device(device_id), user_info_list=(new,))
