"""Whatever the documented scripts have made of a world, a native app is shown the same of it as an app on a channel."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bridge.world.kernel import devices
from tests.support.documented import Trial, statements, worlds_of
from tests.support.native import NativeApp
from tests.support.native_beside import CATALOGUE, NativeBeside
from tests.support.stage import Phone

WORLD = ("chat-8.2", "android")
SCRIPTS = [one for one in statements() if "script" in one and WORLD in worlds_of(one)]
ELEMENTS = dict(enumerate(("", "text", "custom", "image", "sound", "video", "file", "location", "face", "tips", "merger")))
"""The channel's numbers of elements."""

Seen = dict[str, Any]


# --- what each of them shows, in words of its own


def of_phone(phone: Phone) -> Seen:
    """Return what an app on a channel is shown of all that is its user's."""
    conversations = phone.call("getConversationList", nextSeq="0", count=100)["conversationList"]
    groups = phone.call("getJoinedGroupList")
    return {
        "conversations": [_of_conversation(row) for row in conversations],
        "messages": {row["conversationID"]: [_of_message(one) for one in _history(phone, row)] for row in conversations},
        "groups": sorted(
            (*(one[key] for key in ("groupID", "groupType", "groupName", "role", "memberCount", "recvOpt")), one["owner"] or "")
            for one in groups
        ),
        "members": {one["groupID"]: _members(phone, one["groupID"]) for one in groups if one["groupType"] != "AVChatRoom"},
        "friends": sorted((one["userID"], one["friendRemark"] or "") for one in phone.call("getFriendList")),
        "blocked": sorted(one["userID"] for one in phone.call("getBlackList")),
        "unread": phone.call("getTotalUnreadMessageCount"),
    }


def _of_conversation(row: Any) -> tuple[Any, ...]:
    last = row.get("lastMessage")
    return (
        *(row[key] for key in ("conversationID", "unreadCount", "isPinned", "recvOpt", "markList", "conversationGroupList")),
        last["msgID"] if last else "",
        [(int(one["seq"]), one["atType"]) for one in row["groupAtInfoList"]],
    )


def _history(phone: Phone, row: Any) -> Any:
    if row["type"] == 1:
        return phone.call("getC2CHistoryMessageList", userID=row["userID"], count=20)
    return phone.call("getGroupHistoryMessageList", groupID=row["groupID"], count=20)


def _of_message(one: Any) -> tuple[Any, ...]:
    text = (one.get("textElem") or {}).get("text", "")
    said = (one["msgID"], one["sender"], int(one["seq"]), one["status"], one["timestamp"])
    return (*said, ELEMENTS[one["elemType"]], text, one["cloudCustomData"] or "")


def _members(phone: Phone, group_id: str) -> list[tuple[str, int, str]]:
    found = phone.call("getGroupMemberList", groupID=group_id, filter=0, nextSeq="0")["memberInfoList"]
    return sorted((one["userID"], one["role"], one["nameCard"] or "") for one in found)


PREFIX = {1: "c2c_", 2: "group_"}


