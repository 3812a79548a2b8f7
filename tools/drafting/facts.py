"""
What happened, for every event of the protocol: a fact in the past tense, the same in both dialects.
"""

from __future__ import annotations

from bridge.catalogue.names import snake_case

_NAMES = {
    "onConnectFailed": "connection_failed",
    "onConnecting": "connection_started",
    "onConnectSuccess": "connected",
    "onLog": "logged",
    "onExperimentalNotify": "experimental_notified",
    "onMemberEnter": "member_entered",
    "onMemberLeave": "member_left",
    "onReceiveJoinApplication": "join_application_received",
    "onGrantAdministrator": "administrator_granted",
    "onRevokeAdministrator": "administrator_revoked",
    "onReceiveRESTCustomData": "rest_custom_data_received",
    "onRecvNewMessage": "message_received",
    "onRecvMessageModified": "message_modified",
    "onRecvMessageRevoked": "message_revoked",
    # The same revocation, told a second time with more detail.
    "onRecvMessageRevokedWithInfo": "message_revoked",
    "onRecvC2CReadReceipt": "c2c_read_receipt_received",
    "onRecvMessageReadReceipts": "message_read_receipts_received",
    "onRecvMessageExtensionsChanged": "message_extensions_changed",
    "onRecvMessageExtensionsDeleted": "message_extensions_deleted",
    "onRecvMessageReactionsChanged": "message_reactions_changed",
    "onSendMessageProgress": "message_send_progressed",
    "onMessageDownloadProgressCallback": "message_download_progressed",
    "onRecvC2CTextMessage": "c2c_text_message_received",
    "onRecvC2CCustomMessage": "c2c_custom_message_received",
    "onRecvGroupTextMessage": "group_text_message_received",
    "onRecvGroupCustomMessage": "group_custom_message_received",
    "onSyncServerStart": "sync_server_started",
    "onSyncServerFinish": "sync_server_finished",
    "onNewConversation": "conversation_created",
    "onBlackListAdd": "black_list_added",
    "onReceiveNewInvitation": "invitation_received",
    "onInvitationTimeout": "invitation_timed_out",
    # Communities tell the topic events of groups over again on their own listener.
    "onCreateTopic": "topic_created",
    "onDeleteTopic": "topic_deleted",
    "onChangeTopicInfo": "topic_info_changed",
    "onReceiveTopicRESTCustomData": "topic_rest_custom_data_received",
    "onCreatePermissionGroup": "permission_group_created",
    "onDeletePermissionGroup": "permission_group_deleted",
    "onChangePermissionGroupInfo": "permission_group_info_changed",
    "onAddMembersToPermissionGroup": "members_added_to_permission_group",
    "onRemoveMembersFromPermissionGroup": "members_removed_from_permission_group",
    "onAddTopicPermission": "topic_permission_added",
    "onDeleteTopicPermission": "topic_permission_deleted",
    "onModifyTopicPermission": "topic_permission_modified",
}

# Payload fields of facts whose name is not the snake_case of a wire key.
_FIELDS = {"conversationList": "conversations"}

# Payload field that is the whole data of an event.
_VALUES = {
    "onSelfInfoUpdated": "user",
    "onAllReceiveMessageOptChanged": "opt_info",
    "onRecvNewMessage": "message",
    "onRecvMessageModified": "message",
    "onRecvC2CReadReceipt": "receipts",
    "onRecvMessageReadReceipts": "receipts",
    "onRecvMessageRevoked": "msg_id",
    "onNewConversation": "conversations",
    "onConversationChanged": "conversations",
    "onTotalUnreadMessageCountChanged": "count",
    "onConversationGroupDeleted": "group_name",
    "onConversationDeleted": "conversation_id_list",
    "onFriendApplicationListAdded": "applications",
    "onFriendApplicationListDeleted": "user_id_list",
    "onFriendListAdded": "friends",
    "onFriendListDeleted": "user_id_list",
    "onBlackListAdd": "friends",
    "onBlackListDeleted": "user_id_list",
    "onFriendInfoChanged": "friends",
    "onOfficialAccountDeleted": "official_account_id",
    "onOfficialAccountUnsubscribed": "official_account_id",
    "onOfficialAccountInfoChanged": "official_account",
    "onOfficialAccountSubscribed": "official_account",
}


def fact_name(event_type: str) -> str:
    """
    Return the fact behind an event, e.g. `conversation_group_created` for onConversationGroupCreated.
    """
    return _NAMES.get(event_type) or snake_case(event_type.removeprefix("on"))


def field_name(key: str) -> str:
    """
    Return the payload field of a fact that fills a key of an event's data.
    """
    return _FIELDS.get(key) or snake_case(key)


def value_name(event_type: str) -> str:
    """
    Return the payload field that is the whole data of an event.
    """
    return _VALUES[event_type]
