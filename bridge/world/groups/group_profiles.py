"""Groups as such: creating them, their profiles, and which ones there are."""

from __future__ import annotations

from typing import Any

from bridge.errors import ChatError
from bridge.world.groups import communities, group_changes, group_news, groups, memberships, rights
from bridge.world.groups.group_types import ADMIN, BY_OPTION, MEMBER, NAMES, OWNER, TYPES, GroupType
from bridge.world.groups.groups import Group
from bridge.world.kernel import codes, facts, rates
from bridge.world.kernel.clients import Client
from bridge.world.kernel.devices import Device
from bridge.world.kernel.results import Item
from bridge.world.kernel.texts import bytes_of
from bridge.world.kernel.world import World
from bridge.world.people import users

MAX_CUSTOM_FIELDS, CUSTOM_KEY_LETTERS, CUSTOM_BYTES = 10, 16, 512

TEXTS: dict[str, tuple[int, int, int]] = {
    "name": (100, codes.INVALID_GROUP_NAME, group_changes.NAME),
    "introduction": (400, codes.INVALID_GROUP_INTRODUCTION, group_changes.INTRODUCTION),
    "notification": (400, codes.INVALID_GROUP_NOTIFICATION, group_changes.NOTIFICATION),
    "face_url": (500, codes.INVALID_GROUP_FACE_URL, group_changes.FACE_URL),
}
"""By text: bytes that it may have (native group header 8.2), the code if it has more, and its number in a change."""

# --- creating


def create(world: World, user_id: str, given: dict[str, Any]) -> str:
    """
    Create a group, with its creator as owner.

    Args:
        given: group_type and name; may hold group_id, notification, introduction, face_url, all_muted, support_topic, add_opt, approve_opt,
            permission_groups_on, default_permissions, and members, a list of (user id, role).

    Returns: the id of the group.

    States group_created and conversation_created (conversation_changed if it was in the list) to the creator's devices,
    member_invited to all if there are first members.

    Raises: ChatError 6017 (no type), 10004 (unknown type, option or role), 10007 (members that the type does not have), 8502-8505 (texts),
    8501 (malformed id), 10021 or 10025 (id taken by somebody else, by the creator), 10037 (in too many groups), 8509 (a second owner),
    10005 (over 20 first members), 10019 (an unknown member), 11000 (communities are switched off).
    """
    kind = _kind_of(given.get("group_type"))
    if "topics" in kind.rights:
        communities.check_enabled(world)
    texts = {name: given.get(name) or "" for name in TEXTS}
    check_texts(texts)
    group_id = given.get("group_id") or ""
    if group_id:
        _check_id(world, user_id, kind, group_id)
    if memberships.has_all_groups(world, user_id):
        raise ChatError(codes.GROUP_COUNT_LIMIT)
    first = _first_members(world, user_id, kind, given.get("members") or [])
    group = _make(world, user_id, kind, group_id or _make_id(world, kind), texts, given)
    if kind.owner_joins:
        memberships.take_in(world, group, user_id)
    world.state("group_created", facts.user(user_id), group_id=group.group_id)
    if kind.owner_joins:
        world.happened("group_created", group=group, by=user_id)
    if first:
        new = [memberships.take_in(world, group, member, role) for member, role in first]
        memberships.invited_in(world, group, user_id, new)
    return group.group_id


def _kind_of(name: str | None) -> GroupType:
    if not name:
        raise ChatError(codes.INVALID_PARAMETERS)
    kind = NAMES.get(name)
    if kind is None:
        raise ChatError(codes.GROUP_INVALID_PARAMETERS)
    return TYPES[kind]


def _check_id(world: World, user_id: str, kind: GroupType, group_id: str) -> None:
    """Check an id that the app has chosen. Raises: ChatError 8501, 10021, 10025."""
    is_own_kind = kind.id_prefix == groups.SERVER_PREFIX and not group_id.startswith(groups.SERVER_PREFIX)
    is_other_kind = kind.id_prefix != groups.SERVER_PREFIX and group_id.startswith(kind.id_prefix)
    if not groups.is_well_formed(group_id) or not (is_own_kind or is_other_kind) or communities.is_topic(group_id):
        raise ChatError(codes.MALFORMED_GROUP_ID)
    taken = world[groups.GROUPS].get(group_id)
    if taken is not None and not taken.dismissed:
        is_callers = taken.owner == user_id
        raise ChatError(codes.GROUP_ID_IN_USE_BY_CALLER if is_callers else codes.GROUP_ID_IN_USE)


def _make_id(world: World, kind: GroupType) -> str:
    while True:
        group_id = kind.id_prefix + world.letters(world.next_number("group_id"), 9).upper()
        if group_id not in world[groups.GROUPS]:
            return group_id


