"""Following, and official accounts."""

from __future__ import annotations

from typing import Any

from bridge.dialects.channel.registry import wire_map
from bridge.dialects.view import View
from bridge.world import official_accounts
from bridge.world.official_accounts import OfficialAccount
from bridge.world.results import Item, Page


def outcome(value: Item) -> dict[str, Any]:
    """Write what came of a call for one user."""
    return {"userID": value.target, "resultCode": value.code, "resultInfo": value.text}


@wire_map("V2TIMFollowOperationResult")
def follow_result(value: Item, view: View) -> dict[str, Any]:
    """Write what came of following one user."""
    return outcome(value)


@wire_map("V2TIMFollowTypeCheckResult")
def follow_type(value: Item, view: View) -> dict[str, Any]:
    """Write how a user and the viewer follow each other; the item's value is the kind."""
    return {**outcome(value), "followType": value.value}


@wire_map("V2TIMFollowInfo")
def follow_info(value: Item, view: View) -> dict[str, Any]:
    """Write how many a user follows and is followed by; the item's value has the counts."""
    counts = value.value
    return {
        **outcome(value),
        "followingCount": counts.following,
        "followersCount": counts.followers,
        "mutualFollowersCount": counts.mutual,
    }


@wire_map("V2TIMUserInfoResult")
def user_page(value: Page, view: View) -> dict[str, Any]:
    """Write a page of users; rows are accounts or their ids, the cursor a text."""
    return {
        "nextCursor": value.cursor,
        "userFullInfoList": [view.write("V2TIMUserFullInfo", row) for row in value.rows],
    }


@wire_map("V2TIMOfficialAccountInfo")
def official_account(value: OfficialAccount, view: View) -> dict[str, Any]:
    """Write an official account, with the viewer's subscription."""
    world = view.world
    return {
        "officialAccountID": value.account_id,
        "officialAccountName": value.name,
        "faceUrl": value.face_url,
        "ownerUserID": value.owner,
        "organization": value.organization,
        "introduction": value.introduction,
        "customData": value.custom_data,
        "createTime": value.created_ms // 1000,
        "subscriberCount": official_accounts.subscriber_count(world, value.account_id),
        "subscribeTime": official_accounts.subscribed_ms(world, view.user_id, value.account_id) // 1000,
    }


@wire_map("V2TIMOfficialAccountInfoResult")
def official_account_result(value: Item, view: View) -> dict[str, Any]:
    """Write what came of asking for one official account; the item's value is the account."""
    return {
        "resultCode": value.code,
        "resultInfo": value.text,
        "officialAccountInfo": view.write("V2TIMOfficialAccountInfo", value.value),
    }
