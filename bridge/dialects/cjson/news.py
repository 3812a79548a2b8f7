"""
Facts that are more than a callback with the fact's own fields.

A function per kind of news; a callback's file names it. It returns the keys of each callback that the fact causes on the viewer's
device: none where this generation says nothing of it there. Dart makes several listener calls of one callback, so a fact which
another callback tells already is not told again.
"""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from bridge.dialects.cjson.maps import messages as wire
from bridge.dialects.cjson.texts import text
from bridge.dialects.dialect import Frame
from bridge.dialects.view import View
from bridge.world.chats.elements import Tips
from bridge.world.groups import group_changes, group_news, group_types
from bridge.world.groups.groups import Member
from bridge.world.kernel.facts import Fact

Said = dict[str, Any]

# --- the client

NETWORK = {"connected": 0, "connection_failed": 3, "connection_started": 2}


def network(fact: Fact, view: View) -> list[Said]:
    """Tell how the connection is."""
    payload = fact.payload
    return [{"status": NETWORK[fact.kind], "code": payload.get("code", 0), "desc": payload.get("desc", "")}]


# --- messages


def received(fact: Fact, view: View) -> list[Said]:
    """Tell of a message that came."""
    return [{"json_msg_array": [view.write("V2TIMMessage", fact.payload["message"])]}]


modified = received


def upload(fact: Fact, view: View) -> list[Said]:
    """Tell how far an upload is: Dart divides one number by the other."""
    payload = fact.payload
    message = view.write("V2TIMMessage", payload["message"])
    return [{"json_msg": message, "index": 0, "cur_size": payload["progress"], "total_size": 100}]


def revoked(fact: Fact, view: View) -> list[Said]:
    """Tell that a message was taken back: the message by its id, and four texts."""
    payload = fact.payload
    by = wire.revoker(payload["operate_user"], payload["reason"], view)
    return [{"json_msg_locator_array": [{"message_msg_id": payload["msg_id"], **by}]}]


def extensions_deleted(fact: Fact, view: View) -> list[Said]:
    """Tell which keys are gone: an object each."""
    keys = [{"message_extension_key": key} for key in fact.payload["extension_keys"]]
    return [{"message_id": fact.payload["msg_id"], "message_extension_key_array": keys}]


# --- conversations

CONVERSATION = {
    "conversation_created": 0,
    "conversation_deleted": 1,
    "conversation_changed": 2,
    "sync_server_started": 3,
    "sync_server_finished": 4,
}


def conversations(fact: Fact, view: View) -> list[Said]:
    """Tell what has become of conversations; deleted ones by their ids, with prefix."""
    payload = fact.payload
    if "conversations" in payload:
        array: Any = [view.write("V2TIMConversation", row) for row in payload["conversations"]]
    else:
        array = list(payload["conversation_id_list"]) if "conversation_id_list" in payload else ""
    return [{"conv_event": CONVERSATION[fact.kind], "json_conv_array": array}]


# --- groups


def attributes(fact: Fact, view: View) -> list[Said]:
    """Tell the attributes of a group, in pairs."""
    rows = [
        {"group_attribute_key": key, "group_attribute_value": value}
        for key, value in fact.payload["group_attribute_map"].items()
    ]
    return [{"group_id": fact.payload["group_id"], "json_group_attribute_array": rows}]


TIPS = {
    "member_entered": group_types.JOINED,
    "member_invited": group_types.INVITED,
    "member_left": group_types.LEFT,
    "member_kicked": group_types.KICKED,
    "administrator_granted": group_types.MADE_ADMIN,
    "administrator_revoked": group_types.UNMADE_ADMIN,
    "group_info_changed": group_types.PROFILE_CHANGED,
    "member_info_changed": group_types.MEMBER_CHANGED,
}
OTHERS_ONLY = ("member_entered", "member_invited", "member_kicked")
"""What Dart does not show of the user: a report tells that."""


