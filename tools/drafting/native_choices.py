# ruff: noqa: E501  # tables: a row a line
"""
What the facts about the native generation cannot know: which handler of ours takes what, and which map writes which object.

A table per kind of file. An entry is laid over what is drafted; None takes something out.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def _list(item: str) -> Json:
    return {"type": "array", "items": {"x-ref": f"objects/{item}"}}


def _object(name: str) -> Json:
    return {"x-ref": f"objects/{name}"}


MAPS: dict[str, tuple[str, ...]] = {
    "V2TimConversation": ("V2TIMConversation",),
    "V2TimConversationFilter": ("V2TIMConversationListFilter",),
    "V2TimConversationOperationResult": ("V2TIMConversationOperationResult",),
    "V2TimConversationResult": ("V2TIMConversationResult",),
    "V2TimFollowInfo": ("V2TIMFollowInfo",),
    "V2TimFollowOperationResult": ("V2TIMFollowOperationResult",),
    "V2TimFollowTypeCheckResult": ("V2TIMFollowTypeCheckResult",),
    "V2TimFriendApplication": ("V2TIMFriendApplication", "V2TIMFriendApplicationResult.friendApplicationList"),
    "V2TimFriendApplicationResult": ("V2TIMFriendApplicationResult",),
    "V2TimFriendCheckResult": ("V2TIMFriendCheckResult",),
    "V2TimFriendGroup": ("V2TIMFriendGroup",),
    "V2TimFriendInfo": ("V2TIMFriendInfo",),
    "V2TimFriendInfoResult": ("V2TIMFriendInfoResult",),
    "V2TimFriendOperationResult": ("V2TIMFriendOperationResult",),
    "V2TimGroupApplication": ("V2TIMGroupApplication",),
    "V2TimGroupApplicationResult": ("V2TIMGroupApplicationResult",),
    "V2TimGroupAtInfo": ("V2TIMGroupAtInfo",),
    "V2TimGroupChangeInfo": ("V2TIMGroupChangeInfo",),
    "V2TimGroupInfo": ("V2TIMGroupInfo",),
    "V2TimGroupInfoResult": ("V2TIMGroupInfoResult",),
    "V2TimGroupMemberChangeInfo": ("V2TIMGroupMemberChangeInfo",),
    "V2TimGroupMemberFullInfo": ("V2TIMGroupMemberFullInfo",),
    "V2TimGroupMemberInfo": ("V2TIMGroupMemberInfo",),
    "V2TimGroupMemberInfoResult": ("V2TIMGroupMemberInfoResult",),
    "V2TimGroupMemberOperationResult": ("V2TIMGroupMemberOperationResult",),
    "V2TimGroupMessageReadMemberList": ("V2TIMGroupMessageReadMemberList",),
    "V2TimMessage": ("V2TIMMessage",),
    "V2TimMessageExtension": ("V2TIMMessageExtension",),
    "V2TimMessageExtensionResult": ("V2TIMMessageExtensionResult",),
    "V2TimMessageReaction": ("V2TIMMessageReaction",),
    "V2TIMMessageReactionChangeInfo": ("V2TIMMessageReactionChangeInfo",),
    "V2TimMessageReactionResult": ("V2TIMMessageReactionResult",),
    "V2TimMessageReactionUserResult": ("V2TIMMessageReactionUserResult",),
    "V2TimMessageReceipt": ("V2TIMMessageReceipt",),
    "V2TimMessageSearchResult": ("V2TIMMessageSearchResult",),
    "V2TimMessageSearchResultItem": ("V2TIMMessageSearchResultItem",),
    "V2TimOfficialAccountInfo": ("V2TIMOfficialAccountInfo",),
    "V2TimOfficialAccountInfoResult": ("V2TIMOfficialAccountInfoResult",),
    "V2TimPermissionGroupInfo": ("V2TIMPermissionGroupInfo",),
    "V2TimPermissionGroupInfoResult": ("V2TIMPermissionGroupInfoResult",),
    "V2TimPermissionGroupMemberInfoResult": ("V2TIMPermissionGroupMemberInfoResult",),
    "V2TimPermissionGroupMemberOperationResult": ("V2TIMPermissionGroupMemberOperationResult",),
    "V2TimPermissionGroupOperationResult": ("V2TIMPermissionGroupOperationResult",),
    "V2TimReceiveMessageOptInfo": ("V2TIMReceiveMessageOptInfo",),
    "V2TimSignalingInfo": ("V2TIMSignalingInfo",),
    "V2TimTopicInfo": ("V2TIMTopicInfo",),
    "V2TimTopicInfoResult": ("V2TIMTopicInfoResult",),
    "V2TimTopicOperationResult": ("V2TIMTopicOperationResult", "V2TIMTopicOperationResult(deletion)"),
    "V2TimTopicPermissionResult": ("V2TIMTopicPermissionResult",),
    "V2TimUserFullInfo": ("V2TIMUserFullInfo",),
    "V2TimUserInfo": ("V2TIMUserInfo",),
    "V2TimUserInfoResult": ("V2TIMUserInfoResult",),
    "V2TimUserStatus": ("V2TIMUserStatus",),
}
"""The maps of the SDK that an object is made of."""

_GROUP_CUSTOM = ("group_info_custom_string_info_key", "group_info_custom_string_info_value")
_MEMBER_CUSTOM = ("group_member_info_custom_string_info_key", "group_member_info_custom_string_info_value")
_FRIEND_CUSTOM = ("friend_profile_custom_string_info_key", "friend_profile_custom_string_info_value")
_USER_CUSTOM = ("user_profile_custom_string_info_key", "user_profile_custom_string_info_value")
PAIRS: dict[str, dict[str, tuple[str, str]]] = {
    "V2TimFriendInfo": {
        "friend_profile_custom_string_array": _FRIEND_CUSTOM,
        "friend_profile_item_custom_string_array": _FRIEND_CUSTOM,
    },
    "V2TimGroupInfo": {"group_detail_info_custom_info": _GROUP_CUSTOM},
    "V2TimGroupInfoModifyParam": {"group_modify_info_param_custom_info": _GROUP_CUSTOM},
    "V2TimGroupMemberFullInfo": {"group_member_info_custom_info": _GROUP_CUSTOM},
    "V2TimGroupMemberInfoModifyParam": {"group_modify_member_info_custom_info": _MEMBER_CUSTOM},
    "V2TimUserFullInfo": {
        "user_profile_custom_string_array": _USER_CUSTOM,
        "user_profile_item_custom_string_array": _USER_CUSTOM,
    },
}
"""Arrays of pairs that stand for a map, with the keys of a pair."""

KEYS: dict[tuple[str, str], Json] = {
    **{
        ("V2TimFriendInfo", f"friend_profile_item_{name}"): {"inside": "friendship_modify_friend_profile_param_item"}
        for name in ("remark", "group_name_array", "custom_string_array")
    },
    ("SelfStatusParam", "user_status_custom_status"): {"arg": "status"},
    ("FriendShipGetProfileListParam", "friendship_getprofilelist_param_identifier_array"): {"arg": "user_id_list"},
    ("V2TimGroupKickGroupMemberParam", "group_delete_member_param_identifier_array"): {"arg": "member_list"},
    ("V2TimGroupCreateParam", "create_group_param_group_member_array"): {"type": _list("V2TimGroupMember")},
    ("V2TimFriendSearchParam", "friendship_search_param_search_field_list"): {"arg": "search_field_list"},
    ("V2TimGroupSearchParam", "group_search_params_field_list"): {"arg": "search_field_list"},
    ("V2TimGroupMemberSearchParam", "group_search_member_params_field_list"): {"arg": "search_field_list"},
    ("V2TimConversation", "conv_id"): {"of": "convID"},
    ("V2TimConversation", "conv_is_has_draft"): {"of": "hasDraft"},
    ("V2TimConversation", "conv_draft"): {"of": "draft"},
    ("V2TimConversationResult", "conversation_list_result_next_seq"): {"type": {"type": "string"}},
    ("V2TimCustomElem", "custom_elem_data"): {"arg": "data"},
    ("V2TimFaceElem", "face_elem_buf"): {"arg": "data"},
    ("V2TimFileElem", "file_elem_file_name"): {"arg": "name"},
    ("V2TimFileElem", "file_elem_file_size"): {"arg": "size"},
    ("V2TimSoundElem", "sound_elem_file_size"): {"arg": "size"},
    ("OfflinePushInfo", "offline_push_config_flag"): {"numbers": "push_flag"},
    ("OfflinePushInfo", "ios_offline_push_config_title"): {"arg": None},
    ("OfflinePushInfo", "android_offline_push_config_title"): {"arg": None},
    ("OfflinePushInfo", "harmony_offline_push_config_title"): {"arg": None},
    ("OfflinePushInfo", "offline_push_config_ios_config"): {"arg": None},
    ("OfflinePushInfo", "offline_push_config_harmony_config"): {"arg": None},
    ("V2TimSoundElem", "localUrl"): {"arg": None},
    ("V2TimFileElem", "localUrl"): {"arg": None},
    ("V2TimVideoElem", "localVideoUrl"): {"arg": None},
    ("V2TimVideoElem", "localSnapshotUrl"): {"arg": None},
    ("V2TimVideoElem", "video_elem_video_path"): {"arg": "path"},
    ("V2TimVideoElem", "video_elem_video_size"): {"arg": "size"},
    ("V2TimVideoElem", "video_elem_video_type"): {"arg": "type"},
    ("V2TimVideoElem", "video_elem_video_url"): {"arg": "url"},
    ("V2TimMergerElem", "merge_elem_abstract_array"): {"arg": "abstracts"},
    ("V2TimMergerElem", "merge_elem_layer_over_limit"): {"arg": "over_limit"},
    ("V2TimMessageExtension", "message_extension_key"): {"arg": "key"},
    ("V2TimMessageExtension", "message_extension_value"): {"arg": "value"},
    ("V2TimMessageReceipt", "msg_receipt_conv_type"): {"of": "convType"},
    ("V2TimMessageReceipt", "msg_receipt_conv_id"): {"of": "convID"},
    ("V2TimMessageSearchResultItem", "msg_search_result_item_conv_id"): {"of": "convID"},
    ("V2TimMessageSearchResultItem", "msg_search_result_item_conv_type"): {"of": "convType"},
    ("V2TimOfficialAccountInfoResult", "get_official_accounts_info"): {"of": "officialAccountInfo"},
    ("V2TimUserFullInfo", "user_profile_add_permission"): {"numbers": "allow_type"},
    ("V2TimUserFullInfo", "user_profile_item_add_permission"): {"numbers": "allow_type"},
    ("V2TimGroupInfoModifyParam", "group_modify_info_param_owner"): {"arg": "owner"},
    ("GroupGetMemberInfoListParam", "group_get_members_info_list_param_option"): {"type": {}},  # 8.5 sends a number
    ("V2TimTopicInfo", "group_topic_info_is_all_muted"): {"of": "isAllMuted"},
    ("V2TimUserStatus", "user_status_online_devices"): {"of": "onlineDevices"},
    ("V2TimUserStatus", "user_status_status_type"): {"of": "statusType"},
}
"""What the keys of objects say otherwise: of the map that they are written from, or as what they are read."""

_INVITED = ("group_invite_member_result_identifier", "group_invite_member_result_result")
ALIASES: dict[tuple[str, str], tuple[str, ...]] = {
    ("V2TimFollowOperationResult", "resultInfo"): ("follow_operation_result_Info",),
    ("V2TimFollowOperationResult", "resultCode"): ("follow_operation_result_code",),
    ("V2TimFollowOperationResult", "userID"): ("follow_operation_result_user_id",),
    ("V2TimPermissionGroupOperationResult", "resultCode"): ("permission_group_operation_result_error_code",),
    ("V2TimPermissionGroupOperationResult", "resultMessage"): ("permission_group_operation_result_error_message",),
    ("V2TimPermissionGroupOperationResult", "permissionGroupID"): ("permission_group_operation_result_id",),
    ("V2TimTopicPermissionResult", "topicID"): ("topic_permission_result_topic_id",),
    ("V2TimTopicPermissionResult", "resultCode"): ("topic_permission_result_error_code",),
    ("V2TimTopicPermissionResult", "resultMessage"): ("topic_permission_result_error_message",),
    ("V2TimTopicPermissionResult", "topicPermission"): ("topic_permission_result_topic_permission",),
    ("V2TimTopicPermissionResult", "groupID"): ("topic_permission_result_group_id",),
    ("V2TimTopicPermissionResult", "germissionGroupID"): ("topic_permission_result_permission_group_id",),
    ("V2TimTopicInfoResult", "group_topic_operation_result_error_message"): ("group_topic_info_result_error_message",),
}
"""The names that the vendor's header has for keys which Dart reads under other names: both are sent."""

