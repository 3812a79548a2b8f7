"""Messages and their elements."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from bridge.catalogue.names import snake_case
from bridge.dialects.channel.maps.users import online_devices
from bridge.dialects.channel.numbers import NUMBER_OF_ELEMENT
from bridge.dialects.channel.registry import wire_map
from bridge.dialects.memo import Lasting
from bridge.dialects.view import View
from bridge.world.chats import messages, receipts, visibility
from bridge.world.chats.elements import (
    Custom,
    Element,
    Face,
    File,
    Image,
    Location,
    Merger,
    Sound,
    Text,
    Tips,
    Variant,
    Video,
    is_media,
)
from bridge.world.chats.messages import CreatedMessage, Handled, Message
from bridge.world.groups import groups
from bridge.world.groups.group_types import INVITED, JOINED
from bridge.world.people import friends, users
from bridge.world.people.users import User

if TYPE_CHECKING:
    from bridge.world.chats.own_marks import OwnMark

Data = dict[str, Any]


@wire_map("V2TIMMessage")
def message(value: Message | Handled, view: View) -> Data | Lasting:
    """Write a message as the viewer has it. A `Handled` one shows its local id and progress as well."""
    handled = value if isinstance(value, Handled) else None
    row: Message = value.message if isinstance(value, Handled) else value
    seen = as_seen(row, view)
    if handled is not None:
        return _handled(_written(seen, view), handled, view)
    if row.revoker is None and len(row.elems) == 1 and row.elems[0].kind in LASTING:
        return Lasting(row.msg_id, seen, partial(_found, seen, view), is_anybodys(seen, view))
    return _found(seen, view)


class Seen(NamedTuple):
    """A message and all that it depends on how a user sees it."""

    row: Message
    sender: User
    remark: str
    card: str
    kept: OwnMark | None
    is_read: bool
    is_peer_read: bool


_seen: Callable[[tuple[Any, ...]], Seen] = partial(tuple.__new__, Seen)
"""What `Seen` itself does, quicker."""


def is_anybodys(seen: Seen, view: View) -> bool:
    """Return whether a message looks the same to all members of a group who know nothing special of it or of who has sent it."""
    row = seen.row
    return row.channel[0] == "group" and row.sender != view.user_id and seen.kept is None and not seen.remark


def as_seen(row: Message, view: View) -> Seen:
    """Return a message with all that decides how the viewer sees it."""
    world, me = view.world, view.user_id
    marks = world.tables.get("own_marks")
    kept = None if marks is None else marks.rows.get((me, view.device.install, row.msg_id))
    card = name_card(view, row.channel[1], row.sender) if row.channel[0] == "group" else ""
    sender, remark = users.profile(world, row.sender), friends.remark(world, me, row.sender)
    return _seen(
        (row, sender, remark, card, kept, visibility.is_read(world, me, row), receipts.is_peer_read(world, me, row))
    )


def _found(seen: Seen, view: View) -> Data:
    """Write a message that stands in a history, or has just come."""
    wire = _written(seen, view)
    if view.ios:
        del wire["priority"], wire["progress"]
    return wire


def _written(seen: Seen, view: View) -> Data:
    row, sender, remark, card, kept, is_read, is_peer_read = seen
    me = view.user_id
    is_group = row.channel[0] == "group"
    first = row.elems[0]
    wire: Data = {
        "elemType": NUMBER_OF_ELEMENT[(row.elems[-1] if view.writer.has_elements_by_kind else first).kind],
        "msgID": row.msg_id,
        "timestamp": row.time_ms // 1000,
        "progress": 100,
        "sender": row.sender,
        "nickName": sender.nick_name,
        "friendRemark": remark,
        "faceUrl": sender.face_url,
        "nameCard": card,
        "groupID": row.channel[1] if is_group else None,
        "userID": None if is_group else (messages.peer_of(me, row.channel) or None),
        "status": row.status,
        "localCustomData": local_data(row, kept, me),
        "localCustomInt": 0 if kept is None else kept.custom_int,
        "cloudCustomData": row.cloud_custom_data if kept is None else cloud_data(row, kept),
        "isSelf": row.sender == me,
        "isRead": is_read,
        "isPeerRead": is_peer_read,
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
        "revokerInfo": None if row.revoker is None else view.write("V2TIMUserFullInfo", row.revoker),
        "isExcludedFromContentModeration": row.excluded_from_moderation,
        "offlinePushInfo": view.write("V2TIMMessage.offlinePushInfo", NO_PUSH if row.push is None else row.push),
    }
    if view.ios and row.push is None:
        del wire["offlinePushInfo"]
    if first.kind in ELEM_KEYS:
        fetched = is_media(first) and "downloads" in view.world.tables
        wire |= _elements(with_files(row, view) if fetched else row.elems, view)
    return wire


def _elements(elems: tuple[Element, ...], view: View) -> Data:
    """Return the elements of a message under their keys: the first, which has the others behind it, or one of each kind."""
    if view.writer.has_elements_by_kind:
        return {ELEM_KEYS[one.kind]: view.write(ELEM_MAPS[one.kind], one) for one in elems}
    return {ELEM_KEYS[elems[0].kind]: elem(elems, view)}


def with_files(row: Message, view: View) -> tuple[Element, ...]:
    """Return the elements of a message, the first with the paths of what the viewer's app has fetched of it."""
    from bridge.world.chats import media

    return (media.on_device(view.world, view.device.install, row), *row.elems[1:])