def tips(fact: Fact, view: View) -> list[Said]:
    """Tell the members what has happened in a group; what is about the viewer alone is a report."""
    payload = fact.payload
    group_id = payload["group_id"]
    ids = [one.user_id for one in payload.get("member_list", ())]
    if fact.kind in OTHERS_ONLY:
        ids = [one for one in ids if one != view.user_id]
        if not ids:
            return []
    by = payload.get("op_user")
    if fact.kind == "member_left":
        by = payload["member"]
        ids = [by.user_id]
    changes = _told(payload.get("group_change_info_list", ()))
    if fact.kind == "group_info_changed" and not changes:
        return []
    member_changes = payload.get("group_member_change_info_list", ())
    if fact.kind == "member_info_changed":
        ids = [one["user_id"] for one in member_changes]
    said = Tips(
        TIPS[fact.kind],
        "" if by is None else by.user_id,
        _member_count(group_id, view),
        ids,
        member_changes,
        changes,
        group_id,
    )
    return [{"json_group_tip": wire.tips_of(said, group_id, view)}]


def _told(changes: Any) -> list[group_changes.Change]:
    """Return the changes that concern the group, not the viewer's own receive option."""
    return [one for one in changes if one["type"] != group_changes.RECEIVE_OPTION]


def _member_count(group_id: str, view: View) -> int:
    from bridge.world.groups import groups

    return groups.member_count(view.world, group_id)


# --- reports: messages to the user alone, which Dart turns into calls of the group listener

ADD_REQUEST, ADD_ACCEPT, ADD_REFUSE, BE_KICKED, DELETE, CREATE, INVITE, QUIT = range(1, 9)
RECYCLE, INVITE_ACCEPT, INVITE_REFUSE, USER_DEFINE, SHUT_UP, RECEIVE_OPTION, INVITE_REQUEST = 11, 13, 14, 16, 17, 21, 24
ANSWERS = ((ADD_REFUSE, ADD_ACCEPT), (INVITE_REFUSE, INVITE_ACCEPT))
"""To somebody who wanted in, and to somebody who wanted another in: no, and yes."""
REPORTS = {
    "join_application_received": ADD_REQUEST,
    "member_kicked": BE_KICKED,
    "group_dismissed": DELETE,
    "group_created": CREATE,
    "member_invited": INVITE,
    "quit_from_group": QUIT,
    "group_recycled": RECYCLE,
    "rest_custom_data_received": USER_DEFINE,
}
ABOUT_SELF = ("member_kicked", "member_invited")


def report(fact: Fact, view: View) -> list[Said]:
    """Tell the viewer what a group has to say to him alone."""
    payload = fact.payload
    kind = REPORTS.get(fact.kind)
    more: Said = {}
    if fact.kind in ABOUT_SELF and view.user_id not in [one.user_id for one in payload["member_list"]]:
        return []
    if fact.kind == "application_processed":
        kind = ANSWERS[payload["invited"]][payload["is_agree_join"]]
    elif fact.kind == "join_application_received" and payload["invited"]:
        kind = INVITE_REQUEST
    elif fact.kind == "member_info_changed":
        seconds = [one["mute_s"] for one in payload["group_member_change_info_list"] if one["user_id"] == view.user_id]
        if not seconds:
            return []
        kind, more = SHUT_UP, {"group_report_elem_shut_up_time": seconds[0]}
    elif fact.kind == "group_info_changed":
        options = [
            one["int_value"] for one in payload["group_change_info_list"] if one["type"] == group_changes.RECEIVE_OPTION
        ]
        if not options:
            return []
        kind, more = RECEIVE_OPTION, {"group_report_elem_group_message_receive_option": options[0]}
    if "custom_data" in payload:
        more["group_report_elem_user_data"] = payload["custom_data"]
    assert kind is not None
    by = payload.get("op_user") or payload.get("member")
    return [{"json_msg_array": [_report(kind, payload["group_id"], by, payload.get("op_reason"), more, view)]}]