_MSG = {"json_msg": {"pick": "message_msg_id", "arg": "msg_id"}}
_MSGS = {"json_msg_array": {"pick": "message_msg_id", "arg": "message_id_list"}}
_NOTHING: Json = {"handler": "tim_messages.nothing"}
_COUNTERS = {"result": {"pairs": ["group_counter_key", "group_counter_value"]}}
_ATTRIBUTES = {"json_group_attributes": {"arg": "attributes", "pairs": ["group_attribute_key", "group_attribute_value"]}}
_PERMISSIONS = {
    "json_topic_permission_map": {"arg": "topic_permission_map", "pairs": ["topic_permission_key", "topic_permission_value"]}
}
_CONVERSATION = {"conv_id": {"kind": "conv_type", "arg": "conversation_id"}, "conv_type": {"arg": None}}
_HISTORY = {"conv_id": {"arg": "conv_id"}, "conv_type": {"arg": "conv_type"}, "json_get_msg_param": {"holds": "json", "arg": "param", "type": {}, "shape": _object("V2TimMessageGetHistoryMessageListParam")}}
_EITHER = (
    {"when": {"conv_type": 1}, "args": {"conv_id": "user_id"}},
    {"when": {"conv_type": 2}, "args": {"conv_id": "group_id"}},
)