def _handled(wire: Data, handled: Handled, view: View) -> Data:
    """Add what only the device knows that creates or sends the message, and on iOS leave out what that call does not show."""
    if handled.local_id is not None or (handled.uploading and not view.ios):
        wire["id"] = handled.local_id
    wire["progress"] = handled.progress
    if view.ios:
        if handled.text is not None:
            wire["text"] = handled.text
        if not handled.sent:
            del wire["priority"]
        if not handled.uploading:
            del wire["progress"]
    return wire


def local_data(row: Message, kept: OwnMark | None, user_id: str) -> str:
    """Return what the app keeps with a message on its own: set later, or given when it was created."""
    if kept is not None and kept.custom_data is not None:
        return kept.custom_data
    return row.local_custom_data if row.sender == user_id else ""


def cloud_data(row: Message, kept: OwnMark) -> str:
    """Return the cloud data of a message, or what the app has put over it locally."""
    return row.cloud_custom_data if kept.cloud_custom_data is None else kept.cloud_custom_data


def name_card(view: View, group_id: str, user_id: str) -> str:
    """Return the name that a user has in a group, "" without one."""
    member = groups.member(view.world, group_id, user_id)
    return "" if member is None else member.name_card


@wire_map("V2TIMMessage.offlinePushInfo")
def push_info(push: Data, view: View) -> Data:
    """Write how an offline receiver was to be told, of `NO_PUSH` nothing; only some adapters show all that can be said of it."""
    if push is NO_PUSH:
        return {}
    kind = push.get("android_vivo_classification")
    return {
        "desc": push.get("desc"),
        "title": push.get("title"),
        "disablePush": bool(push.get("disable_push")),
        "ext": push.get("ext") or (None if view.ios else ""),
        **{key: push.get(name) for key, name in PUSH_SETTINGS.items()},
        "ignoreIOSBadge": bool(push.get("ignore_ios_badge")),
        "androidVIVOClassification": kind if kind and kind.__class__ is int else VIVO_CLASSIFICATION,
    }


NO_PUSH: Data = {}
"""The push settings of a message that has none."""


# --- elements


@wire_map("V2TIMTextElem")
def text_elem(data: Text, view: View) -> Data:
    """Write a text element."""
    return {"text": data.text}


@wire_map("V2TIMCustomElem")
def custom_elem(data: Custom, view: View) -> Data:
    """Write a custom element."""
    return {"data": data.data or "", "desc": data.desc, "extension": data.extension or ""}


@wire_map("V2TIMFaceElem")
def face_elem(data: Face, view: View) -> Data:
    """Write a face element."""
    return {"data": data.data or "", "index": data.index or 0}