def _first_members(
    world: World, user_id: str, kind: GroupType, members: list[tuple[str, int | None]]
) -> list[tuple[str, int]]:
    if members and not kind.owner_joins:
        raise ChatError(codes.GROUP_PERMISSION_DENIED)
    if len(members) > memberships.MAX_AT_ONCE:
        raise ChatError(codes.GROUP_REQUEST_COUNT)
    first: dict[str, int] = {}
    for member, given in members:
        role = given or MEMBER
        if role == OWNER:
            raise ChatError(codes.INVITE_OWNER_DENIED)
        if role not in (MEMBER, ADMIN):
            raise ChatError(codes.GROUP_INVALID_PARAMETERS)
        if role == ADMIN and "set_role" not in kind.rights:
            raise ChatError(codes.GROUP_PERMISSION_DENIED)
        if users.find(world, member) is None:
            raise ChatError(codes.GROUP_ACCOUNT_NOT_FOUND)
        if member != user_id:
            first.setdefault(member, role)
    return list(first.items())


def _make(world: World, user_id: str, kind: GroupType, group_id: str, texts: dict[str, str], given: dict[str, Any]) -> Group:
    has_topics = "topics" in kind.rights
    if group_id in world[groups.GROUPS]:  # of one that is gone
        memberships.forget(world, group_id)
    group = Group(
        group_id,
        kind.name,
        name=texts["name"],
        notification=texts["notification"],
        introduction=texts["introduction"],
        face_url=texts["face_url"],
        owner=user_id,
        all_muted=bool(given.get("all_muted")) and "mute_all" in kind.rights,
        support_topic=bool(given.get("support_topic")) and has_topics,
        add_opt=_option(None if kind.created_by_default else given.get("add_opt"), kind.joins, kind.default_add_opt),
        approve_opt=_option(given.get("approve_opt"), kind.invites, kind.default_approve_opt),
        permission_groups_on=bool(given.get("permission_groups_on")) and has_topics,
        default_permissions=(given.get("default_permissions") or 0) if has_topics else 0,
        created_ms=world.now_ms,
        info_changed_ms=world.now_ms,
    )
    world[groups.GROUPS].put(group_id, group)
    return group


def _option(given: int | None, rule: int, default: int) -> int:
    """Return how a new group takes people in: what was asked for, where its type leaves it a choice."""
    if given is None or rule != BY_OPTION:
        return default
    if given not in (0, 1, 2):
        raise ChatError(codes.GROUP_INVALID_PARAMETERS)
    return given


def check_texts(texts: dict[str, str]) -> None:
    """Raise ChatError 8502-8505 for the first text that is too long, 8502 for a name without a letter."""
    for name, (most, code, _) in TEXTS.items():
        text = texts.get(name)
        if text is not None and (bytes_of(text) > most or (name == "name" and not text)):
            raise ChatError(code)


# --- which ones there are


def joined(world: World, user_id: str) -> list[Group]:
    """
    Return the groups that a user is in, in order of joining; live rooms and communities with topics are left out.

    Raises: ChatError 7008 beyond 10 calls in a second, where rates are limited.
    """
    rates.check(world, user_id, "joined_groups", 10, 1000, codes.CALL_FREQUENCY_LIMIT)
    return [g for g in groups.all_joined(world, user_id) if not groups.type_of(g).per_session and not g.support_topic]


def infos(world: World, group_ids: list[str]) -> list[Item]:
    """
    Return an item per group, whose `value` is the group; its code is 10010 for one that is not there, 10015 for one that cannot be.

    Raises: ChatError 6017 without an id.
    """
    if not group_ids:
        raise ChatError(codes.INVALID_PARAMETERS)
    return [_info(world, group_id) for group_id in group_ids]


def _info(world: World, group_id: str) -> Item:
    group = groups.find(world, group_id)
    if group is not None:
        return Item.of(group_id, value=group)
    return Item.of(group_id, codes.GROUP_NOT_FOUND if groups.is_well_formed(group_id) else codes.INVALID_GROUP_ID)


# --- changing


def set_info(world: World, device: Device, user_id: str, group_id: str, given: dict[str, Any]) -> None:
    """
    Change what a group says of itself.

    Args:
        given: what changes, by attribute of `Group`; `custom` replaces single fields. None and what is the same already change nothing.

    States group_info_changed, and conversation_changed where name or picture show, to the members.

    Raises: ChatError 10010 (no such group), 8502-8505 (texts), 10004 (malformed field or option), 10007 (no right to).
    """
    group = groups.require(world, group_id)
    given = {name: value for name, value in given.items() if value is not None and _applies(group, name)}
    check_texts(given)
    custom = given.pop("custom", None) or {}
    check_custom(world, "group", custom, MAX_CUSTOM_FIELDS, CUSTOM_BYTES)
    new = {name: value for name, value in given.items() if getattr(group, name) != value}
    new_custom = {key: value for key, value in custom.items() if group.custom.get(key) != value}
    asked = [*given, *(["custom"] if custom else [])]
    wanted = [*new, *(["custom"] if new_custom else [])]
    _check_rights(world, group, user_id, device.client, asked, wanted)
    if not new and not new_custom:
        return
    _check_options(group, new)
    changed = group_news.touch(world, group, **new, custom={**group.custom, **new_custom})
    _tell(world, changed, user_id, _changes(new, new_custom))
    if "name" in new or "face_url" in new:
        world.happened("group_renamed", group=changed)


