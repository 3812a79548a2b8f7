"""Groups of native apps: what Dart splits into listener calls goes out as tips, and as reports to whom it is about."""

from __future__ import annotations

import json
from typing import Any

import pytest
from attrs import evolve

from bridge.world.groups import groups, topics
from bridge.world.people import users
from tests.support.native import NativeApp, NativeStage

RECEIVED, TIPS, ATTRIBUTES, COUNTER = 7, 17, 18, 19
TIP, REPORT = 5, 8


def town(kind: int = 0, **keys: Any) -> tuple[NativeStage, NativeApp, NativeApp, NativeApp]:
    """Return a stage with a group of alice's, bob in it and carol outside."""
    stage = NativeStage()
    alice, bob, carol = stage.enter("alice"), stage.enter("bob"), stage.enter("carol")
    alice.call(
        "DartCreateGroup",
        json_group_create_param={
            "create_group_param_group_id": "town",
            "create_group_param_group_name": "town",
            "create_group_param_group_type": kind,
            "create_group_param_add_option": 2,
            "create_group_param_approve_option": 2,
            "create_group_param_group_member_array": [
                {"group_member_info_identifier": "bob", "group_member_info_member_role": 200}
            ],
            **{f"create_group_param_{key}": value for key, value in keys.items()},
        },
    )
    for app in (alice, bob, carol):
        app.heard()
    return stage, alice, bob, carol


def in_work() -> tuple[NativeStage, NativeApp]:
    """Return a stage, and alice on it, who owns the Work group w."""
    stage = NativeStage()
    alice = stage.enter("alice")
    work = {"create_group_param_group_name": "w", "create_group_param_group_type": 1, "create_group_param_group_id": "w"}
    alice.call("DartCreateGroup", json_group_create_param=work)
    return stage, alice