@wire_map("V2TIMLocationElem")
def location_elem(data: Location, view: View) -> Data:
    """Write a location element."""
    return {
        "desc": data.desc,
        "latitude": float(data.latitude or 0),
        "longitude": float(data.longitude or 0),
    }


@wire_map("V2TIMImageElem")
def image_elem(data: Image, view: View) -> Data:
    """Write an image element; `images` are its variants."""
    return {
        "path": data.path,
        "imageList": [view.write("V2TIMImageElem.imageList", item) for item in data.images or ()],
    }


@wire_map("V2TIMImageElem.imageList")
def image(item: Variant, view: View) -> Data:
    """Write one variant of an image."""
    uuid = item.uuid
    wire = {
        "size": item.size or 0,
        "height": item.height or 0,
        "type": item.type or 0,
        "url": item.url,
        "UUID": uuid,
        "uuid": uuid,
        "upperUUID": uuid and uuid.upper(),
        "width": item.width or 0,
    }
    if item.local_url:
        wire["localUrl"] = item.local_url
    return wire


def _with_optional(wire: Data, data: Sound | Video | File, **keys: str) -> Data:
    """Add those keys whose field (the keyword's value) has something in it."""
    for key, name in keys.items():
        value = getattr(data, name)
        if value:
            wire[key] = value
    return wire


@wire_map("V2TIMSoundElem")
def sound_elem(data: Sound, view: View) -> Data:
    """Write a sound element."""
    wire = {
        "dataSize": data.size or 0,
        "duration": data.duration or 0,
        "path": data.path,
        "UUID": _uuid(data.uuid, view),
    }
    return _with_optional(wire, data, url="url", localUrl="local_url")


def _uuid(uuid: str | None, view: View) -> str | None:
    """Return the id of a file; before the upload there is none, and iOS shows an empty one (V2MessageEntity.swift:513-572)."""
    return uuid or ("" if view.ios else None)