_RIGHTS = {
    **dict.fromkeys(TEXTS, "edit_texts"),
    "all_muted": "mute_all",
    "add_opt": "edit_options",
    "approve_opt": "edit_options",
    "custom": "edit_custom",
    "support_topic": "edit_options",
    "permission_groups_on": "permission_groups",
    "default_permissions": "permission_groups",
}
"""The right that each change needs."""


def _applies(group: Group, name: str) -> bool:
    """Return whether a change means anything to a group's type; what belongs to communities alone is passed over elsewhere."""
    return name not in ("support_topic", "permission_groups_on", "default_permissions") or "topics" in groups.type_of(group).rights


def _check_rights(world: World, group: Group, user_id: str, client: Client, given: list[str], new: list[str]) -> None:
    """Refuse with 10007 unless the user may make each change, or, where nothing would change, any of those asked for."""
    held = {_RIGHTS[name]: rights.may(world, group, user_id, _RIGHTS[name], client) for name in given}
    allowed = all(held[_RIGHTS[name]] for name in new) if new else any(held.values())
    if not given:
        allowed = groups.role_of(world, group, user_id) > 0
    if not allowed:
        raise ChatError(codes.GROUP_PERMISSION_DENIED)


def _check_options(group: Group, new: dict[str, Any]) -> None:
    """Refuse options that there are not (10004) and those that the type has fixed (10007)."""
    kind = groups.type_of(group)
    for name, rule in (("add_opt", kind.joins), ("approve_opt", kind.invites)):
        if name in new and new[name] not in (0, 1, 2):
            raise ChatError(codes.GROUP_INVALID_PARAMETERS)
        if name in new and rule != BY_OPTION:
            raise ChatError(codes.GROUP_PERMISSION_DENIED)


def check_custom(world: World, owner: str, custom: dict[str, str], most: int, most_bytes: int) -> None:
    """
    Check fields of the app's own, of a "group" or a "member".

    Raises: ChatError 10004 for a malformed key, too many or too long ones, and a key that the console does not know, if it names any.
    """
    known = world.policy.switch(f"{owner}_custom_fields")
    for key, value in custom.items():
        if not 1 <= len(key) <= CUSTOM_KEY_LETTERS or bytes_of(value) > most_bytes:
            raise ChatError(codes.GROUP_INVALID_PARAMETERS)
        if known is not None and key not in known:
            raise ChatError(codes.GROUP_INVALID_PARAMETERS, "all defined key is invalid")
    if len(custom) > most:
        raise ChatError(codes.GROUP_INVALID_PARAMETERS)


def _changes(new: dict[str, Any], custom: dict[str, str]) -> list[group_changes.Change]:
    changes: list[group_changes.Change] = [{"type": TEXTS[name][2], "value": new[name]} for name in TEXTS if name in new]
    changes += [{"type": group_changes.CUSTOM, "key": key, "value": value} for key, value in custom.items()]
    if "all_muted" in new:
        changes.append({"type": group_changes.ALL_MUTED, "bool_value": new["all_muted"]})
    if "add_opt" in new:
        changes.append({"type": group_changes.ADD_OPTION, "int_value": new["add_opt"]})
    if "approve_opt" in new:
        changes.append({"type": group_changes.APPROVE_OPTION, "int_value": new["approve_opt"]})
    if "permission_groups_on" in new:
        changes.append({"type": group_changes.PERMISSION_GROUPS_ON, "bool_value": new["permission_groups_on"]})
    if "default_permissions" in new:
        changes.append({"type": group_changes.DEFAULT_PERMISSIONS, "int_value": new["default_permissions"]})
    return changes


def _tell(world: World, group: Group, by: str, changes: list[group_changes.Change]) -> None:
    switch = world.policy.switch
    events = [c for c in changes if c["type"] not in group_changes.NOT_ALWAYS_TOLD or switch("group_option_events")]
    posts = [c for c in changes if c["type"] in group_changes.POSTED or switch("group_option_tips")]
    group_news.profile_changed(world, group, by, events, posts)
    for change in events:
        if change["type"] == group_changes.ALL_MUTED:
            members = groups.member_ids(world, group.group_id)
            group_news.tell(world, group, "all_group_members_muted", members, is_mute=change["bool_value"])


def transfer(world: World, device: Device, user_id: str, group_id: str, new_owner: str) -> None:
    """
    Make another member the owner; the old one becomes an ordinary member.

    States group_info_changed to the members.

    Raises: ChatError 10010 (no such group), 10007 (not the owner, not a member, or a live room).
    """
    group = rights.require_right(world, group_id, user_id, "transfer", device.client)
    target = groups.member(world, group_id, new_owner)
    if target is None:
        raise ChatError(codes.GROUP_PERMISSION_DENIED)
    if new_owner == user_id:
        return

    groups.change_member(world, target, role=OWNER)
    old = groups.member(world, group_id, user_id)
    if old is not None:
        groups.change_member(world, old, role=MEMBER)
    group = group_news.touch(world, group, owner=new_owner)
    change = [{"type": group_changes.OWNER, "value": new_owner}]
    group_news.profile_changed(world, group, user_id, change, change)
