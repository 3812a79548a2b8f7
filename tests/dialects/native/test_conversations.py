"""Conversations of native apps: ids, drafts, filters, what a kit dies of."""

from __future__ import annotations

from typing import Any

from tests.support.native import NativeApp, NativeStage

CONVERSATION, TOTAL, BY_FILTER = 32, 33, 34


def two() -> tuple[NativeStage, NativeApp, NativeApp]:
    """Return a stage with alice and bob, and a message between them."""
    stage = NativeStage()
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.send("hi", to="alice")
    alice.heard()
    return stage, alice, bob


def only(app: NativeApp) -> dict[str, Any]:
    """Return the one conversation of an app."""
    found: list[dict[str, Any]] = app.value("DartGetConversationList")
    assert 1 == len(found)
    return found[0]


def test_conversation_has_what_kits_want() -> None:
    """A conversation has a bare id and a kind, an order, an option and a last message with its risk: kits and Dart die without."""
    _, alice, _ = two()
    row = only(alice)

    assert ("bob", 1, 0) == (row["conv_id"], row["conv_type"], row["conv_recv_opt"])
    assert row["conv_active_time"] > 0
    assert 0 == row["conv_last_msg"]["message_risk_type_identified"]
    assert (1, False) == (row["conv_unread_num"], row["conv_is_has_draft"])


def test_deleted_ids_have_their_prefix() -> None:
    """The callback of a deletion names ids with prefix, as do the calls that take a list."""
    _, alice, _ = two()
    outcome = alice.value("DartDeleteConversationList", conversation_id_array=["c2c_bob"], clear_message=True)

    assert [0] == [one["conversation_operation_result_result_code"] for one in outcome]
    assert [["c2c_bob"]] == [said["json_conv_array"] for said in alice.heard() if said.get("conv_event") == 1]


def test_named_conversations_are_made_up() -> None:
    """Conversations that are asked for by target and kind come whether they exist or not, and are not kept."""
    stage, alice, _ = two()
    before = stage.snapshot()
    wanted = [
        {"get_conversation_list_param_conv_type": 1, "get_conversation_list_param_conv_id": name} for name in ("bob", "carol")
    ]

    assert ["bob", "carol"] == [one["conv_id"] for one in alice.value("DartGetConversation", json_get_conv_list_param=wanted)]
    assert before == stage.snapshot()


def _draft(app: NativeApp, text: str | None) -> Any:
    elems = [] if text is None else [{"elem_type": 0, "text_elem_content": text}]
    return app.returned(
        "DartSetConversationDraft",
        conv_id="bob",
        conv_type=1,
        json_draft_param={
            "draft_edit_time": None,
            "draft_user_define": None,
            "draft_msg": {"message_elem_array": elems, "message_risk_type_identified": 0},
        },
    )


def test_draft_is_there_when_call_returns() -> None:
    """A draft is set when its function returns 0; its time, which came as null, is the world's; an empty one takes it away."""
    stage, alice, _ = two()
    assert 0 == _draft(alice, "to do")
    row = only(alice)

    assert row["conv_is_has_draft"]
    assert stage.world.now_s == row["conv_draft"]["draft_edit_time"]
    elem = row["conv_draft"]["draft_msg"]["message_elem_array"][0]
    assert (0, "to do") == (elem["elem_type"], elem["text_elem_content"])
    assert 0 == _draft(alice, "")
    assert not only(alice)["conv_is_has_draft"]
    _draft(alice, "more")
    assert 0 == alice.returned("DartCancelConversationDraft", conv_id="bob", conv_type=1)
    assert not only(alice)["conv_is_has_draft"]


def test_filter_subscription_is_in_effect() -> None:
    """A filter is subscribed when its function returns, and told as a whole object from then on, until it is taken back."""
    _, alice, bob = two()
    wanted = {"conversation_list_filter_has_unread_count": True}
    assert 0 == alice.returned("DartSubscribeUnreadMessageCountByFilter", filter=wanted)
    alice.heard()
    bob.send("ho", to="alice")

    said = next(one for one in alice.heard() if one["callbackType"] == BY_FILTER)
    assert (2, True) == (said["total_unread_count"], said["filter"]["conversation_list_filter_has_unread_count"])
    assert 0 == alice.returned("DartUnsubscribeUnreadMessageCountByFilter", filter=wanted)
    bob.send("ha", to="alice")
    assert BY_FILTER not in alice.heard_types()


def test_empty_filter_means_all() -> None:
    """Keys of a filter that are not there say nothing."""
    _, alice, _ = two()
    page = alice.value("DartGetConversationListByFilter", filter={}, next_seq=0, count=10)

    assert ["bob"] == [one["conv_id"] for one in page["conversation_list_result_conv_list"]]
    assert {"conversation_list_result_next_seq", "conversation_list_result_is_finished"} < set(page)


def test_cleaning_read_conversations_is_silent() -> None:
    """Cleaning what has nothing unread tells nobody; sums are objects of integers."""
    _, alice, _ = two()
    count = "conv_get_total_unread_message_count_result_unread_count"
    assert {count: 1} == alice.value("DartGetTotalUnreadMessageCount")
    alice.call("DartCleanConversationUnreadMessageCount", conversation_id="c2c_bob", clean_timestamp=0, clean_sequence=0)
    assert {CONVERSATION, TOTAL} == set(alice.heard_types())
    alice.call("DartCleanConversationUnreadMessageCount", conversation_id="c2c_bob", clean_timestamp=0, clean_sequence=0)

    assert [] == alice.heard()
    assert {count: 0} == alice.value("DartGetUnreadMessageCountByFilter", filter={"conversation_list_filter_conv_type": 1})


def test_marks_and_data_and_pins() -> None:
    """Marks are bits, custom data and pins stand in the conversation; each of a batch has an outcome."""
    _, alice, _ = two()
    alice.value("DartMarkConversation", conversation_id_array=["c2c_bob"], mark_type=1, enable_mark=True)
    alice.value("DartSetConversationCustomData", conversation_id_array=["c2c_bob"], custom_data="d")
    alice.call("DartPinConversation", conv_id="bob", conv_type=1, is_pinned=True)
    row = only(alice)

    assert ([1], "d", True) == (row["conv_mark_array"], row["conv_custom_data"], row["conv_is_pinned"])


def test_ids_with_blanks_and_underscores() -> None:
    """Users whose ids hold blanks, underscores or what looks like a prefix are told apart."""
    stage = NativeStage()
    alice = stage.enter("alice")
    for name in ("a b", "group_x", "c2c_y", "z_"):
        alice.send("hi", to=name)

    assert {("a b", 1), ("group_x", 1), ("c2c_y", 1), ("z_", 1)} == {
        (one["conv_id"], one["conv_type"]) for one in alice.value("DartGetConversationList")
    }
