"""
Switches: what an app's owner sets in the service's console, and what its plan includes.

A rule asks `world.policy.switch(name, default)`. Here stands which there are, what kind of value each takes, and what it does.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Switch(NamedTuple):
    """A switch: its JSON type ("boolean", "integer", "array", "object") and what it does."""

    type: str
    what: str


SWITCHES = {
    "account_limit": Switch("integer", "how many accounts the plan has; one more is refused at login (0: no limit)"),
    "blacklist_refuses": Switch("boolean", "whether a sender hears that the receiver has blocked them"),
    "blocking_keeps_friends": Switch("boolean", "whether somebody who is blocked stays a friend"),
    "communities": Switch("boolean", "whether the plan has communities (on unless switched off)"),
    "conversation_groups": Switch("boolean", "whether the plan has conversation groups (on unless switched off)"),
    "download_ms": Switch("integer", "how long the download of a file goes on, by the world's clock (0: no time)"),
    "friend_custom_fields": Switch("array", "keys of the app's own fields of friends; any well-formed key when not set"),
    "friend_status_notices": Switch("boolean", "whether friends hear of a user's status without following it"),
    "friends_only": Switch("boolean", "whether only friends may write to each other"),
    "group_option_events": Switch("boolean", "whether changes of a group's options are told by an event (on unless switched off)"),
    "group_option_tips": Switch("boolean", "whether changes of a group's options are said in the group"),
    "group_revocation": Switch("boolean", "whether owners and administrators revoke others' messages (on unless switched off)"),
    "groups_per_user": Switch("integer", "how many groups a user may be in"),
    "live_room_member_list": Switch("boolean", "whether the plan shows the members of large live rooms"),
    "max_followers": Switch("integer", "how many followers a user may have"),
    "max_following": Switch("integer", "how many users one may follow"),
    "max_mutual_followers": Switch("integer", "how many mutual followers a user may have"),
    "message_days": Switch("integer", "for how many days the service keeps messages: older ones are not shown as pinned (0: for ever)"),
    "message_extensions": Switch("boolean", "whether the plan has extensions of messages (on unless switched off)"),
    "message_reactions": Switch("boolean", "whether the plan has reactions to messages (on unless switched off)"),
    "muted_accounts": Switch("array", "ids of users who may not say anything anywhere"),
    "profile_custom_fields": Switch("array", "keys of the app's own profile fields; any well-formed key when not set"),
    "push_certificates": Switch("array", "numbers of the push certificates that were uploaded; any when not set"),
    "read_receipts": Switch("boolean", "whether the plan has read receipts of groups (on unless switched off)"),
    "revoke_window_s": Switch("integer", "for how many seconds a message can be revoked"),
    "sensitive_words": Switch("array", "words that no text may have"),
    "sync_conversation_deletion": Switch("boolean", "whether a user's other devices hear of a deleted conversation"),
    "cloud_search": Switch("boolean", "whether the plan searches messages in the cloud (on unless switched off)"),
    "translation": Switch("boolean", "whether the plan translates and recognises speech (on unless switched off)"),
    "webhook_drops": Switch("array", "kinds of chats (c2c, group) whose messages the app's server drops in silence"),
    "webhook_refuses": Switch("object", "by kind of chat (c2c, group), the code with which the app's server refuses messages"),
}


_TYPES: dict[str, tuple[type, ...]] = {"boolean": (bool,), "integer": (int,), "array": (list, tuple), "object": (dict,)}


def fits(name: str, value: Any) -> bool:
    """Return whether a switch that there is takes a value."""
    wanted = SWITCHES[name].type
    return isinstance(value, _TYPES[wanted]) and (wanted == "boolean" or not isinstance(value, bool))
