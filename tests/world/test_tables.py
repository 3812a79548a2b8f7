"""Tables: what makes a row one of its own, whether a world's document keeps it, whose it is, and what a document may leave out."""

from __future__ import annotations

import json
import typing
from pathlib import Path
from typing import Any

import attrs
import pytest

from bridge.world.chats import (
    backlog,
    conversation_groups,
    conversations,
    extensions,
    fetches,
    invitations,
    live_media,
    local_copies,
    media,
    mergers,
    messages,
    modification,
    own_marks,
    pins,
    pushes,
    reactions,
    receipts,
    receive_options,
    waiting,
)
from bridge.world.documents import kept_stores, row_json
from bridge.world.groups import (
    group_applications,
    group_attributes,
    group_counters,
    groups,
    live_rooms,
    permission_groups,
    topics,
)
from bridge.world.kernel import devices, installs, rates, world
from bridge.world.kernel.store import TableSpec
from bridge.world.people import (
    blacklist,
    follows,
    friend_applications,
    friend_groups,
    friends,
    official_accounts,
    push_tokens,
    statuses,
    users,
)

KEPT, LOST = True, False
"""In a world's document, or with the devices and sessions that are gone when it is written."""
APP, SERVICE = True, False
"""An app sees and changes the row without the service, or the row is nobody's; or it is the service's."""

TABLES: list[tuple[TableSpec[Any], str, str, bool, bool]] = [
    (backlog.BACKLOG, "backlog", "conversation_id number", LOST, APP),
    (backlog.TAKEN, "backlog_taken", "user_id conversation_id", LOST, APP),
    (conversation_groups.CONVERSATION_GROUPS, "conversation_groups", "user_id name", KEPT, SERVICE),
    (conversations.CONVERSATIONS, "conversations", "user_id conversation_id", KEPT, SERVICE),
    (conversations.DRAFTS, "drafts", "user_id install conversation_id", KEPT, APP),
    (extensions.EXTENSIONS, "extensions", "msg_id key", KEPT, SERVICE),
    (extensions.STALE, "stale_extensions", "device_id msg_id key", LOST, APP),
    (fetches.FETCHES, "fetches", "device_id number", LOST, APP),
    (invitations.INVITATIONS, "invitations", "invite_id", KEPT, SERVICE),
    (invitations.KNOWN, "known_invitations", "device_id invite_id", LOST, APP),
    (live_media.KEPT_MEDIA, "kept_media", "device_id order", LOST, APP),
    (local_copies.LOCAL_COPIES, "local_copies", "user_id install conversation_id", KEPT, SERVICE),
    (media.DOWNLOADS, "downloads", "install msg_id part", KEPT, APP),
    (media.RUNNING, "running_downloads", "device_id msg_id asked_snapshot part", LOST, APP),
    (mergers.UNPACKED, "unpacked_messages", "device_id msg_id", LOST, APP),
    (messages.MESSAGES, "messages", "msg_id", KEPT, SERVICE),
    (messages.MESSAGE_MARKS, "message_marks", "user_id msg_id", KEPT, SERVICE),
    (messages.CREATED_MESSAGES, "created_messages", "device_id local_id", LOST, APP),
    (modification.BEHIND, "behind", "device_id msg_id", LOST, APP),
    (own_marks.OWN_MARKS, "own_marks", "user_id install msg_id", KEPT, APP),
    (pins.PINS, "pins", "group_id msg_id", KEPT, SERVICE),
    (pushes.PUSHES, "pushes", "number", LOST, SERVICE),
    (reactions.REACTIONS, "reactions", "msg_id reaction_id user_id", KEPT, SERVICE),
    (receipts.RECEIPTS, "read_receipts", "msg_id user_id", KEPT, SERVICE),
    (receive_options.ALL_OPTIONS, "all_receive_options", "user_id", KEPT, SERVICE),
    (waiting.WAITING, "waiting", "device_id", LOST, APP),
    (kept_stores.KEPT, "installs", "user_id install", KEPT, APP),
    (group_applications.APPLICATIONS, "applications", "group_id from_user to_user kind", KEPT, SERVICE),
    (group_applications.APPLICATION_READERS, "application_readers", "user_id", KEPT, SERVICE),
    (group_attributes.GROUP_ATTRIBUTES, "group_attributes", "group_id", KEPT, SERVICE),
    (group_attributes.SEEN_ATTRIBUTES, "seen_attributes", "device_id group_id", LOST, APP),
    (group_counters.GROUP_COUNTERS, "group_counters", "group_id", KEPT, SERVICE),
    (groups.GROUPS, "groups", "group_id", KEPT, SERVICE),
    (groups.MEMBERS, "members", "group_id user_id", KEPT, SERVICE),
    (groups.PAST_MEMBERS, "past_members", "group_id user_id", KEPT, SERVICE),
    (live_rooms.PRESENCES, "presences", "group_id device_id", LOST, SERVICE),
    (permission_groups.PERMISSION_GROUPS, "permission_groups", "community_id permission_group_id", KEPT, SERVICE),
    (permission_groups.HOLDERS, "permission_group_members", "community_id permission_group_id user_id", KEPT, SERVICE),
    (topics.TOPICS, "topics", "topic_id", KEPT, SERVICE),
    (devices.DEVICES, "devices", "device_id", LOST, APP),
    (installs.STORES, "stores", "user_id install", LOST, APP),
    (installs.NOTICES, "notices", "number", KEPT, APP),
    (rates.RATES, "rates", "user_id name", LOST, APP),
    (world.COUNTERS, "counters", "name", KEPT, APP),
    (world.TIMERS, "timers", "number", KEPT, APP),
    (blacklist.BLOCKS, "blacklist", "owner user_id", KEPT, SERVICE),
    (follows.FOLLOWS, "follows", "follower user_id", KEPT, SERVICE),
    (friend_applications.APPLICATIONS, "friend_applications", "owner user_id kind", KEPT, SERVICE),
    (friend_groups.FRIEND_GROUPS, "friend_groups", "owner name", KEPT, SERVICE),
    (friends.FRIENDS, "friends", "owner user_id", KEPT, SERVICE),
    (official_accounts.OFFICIAL_ACCOUNTS, "official_accounts", "account_id", KEPT, SERVICE),
    (official_accounts.SUBSCRIBERS, "official_account_subscribers", "user_id account_id", KEPT, SERVICE),
    (push_tokens.PUSH_TOKENS, "push_tokens", "user_id install kind", LOST, SERVICE),
    (statuses.SUBSCRIPTIONS, "subscriptions", "device_id topic user_id", LOST, APP),
    (users.USERS, "users", "user_id", KEPT, SERVICE),
]


