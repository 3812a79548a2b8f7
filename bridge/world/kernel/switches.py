"""
Switches: what an app's owner sets in the service's console, and what its plan includes.

A rule asks `world.policy.switch(name)`. Here stands which there are, what kind of value each takes, what it is unless somebody sets it, and
what it does; there is no other place that says so.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Switch(NamedTuple):
    """
    A switch: its JSON type ("boolean", "integer", "array", "object"), its value unless it is set, and what it does.

    None stands for what the rule that asks says itself: no limit, all keys, what the type of a group does.
    """

    type: str
    default: Any
    what: str


SWITCHES: dict[str, Switch] = {
    "account_limit": Switch("integer", 0, "how many accounts the plan has; one more is refused at login (0: no limit)"),
    "blacklist_refuses": Switch("boolean", False, "whether a sender hears that the receiver has blocked them"),
    "blocking_keeps_friends": Switch("boolean", False, "whether somebody who is blocked stays a friend"),
    "cloud_search": Switch("boolean", True, "whether the plan searches messages in the cloud (on unless switched off)"),
    "communities": Switch("boolean", True, "whether the plan has communities (on unless switched off)"),
    "conversation_groups": Switch("boolean", True, "whether the plan has conversation groups (on unless switched off)"),
    "download_ms": Switch("integer", 0, "how long the download of a file goes on, by the world's clock (0: no time)"),
    "friend_custom_fields": Switch("array", None, "keys of the app's own fields of friends; any well-formed key when not set"),
    "friend_status_notices": Switch("boolean", False, "whether friends hear of a user's status without following it"),
    "friends_only": Switch("boolean", False, "whether only friends may write to each other"),
    "group_custom_fields": Switch("array", None, "keys of the app's own fields of groups; any well-formed key when not set"),
    "group_option_events": Switch("boolean", True, "whether changes of a group's options are told by an event (on unless switched off)"),
    "group_option_tips": Switch("boolean", False, "whether changes of a group's options are said in the group"),
    "group_revocation": Switch("boolean", True, "whether owners and administrators revoke others' messages (on unless switched off)"),
    "group_tells_members": Switch(
        "boolean", None, "whether members hear who comes into a group and leaves; by the type of the group when not set"
    ),
    "group_tells_profile": Switch(
        "boolean", None, "whether members hear of changes of a group's profile; by the type of the group when not set"
    ),
    "group_tells_standing": Switch(
        "boolean", None, "whether members hear of mutes and roles of others; by the type of the group when not set"
    ),
    "groups_per_user": Switch("integer", 3000, "how many groups a user may be in (limits page: 3,000 on the top plan)"),
    "live_room_member_list": Switch("boolean", False, "whether the plan shows the members of large live rooms"),
    "max_followers": Switch("integer", None, "how many followers a user may have"),
    "max_following": Switch("integer", None, "how many users one may follow"),
    "max_mutual_followers": Switch("integer", None, "how many mutual followers a user may have"),
    "member_custom_fields": Switch("array", None, "keys of the app's own fields of group members; any well-formed key when not set"),
    "message_days": Switch("integer", 0, "for how many days the service keeps messages: older ones are not shown as pinned (0: for ever)"),
    "message_extensions": Switch("boolean", True, "whether the plan has extensions of messages (on unless switched off)"),
    "message_reactions": Switch("boolean", True, "whether the plan has reactions to messages (on unless switched off)"),
    "muted_accounts": Switch("array", (), "ids of users who may not say anything anywhere"),
    "profile_custom_fields": Switch("array", None, "keys of the app's own profile fields; any well-formed key when not set"),
    "profile_subscription": Switch("boolean", True, "whether profiles of strangers can be followed (on unless switched off)"),
    "push_certificates": Switch("array", None, "numbers of the push certificates that were uploaded; any when not set"),
    "read_receipts": Switch("boolean", True, "whether the plan has read receipts of groups (on unless switched off)"),
    "revoke_window_s": Switch("integer", 120, "for how many seconds a message can be revoked (product docs: two minutes)"),
    "sensitive_words": Switch("array", (), "words that no text may have"),
    "sync_conversation_deletion": Switch("boolean", False, "whether a user's other devices hear of a deleted conversation"),
    "translation": Switch("boolean", True, "whether the plan translates and recognises speech (on unless switched off)"),
    "user_status": Switch("boolean", True, "whether the status of other users can be asked for and followed (on unless switched off)"),
    "webhook_drops": Switch("array", (), "kinds of chats (c2c, group) whose messages the app's server drops in silence"),
    "webhook_refuses": Switch("object", {}, "by kind of chat (c2c, group), the code with which the app's server refuses messages"),
}


_TYPES: dict[str, tuple[type, ...]] = {"boolean": (bool,), "integer": (int,), "array": (list, tuple), "object": (dict,)}


def fits(name: str, value: Any) -> bool:
    """Return whether a switch that there is takes a value."""
    wanted = SWITCHES[name].type
    return isinstance(value, _TYPES[wanted]) and (wanted == "boolean" or not isinstance(value, bool))
