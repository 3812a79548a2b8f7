"""Users, friends, groups and their members, as people write them down; see `terse.py`."""

from __future__ import annotations

from typing import Any

from bridge.slices import Slices
from bridge.world.documents.drafts import Draft, Values, read
from bridge.world.documents.loading import Path
from bridge.world.documents.row_json import Flaw, codec
from bridge.world.groups import group_types, groups
from bridge.world.kernel.evolving import evolve
from bridge.world.people import friend_groups, friends, users

ROLES = {"owner": group_types.OWNER, "admin": group_types.ADMIN, "member": group_types.MEMBER}


def take_users(draft: Draft) -> Slices[None]:
    """Take users: rows, or plain ids."""
    columns = codec(users.User)
    for path, wire in draft.rows("users"):
        if draft.is_due():
            yield
        values, _ = read(columns, {"user_id": wire} if wire.__class__ is str else wire, path)
        row = draft.put(users.USERS, values, path)
        if not users.is_well_formed(row.user_id):
            raise Flaw("must have 1 to 32 bytes, all printable", (*path, "user_id"))
        draft.given[("users", row.user_id)] = values


def take_friends(draft: Draft) -> Slices[None]:
    """Take friends: one side, or both by `between` or `mutual`. A side that has a row of its own keeps it."""
    columns = codec(friends.Friend)
    mirrored: list[tuple[Path, Values]] = []
    for path, wire in draft.rows("friends"):
        if draft.is_due():
            yield
        values, extra = read(columns, wire, path, ("between", "mutual"))
        if "between" in extra:
            one, other = _pair(extra["between"], path)
            values |= {"owner": one, "user_id": other}
        row = draft.put(friends.FRIENDS, values, path)
        draft.mention(row.owner, *path, "owner")
        draft.mention(row.user_id, *path, "user_id")
        if "between" in extra or _flag(extra, "mutual", path):
            same: Values = {name: values[name] for name in ("added_ms", "source") if name in values}
            mirrored.append((path, {**same, "owner": row.user_id, "user_id": row.owner}))
    table = draft.world[friends.FRIENDS]
    for path, values in mirrored:
        if draft.is_due():
            yield
        if (values["owner"], values["user_id"]) not in table:
            draft.put(friends.FRIENDS, values, path)


def _pair(value: Any, path: Path) -> tuple[str, str]:
    if value.__class__ is list and len(value) == 2 and value[0] != value[1] and all(one.__class__ is str for one in value):
        return value[0], value[1]
    raise Flaw("must be a list of two users", (*path, "between"))


def _flag(extra: Values, name: str, path: Path) -> bool:
    value = extra.get(name, False)
    if not isinstance(value, bool):
        raise Flaw("must be true or false", (*path, name))
    return value


def take_groups(draft: Draft) -> Slices[None]:
    """Take groups, with the members that stand in them."""
    columns = codec(groups.Group)
    apart = yield from _members_apart(draft)
    for path, wire in draft.rows("groups"):
        if draft.is_due():
            yield
        values, extra = read(columns, wire, path, ("members",))
        kind = values.get("group_type", "Public")
        if kind not in group_types.NAMES:
            raise Flaw(f"is none of {', '.join(group_types.TYPES)}", (*path, "group_type"))
        values["group_type"] = group_types.NAMES[kind]
        row = draft.put(groups.GROUPS, values, path)
        if not groups.is_well_formed(row.group_id):
            raise Flaw("must have 1 to 48 printable ASCII characters", (*path, "group_id"))
        draft.given[("groups", row.group_id)] = values
        if row.owner:
            draft.mention(row.owner, *path, "owner")
        written = extra.get("members", [])
        if written.__class__ is not list:
            raise Flaw("must be a list", (*path, "members"))
        lists_owner = row.owner in apart.get(row.group_id, ())
        for one in written:
            if row.owner == (one.get("user_id") if one.__class__ is dict else one):
                lists_owner = True
                break
            if draft.is_due():
                yield
        if not lists_owner:
            _take_owner(draft, row)
        for at, one in enumerate(written):
            if draft.is_due():
                yield
            _take_member(draft, one, (*path, "members", at), row.group_id)