@wire_map("V2TIMVideoElem")
def video_elem(data: Video, view: View) -> Data:
    """Write a video element."""
    wire = {
        "duration": data.duration or 0,
        "snapshotHeight": data.snapshot_height or 0,
        "snapshotPath": data.snapshot_path,
        "snapshotSize": data.snapshot_size or 0,
        "snapshotUUID": _uuid(data.snapshot_uuid, view),
        "snapshotWidth": data.snapshot_width or 0,
        "videoPath": data.path,
        "videoSize": data.size or 0,
        "UUID": _uuid(data.uuid, view),
        "videoType": data.type,
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
def file_elem(data: File, view: View) -> Data:
    """Write a file element."""
    wire = {
        "fileName": data.name,
        "fileSize": data.size or 0,
        "path": data.path,
        "UUID": _uuid(data.uuid, view),
    }
    return _with_optional(wire, data, url="url", localUrl="local_url")


@wire_map("V2TIMMergerElem")
def merger_elem(data: Merger, view: View) -> Data:
    """Write a merger element; the messages in it are not shown."""
    over = bool(data.over_limit)
    return {
        "isLayersOverLimit": over,
        "layersOverLimit": over,
        "abstractList": list(data.abstracts or ()),
        "title": data.title,
    }


@wire_map("V2TIMGroupTipsElem")
def tips_elem(data: Tips, view: View) -> Data:
    """Write what has happened in a group. Users in `data` are ids."""
    group_id = data.group_id or ""
    op_member = data.op_member
    return {
        "groupID": group_id,
        "type": _tips_type(data, view),
        "memberCount": data.member_count or 0,
        "opMember": view.write("V2TIMGroupTipsElem.opMember", (op_member, group_id)) if op_member else {},
        "memberList": [view.write("V2TIMGroupTipsElem.memberList", (one, group_id)) for one in data.members or ()],
        "groupChangeInfoList": [
            view.write("V2TIMGroupTipsElem.groupChangeInfoList", change) for change in data.changes or ()
        ],
        "memberChangeInfoList": [
            view.write("V2TIMGroupTipsElem.memberChangeInfoList", change) for change in data.member_changes or ()
        ],
    }


def _tips_type(data: Tips, view: View) -> int:
    """Return the number of what has happened, as the client tells it."""
    kind: int = data.type or 0
    is_told = kind != INVITED or groups.tells_invitations(view.world, data.group_id or "", view.client)
    return kind if is_told else JOINED


@wire_map("V2TIMGroupTipsElem.groupChangeInfoList")
def tips_change(change: Data, view: View) -> Data:
    """Write what has changed about a group; where there is no text, iOS shows an empty one."""
    nothing = "" if view.ios else None
    return {
        "key": change.get("key", nothing),
        "type": change["type"],
        "value": change.get("value", nothing),
        "boolValue": bool(change.get("bool_value")),
        "intValue": change.get("int_value", 0),
    }


@wire_map("V2TIMGroupTipsElem.memberChangeInfoList")
def tips_member_change(change: Data, view: View) -> Data:
    """Write for how many seconds a member may not talk."""
    return {"userID": change["user_id"], "muteTime": change["mute_s"]}


@wire_map("V2TIMGroupTipsElem.opMember")
@wire_map("V2TIMGroupTipsElem.memberList")
def tips_member(value: tuple[str, str], view: View) -> Data:
    """Write a member in group tips. `value`: (user id, group id)."""
    user_id, group_id = value
    user = users.profile(view.world, user_id)
    return {
        "userID": user_id,
        "faceUrl": user.face_url,
        "faceURL": user.face_url,
        "friendRemark": friends.remark(view.world, view.user_id, user_id),
        "nameCard": name_card(view, group_id, user_id),
        "nickName": user.nick_name,
        "onlineDevices": online_devices(view, user_id),
    }


PUSH_SETTINGS = {
    key: snake_case(key)
    for key in (
        "iOSSound",
        "iOSPushType",
        "iOSImage",
        "androidOPPOChannelID",
        "androidSound",
        "androidFCMImage",
        "androidHuaWeiImage",
        "androidHonorImage",
        "androidVIVOCategory",
        "androidFCMChannelID",
        "androidHuaWeiCategory",
        "androidXiaoMiChannelID",
    )
}
"""What only some adapters show of push settings, by the keys of the plugin."""

VIVO_CLASSIFICATION = 1
"""
What iOS shows where the app has said nothing, or a text, as clients of 5.0 do: messages of the system (adapter 8.2,
V2MessageEntity.swift:749-766).
"""

LASTING = frozenset({"text", "custom", "face", "location"})
"""Kinds of elements that nothing but the message itself decides about: no people, no files of a device."""

ELEM_KEYS = {kind: f"{'groupTips' if kind == 'tips' else kind}Elem" for kind in NUMBER_OF_ELEMENT if kind != "none"}
ELEM_MAPS = {kind: f"V2TIM{key[0].upper()}{key[1:]}" for kind, key in ELEM_KEYS.items()}
_ALWAYS_NEXT = ("custom", "merger")


def elem(elems: tuple[Element, ...], view: View) -> Data:
    """Write the first element of a message, with the others chained behind it; Android has an empty end behind some."""
    wire = _chained(elems, view)
    if len(elems) == 1 and elems[0].kind in _ALWAYS_NEXT and not view.ios:
        wire["nextElem"] = {}
    return wire


def _chained(elems: tuple[Element, ...], view: View) -> Data:
    wire: Data = view.write(ELEM_MAPS[elems[0].kind], elems[0])
    if len(elems) > 1 and not (view.ios and elems[0].kind == "tips"):
        wire["nextElem"] = {**_chained(elems[1:], view), "elemType": NUMBER_OF_ELEMENT[elems[1].kind]}
    return wire


@wire_map("CreatedMessage")
def created_message(value: CreatedMessage, view: View) -> Data:
    """Write the answer of a create call."""
    return {"id": value.local_id, "messageInfo": view.write("V2TIMMessage", Handled(value.message, value.local_id))}