def _report(kind: int, group_id: str, by: Member | None, reason: str | None, more: Said, view: View) -> Said:
    """Write a message whose one element is a report; Dart wants who did it, and why, even where nobody did."""
    person = by or group_news.person(view.world, group_id, view.user_id)
    element = {
        "elem_type": 8,
        "group_report_elem_group_id": group_id,
        "group_report_elem_report_type": kind,
        "group_report_elem_op_user": person.user_id,
        "group_report_elem_op_user_info": view.write("V2TIMUserFullInfo", person.user_id),
        "group_report_elem_op_group_memberinfo": view.write("V2TIMGroupMemberInfo", person),
        "group_report_elem_msg": reason or "",
        "group_report_elem_user_data": "",
        **more,
    }
    return {
        "message_conv_type": 2,
        "message_conv_id": group_id,
        "message_sender": person.user_id,
        "message_status": 2,
        "message_client_time": view.world.now_s,
        "message_server_time": view.world.now_s,
        "message_risk_type_identified": wire.HARMLESS,
        "message_elem_array": [element],
    }


# --- communities


def permissions(fact: Fact, view: View) -> list[Said]:
    """Tell what has become of a permission group."""
    payload = fact.payload
    result: Said = {"permission_group_id": payload["permission_group_id"]}
    if "member_id_list" in payload:
        result["member_id_array"] = list(payload["member_id_list"])
    if "topic_permission_map" in payload:
        result["topic_permission_map"] = [
            {"topic_permission_key": key, "topic_permission_value": value}
            for key, value in payload["topic_permission_map"].items()
        ]
    if "topic_id_list" in payload:
        result["topic_id_list"] = list(payload["topic_id_list"])
    return [{"group_id": payload["group_id"], "json_result": result}]


# --- friends


def friend_profiles(fact: Fact, view: View) -> list[Said]:
    """Tell how friends are now, one at a time: Dart looks at the first alone, and takes what is not said for empty."""
    return [{"friend_info_update_array": [_friend(row, view)]} for row in fact.payload["friends"]]


def _friend(row: Any, view: View) -> Said:
    from bridge.world.people import users

    user = users.profile(view.world, row.user_id)
    allow = view.writer.numbers_of("allow_type")[user.allow_type]  # type: ignore[attr-defined]  # a CJsonDialect
    pairs = {
        "friend_profile_item_custom_string_array": row.custom,
        "user_profile_item_custom_string_array": user.custom,
    }
    item = {
        "friend_profile_item_remark": row.remark,
        "friend_profile_item_group_name_array": list(row.groups),
        "user_profile_item_nick_name": user.nick_name,
        "user_profile_item_face_url": user.face_url,
        "user_profile_item_self_signature": user.signature,
        "user_profile_item_gender": user.gender,
        "user_profile_item_birthday": user.birthday,
        "user_profile_item_level": user.level,
        "user_profile_item_role": user.role,
        "user_profile_item_add_permission": allow,
        **{
            key: [
                {"friend_profile_custom_string_info_key": name, "friend_profile_custom_string_info_value": text}
                for name, text in said.items()
            ]
            for key, said in pairs.items()
        },
    }
    return {"friend_profile_update_identifier": row.user_id, "friend_profile_update_item": item}


# --- what is told by another door than a callback


def beside(fact: Fact, view: View) -> list[Frame]:
    """
    Return what a call under way answers meanwhile: the progress of a download, as replies that say so, the last one with the file.

    Of a download that takes time the end is such a reply, too, and its `last`.
    """
    payload = fact.payload
    if fact.kind != "message_download_progressed" or payload["ticket"] is None:
        return []
    said: Said = {"callback": "apiCallback", "user_data": payload["ticket"]}
    if payload["is_finish"]:
        said |= {"code": payload["error_code"], "desc": payload["error_desc"], "last": True}
    else:
        sizes = {key: payload[f"{key}_size"] for key in ("current", "total")}
        said |= {"code": 0, "desc": "downloading"}
        said["json_param"] = text({f"msg_download_elem_result_{key}_size": size for key, size in sizes.items()})
        if payload["contents"] is not None:
            said["file"] = b64encode(payload["contents"]).decode()
    return [Frame("DartDownloadElemToPath", said, fact.before_reply, True)]
