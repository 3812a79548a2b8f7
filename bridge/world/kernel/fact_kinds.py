"""
Every kind of fact that there is: what it holds, and what a device must listen to in order to hear it.

A rule states one by `World.state(kind, to, **fields)`; a dialect's events say under which name and with which keys an app gets it. What
is stated, and what events read, is this (tests hold both against it).
"""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """
    What is known of a kind of fact.

    Attributes:
        topics: what a device listens to in order to hear it; where there are two, dialects differ in which.
        fields: the names of what it holds, always all of them.
        is_kept: the service keeps it for apps that are away when it happens (DECISIONS.md: What catches up).
    """

    topics: tuple[str, ...]
    fields: tuple[str, ...] = ()
    is_kept: bool = False


def _kept(topics: tuple[str, ...], fields: tuple[str, ...] = ()) -> Kind:
    return Kind(topics, fields, is_kept=True)


CLIENT = ("client",)
FRIENDS = ("friends",)
GROUPS = ("groups",)
COMMUNITIES = ("communities",)
MESSAGES = ("messages",)
SIMPLE_MESSAGES = ("simple_messages",)
CONVERSATIONS = ("conversations",)
SIGNALS = ("signals",)
COMMUNITIES_OR_GROUPS = ("communities", "groups")

KINDS = {
    # client
    "all_receive_message_opt_changed": _kept(CLIENT, ("opt_info",)),
    "connected": Kind(CLIENT),
    "connection_failed": Kind(CLIENT, ("code", "desc")),
    "connection_started": Kind(CLIENT),
    "experimental_notified": Kind(CLIENT, ("key", "param")),
    "kicked_offline": Kind(CLIENT),
    "logged": Kind(CLIENT, ("level", "content")),
    "self_info_updated": _kept(CLIENT, ("user",)),
    "user_info_changed": Kind(CLIENT, ("user_info_list",)),
    "user_sig_expired": Kind(CLIENT),
    "user_status_changed": Kind(CLIENT, ("status_list",)),
    # friends
    "black_list_added": _kept(FRIENDS, ("friends",)),
    "black_list_deleted": _kept(FRIENDS, ("user_id_list",)),
    "friend_application_list_added": _kept(FRIENDS, ("applications",)),
    "friend_application_list_deleted": _kept(FRIENDS, ("user_id_list",)),
    "friend_application_list_read": _kept(FRIENDS),
    "friend_info_changed": _kept(FRIENDS, ("friends",)),
    "friend_list_added": _kept(FRIENDS, ("friends",)),
    "friend_list_deleted": _kept(FRIENDS, ("user_id_list",)),
    "mutual_followers_list_changed": _kept(FRIENDS, ("is_add", "user_info_list")),
    "my_followers_list_changed": _kept(FRIENDS, ("is_add", "user_info_list")),
    "my_following_list_changed": _kept(FRIENDS, ("is_add", "user_info_list")),
    "official_account_deleted": _kept(FRIENDS, ("official_account_id",)),
    "official_account_info_changed": _kept(FRIENDS, ("official_account",)),
    "official_account_subscribed": _kept(FRIENDS, ("official_account",)),
    "official_account_unsubscribed": _kept(FRIENDS, ("official_account_id",)),
    # groups
    "administrator_granted": _kept(GROUPS, ("group_id", "op_user", "member_list")),
    "administrator_revoked": _kept(GROUPS, ("group_id", "op_user", "member_list")),
    "all_group_members_muted": _kept(GROUPS, ("group_id", "is_mute")),
    "application_processed": _kept(GROUPS, ("group_id", "op_user", "is_agree_join", "op_reason", "invited")),
    "group_attribute_changed": Kind(GROUPS, ("group_id", "group_attribute_map")),
    "group_counter_changed": Kind(GROUPS, ("group_id", "key", "value")),
    "group_created": _kept(GROUPS, ("group_id",)),
    "group_dismissed": _kept(GROUPS, ("group_id", "op_user")),
    "group_info_changed": _kept(GROUPS, ("group_id", "group_change_info_list")),
    "group_recycled": _kept(GROUPS, ("group_id", "op_user")),
    "join_application_received": _kept(GROUPS, ("group_id", "member", "op_reason", "invited")),
    "member_entered": _kept(GROUPS, ("group_id", "member_list")),
    "member_info_changed": _kept(GROUPS, ("group_id", "group_member_change_info_list")),
    "member_invited": _kept(GROUPS, ("group_id", "op_user", "member_list")),
    "member_kicked": _kept(GROUPS, ("group_id", "op_user", "member_list")),
    "member_left": _kept(GROUPS, ("group_id", "member")),
    "member_mark_changed": _kept(GROUPS, ("group_id", "member_id_list", "mark_type", "enable_mark")),
    "quit_from_group": _kept(GROUPS, ("group_id",)),
    "rest_custom_data_received": Kind(GROUPS, ("group_id", "custom_data")),
    # communities
    "members_added_to_permission_group": _kept(COMMUNITIES, ("group_id", "permission_group_id", "member_id_list")),
    "members_removed_from_permission_group": _kept(COMMUNITIES, ("group_id", "permission_group_id", "member_id_list")),
    "permission_group_created": _kept(COMMUNITIES, ("group_id", "permission_group_info")),
    "permission_group_deleted": _kept(COMMUNITIES, ("group_id", "permission_group_id_list")),
    "permission_group_info_changed": _kept(COMMUNITIES, ("group_id", "permission_group_info")),
    "topic_created": _kept(COMMUNITIES_OR_GROUPS, ("group_id", "topic_id")),
    "topic_deleted": _kept(COMMUNITIES_OR_GROUPS, ("group_id", "topic_id_list")),
    "topic_info_changed": Kind(COMMUNITIES_OR_GROUPS, ("group_id", "topic_info")),
    "topic_permission_added": _kept(COMMUNITIES, ("group_id", "permission_group_id", "topic_permission_map")),
    "topic_permission_deleted": _kept(COMMUNITIES, ("group_id", "permission_group_id", "topic_id_list")),
    "topic_permission_modified": _kept(COMMUNITIES, ("group_id", "permission_group_id", "topic_permission_map")),
    "topic_rest_custom_data_received": Kind(COMMUNITIES, ("topic_id", "custom_data")),
    # messages
    "c2c_read_receipt_received": _kept(MESSAGES, ("receipts",)),
    "group_message_pinned": _kept(MESSAGES, ("group_id", "message", "is_pinned", "op_user")),
    "message_download_progressed": Kind(
        MESSAGES,
        (
            *("is_finish", "is_error", "current_size", "total_size", "msg_id", "type", "is_snapshot", "path", "error_code", "error_desc"),
            *("ticket", "contents"),  # where a client fetches a file by itself
        ),
    ),
    "message_extensions_changed": _kept(MESSAGES, ("msg_id", "extensions")),
    "message_extensions_deleted": _kept(MESSAGES, ("msg_id", "extension_keys")),
    "message_modified": _kept(MESSAGES, ("message",)),
    "message_reactions_changed": _kept(MESSAGES, ("change_infos",)),
    "message_read_receipts_received": _kept(MESSAGES, ("receipts",)),
    "message_received": Kind(MESSAGES, ("message",)),
    "message_revoked": _kept(MESSAGES, ("msg_id", "operate_user", "reason")),
    "message_send_progressed": Kind(MESSAGES, ("message", "progress")),
    # simple messages
    "c2c_custom_message_received": Kind(SIMPLE_MESSAGES, ("msg_id", "custom_data", "sender")),
    "c2c_text_message_received": Kind(SIMPLE_MESSAGES, ("msg_id", "text", "sender")),
    "group_custom_message_received": Kind(SIMPLE_MESSAGES, ("msg_id", "custom_data", "group_id", "sender")),
    "group_text_message_received": Kind(SIMPLE_MESSAGES, ("msg_id", "text", "group_id", "sender")),
    # conversations
    "conversation_changed": Kind(CONVERSATIONS, ("conversations",)),
    "conversation_created": Kind(CONVERSATIONS, ("conversations",)),
    "conversation_deleted": _kept(CONVERSATIONS, ("conversation_id_list",)),
    "conversation_group_created": _kept(CONVERSATIONS, ("group_name", "conversations")),
    "conversation_group_deleted": _kept(CONVERSATIONS, ("group_name",)),
    "conversation_group_name_changed": _kept(CONVERSATIONS, ("old_name", "new_name")),
    "conversations_added_to_group": _kept(CONVERSATIONS, ("group_name", "conversations")),
    "conversations_deleted_from_group": _kept(CONVERSATIONS, ("group_name", "conversations")),
    "sync_server_failed": Kind(CONVERSATIONS),
    "sync_server_finished": Kind(CONVERSATIONS),
    "sync_server_started": Kind(CONVERSATIONS),
    "total_unread_message_count_changed": Kind(CONVERSATIONS, ("count",)),
    "unread_message_count_changed_by_filter": Kind(CONVERSATIONS, ("filter", "total_unread_count")),
    # signals
    "invitation_cancelled": Kind(SIGNALS, ("invite_id", "inviter", "data")),
    "invitation_modified": Kind(SIGNALS, ("invite_id", "data")),
    "invitation_received": Kind(SIGNALS, ("invite_id", "inviter", "group_id", "invitee_list", "data")),
    "invitation_timed_out": Kind(SIGNALS, ("invite_id", "invitee_list")),
    "invitee_accepted": Kind(SIGNALS, ("invite_id", "invitee", "data")),
    "invitee_rejected": Kind(SIGNALS, ("invite_id", "invitee", "data")),
}

NEVER_STATED = {"logged"}
"""Kinds that dialects have an event for, and no rule states: the log of a native client is no business of the service."""

KEPT = frozenset(name for name, kind in KINDS.items() if kind.is_kept)
"""The kinds that the service keeps for those who are away."""
