"""
What scripts of the channel say that the native library has otherwise, or not at all: each with its reason.

A name stands for all cases of a script; with brackets behind it for one. Whatever is listed fails when it is played by the library, and
whatever is not listed holds (`tests/dialects/native/test_scripts.py`; for cases of the suite `tests/dialects/native/test_suite.py`).
"""

from __future__ import annotations

ADAPTER = "an adapter of the channel refuses, compares or fills in by itself; the library leaves that to the service"
IN_DART = "Dart makes it of other calls, which are played, or by itself"
LISTENERS = "who listens is between Dart and its app: the library tells all, always"
MEDIA = "the client finds addresses in the message, and a download's answers come one after the other"
ASKED = "one function answers for one conversation and for many, made up where they do not exist"
JOINING = "the client tells nobody of their own joining, and makes two calls of a report that an application was accepted"
NEVER = "the client never passes it on"
TYPES = "no argument that Dart's types let through"
DEPRECATED = "Dart answers code 1, that it is not supported, or a success, and calls nothing"
GONE = "plugins of the native generation have no such method"
CHANNEL = "it looks at what a channel alone has: its frames, listeners, versions, or what a device was told ahead of its reply"

STATEMENTS = {
    "revoke_online_only_refused": ADAPTER,
    "merger_refusals": IN_DART,
    "not_logged_in_6014": IN_DART,
    "add_invited_known_8012": IN_DART,
}
"""Of the documented statements."""

NOT_PLAYED = {"same_platform_kicks": "all its phones are of named platforms"}
"""Of the documented statements: where nobody has the library."""

UNTOLD = {"member_entered": JOINING, "sync_server_failed": NEVER}
"""Facts that an app on a channel hears and one with the library does not."""

ALONE = {"sync_server_started": CHANNEL, "sync_server_finished": CHANNEL}
"""Facts that the library tells to scripts that have added no listener."""