def test_every_table_is_listed() -> None:
    """The list has all tables that there are, each once."""
    found = {id(value): value.name for module in row_json.modules() for value in vars(module).values() if isinstance(value, TableSpec)}
    assert set(found) == {id(spec) for spec, *_ in TABLES}
    assert len(TABLES) == len({spec.name for spec, *_ in TABLES})


@pytest.mark.parametrize(("spec", "name", "key", "is_kept", "is_app"), TABLES, ids=[name for _, name, *_ in TABLES])
def test_table_is_as_listed(spec: TableSpec[Any], name: str, key: str, is_kept: bool, is_app: bool) -> None:
    """A document finds a table by its name and a row by its key; the other two say where it lives."""
    assert (name, tuple(key.split()), is_kept, is_app) == (spec.name, spec.key, spec.exported, spec.is_local)
    assert set(spec.key) <= {one.name for one in attrs.fields(spec.row_type)}


def row_classes() -> dict[str, type[Any]]:
    """Return every class of rows that documents hold, and of what stands in them, by `module.Name`."""
    found: dict[str, type[Any]] = {}

    def take(hint: Any) -> None:
        if isinstance(hint, type) and attrs.has(hint):
            name = f"{hint.__module__.rpartition('.')[2]}.{hint.__name__}"
            if name not in found:
                found[name] = hint
                for one in typing.get_type_hints(hint).values():
                    take(one)
        for one in typing.get_args(hint):
            take(one)

    for spec in row_json.specs().values():
        take(spec.row_type)
    return found


LEFT_OUT: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("left_out.json").read_text("utf-8"))
"""By class: what stands for an attribute that is left out. A changed line gives old documents another meaning."""


def test_classes_with_defaults_are_listed() -> None:
    """No class of rows is forgotten, and none is listed that is gone."""
    assert set(LEFT_OUT) == set(row_classes())


@pytest.mark.parametrize("name", sorted(LEFT_OUT))
def test_what_documents_leave_out(name: str) -> None:
    """A document that leaves an attribute out means today what it meant when it was written."""
    attributes = row_json.codec(row_classes()[name]).attributes.values()
    assert LEFT_OUT[name] == {one.name: row_json.tagged(one.default) for one in attributes if one.has_default}
