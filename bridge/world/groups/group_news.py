"""
Who hears what happens in a group, and what is told in the group itself.

Every logged-in device of every member hears of it; in a live room only the devices that have joined. The event comes first, then the
message in the group (group semantics, other events). Types that do not tell a kind of change tell only those whom it is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bridge.world.groups import group_changes, group_types, groups, live_rooms
from bridge.world.groups.group_changes import Change
from bridge.world.groups.groups import Group, Member
from bridge.world.kernel import facts
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.world import World


def person(world: World, group_id: str, user_id: str) -> Member:
    """Return who a user is in a group, for telling others: the membership, or a blank one."""
    return groups.member(world, group_id, user_id) or Member(group_id, user_id)


def tells(world: World, group: Group, topic: str) -> bool:
    """Return whether the members of a group are told of a kind of change: "members", "profile" or "standing"."""
    switched: bool | None = world.policy.switch(f"group_tells_{topic}")
    return topic in groups.type_of(group).tells if switched is None else switched


def tell(world: World, group: Group, kind: str, user_ids: Iterable[str], **payload: Any) -> None:
    """State a fact about a group to the devices of some of its people."""
    if groups.type_of(group).per_session:
        for user_id in user_ids:
            kept_for = user_id if kind in live_rooms.ENDS else None
            for device_id in live_rooms.devices_of(world, group.group_id, (user_id,)):
                world.state(kind, facts.device(device_id, kept_for=kept_for), group_id=group.group_id, **payload)
                kept_for = None  # once, for all that they have in the room
        return
    world.state(kind, facts.users(user_ids), group_id=group.group_id, **payload)


def post(
    world: World,
    group: Group,
    kind: int,
    by: str,
    stored: bool = True,
    **data: Any,
) -> None:
    """
    Say in the group, to its members as they are now, what has happened.

    Args:
        kind: a number of `group_types`. `by`: who did it.
        stored: false for what is not kept in the history.
        data: other fields of the element: members, changes, member_changes.
    """
    current = groups.find(world, group.group_id) or group
    quiet = groups.type_of(current).hidden_until_message and not current.opened
    count = groups.member_count(world, group.group_id)
    told: dict[str, Any] = {"type": kind, "op_member": by, "member_count": count, **data}
    world.happened("group_spoke", group_id=group.group_id, data=told, receivers=None, stored=stored, quiet=quiet)


def profile_changed(
    world: World, group: Group, by: str, changes: Sequence[Change], posted: Sequence[Change]
) -> None:
    """
    Tell the members that their group has changed.

    Args:
        group: as it is now.
        changes: what the event says. `posted`: what the message in the group says; none if nothing.
    """
    members = groups.member_ids(world, group.group_id)
    if changes:
        tell(world, group, "group_info_changed", members, group_change_info_list=tuple(changes))
    if posted and tells(world, group, "profile"):
        stored = any(change["type"] != group_changes.CUSTOM for change in posted)
        post(world, group, group_types.PROFILE_CHANGED, by, stored=stored, changes=tuple(posted))


def touch(world: World, group: Group, **changes: Any) -> Group:
    """Store a group with some attributes changed, and when that was; return it."""
    group = evolve(group, info_changed_ms=world.now_ms, **changes)
    world[groups.GROUPS].put(group.group_id, group)
    return group


def notify(world: World, group_id: str, text: str) -> None:
    """
    Have the app's own server tell a group something; it is for those who are online, and kept nowhere.

    States rest_custom_data_received to the members. Raises: ChatError 10010 (no such group).
    """
    group = groups.require(world, group_id)
    tell(world, group, "rest_custom_data_received", groups.member_ids(world, group_id), custom_data=text)