def _by_kind(c2c: str, group: str) -> list[Json]:
    return [{**_EITHER[0], "dartMethods": [c2c]}, {**_EITHER[1], "dartMethods": [group]}]


FUNCTIONS: dict[str, Json] = {
    # the client
    "DartInitDartApiDL": {"kind": "library", "dartMethods": ["initSDK"], "handler": None},
    "DartRegisterSendPort": {
        "answers": "nothing",
        "dartMethods": ["initSDK"],
        "handler": "tim.start_again",
        "needs": "nothing",
        "arguments": {"send_port": {"arg": None}},
    },
    "DartUnregisterSendPort": {
        "answers": "nothing",
        "dartMethods": ["unInitSDK"],
        "handler": "tim.uikit_trace",
        "needs": "nothing",
        "with": {"trace": None},
        "arguments": {"send_port": {"arg": None}},
    },
    "DartRemoveReceiveNewMsgCallback": {"handler": "listeners.remove"},
    "DartInitSDK": {
        "answers": "status",
        "arguments": {"json_sdk_config": {"arg": None}},
        "with": {"listener_uuid": "NetworkStatus"},
    },
    "DartUnitSDK": {"answers": "status"},
    "DartGetSDKVersion": {"answers": "value"},
    "DartGetServerTime": {"answers": "value"},
    "DartGetLoginUserID": {"answers": "value"},
    "DartGetLoginStatus": {"answers": "value"},
    "DartSetConfig": {
        "answers": "status",
        "handler": "tim_experiments.set_config",
        "needs": "nothing",
        "arguments": {"json_config": {"arg": "config", "type": {}}},
    },
    "DartCallExperimentalAPI": {
        "arguments": {"json_param": {"arg": "request", "type": {}}},
        "cases": [
            {
                "when": {"json_param.request_internal_operation": "internal_operation_is_commercial_ability_enabled"},
                "dartMethods": ["checkAbility"],
                "result": _object("CommercialAbilityResult"),
            },
            {
                "when": {},
                "dartMethods": ["callExperimentalAPI", "uikitTrace", "initSDK"],
                "handler": "tim_experiments.call_experimental_api",
                "needs": "nothing",
                "result": {},
            },
        ],
    },
    "DartGetUsersInfo": {"arguments": {"json_get_user_profile_list_param": {"spread": True, "arg": None}}},
    "DartSetSelfInfo": {"arguments": {"json_modify_self_user_profile_param": {"spread": True, "arg": None}}},
    "DartSetSelfStatus": {"arguments": {"json_identifier_array": {"spread": True, "arg": None}}},
    "DartSearchUsers": {"handler": "tim_search.search_users", "needs": "login"},
    # messages
    "DartSendMessage": {
        "answers": "id",
        "handler": None,
        "result": _object("V2TimMessage"),
        "arguments": {"conv_id": {"arg": "conv_id"}, "conv_type": {"arg": "conv_type"}, "json_msg_param": {"arg": "message", "type": {}}},
        "cases": [
            {
                "when": {"json_msg_param.message_status": 3, "json_msg_param.message_msg_id": {"given": True}},
                "dartMethods": ["reSendMessage"],
                "handler": "message_given.send_again",
                "needs": "nothing",
            },
            {"when": {}, "dartMethods": ["sendMessage"], "handler": "message_given.send", "needs": "nothing"},
        ],
    },
    "DartDownloadElemToPath": {
        "handler": "message_media.download_address",
        "needs": "login",
        "result": None,
        "arguments": {"user_data": {"arg": "ticket"}},
    },
    "DartDownloadMergerMessage": {"arguments": {"json_single_msg": {"pick": "message_msg_id", "arg": "msg_id"}}},
    "DartSetLocalCustomData": {
        "handler": "message_given.keep_local",
        "arguments": {"json_msg_param": {"arg": "message", "type": {}}},
    },
    "DartGetHistoryMessageList": {
        "like": "getHistoryMessageList",
        "arguments": _HISTORY,
        "result": _list("V2TimMessage"),
        "startsOver": True,
    },
    "DartGetMessageList": {
        "like": "getHistoryMessageList",
        "arguments": _HISTORY,
        "result": _list("V2TimMessage"),
        "startsOver": True,
    },
    "DartSetC2CReceiveMessageOpt": {"arguments": {"opt": {"arg": "opt"}}},
    "DartSetGroupReceiveMessageOpt": {"arguments": {"opt": {"arg": "opt"}}},
    "DartSetAllReceiveMessageOpt": {"arguments": {"opt": {"arg": "opt"}}},
    "DartSetAllReceiveMessageOpt2": {"arguments": {"opt": {"arg": "opt"}}},
    "DartRevokeMessage": {
        "arguments": {"conv_type": {"arg": None}, "conv_id": {"arg": None}, "json_msg_param": {"pick": "message_msg_id", "arg": "msg_id"}}
    },
    "DartModifyMessage": {"like": "modifyMessage", "arguments": {"json_msg_param": {"arg": "message", "type": {}}}, "result": _object("V2TimMessage")},
    "DartDeleteMessageFromLocalStorage": {
        "arguments": {
            "conv_id": {"arg": None},
            "conv_type": {"arg": None},
            "json_msgdel_param": {"pick": "msg_delete_param_msg.message_msg_id", "arg": "msg_id"},
        }
    },
    "DartDeleteMessages": {
        "arguments": {"conv_id": {"arg": None}, "conv_type": {"arg": None}, "json_msg_array": {"pick": "message_msg_id", "arg": "msg_ids"}}
    },
    "DartClearHistoryMessage": {"cases": _by_kind("clearC2CHistoryMessage", "clearGroupHistoryMessage"), "arguments": {"conv_id": {"arg": None}}},
    "DartSaveMessage": {
        "handler": "message_given.insert",
        "arguments": {**_CONVERSATION, "json_msg_param": {"arg": "message", "type": {}}},
        "result": _object("V2TimMessage"),
    },
    "DartFindMessages": {"arguments": {"json_message_id_array": {"arg": "message_id_list"}}},
    "DartSearchLocalMessages": {"arguments": {"json_search_message_param": {"arg": "search_param", "type": {}}}},
    "DartSearchCloudMessages": {"arguments": {"json_search_message_param": {"arg": "search_param", "type": {}}}},
    "DartSendMessageReadReceipts": {"arguments": _MSGS},
    "DartGetMessageReadReceipts": {"arguments": _MSGS},
    "DartGetGroupMessageReadMemberList": {
        "arguments": {"json_msg": {"pick": "message_msg_id", "arg": "message_id"}, "filter": {"arg": "filter"}},
        "result": _object("V2TimGroupMessageReadMemberList"),
        "beside": {"json_param": "memberInfoList", "next_seq": "nextSeq", "is_finished": "isFinished"},
    },
    "DartSetMessageExtensions": {"arguments": {**_MSG, "json_extension_array": {"arg": "extensions"}}},
    "DartGetMessageExtensions": {"arguments": _MSG},
    "DartDeleteMessageExtensions": {"arguments": _MSG},
    "DartAddMessageReaction": {"arguments": _MSG},
    "DartRemoveMessageReaction": {"arguments": _MSG},
    "DartGetMessageReactions": {"arguments": {"json_msg_array": {"pick": "message_msg_id", "arg": "msg_id_list"}}},
    "DartGetAllUserListOfMessageReaction": {"arguments": _MSG},
    "DartTranslateText": {
        "arguments": {"source_language": {"arg": "source_language"}},
        "result": {"pairs": ["msg_translate_text_source_text", "msg_translate_text_target_text"]},
    },
    "DartConvertVoiceToText": {"handler": "message_media.convert_address_to_text", "needs": "login"},
    "DartPinGroupMessage": {"arguments": _MSG},
    "DartMarkMessageAsRead": {"cases": _by_kind("markC2CMessageAsRead", "markGroupMessageAsRead"), "arguments": {"conv_id": {"arg": None}}},
    "DartGetSignalingInfo": {"arguments": _MSG},
    # groups
    "DartCreateGroup": {"arguments": {"json_group_create_param": {"spread": True, "arg": None}}, "result": _object("CreateGroupResult")},
    "DartCreateCommunity": {"arguments": {"json_group_create_param": {"arg": "info"}}, "result": _object("CreateGroupResult")},
    "DartJoinGroup": {"arguments": {"hello_msg": {"arg": "message"}}},
    "DartGetGroupsInfo": {
        "arguments": {"json_group_getinfo_param": {"holds": "json", "type": {"type": "array", "items": {"type": "string"}}, "arg": "group_id_list"}}
    },
    "DartSearchGroups": {"like": "searchGroups"},
    "DartSearchCloudGroups": {"handler": "group_search.search_cloud_groups", "needs": "login"},
    "DartSearchCloudGroupMembers": {"handler": "group_search.search_cloud_group_members", "needs": "login"},
    "DartSetGroupInfo": {
        "arguments": {"json_group_modify_info_param": {"spread": True, "arg": None}},
        "cases": [
            {
                "when": {"json_group_modify_info_param.group_modify_info_param_modify_flag": 2147483648},
                "dartMethods": ["transferGroupOwner"],
            },
            {"when": {}, "dartMethods": ["setGroupInfo", "muteAllGroupMembers"]},
        ],
    },
    "DartInitGroupAttributes": {"arguments": _ATTRIBUTES},
    "DartSetGroupAttributes": {"arguments": _ATTRIBUTES},
    "DartDeleteGroupAttributes": {"arguments": {"json_keys": {"arg": "keys"}}},
    "DartGetGroupAttributes": {
        "arguments": {"json_keys": {"arg": "keys"}},
        "result": {"pairs": ["group_attribute_key", "group_attribute_value"]},
    },
    "DartGetOnlineMemberCount": {"result": _object("OnlineMemberCountResult")},
    "DartSetGroupCounters": {
        "arguments": {"json_group_counter_array": {"arg": "counters", "pairs": ["group_counter_key", "group_counter_value"]}},
        **_COUNTERS,
    },
    "DartGetGroupCounters": {"arguments": {"json_group_counter_key_array": {"arg": "keys"}}, **_COUNTERS},
    "DartIncreaseGroupCounter": _COUNTERS,
    "DartDecreaseGroupCounter": _COUNTERS,
    "DartGetGroupMemberList": {
        "arguments": {"json_group_get_member_infos_param": {"arg": "param", "type": {}}},
        "cases": [
            {
                "when": {"json_group_get_member_infos_param.group_get_members_info_list_param_identifier_array": {"given": True}},
                "dartMethods": ["getGroupMembersInfo"],
            },
            {"when": {}, "dartMethods": ["getGroupMemberList"]},
        ],
        "result": _object("V2TimGroupMemberInfoResult"),
    },
    "DartSearchGroupMembers": {"result": _list("GroupSearchGroupMembersResult")},
    "DartModifyGroupMemberInfo": {
        "arguments": {"json_group_modify_meminfo_param": {"spread": True, "arg": None}},
        "cases": [
            {"when": {"json_group_modify_meminfo_param.group_modify_member_info_modify_flag": 4}, "dartMethods": ["muteGroupMember"]},
            {"when": {"json_group_modify_meminfo_param.group_modify_member_info_modify_flag": 2}, "dartMethods": ["setGroupMemberRole"]},
            {"when": {}, "dartMethods": ["setGroupMemberInfo"]},
        ],
    },
    "DartInviteUserToGroup": {"arguments": {"json_group_invite_param": {"spread": True, "arg": None}}},
    "DartKickGroupMember": {
        "arguments": {"json_group_delete_param": {"spread": True, "arg": None}},
        "result": _list("V2TimGroupMemberOperationResult"),
    },
    "DartGetGroupPendencyList": {"arguments": {"json_group_get_pendency_list_param": {"arg": None}}},
    "DartHandleGroupPendency": {
        "arguments": {"json_group_handle_pendency_param": {"arg": "param", "type": {}}},
        "cases": [
            {
                "when": {"json_group_handle_pendency_param.group_handle_pendency_param_is_accept": True},
                "dartMethods": ["acceptGroupApplication"],
            },
            {"when": {}, "dartMethods": ["refuseGroupApplication"]},
        ],
    },
    "DartMarkGroupPendencyRead": {"arguments": {"time_stamp": {"arg": None}}},
    # communities
    "DartCreateTopicInCommunity": {"arguments": {"json_topic_info": {"arg": "topic_info"}}},
    "DartDeleteTopicFromCommunity": {"arguments": {"json_topic_id_array": {"arg": "topic_id_list"}}},
    "DartSetTopicInfo": {"arguments": {"json_topic_info": {"arg": "topic_info", "type": {}}}},
    "DartGetTopicInfoList": {"arguments": {"json_topic_id_array": {"arg": "topic_id_list"}}},
    "DartCreatePermissionGroupInCommunity": {"arguments": {"json_permission_group_info": {"arg": "info"}}},
    "DartModifyPermissionGroupInfoInCommunity": {"arguments": {"json_permission_group_info": {"arg": "info"}}},
    "DartAddTopicPermissionToPermissionGroup": {"arguments": _PERMISSIONS},
    "DartModifyTopicPermissionInPermissionGroup": {"arguments": _PERMISSIONS},
    "DartSetTopicInheritMessageReceiveOptionFromCommunity": {"manager": "communityManager", "handler": None},
    # conversations
    "DartGetConversationList": {
        "handler": "conversation.get_whole_conversation_list",
        "needs": "cache",
        "result": _list("V2TimConversation"),
    },
    "DartGetConversation": {
        "handler": "conversation.get_conversations",
        "needs": "init",
        "arguments": {"json_get_conv_list_param": {"arg": "wanted", "type": {}}},
        "result": _list("V2TimConversation"),
    },
    "DartGetConversationListByFilter": {"like": "getConversationListByFilter"},
    "DartDeleteConversation": {"arguments": _CONVERSATION},
    "DartSetConversationDraft": {
        "answers": "status",
        "arguments": {**_CONVERSATION, "json_draft_param": {"pick": "draft_msg.message_elem_array.0.text_elem_content", "arg": "draft_text"}},
    },
    "DartCancelConversationDraft": {
        "answers": "status",
        "manager": "conversationManager",
        "like": "setConversationDraft",
        "arguments": {"conv_id": {"kind": "conv_type", "arg": "conversation_id", "holds": "text"}, "conv_type": {"arg": None}},
    },
    "DartPinConversation": {"arguments": _CONVERSATION},
    "DartGetTotalUnreadMessageCount": {"result": _object("TotalUnreadMessageCountResult")},
    "DartGetUnreadMessageCountByFilter": {"result": _object("TotalUnreadMessageCountResult")},
    "DartSubscribeUnreadMessageCountByFilter": {"answers": "status"},
    "DartUnsubscribeUnreadMessageCountByFilter": {"answers": "status"},
    # friends
    "DartGetFriendsInfo": {},
    "DartSetFriendInfo": {"arguments": {"json_modify_friend_info_param": {"arg": "param"}}},
    "DartAddFriend": {"arguments": {"json_add_friend_param": {"spread": True, "arg": None}}},
    "DartDeleteFromFriendList": {"arguments": {"json_delete_friend_param": {"spread": True, "arg": None}}},
    "DartCheckFriend": {"arguments": {"json_check_friend_list_param": {"spread": True, "arg": None}}},
    "DartGetFriendApplicationList": {"arguments": {"json_get_pendency_list_param": {"arg": None}}},
    "DartHandleFriendAddRequest": {
        "arguments": {"json_handle_friend_add_param": {"arg": None, "spread": True}},
        "cases": [
            {
                "when": {"json_handle_friend_add_param.friend_response_action": 2},
                "dartMethods": ["refuseFriendApplication"],
            },
            {"when": {}, "dartMethods": ["acceptFriendApplication"]},
        ],
    },
    "DartDeleteFriendApplication": {"arguments": {"json_delete_pendency_param": {"spread": True, "arg": None}}},
    "DartSetFriendApplicationRead": {"arguments": {"time_stamp": {"arg": None}}},
    "DartCreateFriendGroup": {"arguments": {"json_create_friend_group_param": {"arg": None, "spread": True}}},
    "DartGetFriendGroupList": {"arguments": {"json_get_friend_group_list_param": {"arg": "group_name_list"}}},
    "DartModifyFriendGroup": {
        "arguments": {"json_modify_friend_group_param": {"spread": True, "arg": None}},
        "cases": [
            {
                "when": {"json_modify_friend_group_param.friendship_modify_friend_group_param_new_name": {"given": True}},
                "dartMethods": ["renameFriendGroup"],
            },
            {
                "when": {"json_modify_friend_group_param.friendship_modify_friend_group_param_add_identifier_array": {"given": True}},
                "dartMethods": ["addFriendsToFriendGroup"],
            },
            {"when": {}, "dartMethods": ["deleteFriendsFromFriendGroup"]},
        ],
        "result": _list("V2TimFriendOperationResult"),
    },
    "DartUnsubscribeOfficialAccount": {"arguments": {"unsubscribe_official_account_id": {"arg": "official_account_id"}}},
    # signals
    "DartInvite": {
        "answers": "id",
        "arguments": {"json_offline_push_info": {"arg": "offline_push_info"}, "invite_id_buffer": {"holds": "pointer", "arg": None}},
        "result": {"type": "string"},  # 8.5 takes the id out of the answer
    },
    "DartInviteInGroup": {
        "answers": "id",
        "arguments": {"json_invitee_array": {"arg": "invitee_list"}, "invite_id_buffer": {"holds": "pointer", "arg": None}},
        "result": {"type": "string"},  # 8.5 takes the id out of the answer
    },
    "DartCancel": {"arguments": {"data": {"arg": "data"}}},
    "DartAccept": {"arguments": {"data": {"arg": "data"}}},
    "DartReject": {"arguments": {"data": {"arg": "data"}}},
    "DartModifyInvitation": {"handler": "signaling.modify_invitation", "needs": "login", "arguments": {"data": {"arg": "data"}}},
    "DartSetOfflinePushToken": {
        "arguments": {"json_token": {"arg": "config", "type": {}}},
        "cases": [
            {"when": {"json_token.offline_push_token_type": 2}, "like": "setVOIP", "dartMethods": ["setOfflinePushConfig"]},
            {"when": {}, "dartMethods": ["setOfflinePushConfig"]},
        ],
    },
}
"""What a function's file says otherwise."""