def _members_apart(draft: Draft) -> Slices[dict[Any, set[str]]]:
    """Return who is named as a member of each group in the section of members."""
    found: dict[Any, set[str]] = {}
    for _, wire in draft.rows("members"):
        if draft.is_due():
            yield
        if wire.__class__ is dict and wire.get("group_id").__class__ is str and wire.get("user_id").__class__ is str:
            found.setdefault(wire["group_id"], set()).add(wire["user_id"])
    return found


def _take_owner(draft: Draft, group: groups.Group) -> None:
    """Let the owner of a group have come in first, as who makes one does."""
    if group.owner and groups.type_of(group).owner_joins and not group.dismissed:
        _take_member(draft, group.owner, ("groups",), group.group_id)


def take_members(draft: Draft) -> Slices[None]:
    """Take members that stand in a section of their own."""
    for path, wire in draft.rows("members"):
        if draft.is_due():
            yield
        _take_member(draft, wire, path, None)


def _take_member(draft: Draft, wire: Any, path: Path, group_id: str | None) -> None:
    wire = {"user_id": wire} if wire.__class__ is str else wire
    role = wire.get("role") if wire.__class__ is dict else None
    if role.__class__ is str and role in ROLES:
        wire = {**wire, "role": ROLES[role]}
    values, _ = read(codec(groups.Member), wire, path)
    if group_id is not None and values.setdefault("group_id", group_id) != group_id:
        raise Flaw(f"stands in the group {group_id!r}", (*path, "group_id"))
    group = draft.world[groups.GROUPS].get(values.get("group_id"))
    if group is None and "group_id" in values:
        raise Flaw(f"there is no group {values['group_id']!r}", (*path, "group_id"))
    if group is not None and group.owner == values.get("user_id"):
        values.setdefault("role", group_types.OWNER)
    draft.joins_next(values)
    row = draft.put(groups.MEMBERS, values, path)
    draft.mention(row.user_id, *path, "user_id")
    if group is not None and row.role == group_types.OWNER and not group.owner:
        draft.replace(groups.GROUPS, evolve(group, owner=row.user_id))


def finish(draft: Draft) -> Slices[None]:
    """Make up the groups of friends that entries name, the marks of groups, and the accounts of all who were mentioned."""
    world = draft.world
    known = world[friend_groups.FRIEND_GROUPS]
    for friend in draft.in_order(friends.FRIENDS):
        if draft.is_due():
            yield
        for name in friend.groups:
            if (friend.owner, name) not in known:
                values = {"owner": friend.owner, "name": name}
                draft.put(friend_groups.FRIEND_GROUPS, values, ("friends",))
    for group in draft.in_order(groups.GROUPS):
        if draft.is_due():
            yield
        if "marks" not in draft.given[("groups", group.group_id)]:
            _note_marks(draft, group)
    yield from _make_accounts(draft)


def _note_marks(draft: Draft, group: groups.Group) -> None:
    """Let a group know the marks that its members have, in the order in which they came in."""
    table = draft.world[groups.MEMBERS]
    members = [table[(group.group_id, name)] for name in table.index("joined").after(group.group_id)]
    marks = dict.fromkeys(mark for member in members for mark in member.marks)
    if marks:
        draft.replace(groups.GROUPS, evolve(group, marks=tuple(marks)))


def _make_accounts(draft: Draft) -> Slices[None]:
    table = draft.world[users.USERS]
    for user_id, path in draft.mentioned.items():
        if draft.is_due():
            yield
        if user_id in table:
            continue
        if draft.world.policy.strict_accounts:
            raise Flaw(f"there is no user {user_id!r}, and accounts are strict", path)
        if not users.is_well_formed(user_id):
            raise Flaw(f"{user_id!r} cannot be a user's id: 1 to 32 bytes, all printable", path)
        draft.put(users.USERS, {"user_id": user_id}, path)