SCRIPTS = {
    "devices__other_device_is_unchanged": ASKED,
    "groups__public_group_with_approval": ADAPTER,
    "groups__live_room": JOINING,
    "message_life__modifying": LISTENERS,
    "conversation_lists__beginning_of_the_list[]": TYPES,
    "conversation_lists__logged_out_has_a_code_of_its_own": ASKED,
    "conversation_lists__some_by_their_ids": ASKED,
    "friendship_applications__accepting_nothing": ADAPTER,
    "friendship_applications__deleting_nothing": ADAPTER,
    "friendship_applications__types_are_told_apart_but_on_ios": ADAPTER,
    "group_applications__accepting_lets_in": JOINING,
    "group_applications__adapters_compare_fields": ADAPTER,
    "group_applications__unknown_applications": ADAPTER,
    "group_applications__others_do_not_decide": ADAPTER,
    "group_creation__old_type_names_are_taken": TYPES,
    "group_creation__what_is_refused[Party-given10-10004]": TYPES,
    "group_creation__missing_type_is_refused": TYPES,
    "group_members__members_show_their_profiles": CHANNEL,
    "group_memberships__joining_is_told_to_all": JOINING,
    "group_topics__unknown_topic_is_the_adapters_refusal": ADAPTER,
    "message_changes__online_only_cannot_be_revoked": ADAPTER,
    "message_changes__only_passed_on_fields_change": ADAPTER,
    "message_changes__second_change_without_the_first_is_refused": LISTENERS,
    "message_changes__missing_and_unknown_ids": ADAPTER,
    "message_changes__message_without_its_element_kills": ADAPTER,
    "message_creation__sending_needs_a_login": IN_DART,
    "message_extensions__messages_without_extensions_are_refused": ADAPTER,
    "message_extensions__live_rooms_and_communities_have_none": ADAPTER,
    "message_extensions__writing_without_knowing_conflicts": LISTENERS,
    "message_extensions__key_taken_off_unheard_conflicts": LISTENERS,
    "message_forward__forward_in_one_step": IN_DART,
    "message_forward__forward_of_unknown_message[sendForwardMessage]": IN_DART,
    "message_forward__merger_in_one_step": IN_DART,
    "message_forward__merger_of_nothing_found[sendMergerMessage]": IN_DART,
    "message_forward__merger_limits": IN_DART,
    "message_forward__merger_of_failed_message": IN_DART,
    "message_forward__download_of_no_merger": ADAPTER,
    "message_forward__deep_mergers_are_over_the_limit": IN_DART,
    "message_forward__mergers_in_mergers_are_opened": IN_DART,
    "message_history__unknown_start_is_refused": ADAPTER,
    "message_history__meaningless_pulls_are_refused[arguments4]": ADAPTER,
    "message_history__meaningless_pulls_are_refused[arguments5]": ADAPTER,
    "message_history__two_targets_are_refused": ADAPTER,
    "message_media__online_urls": MEDIA,
    "message_media__download_answers_then_tells_its_progress": MEDIA,
    "message_media__downloaded_files_show_in_their_message": MEDIA,
    "message_media__each_kind_has_its_local_file": MEDIA,
    "message_media__downloads_without_a_network_fail": MEDIA,
    "message_media__downloads_without_a_place_fail": MEDIA,
    "message_media__download_writes_where_it_may": MEDIA,
    "message_media__no_media_is_refused": MEDIA,
    "message_onestep__one_step_sends_arrive": IN_DART,
    "message_onestep__failing_one_step_sends_carry_the_message": IN_DART,
    "message_onestep__one_step_options": IN_DART,
    "message_onestep__one_step_uploads_show_no_local_id": IN_DART,
    "message_onestep__oldest_sends_to_users": IN_DART,
    "message_onestep__oldest_sends_to_groups": IN_DART,
    "message_reading__some_unknown_ids": ADAPTER,
    "message_reading__group_messages_without_receipts": ADAPTER,
    "message_removal__partly_unknown_lists_are_taken": ADAPTER,
    "message_removal__local_data_are_kept_for_oneself": IN_DART,
    "message_removal__data_for_unknown_messages_are_refused": ADAPTER,
    "message_search__refused_searches[{'keywordList': ['a'], 'conversationID': 'bob'}]": TYPES,
    "message_sending__first_message_makes_conversations": CHANNEL,
    "message_sending__local_id_is_used_up": IN_DART,
    "message_sending__android_fills_in_push_settings": ADAPTER,
    "message_sending__uploads_tell_their_progress_before_the_reply": CHANNEL,
    "message_sending__progress_reaches_each_listener": LISTENERS,
    "message_sending__sending_without_a_network_fails": IN_DART,
    "message_sending__receiver_beside_group_is_a_target": IN_DART,
    "message_sending__too_many_targets_are_refused": IN_DART,
    "message_sending__what_cannot_be_resent": ADAPTER,
    "offline_push__token_is_kept_and_answered_null": CHANNEL,
    "offline_push__odd_numbers[nan]": TYPES,
    "offline_push__odd_numbers[inf]": TYPES,
    "offline_push__voip_tokens_are_for_calls": CHANNEL,
    "signaling__missing_message_is_answered_as_the_adapter_does": ADAPTER,
    "signaling__added_invitation_can_be_answered": IN_DART,
    "signaling__invitation_from_elsewhere_is_taken": IN_DART,
    "signaling__invitations_need_a_login[addInvitedSignaling]": IN_DART,
    "signaling_groups__late_comer_is_told_for_thirty_seconds[31000-expected1]": IN_DART,
    "tim_installs__own_doings_without_a_listener_are_dropped": LISTENERS,
    "tim_listeners__new_client_shares_one_listener": LISTENERS,
    "tim_listeners__set_listener_replaces_in_old_client": LISTENERS,
    "tim_listeners__removed_listener_hears_nothing_more": LISTENERS,
    "tim_listeners__listener_without_a_name": LISTENERS,
    "tim_listeners__removing_unknown_listener_changes_nothing": LISTENERS,
    "tim_listeners__adding_twice_keeps_one": LISTENERS,
    "tim_listeners__added_twice_and_removed_once": LISTENERS,
    "tim_listeners__no_replay_of_past_events": LISTENERS,
    "tim_listeners__listeners_need_no_client": LISTENERS,
    "tim_profiles__bad_values_are_refused[40605-fields5]": TYPES,
    "tim_session__init_starts_and_connects": CHANNEL,
    "tim_session__connection_events_have_no_data": CHANNEL,
    "tim_session__other_app_needs_uninit_first": ADAPTER,
    "tim_session__null_for_the_log_switch": TYPES,
    "tim_session__local_calls_need_no_client": CHANNEL,
    "tim_session__failing_sync_is_told_and_made_up_for": NEVER,
    "tim_session__unknown_experiments_are_refused": ADAPTER,
    "tim_session__local_storage_opens_before_login": IN_DART,
}
"""Of the stories and of the scripts about handlers; `file__test`."""