def tips(heard: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the tips among callbacks."""
    return [said["json_group_tip"] for said in heard if said["callbackType"] == TIPS]


def elements(heard: list[dict[str, Any]], kind: int) -> list[dict[str, Any]]:
    """Return the first elements of a kind of the messages among callbacks."""
    found = [one["message_elem_array"][0] for said in heard if said["callbackType"] == RECEIVED for one in said["json_msg_array"]]
    return [one for one in found if one["elem_type"] == kind]


def members(tip: dict[str, Any]) -> list[str]:
    """Return whom tips are about."""
    return [one["group_member_info_identifier"] for one in tip["group_tips_elem_changed_group_memberinfo_array"]]


def test_joining_goes_out_twice() -> None:
    """The others hear of somebody who joins in a message that shows it, and in tips that the listener hears; joined is 1."""
    _, _alice, bob, carol = town()
    carol.call("DartJoinGroup", group_id="town", hello_msg="")
    heard = bob.heard()

    assert [(1, 1, ["carol"])] == [
        (one["group_tips_elem_tip_type"], one["group_tips_elem_join_type"], members(one)) for one in tips(heard)
    ]
    assert [(1, ["carol"])] == [(one["group_tips_elem_tip_type"], members(one)) for one in elements(heard, TIP)]
    assert 3 == tips(heard)[0]["group_tips_elem_member_num"]
    assert [] == tips(carol.heard())


def test_invited_is_join_type_two() -> None:
    """Who is brought in is told to the others with join type 2, and to the invited in a report of type 7."""
    _, alice, bob, carol = town()
    outcome = alice.value(
        "DartInviteUserToGroup",
        json_group_invite_param={
            "group_invite_member_param_group_id": "town",
            "group_invite_member_param_identifier_array": ["carol"],
            "group_invite_member_param_user_data": "",
        },
    )

    assert [("carol", 1)] == [
        (one["group_invite_member_result_identifier"], one["group_invite_member_result_result"]) for one in outcome
    ]
    told = tips(bob.heard())[0]
    assert (1, 2, "alice", ["carol"]) == (
        told["group_tips_elem_tip_type"],
        told["group_tips_elem_join_type"],
        told["group_tips_elem_op_group_memberinfo"]["group_member_info_identifier"],
        members(told),
    )
    heard = carol.heard()
    report = elements(heard, REPORT)[0]
    assert (7, "town", "alice") == (
        report["group_report_elem_report_type"],
        report["group_report_elem_group_id"],
        report["group_report_elem_op_group_memberinfo"]["group_member_info_identifier"],
    )
    assert [] == tips(heard)


def test_kicked_hears_a_report() -> None:
    """Who is thrown out hears a report of type 4, the others tips of type 3."""
    _, alice, bob, carol = town()
    carol.call("DartJoinGroup", group_id="town", hello_msg="")
    for app in (bob, carol):
        app.heard()
    alice.call(
        "DartKickGroupMember",
        json_group_delete_param={
            "group_delete_member_param_group_id": "town",
            "group_delete_member_param_identifier_array": ["carol"],
            "group_delete_member_param_duration": 0,
            "group_delete_member_param_user_data": "",
        },
    )

    assert [(3, ["carol"])] == [(one["group_tips_elem_tip_type"], members(one)) for one in tips(bob.heard())]
    report = elements(carol.heard(), REPORT)[0]
    assert (4, "") == (report["group_report_elem_report_type"], report["group_report_elem_msg"])


def test_leaving_names_the_leaver() -> None:
    """Tips of type 2 name who has left as the one who did it; the own app hears a report of type 8."""
    _, alice, bob, _ = town()
    bob.call("DartQuitGroup", group_id="town")

    told = tips(alice.heard())[0]
    assert (2, "bob") == (
        told["group_tips_elem_tip_type"],
        told["group_tips_elem_op_group_memberinfo"]["group_member_info_identifier"],
    )
    assert [8] == [one["group_report_elem_report_type"] for one in elements(bob.heard(), REPORT)]


def test_dismissal_is_a_report() -> None:
    """The end of a group is a report of type 5 to each member."""
    _, alice, bob, _ = town()
    alice.call("DartDeleteGroup", group_id="town")

    assert [5] == [one["group_report_elem_report_type"] for one in elements(bob.heard(), REPORT)]


def test_applications_are_reports() -> None:
    """Asking to join is a report of type 1, the answer one of type 2 or 3 with its words; the whole application comes back."""
    _, alice, _bob, carol = town(add_option=1)
    carol.call("DartJoinGroup", group_id="town", hello_msg="let me in")
    report = elements(alice.heard(), REPORT)[0]
    assert (1, "carol", "let me in") == (
        report["group_report_elem_report_type"],
        report["group_report_elem_op_group_memberinfo"]["group_member_info_identifier"],
        report["group_report_elem_msg"],
    )

    listed = alice.value("DartGetGroupPendencyList", json_group_get_pendency_list_param="not used")
    asked = listed["group_pendency_result_pendency_array"][0]
    assert (1, "carol", 0) == (
        listed["group_pendency_result_unread_num"],
        asked["group_pendency_form_identifier"],
        asked["group_pendency_handled"],
    )
    alice.call(
        "DartHandleGroupPendency",
        json_group_handle_pendency_param={
            "group_handle_pendency_param_is_accept": False,
            "group_handle_pendency_param_handle_msg": "full",
            "group_handle_pendency_param_pendency": asked,
        },
    )
    report = elements(carol.heard(), REPORT)[0]
    assert (3, "full") == (report["group_report_elem_report_type"], report["group_report_elem_msg"])


def test_answers_to_invitations_are_reports() -> None:
    """A proposal is a report of type 24 to those who decide, the answer one of type 13 or 14: nobody comes in by it who is in already."""
    for agrees in (True, False):
        _, alice, bob, _ = town(approve_option=1)
        bob.call("DartInviteUserToGroup", json_group_invite_param=INVITE_CAROL)
        asked = elements(alice.heard(), REPORT)[0]
        assert (24, "carol") == (
            asked["group_report_elem_report_type"],
            asked["group_report_elem_op_group_memberinfo"]["group_member_info_identifier"],
        )
        pendency = alice.value("DartGetGroupPendencyList", json_group_get_pendency_list_param="not used")
        bob.heard()
        alice.call(
            "DartHandleGroupPendency",
            json_group_handle_pendency_param={
                "group_handle_pendency_param_is_accept": agrees,
                "group_handle_pendency_param_handle_msg": "so",
                "group_handle_pendency_param_pendency": pendency["group_pendency_result_pendency_array"][0],
            },
        )
        report = elements(bob.heard(), REPORT)[0]
        assert (13 if agrees else 14, "so") == (report["group_report_elem_report_type"], report["group_report_elem_msg"])


INVITE_CAROL = {"group_invite_member_param_group_id": "town", "group_invite_member_param_identifier_array": ["carol"]}


def test_invited_user_answers_for_itself() -> None:
    """Who wants to be asked finds an application of kind 1 in the own list, and comes in by a yes."""
    stage, _, bob, carol = town(approve_option=2)
    users.save(stage.world, evolve(users.profile(stage.world, "carol"), asked_first=True))
    items = bob.value("DartInviteUserToGroup", json_group_invite_param=INVITE_CAROL)
    assert [("carol", 3)] == [(one["group_invite_member_result_identifier"], one["group_invite_member_result_result"]) for one in items]
    pendency = carol.value("DartGetGroupPendencyList", json_group_get_pendency_list_param="not used")
    asked = pendency["group_pendency_result_pendency_array"][0]
    assert ("bob", "carol", 1) == tuple(asked[f"group_pendency_{key}"] for key in ("form_identifier", "to_identifier", "pendency_type"))
    carol.call(
        "DartHandleGroupPendency",
        json_group_handle_pendency_param={
            "group_handle_pendency_param_is_accept": True,
            "group_handle_pendency_param_handle_msg": "",
            "group_handle_pendency_param_pendency": asked,
        },
    )
    assert 7 in [one["group_report_elem_report_type"] for one in elements(carol.heard(), REPORT)]


def test_group_info_has_what_dart_wants() -> None:
    """A group's object has both options and the own state, without which Dart throws; the type is a number."""
    _, _alice, bob, _ = town()
    row = bob.value("DartGetJoinedGroupList")[0]

    assert (0, 2, 2) == tuple(row[f"group_detail_info_{key}"] for key in ("group_type", "add_option", "approve_option"))
    assert 200 == row["group_base_info_self_info"]["group_self_info_role"]
    gone = bob.value("DartGetGroupsInfo", json_group_getinfo_param=["town", "nowhere"])
    assert [0, 10010] == [one["get_groups_info_result_code"] for one in gone]
    assert {"group_detail_info_add_option", "group_detail_info_approve_option", "group_base_info_self_info"} <= set(
        gone[1]["get_groups_info_result_info"]
    )


@pytest.mark.parametrize(("number", "name"), [(0, "Public"), (1, "Work"), (2, "Meeting"), (4, "AVChatRoom"), (5, "Community")])
def test_group_types_are_numbers(number: int, name: str) -> None:
    """The types of groups cross as numbers, both ways."""
    stage = NativeStage()
    alice = stage.enter("alice")
    made = alice.value(
        "DartCreateGroup",
        json_group_create_param={"create_group_param_group_name": "g", "create_group_param_group_type": number},
    )
    group_id = made["create_group_result_groupid"]

    assert name == groups.find(stage.world, group_id).group_type
    info = alice.value("DartGetGroupsInfo", json_group_getinfo_param=[group_id])[0]["get_groups_info_result_info"]
    assert number == info["group_detail_info_group_type"]


def test_only_flagged_is_changed() -> None:
    """Of a group's changes those count that the flag names; the listener hears tips of type 6 with them."""
    _, alice, bob, _ = town()
    param = {
        "group_modify_info_param_group_id": "town",
        "group_modify_info_param_modify_flag": 1,
        "group_modify_info_param_group_name": "city",
        "group_modify_info_param_introduction": "not meant",
    }
    alice.call("DartSetGroupInfo", json_group_modify_info_param=param)

    told = tips(bob.heard())[0]
    assert (6, [(1, "city")]) == (
        told["group_tips_elem_tip_type"],
        [
            (one["group_tips_group_change_info_flag"], one["group_tips_group_change_info_value"])
            for one in told["group_tips_elem_group_change_info_array"]
        ],
    )
    info = alice.value("DartGetGroupsInfo", json_group_getinfo_param=["town"])[0]["get_groups_info_result_info"]
    assert ("city", "") == (info["group_detail_info_group_name"], info["group_detail_info_introduction"])


def test_muting_all_is_a_change() -> None:
    """Muting everybody is one tips callback with flag 8, of which Dart makes both of its calls."""
    _, alice, bob, _ = town()
    param = {
        "group_modify_info_param_group_id": "town",
        "group_modify_info_param_modify_flag": 256,
        "group_modify_info_param_is_shutup_all": True,
    }
    alice.call("DartSetGroupInfo", json_group_modify_info_param=param)

    changes = [one for told in tips(bob.heard()) for one in told["group_tips_elem_group_change_info_array"]]
    assert [(8, True)] == [
        (one["group_tips_group_change_info_flag"], one["group_tips_group_change_info_bool_value"]) for one in changes
    ]


def test_owner_flag_hands_over() -> None:
    """The highest bit of the flag hands the group over."""
    _, alice, bob, _ = town()
    param = {
        "group_modify_info_param_group_id": "town",
        "group_modify_info_param_modify_flag": 2147483648,
        "group_modify_info_param_owner": "bob",
    }
    alice.call("DartSetGroupInfo", json_group_modify_info_param=param)

    assert 400 == bob.value("DartGetJoinedGroupList")[0]["group_base_info_self_info"]["group_self_info_role"]


def _modify(app: NativeApp, flag: int, **keys: Any) -> int:
    param = {
        "group_modify_member_info_group_id": "town",
        "group_modify_member_info_identifier": "bob",
        "group_modify_member_info_modify_flag": flag,
        "group_modify_member_info_shutup_time": None,
        "group_modify_member_info_name_card": None,
        **{f"group_modify_member_info_{key}": value for key, value in keys.items()},
    }
    code: int = app.reply("DartModifyGroupMemberInfo", json_group_modify_meminfo_param=param)["code"]
    return code


def test_member_flags_say_what_is_meant() -> None:
    """One function mutes, gives a role, or changes what a member is called, by its flag."""
    _, alice, bob, _ = town()
    assert [0, 0, 0] == [_modify(alice, 2, member_role=300), _modify(alice, 4, shutup_time=60), _modify(bob, 8, name_card="B")]

    page = alice.value(
        "DartGetGroupMemberList",
        json_group_get_member_infos_param={
            "group_get_members_info_list_param_group_id": "town",
            "group_get_members_info_list_param_option": {"group_member_get_info_option_role_flag": 0},
            "group_get_members_info_list_param_next_seq": 0,
        },
    )
    row = next(one for one in page["group_get_member_info_list_result_info_array"] if one["group_member_info_identifier"] == "bob")
    assert (300, "B") == (row["group_member_info_member_role"], row["group_member_info_name_card"])
    assert row["group_member_info_shutup_time"] > 0
    assert 0 == page["group_get_member_info_list_result_next_seq"]


def test_muted_member_hears_a_report() -> None:
    """A muted member hears a report of type 17 with the seconds; the others, who stays muted."""
    _, alice, bob, carol = town()
    carol.call("DartJoinGroup", group_id="town", hello_msg="")
    for app in (bob, carol):
        app.heard()
    _modify(alice, 4, shutup_time=60)

    report = elements(bob.heard(), REPORT)[0]
    assert (17, 60) == (report["group_report_elem_report_type"], report["group_report_elem_shut_up_time"])
    told = next(one for one in tips(carol.heard()) if one["group_tips_elem_tip_type"] == 7)
    assert (["bob"], [{"group_tips_member_change_info_identifier": "bob", "group_tips_member_change_info_shutupTime": 60}]) == (
        members(told),
        told["group_tips_elem_member_change_info_array"],
    )


def test_members_by_id_are_a_page_that_ends() -> None:
    """Members that are asked for by their ids are answered as a page whose next number is 0."""
    _, alice, _, _ = town()
    page = alice.value(
        "DartGetGroupMemberList",
        json_group_get_member_infos_param={
            "group_get_members_info_list_param_group_id": "town",
            "group_get_members_info_list_param_identifier_array": ["bob", "nobody"],
            "group_get_members_info_list_param_next_seq": None,
        },
    )

    assert ["bob"] == [one["group_member_info_identifier"] for one in page["group_get_member_info_list_result_info_array"]]
    assert 0 == page["group_get_member_info_list_result_next_seq"]


def test_attributes_are_pairs() -> None:
    """Attributes go in and out as pairs, and are told as pairs."""
    _, alice, bob, _ = town()
    pairs = [{"group_attribute_key": "k", "group_attribute_value": "v"}]
    alice.call("DartSetGroupAttributes", group_id="town", json_group_attributes=pairs)

    assert pairs == bob.value("DartGetGroupAttributes", group_id="town", json_keys=["k"])
    assert pairs == next(said for said in bob.heard() if said["callbackType"] == ATTRIBUTES)["json_group_attribute_array"]


def test_counters_are_pairs() -> None:
    """Counters go in and out as pairs with numbers; each change is told by itself."""
    _, alice, bob, _ = town()
    pairs = [{"group_counter_key": "k", "group_counter_value": 7}]

    assert pairs == alice.value("DartSetGroupCounters", group_id="town", json_group_counter_array=pairs)
    raised = alice.value("DartIncreaseGroupCounter", group_id="town", group_counter_key="k", group_counter_value=2)
    assert 9 == raised[0]["group_counter_value"]
    assert [7, 9] == [said["group_counter_new_value"] for said in bob.heard() if said["callbackType"] == COUNTER]


def test_receive_option_is_a_report() -> None:
    """The own receive option of a group is told in a report of type 21, to the own apps alone."""
    _, alice, bob, _ = town()
    bob.call("DartSetGroupReceiveMessageOpt", group_id="town", opt=2)

    reports = elements(bob.heard(), REPORT)
    assert [(21, 2)] == [
        (one["group_report_elem_report_type"], one["group_report_elem_group_message_receive_option"]) for one in reports
    ]
    assert [] == elements(alice.heard(), REPORT)


def test_custom_fields_are_pairs() -> None:
    """Fields of the app's own in a group are pairs under the keys that Dart reads."""
    _, alice, _, _ = town()
    param = {
        "group_modify_info_param_group_id": "town",
        "group_modify_info_param_modify_flag": 512,
        "group_modify_info_param_custom_info": [
            {"group_info_custom_string_info_key": "k", "group_info_custom_string_info_value": "v"}
        ],
    }
    code = alice.reply("DartSetGroupInfo", json_group_modify_info_param=param)["code"]

    info = alice.value("DartGetGroupsInfo", json_group_getinfo_param=["town"])[0]["get_groups_info_result_info"]
    shown = [{"group_info_custom_string_info_key": "k", "group_info_custom_string_info_value": "v"}]
    assert (0, shown) == (code, info["group_detail_info_custom_info"])


def test_groups_are_found_in_the_cloud() -> None:
    """Groups are found by id or name, those that one is in and those that one may join, in pages; a bad page is refused."""
    stage, alice, _, carol = town()
    alice.call(
        "DartCreateGroup",
        json_group_create_param={
            "create_group_param_group_id": "town2",
            "create_group_param_group_name": "Townhall",
            "create_group_param_group_type": 1,
        },
    )
    param = {"group_search_params_keyword_list": ["TOWN"], "group_search_params_field_list": [1, 2]}

    def found(app: NativeApp) -> list[str]:
        page = app.value("DartSearchCloudGroups", json_group_search_groups_param=param)
        return [one["group_detail_info_group_id"] for one in page["group_search_result_group_list"]]

    assert (["town", "town2"], ["town"]) == (found(alice), found(carol))
    before = stage.snapshot()
    flaws: list[dict[str, Any]] = [{"group_search_params_field_list": []}, {"group_search_params_search_cursor": "x"}]
    for flaw in flaws:
        assert 6017 == alice.refused("DartSearchCloudGroups", json_group_search_groups_param={**param, **flaw})
    assert before == stage.snapshot()


def test_members_are_found_in_the_cloud() -> None:
    """Members of the own groups are found in pages, by their groups, in a text inside the text; a bad page is refused."""
    _, alice, _, carol = town()
    param = {
        "group_search_member_params_keyword_list": ["bo", "ali"],
        "group_search_member_params_field_list": [1],
        "group_member_search_params_search_count": 1,
    }
    first = alice.value("DartSearchCloudGroupMembers", json_group_search_group_members_param=param)
    assert (False, 2) == (first["group_member_search_result_is_finished"], first["group_member_search_result_total_count"])
    rows = json.loads(first["group_member_search_result_member_list"])
    assert ["town"] == [one["group_search_member_result_groupid"] for one in rows]
    assert 1 == len(rows[0]["group_search_member_result_member_info_list"])

    theirs = carol.value("DartSearchCloudGroupMembers", json_group_search_group_members_param=param)
    assert ("[]", 0) == (theirs["group_member_search_result_member_list"], theirs["group_member_search_result_total_count"])
    flaw = {**param, "group_member_search_params_search_cursor": "x"}
    assert 6017 == alice.refused("DartSearchCloudGroupMembers", json_group_search_group_members_param=flaw)


def test_native_app_is_a_desktop_for_others() -> None:
    """Whoever looks at members sees on which kind of terminal one is online, as the service names them."""
    _, alice = in_work()
    stem = "group_get_members_info_list_param"
    page = alice.value("DartGetGroupMemberList", json_group_get_member_infos_param={f"{stem}_group_id": "w", f"{stem}_next_seq": 0})
    (row,) = page["group_get_member_info_list_result_info_array"]
    assert ["Windows"] == row["group_member_info_online_devices"]


@pytest.mark.parametrize("option", [2, {"group_member_get_info_option_role_flag": 2}, None])
def test_members_are_filtered_as_each_generation_asks(option: Any) -> None:
    """8.5 says which members it wants by a number alone, later ones by an object with it; null is all."""
    _, alice = in_work()
    stem = "group_get_members_info_list_param"
    said = {f"{stem}_group_id": "w", f"{stem}_next_seq": 0, f"{stem}_option": option}
    page = alice.value("DartGetGroupMemberList", json_group_get_member_infos_param=said)
    assert (1 if option is None else 0) == len(page["group_get_member_info_list_result_info_array"])
    named = alice.value("DartGetGroupMemberList", json_group_get_member_infos_param={**said, f"{stem}_identifier_array": ["alice"]})
    assert ["alice"] == [row["group_member_info_identifier"] for row in named["group_get_member_info_list_result_info_array"]]


@pytest.mark.parametrize("custom", [{"k": "v"}, [{"group_info_custom_string_info_key": "k", "group_info_custom_string_info_value": "v"}]])
def test_own_fields_of_a_group_in_both_forms(custom: Any) -> None:
    """8.5 sends the fields that a group has of its own as a map, later ones as pairs; anything else is refused."""
    stage, alice = in_work()
    stem = "group_modify_info_param"
    said = {f"{stem}_group_id": "w", f"{stem}_modify_flag": 512, f"{stem}_custom_info": custom}
    alice.call("DartSetGroupInfo", json_group_modify_info_param=said)
    assert {"k": "v"} == dict(groups.find(stage.world, "w").custom)
    flawed: tuple[Any, ...] = ("k", {"k": []}, [{"group_info_custom_string_info_key": "k"}])
    for wrong in flawed:
        assert 6017 == alice.refused("DartSetGroupInfo", json_group_modify_info_param={**said, f"{stem}_custom_info": wrong})
    assert {"k": "v"} == dict(groups.find(stage.world, "w").custom)


COMMUNITY, TOPIC = "@TGS#_town", "@TGS#_town@TOPIC#_one"
OF_A_TOPIC: dict[int, tuple[str, str, Any]] = {
    1: ("group_topic_info_topic_name", "name", "n"),
    2: ("group_topic_info_notification", "notification", "no"),
    4: ("group_topic_info_introduction", "introduction", "in"),
    8: ("group_topic_info_topic_face_url", "face_url", "f"),
    256: ("group_topic_info_is_all_muted", "all_muted", True),
    2048: ("group_topic_info_custom_string", "custom", "c"),
    16384: ("group_modify_info_param_default_permissions", "default_permissions", 3),
}


@pytest.mark.parametrize("flag", OF_A_TOPIC)
def test_flags_say_what_changes_of_a_topic(flag: int) -> None:
    """Of all that a call says of a topic, that alone is changed whose flag is set."""
    stage = NativeStage()
    alice = stage.enter("alice")
    topic = topics.Topic(TOPIC, COMMUNITY, 1, "old")

    def make() -> None:
        group = groups.Group(COMMUNITY, "Community", "town", owner="alice", support_topic=True, permission_groups_on=True)
        stage.world[groups.GROUPS].put(COMMUNITY, group)
        stage.world[groups.MEMBERS].put((COMMUNITY, "alice"), groups.Member(COMMUNITY, "alice", groups.OWNER))
        stage.world[topics.TOPICS].put(TOPIC, topic)

    stage.emulator.run(make)
    said = {key: value for key, _, value in OF_A_TOPIC.values()}
    given = {"group_topic_info_topic_id": TOPIC, "group_modify_info_param_modify_flag": flag, **said}
    alice.call("DartSetTopicInfo", json_topic_info=given)
    _, name, value = OF_A_TOPIC[flag]
    assert evolve(topic, **{name: value}) == stage.world[topics.TOPICS][TOPIC]


def test_members_of_a_batch_are_answered_one_by_one() -> None:
    """Inviting and removing answer who, and what came of each: 1 succeeded, 2 was there, 0 failed."""
    _, alice, *_ = town()
    invited = alice.value(
        "DartInviteUserToGroup",
        json_group_invite_param={
            "group_invite_member_param_group_id": "town",
            "group_invite_member_param_identifier_array": ["carol", "bob"],
        },
    )
    result = "group_invite_member_result"
    assert [("carol", 1), ("bob", 2)] == [(one[f"{result}_identifier"], one[f"{result}_result"]) for one in invited]
    gone = alice.value(
        "DartKickGroupMember",
        json_group_delete_param={
            "group_delete_member_param_group_id": "town",
            "group_delete_member_param_identifier_array": ["carol", "dave"],
        },
    )
    result = "group_delete_member_result"
    assert ("carol", 1) == (gone[0][f"{result}_identifier"], gone[0][f"{result}_result"])