def _fact(kind: str, **keys: str) -> Json:
    """Return a fact that a callback tells as it is: by key, the payload field that fills it and the object in it."""
    said: Json = {"fact": kind}
    for key, source in keys.items():
        field, _, name = source.partition(":")
        row: Json = {"field": field}
        if name:
            row["type"] = _list(name[:-2]) if name.endswith("[]") else _object(name)
        said.setdefault("keys", {})[key] = row
    return said


def _by(kind: str, function: str) -> Json:
    """Return a fact that a function of `bridge/dialects/cjson/news.py` tells."""
    return {"fact": kind, "by": function}


_FOLLOWS = {"is_add": "is_add", "json_user_info_list": "user_info_list:V2TimUserFullInfo[]"}
IF_LISTENED_TO = {"LogCallback"}
"""Callbacks that the client asks for only where its app listens to them."""

CALLBACKS: dict[str, tuple[str, list[Json]]] = {
    "NetworkStatus": ("client", [_by("connection_started", "network"), _by("connected", "network"), _by("connection_failed", "network")]),
    "KickedOffline": ("client", [_fact("kicked_offline")]),
    "UserSigExpired": ("client", [_fact("user_sig_expired")]),
    "SelfInfoUpdated": ("client", [_fact("self_info_updated", json_user_profile="user:V2TimUserFullInfo")]),
    "UserStatusChanged": ("client", [_fact("user_status_changed", json_user_status_array="status_list:V2TimUserStatus[]")]),
    "UserInfoChanged": ("client", [_fact("user_info_changed", json_user_info_array="user_info_list:V2TimUserFullInfo[]")]),
    "LogCallback": ("client", [_fact("logged", level="level", log="content")]),
    "ReceiveNewMessage": (
        "messages",
        [
            _by("message_received", "received"),
            *(
                _by(kind, "report")
                for kind in (
                    "join_application_received",
                    "application_processed",
                    "member_kicked",
                    "group_dismissed",
                    "group_created",
                    "member_invited",
                    "quit_from_group",
                    "group_recycled",
                    "rest_custom_data_received",
                    "member_info_changed",
                    "group_info_changed",
                )
            ),
        ],
    ),
    "MessageElemUploadProgress": ("messages", [_by("message_send_progressed", "upload")]),
    "MessageReadReceipt": (
        "messages",
        [
            _fact("c2c_read_receipt_received", json_msg_read_receipt_array="receipts:V2TimMessageReceipt[]"),
            _fact("message_read_receipts_received", json_msg_read_receipt_array="receipts:V2TimMessageReceipt[]"),
        ],
    ),
    "MessageRevoke": ("messages", [_by("message_revoked", "revoked")]),
    "MessageUpdate": ("messages", [_by("message_modified", "modified")]),
    "MessageExtensionsChanged": (
        "messages",
        [_fact("message_extensions_changed", message_id="msg_id", message_extension_array="extensions:V2TimMessageExtension[]")],
    ),
    "MessageExtensionsDeleted": ("messages", [_by("message_extensions_deleted", "extensions_deleted")]),
    "MessageReactionChange": (
        "messages",
        [_fact("message_reactions_changed", message_reaction_change_info_array="change_infos:V2TIMMessageReactionChangeInfo[]")],
    ),
    "AllMessageReceiveOption": (
        "client",
        [_fact("all_receive_message_opt_changed", json_receive_message_option_info="opt_info:V2TimReceiveMessageOptInfo")],
    ),
    "GroupPinnedMessageChanged": (
        "messages",
        [
            _fact(
                "group_message_pinned",
                group_id="group_id",
                json_msg="message:V2TimMessage",
                is_pinned="is_pinned",
                op_user="op_user:V2TimGroupMemberInfo",
            )
        ],
    ),
    "GroupTipsEvent": (
        "groups",
        [
            _by(kind, "tips")
            for kind in (
                "member_entered",
                "member_invited",
                "member_left",
                "member_kicked",
                "administrator_granted",
                "administrator_revoked",
                "group_info_changed",
                "member_info_changed",
            )
        ],
    ),
    "GroupAttributeChanged": ("groups", [_by("group_attribute_changed", "attributes")]),
    "GroupCounterChanged": (
        "groups",
        [_fact("group_counter_changed", group_id="group_id", group_counter_key="key", group_counter_new_value="value")],
    ),
    "TopicCreated": ("communities", [_fact("topic_created", group_id="group_id", topic_id="topic_id")]),
    "TopicDeleted": ("communities", [_fact("topic_deleted", group_id="group_id", topic_id_array="topic_id_list")]),
    "TopicChanged": ("communities", [_fact("topic_info_changed", group_id="group_id", topic_info="topic_info:V2TimTopicInfo")]),
    "ReceiveTopicRESTCustomData": (
        "communities",
        [_fact("topic_rest_custom_data_received", topic_id="topic_id", custom_data="custom_data")],
    ),
    "CreatePermissionGroup": (
        "communities",
        [_fact("permission_group_created", group_id="group_id", permission_group_info="permission_group_info:V2TimPermissionGroupInfo")],
    ),
    "DeletePermissionGroup": (
        "communities",
        [_fact("permission_group_deleted", group_id="group_id", permission_group_id_array="permission_group_id_list")],
    ),
    "ChangePermissionGroupInfo": (
        "communities",
        [_fact("permission_group_info_changed", group_id="group_id", permission_group_info="permission_group_info:V2TimPermissionGroupInfo")],
    ),
    "AddMembersToPermissionGroup": ("communities", [_by("members_added_to_permission_group", "permissions")]),
    "RemoveMembersFromPermissionGroup": ("communities", [_by("members_removed_from_permission_group", "permissions")]),
    "AddTopicPermission": ("communities", [_by("topic_permission_added", "permissions")]),
    "DeleteTopicPermission": ("communities", [_by("topic_permission_deleted", "permissions")]),
    "ModifyTopicPermission": ("communities", [_by("topic_permission_modified", "permissions")]),
    "ConversationEvent": (
        "conversations",
        [
            _by(kind, "conversations")
            for kind in (
                "conversation_created",
                "conversation_deleted",
                "conversation_changed",
                "sync_server_started",
                "sync_server_finished",
            )
        ],
    ),
    "TotalUnreadMessageCountChanged": (
        "conversations",
        [_fact("total_unread_message_count_changed", total_unread_count="count")],
    ),
    "TotalUnreadMessageCountChangedByFilter": (
        "conversations",
        [
            _fact(
                "unread_message_count_changed_by_filter",
                filter="filter:V2TimConversationFilter",
                total_unread_count="total_unread_count",
            )
        ],
    ),
    "ConversationGroupCreated": (
        "conversations",
        [_fact("conversation_group_created", group_name="group_name", conversation_array="conversations:V2TimConversation[]")],
    ),
    "ConversationGroupDeleted": ("conversations", [_fact("conversation_group_deleted", group_name="group_name")]),
    "ConversationGroupNameChanged": (
        "conversations",
        [_fact("conversation_group_name_changed", old_name="old_name", new_name="new_name")],
    ),
    "ConversationsAddedToGroup": (
        "conversations",
        [_fact("conversations_added_to_group", group_name="group_name", conversation_array="conversations:V2TimConversation[]")],
    ),
    "ConversationsDeletedFromGroup": (
        "conversations",
        [_fact("conversations_deleted_from_group", group_name="group_name", conversation_array="conversations:V2TimConversation[]")],
    ),
    "AddFriend": ("friends", [_fact("friend_list_added", friend_info_array="friends:V2TimFriendInfo[]")]),
    "DeleteFriend": ("friends", [_fact("friend_list_deleted", friend_id_array="user_id_list")]),
    "UpdateFriendProfile": ("friends", [_by("friend_info_changed", "friend_profiles")]),
    "FriendAddRequest": (
        "friends",
        [_fact("friend_application_list_added", json_application_array="applications:V2TimFriendApplication[]")],
    ),
    "FriendApplicationListDeleted": ("friends", [_fact("friend_application_list_deleted", json_user_id_array="user_id_list")]),
    "FriendApplicationListRead": ("friends", [_fact("friend_application_list_read")]),
    "FriendBlackListAdded": ("friends", [_fact("black_list_added", json_friend_info_array="friends:V2TimFriendInfo[]")]),
    "FriendBlackListDeleted": ("friends", [_fact("black_list_deleted", json_user_id_array="user_id_list")]),
    "FriendGroupCreated": ("friends", []),
    "FriendGroupDeleted": ("friends", []),
    "FriendGroupNameChanged": ("friends", []),
    "FriendsAddedToGroup": ("friends", []),
    "FriendsDeletedFromGroup": ("friends", []),
    "OfficialAccountSubscribed": (
        "friends",
        [_fact("official_account_subscribed", json_official_account_info="official_account:V2TimOfficialAccountInfo")],
    ),
    "OfficialAccountUnsubscribed": ("friends", [_fact("official_account_unsubscribed", official_account_id="official_account_id")]),
    "OfficialAccountDeleted": ("friends", [_fact("official_account_deleted", official_account_id="official_account_id")]),
    "OfficialAccountInfoChanged": (
        "friends",
        [_fact("official_account_info_changed", json_official_account_info="official_account:V2TimOfficialAccountInfo")],
    ),
    "MyFollowingListChanged": ("friends", [_fact("my_following_list_changed", **_FOLLOWS)]),
    "MyFollowersListChanged": ("friends", [_fact("my_followers_list_changed", **_FOLLOWS)]),
    "MutualFollowersListChanged": ("friends", [_fact("mutual_followers_list_changed", **_FOLLOWS)]),
    "SignalingReceiveNewInvitation": (
        "signals",
        [
            _fact(
                "invitation_received",
                invite_id="invite_id",
                inviter="inviter",
                group_id="group_id",
                json_invitee_list="invitee_list",
                data="data",
            )
        ],
    ),
    "SignalingInvitationCancelled": ("signals", [_fact("invitation_cancelled", invite_id="invite_id", inviter="inviter", data="data")]),
    "SignalingInviteeAccepted": ("signals", [_fact("invitee_accepted", invite_id="invite_id", invitee="invitee", data="data")]),
    "SignalingInviteeRejected": ("signals", [_fact("invitee_rejected", invite_id="invite_id", invitee="invitee", data="data")]),
    "SignalingInvitationTimeout": ("signals", [_fact("invitation_timed_out", invite_id="invite_id", json_invitee_list="invitee_list")]),
    "SignalingInvitationModified": ("signals", [_fact("invitation_modified", invite_id="invite_id", data="data")]),
    "ExperimentalNotify": ("client", [_fact("experimental_notified", key="key", data="param")]),
}
"""Of which facts a callback hears, and what it says of them."""