METHODS = {
    "downloadMessage": MEDIA,
    "getMessageOnlineUrl": MEDIA,
    "setAvChatRoomCanFindMessage": GONE,
    "convertVoiceToText": MEDIA,
    "addInvitedSignaling": DEPRECATED,
    "sendC2CCustomMessage": DEPRECATED,
    "sendC2CTextMessage": DEPRECATED,
    "sendCustomMessage": DEPRECATED,
    "sendFaceMessage": DEPRECATED,
    "sendFileMessage": DEPRECATED,
    "sendForwardMessage": DEPRECATED,
    "sendGroupCustomMessage": DEPRECATED,
    "sendGroupTextMessage": DEPRECATED,
    "sendImageMessage": DEPRECATED,
    "sendLocationMessage": DEPRECATED,
    "sendMergerMessage": DEPRECATED,
    "sendSoundMessage": DEPRECATED,
    "sendTextAtMessage": DEPRECATED,
    "sendTextMessage": DEPRECATED,
    "sendVideoMessage": DEPRECATED,
    "setCloudCustomData": IN_DART,
}
"""Methods that no function is like: a case of the suite that calls one is played no further."""

CASES = {
    "conversation_lists:beginning_of_the_list": TYPES,
    "conversation_lists:logged_out_has_a_code_of_its_own": ASKED,
    "conversation_lists:some_by_their_ids": ASKED,
    "friendship_applications:accepting_nothing": ADAPTER,
    "friendship_applications:deleting_nothing": ADAPTER,
    "friendship_applications:types_are_told_apart_but_on_ios (1)": ADAPTER,
    "group_applications:adapters_compare_fields [wrong2-acceptGroupApplication]": ADAPTER,
    "group_applications:adapters_compare_fields [wrong2-refuseGroupApplication]": ADAPTER,
    "group_applications:accepting_lets_in": JOINING,
    "group_applications:adapters_compare_fields [wrong0-acceptGroupApplication]": ADAPTER,
    "group_applications:adapters_compare_fields [wrong0-refuseGroupApplication]": ADAPTER,
    "group_applications:adapters_compare_fields [wrong3-acceptGroupApplication]": ADAPTER,
    "group_applications:adapters_compare_fields [wrong3-refuseGroupApplication]": ADAPTER,
    "group_applications:others_do_not_decide": ADAPTER,
    "group_creation:old_type_names_are_taken [Private-Work]": TYPES,
    "group_creation:old_type_names_are_taken [ChatRoom-Meeting]": TYPES,
    "group_creation:what_is_refused [Party-given10-10004]": TYPES,
    "group_creation:options_are_kept_where_there_is_a_choice [Public-given1-options1]": NEVER,
    "group_members:members_show_their_profiles (1)": CHANNEL,
    "group_memberships:joining_is_told_to_all [Community]": JOINING,
    "group_memberships:joining_is_told_to_all [AVChatRoom]": JOINING,
    "group_topics:unknown_topic_is_the_adapters_refusal": ADAPTER,
    "message_changes:online_only_cannot_be_revoked": ADAPTER,
    "message_changes:what_cannot_be_revoked [#2]": ADAPTER,
    "message_changes:only_passed_on_fields_change": ADAPTER,
    "message_creation:sending_needs_a_login (1)": IN_DART,
    "message_extensions:live_rooms_and_communities_have_none [setMessageExtensions-arguments0]": ADAPTER,
    "message_extensions:live_rooms_and_communities_have_none [getMessageExtensions-arguments1]": ADAPTER,
    "message_extensions:live_rooms_and_communities_have_none [deleteMessageExtensions-arguments2]": ADAPTER,
    "message_extensions:messages_without_extensions_are_refused [setMessageExtensions-arguments0]": ADAPTER,
    "message_extensions:messages_without_extensions_are_refused [getMessageExtensions-arguments1]": ADAPTER,
    "message_extensions:messages_without_extensions_are_refused [deleteMessageExtensions-arguments2]": ADAPTER,
    "message_extensions:writing_without_knowing_conflicts [put]": LISTENERS,
    "message_extensions:writing_without_knowing_conflicts [drop]": LISTENERS,
    "message_forward:download_of_no_merger": ADAPTER,
    "message_history:two_targets_are_refused": ADAPTER,
    "message_history:unknown_start_is_refused (1)": ADAPTER,
    "message_pins:what_cannot_be_pinned": ADAPTER,
    "message_reactions:unknown_messages [addMessageReaction-arguments0]": ADAPTER,
    "message_reactions:unknown_messages [removeMessageReaction-arguments1]": ADAPTER,
    "message_reactions:unknown_messages [getAllUserListOfMessageReaction-arguments2]": ADAPTER,
    "message_reading:group_messages_without_receipts": ADAPTER,
    "message_reading:some_unknown_ids": ADAPTER,
    "message_recordings:logged_out_is_refused [insertC2CMessageToLocalStorageV2]": IN_DART,
    "message_recordings:logged_out_is_refused [insertGroupMessageToLocalStorageV2]": IN_DART,
    "message_recordings:logged_out_is_refused [reSendMessage]": IN_DART,
    "message_recordings:logged_out_is_refused [sendMessage]": IN_DART,
    "message_removal:created_messages_can_be_inserted [insertC2CMessageToLocalStorageV2-userID]": ADAPTER,
    "message_removal:created_messages_can_be_inserted [insertGroupMessageToLocalStorageV2-groupID]": ADAPTER,
    "message_removal:data_for_unknown_messages_are_refused [setLocalCustomData-arguments0] (1)": ADAPTER,
    "message_removal:data_for_unknown_messages_are_refused [setLocalCustomInt-arguments1]": ADAPTER,
    "message_removal:partly_unknown_lists_are_taken (1)": ADAPTER,
    "message_search:refused_searches [{'keywordList': ['a'], 'conversationID': 'bob'}]": TYPES,
    "message_sending:local_id_is_used_up": IN_DART,
    "message_sending:receiver_beside_group_is_a_target": IN_DART,
    "message_sending:too_many_targets_are_refused": IN_DART,
    "message_sending:what_cannot_be_resent": ADAPTER,
    "offline_push:odd_numbers [nan] (1)": TYPES,
    "offline_push:odd_numbers [inf] (1)": TYPES,
    "sessions_away:sync_waits_for_listeners": LISTENERS,
    "signaling:missing_message_is_answered_as_the_adapter_does": ADAPTER,
    "tim_profiles:bad_values_are_refused [40605-fields5]": TYPES,
    "tim_session:init_starts_and_connects": CHANNEL,
    "tim_session:local_calls_need_no_client (1)": CHANNEL,
    "tim_session:new_plugin_only_calls [#1]": GONE,
    "tim_session:null_for_the_log_switch": TYPES,
    "tim_session:sync_that_fails_is_made_up_for": NEVER,
    "messages:revoke_online_only_refused": ADAPTER,
}
"""Of the suite's cases, `file:name`."""

