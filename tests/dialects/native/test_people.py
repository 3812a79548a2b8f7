"""Users, friends and calls of native apps: numbers that are renumbered, keys under two names, callbacks that Dart reads halfway."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.native import NativeApp, NativeStage

SELF, ADDED, UPDATED, ASKED = 3, 40, 42, 43
INVITED, CANCELLED, ACCEPTED, REJECTED, TIMED_OUT, CHANGED = range(60, 66)


def two() -> tuple[NativeStage, NativeApp, NativeApp]:
    """Return a stage with alice and bob on it."""
    stage = NativeStage()
    return stage, stage.enter("alice"), stage.enter("bob")


def _set_self(app: NativeApp, **items: Any) -> None:
    app.call("DartSetSelfInfo", json_modify_self_user_profile_param={f"user_profile_item_{key}": value for key, value in items.items()})


def _add(app: NativeApp, other: str) -> Any:
    return app.value(
        "DartAddFriend",
        json_add_friend_param={
            "friendship_add_friend_param_identifier": other,
            "friendship_add_friend_param_friend_type": 1,
            "friendship_add_friend_param_add_wording": "hi",
        },
    )


def test_allow_type_is_one_higher() -> None:
    """Who may add somebody crosses as 1 to 3, where the rest of the house says 0 to 2."""
    _, alice, bob = two()
    _set_self(alice, nick_name="Al", add_permission=2)
    said = next(one for one in alice.heard() if one["callbackType"] == SELF)["json_user_profile"]
    assert ("Al", 2) == (said["user_profile_nick_name"], said["user_profile_add_permission"])

    found = bob.value("DartGetUsersInfo", json_get_user_profile_list_param={"friendship_getprofilelist_param_identifier_array": ["alice"]})
    assert 2 == found[0]["user_profile_add_permission"]


def test_applications_have_two_families_of_keys() -> None:
    """An application is told under one family of keys and listed under another; its kind is one lower than on a channel."""
    _, alice, bob = two()
    _set_self(alice, add_permission=2)
    alice.heard()
    assert "bob" != _add(bob, "alice")["friend_result_identifier"]
    said = next(one for one in alice.heard() if one["callbackType"] == ASKED)["json_application_array"][0]
    assert ("bob", 0, "hi") == tuple(said[f"friend_add_pendency_{key}"] for key in ("identifier", "type", "add_wording"))

    listed = alice.value("DartGetFriendApplicationList", json_get_pendency_list_param="not used")
    assert 1 == listed["pendency_page_unread_num"]
    row = listed["pendency_page_pendency_info_array"][0]
    assert ("bob", 0) == (row["friend_add_pendency_info_identifier"], row["friend_add_pendency_info_type"])


def test_answer_says_whether_both_want_it() -> None:
    """Answer 1 agrees and adds, 0 only agrees, 2 refuses: one function for all."""
    for action, theirs, mine in ((1, ["alice"], ["bob"]), (0, ["alice"], []), (2, [], [])):
        _, alice, bob = two()
        _set_self(alice, add_permission=2)
        _add(bob, "alice")
        alice.value(
            "DartHandleFriendAddRequest",
            json_handle_friend_add_param={"friend_response_identifier": "bob", "friend_response_action": action},
        )
        assert theirs == [one["friend_profile_identifier"] for one in bob.value("DartGetFriendList")]
        assert mine == [one["friend_profile_identifier"] for one in alice.value("DartGetFriendList")]


def test_changed_friend_is_told_whole() -> None:
    """The callback of a changed friend has everything, for Dart shows what is not said as empty."""
    _, alice, bob = two()
    _add(alice, "bob")
    _set_self(bob, nick_name="Bo", gender=1)
    alice.heard()
    alice.call(
        "DartSetFriendInfo",
        json_modify_friend_info_param={
            "friendship_modify_friend_profile_param_identifier": "bob",
            "friendship_modify_friend_profile_param_item": {"friend_profile_item_remark": "Bobby"},
        },
    )

    said = next(one for one in alice.heard() if one["callbackType"] == UPDATED)["friend_info_update_array"]
    assert ["bob"] == [one["friend_profile_update_identifier"] for one in said]
    item = said[0]["friend_profile_update_item"]
    assert ("Bobby", "Bo", 1, 1) == (
        item["friend_profile_item_remark"],
        item["user_profile_item_nick_name"],
        item["user_profile_item_gender"],
        item["user_profile_item_add_permission"],
    )


def test_checks_and_searches_of_friends() -> None:
    """Relations are numbered as on a channel, kinds of checks one lower; fields to look through are numbers."""
    _, alice, _bob = two()
    _add(alice, "bob")
    checked = alice.value(
        "DartCheckFriend",
        json_check_friend_list_param={
            "friendship_check_friendtype_param_identifier_array": ["bob", "carol"],
            "friendship_check_friendtype_param_check_type": 1,
        },
    )
    assert [("bob", 3), ("carol", 0)] == [
        (one["friendship_check_friendtype_result_identifier"], one["friendship_check_friendtype_result_relation"]) for one in checked
    ]
    found = alice.value(
        "DartSearchFriends",
        json_search_friends_param={"friendship_search_param_keyword_list": ["bo"], "friendship_search_param_search_field_list": [1]},
    )
    assert ["bob"] == [one["friendship_friend_info_get_result_field_info"]["friend_profile_identifier"] for one in found]


def test_friend_groups_go_through_one_function() -> None:
    """A friend group is renamed, filled or emptied by what the parameter brings; an empty list asks for all."""
    _, alice, _ = two()
    _add(alice, "bob")
    alice.value(
        "DartCreateFriendGroup",
        json_create_friend_group_param={
            "friendship_create_friend_group_param_name_array": ["f"],
            "friendship_create_friend_group_param_identifier_array": [],
        },
    )

    def change(**keys: Any) -> None:
        param = {f"friendship_modify_friend_group_param_{key}": value for key, value in keys.items()}
        alice.call("DartModifyFriendGroup", json_modify_friend_group_param=param)

    def groups() -> list[tuple[str, list[str]]]:
        return [
            (one["friend_group_info_name"], one["friend_group_info_identifier_array"])
            for one in alice.value("DartGetFriendGroupList", json_get_friend_group_list_param=[])
        ]

    change(name="f", add_identifier_array=["bob"])
    assert [("f", ["bob"])] == groups()
    change(name="f", new_name="g")
    assert [("g", ["bob"])] == groups()
    change(name="g", delete_identifier_array=["bob"])
    assert [("g", [])] == groups()


def test_outcomes_have_both_names() -> None:
    """Where Dart reads other names than the header has, an outcome has both."""
    _, alice, _ = two()
    outcome = alice.value("DartFollowUser", json_user_id_list=["bob"])[0]

    assert ("bob", 0) == (outcome["userID"], outcome["resultCode"])
    assert ("bob", 0) == (outcome["follow_operation_result_user_id"], outcome["follow_operation_result_code"])


def test_users_are_found_in_pages() -> None:
    """A search of users is a page whose list is a JSON text inside the JSON text."""

    _, alice, bob = two()
    _set_self(alice, nick_name="Same")
    _set_self(bob, nick_name="same")
    param = {"user_search_param_keyword_list": ["SAME"], "user_search_param_search_count": 1}
    first = alice.value("DartSearchUsers", json_search_user_param=param)
    second = alice.value(
        "DartSearchUsers", json_search_user_param={**param, "user_search_param_search_cursor": first["user_search_result_next_cursor"]}
    )

    assert [(False, 2), (True, 2)] == [
        (one["user_search_result_is_finished"], one["user_search_result_total_count"]) for one in (first, second)
    ]
    assert ["alice", "bob"] == [
        json.loads(one["user_search_result_user_list"])[0]["user_profile_identifier"] for one in (first, second)
    ]
    assert 6017 == alice.refused("DartSearchUsers", json_search_user_param={**param, "user_search_param_search_cursor": "x"})
    assert 6017 == alice.refused("DartSearchUsers", json_search_user_param={"user_search_param_keyword_list": []})


@pytest.mark.parametrize(("match", "found"), [(None, ["alice", "bob"]), (0, ["alice", "bob"]), (1, ["bob"]), (2, ["alice", "bob"])])
def test_search_for_every_word(match: int | None, found: list[str]) -> None:
    """Words are alternatives, but with match type 1, which wants all of them."""
    _, alice, bob = two()
    _set_self(alice, nick_name="red")
    _set_self(bob, nick_name="red and blue")
    param = {"user_search_param_keyword_list": ["red", "blue"], "user_search_param_keyword_list_match_type": match}
    said = alice.value("DartSearchUsers", json_search_user_param=param)
    assert found == [one["user_profile_identifier"] for one in json.loads(said["user_search_result_user_list"])]


def test_invitation_id_is_what_returns() -> None:
    """The id of an invitation is what the function returns, and what the others hear of; 8.5 takes it out of the answer."""
    _, alice, bob = two()
    reply = alice.call(
        "DartInvite", invitee="bob", data="ring", online_user_only=False, json_offline_push_info={}, timeout=30, invite_id_buffer=None
    )
    assert reply["json_param"] == reply["return"] != ""
    said = next(one for one in bob.heard() if one["callbackType"] == INVITED)
    assert {
        "callbackType": INVITED,
        "invite_id": reply["return"],
        "inviter": "alice",
        "group_id": "",
        "json_invitee_list": ["bob"],
        "data": "ring",
    } == said
    bob.call("DartModifyInvitation", invite_id=reply["return"], data="louder")
    said = next(one for one in alice.heard() if one["callbackType"] == CHANGED)
    assert (reply["return"], "louder") == (said["invite_id"], said["data"])
    bob.call("DartAccept", invite_id=reply["return"], data="yes")
    said = next(one for one in alice.heard() if one["callbackType"] == ACCEPTED)
    assert ("bob", "yes") == (said["invitee"], said["data"])
    assert 8010 == bob.refused("DartModifyInvitation", invite_id=reply["return"], data="late")


def test_strangers_change_no_invitation() -> None:
    """Somebody who takes no part in an invitation, or does not know it, cannot change it."""
    stage, alice, _ = two()
    carol = stage.enter("carol")
    reply = alice.call(
        "DartInvite", invitee="bob", data="ring", online_user_only=False, json_offline_push_info={}, timeout=30, invite_id_buffer=None
    )
    before = stage.snapshot()

    assert carol.refused("DartModifyInvitation", invite_id=reply["return"], data="x") in (8010, 8011)
    assert 8010 == alice.refused("DartModifyInvitation", invite_id="nobody's", data="x")
    assert before == stage.snapshot()


def test_refused_invitation_returns_a_text() -> None:
    """An invitation that is refused returns an empty text, never nothing, and answers its code."""
    _, alice, _ = two()
    reply = alice.reply(
        "DartInvite", invitee="", data="", online_user_only=False, json_offline_push_info={}, timeout=30, invite_id_buffer=None
    )

    assert (6017, "") == (reply["code"], reply["return"])


def test_timeout_tells_who_was_silent() -> None:
    """An invitation that nobody answers ends by the clock, and tells who was silent."""
    stage, alice, _ = two()
    alice.call(
        "DartInvite", invitee="bob", data="", online_user_only=False, json_offline_push_info={}, timeout=5, invite_id_buffer=None
    )
    alice.heard()
    stage.advance(6_000)

    said = next(one for one in alice.heard() if one["callbackType"] == TIMED_OUT)
    assert ["bob"] == said["json_invitee_list"]