def of_native(app: NativeApp) -> Seen:
    """Return what a native app is shown of the same."""
    conversations = app.value("DartGetConversationList")
    groups = app.value("DartGetJoinedGroupList")
    types = CATALOGUE.numbers("group_type")
    names = {row["group_detail_info_group_id"]: types[str(row["group_detail_info_group_type"])] for row in groups}
    return {
        "conversations": [
            (
                f"{PREFIX[row['conv_type']]}{row['conv_id']}",
                row["conv_unread_num"],
                row["conv_is_pinned"],
                row["conv_recv_opt"],
                row["conv_mark_array"],
                row["conv_conversation_group_array"],
                row.get("conv_last_msg", {}).get("message_msg_id", ""),
                [
                    (int(one["conv_group_at_info_seq"]), one["conv_group_at_info_at_type"])
                    for one in row.get("conv_group_at_info_array", ())
                ],
            )
            for row in conversations
        ],
        "messages": {
            f"{PREFIX[row['conv_type']]}{row['conv_id']}": [
                _of_native_message(one)
                for one in app.value(
                    "DartGetHistoryMessageList",
                    conv_id=row["conv_id"],
                    conv_type=row["conv_type"],
                    json_get_msg_param={"msg_getmsglist_param_count": 20, "msg_getmsglist_param_is_ramble": True},
                )
            ]
            for row in conversations
        },
        "groups": sorted(
            (
                row["group_detail_info_group_id"],
                names[row["group_detail_info_group_id"]],
                row["group_detail_info_group_name"],
                row["group_base_info_self_info"]["group_self_info_role"],
                row["group_detail_info_member_num"],
                row["group_base_info_self_info"]["group_self_info_msg_flag"],
                row.get("group_detail_info_owner_identifier", ""),
            )
            for row in groups
        ),
        "members": {group_id: _native_members(app, group_id) for group_id, name in names.items() if name != "AVChatRoom"},
        "friends": sorted((row["friend_profile_identifier"], row["friend_profile_remark"]) for row in app.value("DartGetFriendList")),
        "blocked": sorted(row["friend_profile_identifier"] for row in app.value("DartGetBlackList")),
        "unread": app.value("DartGetTotalUnreadMessageCount")["conv_get_total_unread_message_count_result_unread_count"],
    }


def _of_native_message(one: Any) -> tuple[Any, ...]:
    elem = one["message_elem_array"][0]
    kind = CATALOGUE.numbers("element")[str(elem["elem_type"])]
    return (
        one["message_msg_id"],
        one["message_sender"],
        one["message_seq"],
        one["message_status"],
        one["message_server_time"],
        kind,
        elem.get("text_elem_content", ""),
        one["message_cloud_custom_str"],
    )


def _native_members(app: NativeApp, group_id: str) -> list[tuple[str, int, str]]:
    stem = "group_get_members_info_list_param"
    param = {f"{stem}_group_id": group_id, f"{stem}_next_seq": 0, f"{stem}_option": {"group_member_get_info_option_role_flag": 0}}
    page = app.value("DartGetGroupMemberList", json_group_get_member_infos_param=param)
    rows = page["group_get_member_info_list_result_info_array"]
    stem = "group_member_info"
    return sorted((row[f"{stem}_identifier"], row[f"{stem}_member_role"], row.get(f"{stem}_name_card", "")) for row in rows)


@pytest.mark.parametrize("statement", SCRIPTS, ids=[one["name"] for one in SCRIPTS])
def test_native_app_is_shown_the_same(statement: Any) -> None:
    """After each script new installs of its users are shown the same, on whatever platform; and again when the native app has spoken."""
    trial = Trial(statement, *WORLD)
    stage = trial.stage
    for row in list(stage.world[devices.DEVICES].sorted()):
        stage.emulator.close(row.device_id)
    for user in sorted({re.sub(r"\d+$", "", name) for name in trial.phones}):
        phone = stage.enter(user, f"{user}'s new", platform="ios")
        native = NativeBeside(stage, user)
        seen = of_phone(phone)
        assert seen == of_native(native)

        sent = [_speak(native, conversation_id) for conversation_id, *_ in seen["conversations"]]
        if all(sent):
            assert of_phone(phone) == of_native(native)
        for one in (phone.id, native.device):
            stage.emulator.close(one)


def _speak(native: NativeApp, conversation_id: str) -> bool:
    """Send a text and pin the conversation. Returns whether it was sent: what was not stays with that install alone."""
    kind, _, target = conversation_id.partition("_")
    place = {"conv_id": target, "conv_type": 1 if kind == "c2c" else 2}
    native.reply("DartPinConversation", **place, is_pinned=True)
    code: int = native.reply("DartSendMessage", **place, json_msg_param={"message_elem_array": [TEXT]})["code"]
    return code == 0


TEXT = {"elem_type": 0, "text_elem_content": "said by a native app"}