UNPLAYED = {
    "message_creation:created_before_the_client_starts [createCustomMessage]": IN_DART,
    "message_creation:created_before_the_client_starts [createFaceMessage]": IN_DART,
    "message_creation:created_before_the_client_starts [createFileMessage]": IN_DART,
    "message_creation:created_before_the_client_starts [createImageMessage]": IN_DART,
    "message_creation:created_before_the_client_starts [createLocationMessage]": IN_DART,
    "message_creation:created_before_the_client_starts [createSoundMessage]": IN_DART,
    "message_creation:created_before_the_client_starts [createTextAtMessage]": IN_DART,
    "message_creation:created_before_the_client_starts [createVideoMessage]": IN_DART,
    "offline_push:badge_listener_is_answered_with_a_text": LISTENERS,
    "tim_listeners:add_and_remove_answer_their_texts [ConversationListener] (1)": LISTENERS,
    "tim_listeners:add_and_remove_answer_their_texts [AdvancedMsgListener]": LISTENERS,
    "tim_listeners:add_and_remove_answer_their_texts [GroupListener] (1)": LISTENERS,
    "tim_listeners:add_and_remove_answer_their_texts [FriendListener] (1)": LISTENERS,
    "tim_listeners:add_and_remove_answer_their_texts [SignalingListener]": LISTENERS,
    "tim_listeners:removing_all_has_its_own_text [ConversationListener]": LISTENERS,
    "tim_listeners:removing_all_has_its_own_text [AdvancedMsgListener]": LISTENERS,
    "tim_listeners:removing_all_has_its_own_text [GroupListener]": LISTENERS,
    "tim_listeners:removing_all_has_its_own_text [FriendListener]": LISTENERS,
    "tim_listeners:removing_all_has_its_own_text [SignalingListener]": LISTENERS,
    "tim_listeners:community_listener_of_new_plugin": LISTENERS,
    "tim_listeners:new_plugin_refuses_simple_listeners [add]": LISTENERS,
    "tim_listeners:new_plugin_refuses_simple_listeners [remove]": LISTENERS,
}
"""Of the suite's cases: what goes as it says without a call of the library."""

ALIKE = {
    "native-8.5": {
        "message_search:refused_searches [{'keywordList': ['a'], 'conversationID': 'bob'}]",  # its Dart code hands on the whole id
    },
}
"""What is listed of the suite's cases and holds with one generation all the same."""
