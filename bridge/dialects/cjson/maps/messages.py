"""Messages and their elements, as the library stores and shows them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from bridge.dialects.channel.maps import messages as sdk
from bridge.dialects.channel.reading.message import AT_ALL_ON_THE_WIRE
from bridge.dialects.cjson.registry import object_map
from bridge.dialects.memo import Lasting
from bridge.dialects.view import View
from bridge.world.chats import media, messages, receipts
from bridge.world.chats.checks import AT_ALL
from bridge.world.chats.elements import Element, Image, Merger, Nothing, Tips, is_media
from bridge.world.chats.messages import Handled, Message
from bridge.world.groups import group_news
from bridge.world.groups.group_types import INVITED
from bridge.world.people import users

if TYPE_CHECKING:
    from bridge.dialects.cjson.dialect import CJsonDialect

Data = dict[str, Any]

RISKY, HARMLESS = 2, 0
"""Dart shows risky content from 2 on, and throws without a number."""

VARIANTS = ("orig", "thumb", "large")
"""How the keys of an image's variants begin, by the variant's number."""


@object_map("V2TimMessage")
def message(value: Message | Handled, view: View) -> Data | Lasting:
    """Write a message as the viewer has it. A `Handled` one shows the id that Dart has given it."""
    row: Message = value.message if isinstance(value, Handled) else value
    seen = sdk.as_seen(row, view)
    if isinstance(value, Handled):
        wire = _written(seen, view)
        if value.local_id is not None:
            wire["id"] = value.local_id
        wire["progress"] = value.progress
        return wire
    if row.revoker is None and len(row.elems) == 1 and row.elems[0].kind in sdk.LASTING and not row.needs_receipt:
        return Lasting(row.msg_id, seen, partial(_written, seen, view), sdk.is_anybodys(seen, view))
    return _written(seen, view)


def _written(seen: sdk.Seen, view: View) -> Data:
    row, sender, remark, card, kept, is_read, is_peer_read = seen
    me = view.user_id
    is_group = row.channel[0] == "group"
    is_kept = row.status != messages.SENDING
    time_s = row.time_ms // 1000
    wire: Data = {
        "message_conv_type": 2 if is_group else 1,
        "message_conv_id": row.channel[1] if is_group else messages.peer_of(me, row.channel),
        "message_sender": row.sender,
        "message_priority": row.priority,
        "message_client_time": time_s,
        "message_server_time": time_s if is_kept else 0,
        "message_is_from_self": row.sender == me,
        "message_is_read": is_read,
        "message_is_online_msg": row.online_only,
        "message_is_peer_read": is_peer_read,
        "message_receipt_peer_read": is_peer_read and row.needs_receipt,
        "message_need_read_receipt": row.needs_receipt,
        "message_is_broadcast_message": row.broadcast,
        "message_support_message_extension": row.supports_extension,
        "message_version": row.version,
        "message_status": row.status,
        "message_msg_id": row.msg_id,
        "message_seq": row.seq,
        "message_rand": row.random,
        "message_custom_int": 0 if kept is None else kept.custom_int,
        "message_custom_str": sdk.local_data(row, kept, me),
        "message_cloud_custom_str": row.cloud_custom_data if kept is None else sdk.cloud_data(row, kept),
        "message_is_excluded_from_unread_count": row.excluded_from_unread,
        "message_excluded_from_last_message": row.excluded_from_last,
        "message_excluded_from_content_moderation": row.excluded_from_moderation,
        "message_risk_type_identified": RISKY if row.risky else HARMLESS,
        "message_sender_profile": {
            "user_profile_identifier": row.sender,
            "user_profile_nick_name": sender.nick_name,
            "user_profile_face_url": sender.face_url,
            "user_profile_friend_remark": remark,
        },
        "message_target_group_member_array": list(row.targets or ()),
        "message_group_at_user_array": [AT_ALL_ON_THE_WIRE[0] if one == AT_ALL else one for one in row.at_users],
        "message_is_forward_message": False,
        "message_elem_array": elems(row, view),
    }
    if is_group:
        wire["message_sender_group_member_info"] = {
            "group_member_info_identifier": row.sender,
            "group_member_info_nick_name": sender.nick_name,
            "group_member_info_name_card": card,
            "group_member_info_friend_remark": remark,
            "group_member_info_face_url": sender.face_url,
        }
        if row.needs_receipt:
            told = receipts.summary(view.world, me, row)
            wire["message_group_receipt_read_count"] = told["read"]
            wire["message_group_receipt_unread_count"] = told["unread"]
    if row.revoker is not None:
        wire |= revoker(row.revoker, row.revoke_reason, view)
    if row.quote is not None and writer(view).catalogue.has_object("V2TimMessageQuoteInfo"):
        wire["message_quote_info"] = writer(view).by_args("V2TimMessageQuoteInfo")(row.quote)
    if row.push is not None:
        wire["message_offline_push_config"] = writer(view).by_args("OfflinePushInfo")(row.push)
    return wire


def revoker(user_id: str, reason: str, view: View) -> Data:
    """Write who has taken a message back, and why: four texts, all of which Dart wants."""
    user = users.profile(view.world, user_id)
    return {
        "message_revoke_reason": reason or "",
        "message_revoker_user_id": user_id,
        "message_revoker_nick_name": user.nick_name,
        "message_revoker_face_url": user.face_url,
    }


def writer(view: View) -> CJsonDialect:
    """Return the dialect that writes for a view."""
    return view.writer  # type: ignore[return-value]  # nobody else calls these functions


# --- elements


def elems(row: Message, view: View) -> list[Data]:
    """Write all elements of a message; none where only its key is known."""
    return [elem(one, row, view) for one in _with_files(row, view) if not isinstance(one, Nothing)]


def _with_files(row: Message, view: View) -> tuple[Element, ...]:
    """Return the elements of a message, the first with its addresses: Dart asks nobody for them."""
    first = row.elems[0]
    if not is_media(first) or row.status == messages.SENDING:
        return row.elems
    return (media.addressed(row, media.on_device(view.world, view.device.install, row)).elem, *row.elems[1:])


def elem(one: Element, row: Message, view: View) -> Data:
    """Write an element, with the number of its kind."""
    dialect = writer(view)
    number = dialect.numbers_of("element")[one.kind]
    if isinstance(one, Tips):
        return {"elem_type": number, **tips_of(one, row.channel[1], view)}
    wire = dialect.element(one.kind)(one._asdict())
    if isinstance(one, Image):
        wire |= _variants(one)
    if isinstance(one, Merger):
        wire |= {"merge_elem_message_array": [], "merge_elem_relay_json_key": row.msg_id}
    return {"elem_type": number, **wire}


def _variants(image: Image) -> Data:
    wire: Data = {}
    for one in image.images or ():
        stem = f"image_elem_{VARIANTS[one.type or 0]}"
        wire |= {
            f"{stem}_id": one.uuid or "",
            f"{stem}_pic_size": one.size or 0,
            f"{stem}_pic_width": one.width or 0,
            f"{stem}_pic_height": one.height or 0,
            f"{stem}_url": one.url or "",
        }
    return wire


JOINED_NUMBER, INVITED_WORD, JOINED_WORD = 1, 2, 1
"""Joining and being invited have one number; a word beside tells them apart."""


def tips_of(said: Tips, group_id: str, view: View) -> Data:
    """Write what has happened in a group."""
    world = view.world
    group_id = said.group_id or group_id
    kind = said.type or 0
    members = [group_news.person(world, group_id, one) for one in said.members or ()]
    wire: Data = {
        "group_tips_elem_group_id": group_id,
        "group_tips_elem_tip_type": writer(view).numbers_of("tip").get(kind, JOINED_NUMBER if kind == INVITED else 0),
        "group_tips_elem_member_num": said.member_count or 0,
        "group_tips_elem_changed_group_memberinfo_array": [view.write("V2TIMGroupMemberInfo", one) for one in members],
        "group_tips_elem_changed_user_info_array": [view.write("V2TIMUserFullInfo", one) for one in said.members or ()],
        "group_tips_elem_group_change_info_array": [view.write("V2TIMGroupChangeInfo", one) for one in said.changes or ()],
        "group_tips_elem_member_change_info_array": [
            view.write("V2TIMGroupMemberChangeInfo", one) for one in said.member_changes or ()
        ],
    }
    if wire["group_tips_elem_tip_type"] == JOINED_NUMBER:
        wire["group_tips_elem_join_type"] = INVITED_WORD if kind == INVITED else JOINED_WORD
    if said.op_member:
        by = group_news.person(world, group_id, said.op_member)
        wire["group_tips_elem_op_user"] = said.op_member
        wire["group_tips_elem_op_group_memberinfo"] = view.write("V2TIMGroupMemberInfo", by)
    return wire
