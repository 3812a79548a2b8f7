"""Messages and their elements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bridge.dialects.maps.users import full_info
from bridge.dialects.registry import wire_map
from bridge.dialects.view import View
from bridge.world import friends, groups, messages, users
from bridge.world.messages import CreatedMessage, Elem, Handled, Message

Data = dict[str, Any]


@wire_map("V2TIMMessage")
def message(value: Message | Handled | None, view: View) -> Data | None:
    """Write a message as the viewer has it. A `Handled` one shows its local id and progress as well."""
    if value is None:
        return None
    handled = value if isinstance(value, Handled) else None
    row: Message = value.message if isinstance(value, Handled) else value
    world, me = view.world, view.user_id
    sender = users.profile(world, row.sender)
    is_group = row.channel[0] == "group"
    group_id = row.channel[1] if is_group else None
    user_id = None if is_group else (messages.peer_of(me, row.channel) or None)
    kept = world[messages.MESSAGE_MARKS].rows.get((me, row.msg_id)) if row.msg_id else None
    first = row.elems[0]
    wire: Data = {
        "elemType": ELEM_TYPES[first.kind],
        "msgID": row.msg_id,
        "timestamp": row.time_ms // 1000,
        "progress": 100,
        "sender": row.sender,
        "nickName": sender.nick_name,
        "friendRemark": friends.remark(world, me, row.sender),
        "faceUrl": sender.face_url,
        "nameCard": name_card(view, group_id, row.sender) if group_id is not None else "",
        "groupID": group_id,
        "userID": user_id,
        "status": row.status,
        "localCustomData": row.local_custom_data if kept is None else kept.local_custom_data,
        "localCustomInt": 0 if kept is None else kept.local_custom_int,
        "cloudCustomData": row.cloud_custom_data,
        "isSelf": row.sender == me,
        "isRead": messages.is_read(world, me, row),
        "isPeerRead": messages.is_peer_read(world, me, row),
        "priority": row.priority,
        "seq": str(row.seq),
        "groupAtUserList": list(row.at_users),
        "random": row.random,
        "isExcludedFromUnreadCount": row.excluded_from_unread,
        "isExcludedFromLastMessage": row.excluded_from_last,
        "isSupportMessageExtension": row.supports_extension,
        "needReadReceipt": row.needs_receipt,
        "hasRiskContent": row.risky,
        "revokeReason": row.revoke_reason,
        "isBroadcastMessage": row.broadcast,
        "revokerInfo": full_info(row.revoker, view),
        "isExcludedFromContentModeration": row.excluded_from_moderation,
        "offlinePushInfo": push_info(row.push, view),
        ELEM_KEYS[first.kind]: elem(row.elems, view),
    }
    if handled is not None:
        wire["id"] = handled.local_id
        wire["progress"] = handled.progress
    if view.ios and (handled is None or handled.uploading):
        del wire["priority"]
    if view.ios and not (handled is not None and handled.uploading):
        del wire["progress"]
    return wire


def name_card(view: View, group_id: str, user_id: str) -> str:
    """Return the name that a user has in a group, "" without one."""
    member = groups.member(view.world, group_id, user_id)
    return "" if member is None else member.name_card


def push_info(push: Data | None, view: View) -> Data:
    """Write how an offline receiver was to be told; {} when the sender said nothing."""
    if push is None:
        return {}
    wire = {
        "desc": push.get("desc"),
        "title": push.get("title"),
        "disablePush": bool(push.get("disable_push")),
        "ext": push.get("ext") or "",
    }
    if view.ios:
        wire.update(
            iOSSound=push.get("ios_sound") or "",
            ignoreIOSBadge=bool(push.get("ignore_ios_badge")),
            androidOPPOChannelID=push.get("android_oppo_channel_id") or "",
        )
    return wire


# --- elements


@wire_map("V2TIMTextElem")
def text_elem(data: Data, view: View) -> Data:
    """Write a text element."""
    return {"text": data.get("text")}


@wire_map("V2TIMCustomElem")
def custom_elem(data: Data, view: View) -> Data:
    """Write a custom element."""
    return {"data": data.get("data") or "", "desc": data.get("desc"), "extension": data.get("extension") or ""}


@wire_map("V2TIMFaceElem")
def face_elem(data: Data, view: View) -> Data:
    """Write a face element."""
    return {"data": data.get("data") or "", "index": data.get("index") or 0}


@wire_map("V2TIMLocationElem")
def location_elem(data: Data, view: View) -> Data:
    """Write a location element."""
    return {
        "desc": data.get("desc"),
        "latitude": float(data.get("latitude") or 0),
        "longitude": float(data.get("longitude") or 0),
    }


@wire_map("V2TIMImageElem")
def image_elem(data: Data, view: View) -> Data:
    """Write an image element; `images` are its variants."""
    return {"path": data.get("path"), "imageList": [_image(item) for item in data.get("images", ())]}


def _image(item: Data) -> Data:
    uuid = item.get("uuid")
    wire = {
        "size": item.get("size", 0),
        "height": item.get("height", 0),
        "type": item.get("type", 0),
        "url": item.get("url"),
        "UUID": uuid,
        "uuid": uuid,
        "width": item.get("width", 0),
    }
    if item.get("local_url"):
        wire["localUrl"] = item["local_url"]
    return wire


def _with_optional(wire: Data, data: Data, **keys: str) -> Data:
    """Add those keys whose field (the keyword's value) has something in it."""
    for key, name in keys.items():
        if data.get(name):
            wire[key] = data[name]
    return wire


@wire_map("V2TIMSoundElem")
def sound_elem(data: Data, view: View) -> Data:
    """Write a sound element."""
    wire = {
        "dataSize": data.get("size", 0),
        "duration": data.get("duration", 0),
        "path": data.get("path"),
        "UUID": data.get("uuid"),
    }
    return _with_optional(wire, data, url="url", localUrl="local_url")


@wire_map("V2TIMVideoElem")
def video_elem(data: Data, view: View) -> Data:
    """Write a video element."""
    wire = {
        "duration": data.get("duration", 0),
        "snapshotHeight": data.get("snapshot_height", 0),
        "snapshotPath": data.get("snapshot_path"),
        "snapshotSize": data.get("snapshot_size", 0),
        "snapshotUUID": data.get("snapshot_uuid"),
        "snapshotWidth": data.get("snapshot_width", 0),
        "videoPath": data.get("path"),
        "videoSize": data.get("size", 0),
        "UUID": data.get("uuid"),
    }
    return _with_optional(
        wire,
        data,
        videoUrl="url",
        snapshotUrl="snapshot_url",
        localVideoUrl="local_url",
        localSnapshotUrl="local_snapshot_url",
    )


@wire_map("V2TIMFileElem")
def file_elem(data: Data, view: View) -> Data:
    """Write a file element."""
    wire = {
        "fileName": data.get("name"),
        "fileSize": data.get("size", 0),
        "path": data.get("path"),
        "UUID": data.get("uuid"),
    }
    return _with_optional(wire, data, url="url", localUrl="local_url")


@wire_map("V2TIMMergerElem")
def merger_elem(data: Data, view: View) -> Data:
    """Write a merger element; the messages in it are not shown."""
    over = bool(data.get("over_limit"))
    return {
        "isLayersOverLimit": over,
        "layersOverLimit": over,
        "abstractList": list(data.get("abstracts", ())),
        "title": data.get("title"),
    }


@wire_map("V2TIMGroupTipsElem")
def tips_elem(data: Data, view: View) -> Data:
    """Write what has happened in a group. Users in `data` are ids."""
    group_id = data.get("group_id", "")
    op_member = data.get("op_member")
    return {
        "groupID": group_id,
        "type": data.get("type", 0),
        "memberCount": data.get("member_count", 0),
        "opMember": _tips_member(op_member, group_id, view) if op_member else {},
        "memberList": [_tips_member(user_id, group_id, view) for user_id in data.get("members", ())],
        "groupChangeInfoList": [
            {
                "key": change.get("key"),
                "type": change["type"],
                "value": change.get("value"),
                "boolValue": bool(change.get("bool_value")),
            }
            for change in data.get("changes", ())
        ],
        "memberChangeInfoList": [
            {"userID": change["user_id"], "muteTime": change["mute_s"]} for change in data.get("member_changes", ())
        ],
    }


def _tips_member(user_id: str, group_id: str, view: View) -> Data:
    user = users.profile(view.world, user_id)
    return {
        "userID": user_id,
        "faceURL" if view.ios else "faceUrl": user.face_url,
        "friendRemark": friends.remark(view.world, view.user_id, user_id),
        "nameCard": name_card(view, group_id, user_id),
        "nickName": user.nick_name,
    }


WRITERS: dict[str, Callable[[Data, View], Data]] = {
    "text": text_elem,
    "custom": custom_elem,
    "image": image_elem,
    "sound": sound_elem,
    "video": video_elem,
    "file": file_elem,
    "location": location_elem,
    "face": face_elem,
    "tips": tips_elem,
    "merger": merger_elem,
}
ELEM_TYPES = {
    "text": 1,
    "custom": 2,
    "image": 3,
    "sound": 4,
    "video": 5,
    "file": 6,
    "location": 7,
    "face": 8,
    "tips": 9,
    "merger": 10,
}
ELEM_KEYS = {
    kind: f"{'groupTips' if kind == 'tips' else kind}Elem" for kind in ELEM_TYPES
}
_ALWAYS_NEXT = ("custom", "merger")


def elem(elems: tuple[Elem, ...], view: View) -> Data:
    """Write the first element of a message, with the others chained behind it under `nextElem`."""
    first = elems[0]
    wire = WRITERS[first.kind](first.data, view)
    if len(elems) > 1:
        wire["nextElem"] = {**elem(elems[1:], view), "elemType": ELEM_TYPES[elems[1].kind]}
    elif first.kind in _ALWAYS_NEXT:
        wire["nextElem"] = {}
    return wire


@wire_map("CreatedMessage")
def created_message(value: CreatedMessage, view: View) -> Data:
    """Write the answer of a create call."""
    return {"id": value.local_id, "messageInfo": message(Handled(value.message, value.local_id), view)}