NUMBERS: dict[str, Json] = {
    "group_type": {"0": "Public", "1": "Work", "2": "Meeting", "3": "AVChatRoom", "4": "AVChatRoom", "5": "Community"},
    "friend_type": {"0": 1, "1": 2},
    "application_type": {"0": 1, "1": 2, "2": 3},
    "allow_type": {"1": 0, "2": 1, "3": 2},
    "push_flag": {"0": False, "1": True},
    "element": {"0": "text", "1": "image", "2": "sound", "3": "custom", "4": "file", "5": "tips", "6": "face", "7": "location", "8": "report", "9": "video", "12": "merger", "13": "stream"},
    "tip": {"1": 1, "2": 3, "3": 4, "4": 5, "5": 6, "6": 7, "7": 8, "9": 9, "10": 10, "11": 11},
}
"""Numbers as they cross, and what the rest of the house calls the thing."""

DIALECT: Json = {
    "$schema": "../meta/dialect.schema.json",
    "dialect": "native-8.9",
    "base": None,
    "channel": None,
    "native": {"number": 809, "version": "8.9.7540"},
    "pluginVersion": "8.9.7540+2",
    "pluginVersions": [
        {"package": "tencent_cloud_chat_sdk", "versions": "8.9.7540 to 8.9.7545", "sure": "sources read"},
    ],
    "behavesAs": "chat-8.4",
    "platforms": {"native": {}},
    "notes": [
        "8.9.7545 has createQuoteMessage, and message_quote_info in a message; 8.9.7540 sends none and does not look at it.",
        "The plugin's Dart managers call C functions of a native library and get JSON texts over one port; there is no channel.",
    ],
    "evidence": [
        {"claim": "functions, objects, callbacks, numbers", "kind": "adapter source", "source": "Dart client 8.9.7540+2"},
    ],
}

_QUOTE = "V2TimMessageQuoteInfo"
LATER_KEYS: dict[str, list[Json]] = {
    "V2TimMessage": [{"key": "message_quote_info", "type": {"x-ref": f"objects/{_QUOTE}"}, "arg": "quote"}],
}
LATER_OBJECTS: list[Json] = [
    {
        "$schema": "../../meta/object.schema.json",
        "object": _QUOTE,
        "keys": [
            {"key": "message_quote_info_msg_id", "type": {"type": "string"}, "arg": "msg_id"},
            {"key": "message_quote_info_message_time", "type": {"type": "integer"}, "arg": "time_s"},
            {"key": "message_quote_info_message_sequence", "type": {"type": "integer"}, "arg": "seq"},
        ],
        "notes": ["Dart makes it by itself (createQuoteMessage); no function asks for it."],
        "evidence": [{"claim": "keys", "kind": "adapter source", "source": "Dart client 8.9.7545, a partial copy"}],
    }
]
"""What 8.9.7545 has besides, which the facts know by its keys alone."""
