"""What calls answer that is no map of the SDK on this side."""

from __future__ import annotations

from typing import Any

from bridge.dialects.channel.maps import message_results as sdk
from bridge.dialects.cjson.registry import object_map
from bridge.dialects.cjson.texts import text
from bridge.dialects.view import View
from bridge.world.groups.groups import Member
from bridge.world.kernel.results import Page

Data = dict[str, Any]


@object_map("CreateGroupResult")
def created_group(value: str, view: View) -> Data:
    """Write the id of a new group."""
    return {"create_group_result_groupid": value}


@object_map("CommercialAbilityResult")
def ability(value: int, view: View) -> Data:
    """Write whether the plan includes something."""
    return {"commercial_ability_result_enabled": bool(value)}


@object_map("OnlineMemberCountResult")
def online_count(value: int, view: View) -> Data:
    """Write how many members are online."""
    return {"group_get_online_member_count_result": value}


@object_map("V2TIMGroupMemberInfoResult")
def group_members(value: Page | list[Member], view: View) -> Data:
    """Write a page of members, or those that were asked for by their ids: a page that ends."""
    page = value if isinstance(value, Page) else Page(value)
    return {"nextSeq": page.cursor, "memberInfoList": [view.write("V2TIMGroupMemberFullInfo", row) for row in page.rows]}


@object_map("GroupSearchGroupMembersResult")
def found_members(value: tuple[str, list[Member]], view: View) -> Data:
    """Write in which group which members were found."""
    group_id, rows = value
    return {
        "group_search_member_result_groupid": group_id,
        "group_search_member_result_member_info_list": [view.write("V2TIMGroupMemberFullInfo", row) for row in rows],
    }


@object_map("V2TIMMessageReceipt")
def receipt(value: Data, view: View) -> Data:
    """Write how far something is read; the conversation is told by kind and target."""
    group_id = value.get("group_id")
    return {
        **sdk.receipt(value, view),
        "convType": 1 if group_id is None else 2,
        "convID": value.get("user_id") if group_id is None else group_id,
    }


@object_map("V2TimGroupMessageReadMemberList")
def read_members(value: Any, view: View) -> Data:
    """Write who has read a message: the list, and what stands beside it in the envelope."""
    return sdk.read_members(value, view)


@object_map("V2TimFriendApplication")
def friend_application(value: Any, view: View) -> Data:
    """Write an application under the names of both families of keys: those of lists, and those of the callback."""
    from bridge.dialects.channel.maps import friends

    wire = friends.application(value, view)
    table = view.writer.numbers_of("application_type")  # type: ignore[attr-defined]  # a CJsonDialect
    said = {
        "identifier": wire["userID"],
        "nick_name": wire["nickname"],
        "face_url": wire["faceUrl"],
        "add_time": wire["addTime"],
        "add_source": wire["addSource"],
        "add_wording": wire["addWording"],
        "type": table[wire["type"]],
    }
    return {f"{stem}_{name}": text for stem in STEMS for name, text in said.items() if text is not None}


STEMS = ("friend_add_pendency_info", "friend_add_pendency")


# --- pages of cloud searches: the lists in two of them are JSON texts inside the JSON text


@object_map("V2TimUserSearchResult")
def found_users(value: Page, view: View) -> Data:
    """Write a page of users."""
    rows = [view.write("V2TIMUserFullInfo", row) for row in value.rows]
    return {**_page("user_search_result", value), "user_search_result_user_list": text(rows)}


@object_map("V2TimGroupSearchResult")
def found_groups(value: Page, view: View) -> Data:
    """Write a page of groups."""
    rows = [view.write("V2TIMGroupInfo", row) for row in value.rows]
    return {**_page("group_search_result", value), "group_search_result_group_list": rows}


@object_map("V2GroupMemberInfoSearchResult")
def found_cloud_members(value: Page, view: View) -> Data:
    """Write a page of members, by their groups."""
    by_group: dict[str, list[Member]] = {}
    for row in value.rows:
        by_group.setdefault(row.group_id, []).append(row)
    rows = text([found_members(one, view) for one in by_group.items()])
    return {**_page("group_member_search_result", value), "group_member_search_result_member_list": rows}


def _page(stem: str, value: Page) -> Data:
    return {f"{stem}_is_finished": value.finished, f"{stem}_total_count": value.total, f"{stem}_next_cursor": value.cursor}
