"""Reading conversations through the channel: order, pages, filters of both dialects, single ones."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.stage import Phone, Stage


def listed(phone: Phone, count: int = 100) -> list[str]:
    """Return the ids of a list, read page by page to its end."""
    found: list[str] = []
    cursor = "0"
    for _ in range(1000):
        page = phone.call("getConversationList", nextSeq=cursor, count=count)
        found.extend(row["conversationID"] for row in page["conversationList"])
        if page["isFinished"]:
            return found
        assert count == len(page["conversationList"])
        cursor = page["nextSeq"]
    raise AssertionError("the list never ends")


def by_key(phone: Phone) -> list[str]:
    """Return the ids sorted as the UI kit does: by orderkey alone. No two keys may be the same."""
    rows = phone.call("getConversationList", nextSeq="0", count=100)["conversationList"]
    assert len(rows) == len({row["orderkey"] for row in rows})
    return [row["conversationID"][4:] for row in sorted(rows, key=lambda row: -row["orderkey"])]


def with_chats(stage: Stage, *peers: str) -> Phone:
    """Return alice with a chat for each peer, the first on top; what she heard is forgotten."""
    alice = stage.enter("alice")
    for peer in reversed(peers):
        alice.send("hi", to=peer)
    alice.heard()
    return alice


def filtered(phone: Phone, *, count: int = 100, **conditions: Any) -> list[str]:
    """Return the ids that a filter finds, read page by page, in the shape of the phone's dialect."""
    found: list[str] = []
    cursor = 0
    for _ in range(1000):
        page = phone.call("getConversationListByFilter", **filter_arguments(phone, cursor, count, conditions))
        assert isinstance(page["nextSeq"], str)
        found.extend(row["conversationID"] for row in page["conversationList"])
        if page["isFinished"]:
            return found
        cursor = int(page["nextSeq"])
    raise AssertionError("the list never ends")


def filter_arguments(phone: Phone, cursor: int, count: int, conditions: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of a filter call: `kind`, `group`, `mark`, `unread`, `mentioned`; what is left out is null."""
    wire = {"conversationType": conditions.get("kind"), "markType": conditions.get("mark")}
    if not phone.passes("getConversationListByFilter", "nextSeq"):
        return {"filter": {**wire, "groupName": conditions.get("group"), "nextSeq": cursor, "count": count}}
    wire |= {
        "conversationGroup": conditions.get("group"),
        "hasUnreadCount": conditions.get("unread"),
        "hasGroupAtInfo": conditions.get("mentioned"),
    }
    return {"filter": wire, "nextSeq": cursor, "count": count}


@pytest.mark.uses("getConversationListByFilter")
def test_filter_without_a_name(stage: Stage) -> None:
    """An empty name of a group is no condition."""
    alice = with_chats(stage, "bob", "carol")
    assert ["c2c_bob", "c2c_carol"] == filtered(alice) == filtered(alice, group="")


# --- the list


def test_empty_list_is_a_list(stage: Stage) -> None:
    """Nobody's list is an empty one that is finished."""
    page = stage.enter("alice").call("getConversationList", nextSeq="0", count=10)
    assert {"nextSeq": "0", "isFinished": True, "conversationList": []} == page


def test_latest_activity_comes_first(stage: Stage) -> None:
    """Sending and receiving move a chat to the top; orderkeys alone give the same order."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    for peer in ("x", "bob", "y"):
        alice.send("hi", to=peer)
    assert ["y", "bob", "x"] == by_key(alice)
    bob.send("hi", to="alice")
    assert ["bob", "y", "x"] == by_key(alice)
    assert [f"c2c_{name}" for name in by_key(alice)] == listed(alice)


@pytest.mark.parametrize("count", [1, 2, 3, 7, 100])
def test_pages_reach_the_end(stage: Stage, count: int) -> None:
    """Pages of any size give each chat once, in order."""
    alice = with_chats(stage, *"abcdefg")
    assert [f"c2c_{peer}" for peer in "abcdefg"] == listed(alice, count)


def test_pages_hold_with_drafts_and_pins(stage: Stage) -> None:
    """Drafts and pins change the order, not the completeness of pages."""
    alice = with_chats(stage, *"abcdefg")
    alice.call("setConversationDraft", conversationID="c2c_f", draftText="soon")
    alice.call("pinConversation", conversationID="c2c_c", isPinned=True)
    alice.call("pinConversation", conversationID="c2c_g", isPinned=True)
    alice.call("setConversationDraft", conversationID="c2c_g", draftText="later")
    for count in (1, 2, 3, 100):
        assert [f"c2c_{peer}" for peer in "gcfabde"] == listed(alice, count)
    assert list("gcfabde") == by_key(alice)


@pytest.mark.parametrize("cursor", ["", "0"])
def test_beginning_of_the_list(stage: Stage, cursor: str) -> None:
    """An empty cursor and "0" begin at the top; the cursor is a text."""
    alice = with_chats(stage, "a", "b")
    page = alice.call("getConversationList", nextSeq=cursor, count=1)
    assert ["c2c_a"] == [row["conversationID"] for row in page["conversationList"]]
    assert isinstance(page["nextSeq"], str)
    assert not page["isFinished"]


@pytest.mark.parametrize("count", [0, -1])
def test_count_must_be_positive(stage: Stage, count: int) -> None:
    """A count of 0 or less is refused with 6017; newer iOS adapters make 20 of a negative one in a filter."""
    alice = with_chats(stage, "a")
    assert 6017 == alice.refused("getConversationList", nextSeq="0", count=count)
    if count < 0 and stage.casts_as_ios:
        assert 1 == len(alice.call("getConversationListByFilter", **filter_arguments(alice, 0, count, {"kind": 1}))["conversationList"])
        return
    assert 6017 == alice.refused("getConversationListByFilter", **filter_arguments(alice, 0, count, {"kind": 1}))


@pytest.mark.parametrize(
    ("cursor", "as_c"), [("nonsense", 0), ("1.5", 1), (" 1", 1), ("+-1", 0), ("9223372036854775808", 1 << 63), ("0x1", 1)]
)
def test_cursor_that_is_no_number(stage: Stage, cursor: str, as_c: int) -> None:
    """Android's adapter dies of it; iOS begins at the top; Windows reads it as C does, and nothing is older than 1 is."""
    alice = with_chats(stage, "a")
    if stage.on_windows:
        page = alice.call("getConversationList", nextSeq=cursor, count=1)
        assert (0 if as_c == 1 else 1) == len(page["conversationList"])
        return
    if not stage.goes_by_ios:
        error = alice.error("getConversationList", nextSeq=cursor, count=1)
        assert (-32001, "unanswered") == (error.code, error.data["reason"])
    else:
        page = alice.call("getConversationList", nextSeq=cursor, count=1)
        assert 1 == len(page["conversationList"])


def test_negative_cursor_is_refused(stage: Stage) -> None:
    """A negative cursor is refused with 6017; newer iOS adapters begin at the top, and for Windows it is the greatest there is."""
    if stage.casts_as_ios or stage.on_windows:
        assert stage.enter("alice").call("getConversationList", nextSeq="-1", count=1)["isFinished"]
        return
    assert 6017 == stage.enter("alice").refused("getConversationList", nextSeq="-1", count=1)


def test_reading_tells_nobody(stage: Stage) -> None:
    """Reading lists and single chats emits nothing (release notes of 5.1)."""
    alice = with_chats(stage, "a", "b")
    listed(alice)
    alice.conversation("c2c_a")
    filtered(alice, kind=1)
    assert [] == alice.heard()


def test_cache_answers_after_a_failed_login(stage: Stage) -> None:
    """Lists come from the cache when a login was refused, not after a logout, and not before initSDK."""
    alice = with_chats(stage, "a")
    alice.call("logout")
    assert 6014 == alice.refused("getConversationList", nextSeq="0", count=10)
    assert 70002 == alice.reply("login", userID="alice", userSig="")["code"]
    assert ["c2c_a"] == listed(alice)
    row = alice.conversation("c2c_a")
    assert row["lastMessage"]["isSelf"]
    assert 6013 == stage.device().refused("getConversationList", nextSeq="0", count=10)


# --- one, and some


def test_unknown_conversation_is_made_up(stage: Stage) -> None:
    """An id without a conversation gives one made up from the profile, which no list shows."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.call("setSelfInfo", nickName="Bob", faceUrl="b.png")
    row = alice.conversation("c2c_bob")
    assert ("c2c_bob", 1, "Bob", "b.png", 0, 0) == tuple(
        row[key] for key in ("conversationID", "type", "showName", "faceUrl", "unreadCount", "recvOpt")
    )
    assert ("bob", stage.no_text, None) == tuple(row.get(key) for key in ("userID", "groupID", "lastMessage"))
    assert (False, [], [], "") == tuple(
        row[key] for key in ("isPinned", "markList", "conversationGroupList", "customData")
    )
    assert [] == listed(alice)
    group = alice.conversation("group_none")
    assert (2, stage.no_text, "none", "none") == tuple(group.get(key) for key in ("type", "userID", "groupID", "showName"))


@pytest.mark.parametrize("wrong", ["", "bob", "c2c_", "group_", "C2C_bob"])
def test_malformed_ids_are_refused(stage: Stage, wrong: str) -> None:
    """An id without one of the two prefixes is refused with 6017 and a text that says so (bindings 8.9)."""
    alice = stage.enter("alice")
    assert 6017 == alice.refused("getConversation", conversationID=wrong)
    assert "invalid conversation id" == alice.reply("getConversation", conversationID=wrong)["desc"]


def test_logged_out_has_a_code_of_its_own(stage: Stage) -> None:
    """getConversation answers 6004 when nobody is logged in, 6013 before initSDK (product docs: error codes)."""
    phone = stage.device()
    assert 6013 == phone.refused("getConversation", conversationID="c2c_bob")
    phone.call("initSDK", sdkAppID=1, logLevel=0, listenerUuid="u", uiPlatform=0)
    assert 6004 == phone.refused("getConversation", conversationID="c2c_bob")
    assert 6014 == phone.refused("getConversationListByConversaionIds", conversationIDList=["c2c_bob"])


def test_some_by_their_ids(stage: Stage) -> None:
    """Named conversations in the order of the ids; unknown and malformed ones are left out; no id is refused."""
    alice = with_chats(stage, "a", "b", "c")
    found = alice.call("getConversationListByConversaionIds", conversationIDList=["c2c_c", "c2c_x", "bad", "c2c_a"])
    assert ["c2c_c", "c2c_a"] == [row["conversationID"] for row in found]
    assert 6017 == alice.refused("getConversationListByConversaionIds", conversationIDList=[])
    reply = alice.reply("getConversationListByConversaionIds", conversationIDList=[])
    assert "no valid conversation id" == reply["desc"]


# --- filters


def scene(stage: Stage) -> Phone:
    """Return alice with chats a to d: a in the group Work, b starred, c both, d with an unread message."""
    dora = stage.enter("d")
    alice = with_chats(stage, "a", "b", "c")
    alice.call("createConversationGroup", groupName="Work", conversationIDList=["c2c_a", "c2c_c"])
    star = 0 if stage.client.shifts_marks else 1
    alice.call("markConversation", markType=star, enableMark=True, conversationIDList=["c2c_b", "c2c_c"])
    dora.send("hi", to="alice")
    return alice


def test_no_condition_is_all(stage: Stage) -> None:
    """A filter of nulls finds everything, as type 0 does; type 1 finds one-to-one chats, 2 groups; Windows does not read it."""
    alice = scene(stage)
    everything = ["c2c_d", "c2c_a", "c2c_b", "c2c_c"]
    assert everything == filtered(alice) == filtered(alice, kind=0) == filtered(alice, kind=1)
    assert everything == filtered(alice, count=1)
    found = [] if stage.has("getConversationListByFilter.filter.conversationType") else everything
    assert found == filtered(alice, kind=2)


def test_by_conversation_group(stage: Stage) -> None:
    """Members of a conversation group, in the order of the list; an unknown group has none."""
    alice = scene(stage)
    assert ["c2c_a", "c2c_c"] == filtered(alice, group="Work") == filtered(alice, group="Work", count=1)
    assert [] == filtered(alice, group="None")


def test_group_with_mark_zero(stage: Stage) -> None:
    """markType 0 beside a group name is no condition, in both dialects."""
    alice = scene(stage)
    assert ["c2c_a", "c2c_c"] == filtered(alice, kind=0, mark=0, group="Work")


def test_conditions_go_together(stage: Stage) -> None:
    """A group and a mark: only those that have both."""
    alice = scene(stage)
    second = 1 if stage.client.shifts_marks else 2
    alice.call("markConversation", markType=second, enableMark=True, conversationIDList=["c2c_c"])
    wanted = 1 if stage.client.shifts_filter_marks else 2
    assert ["c2c_c"] == filtered(alice, mark=wanted, group="Work")


def test_old_filter_takes_mark_numbers() -> None:
    """5.0: markType is the number of a bit, so 0 without a group is the star; an empty group name is no condition."""
    alice = scene(Stage("im-5.0"))
    assert ["c2c_b", "c2c_c"] == filtered(alice, mark=0)
    assert ["c2c_b", "c2c_c"] == filtered(alice, mark=0, group="")
    assert [] == filtered(alice, mark=1)
    assert 4 == len(filtered(alice, group=""))
    alice.call("markConversation", markType=40, enableMark=True, conversationIDList=["c2c_a"])
    assert ["c2c_a"] == filtered(alice, mark=40)


def test_new_filter_takes_mark_bits() -> None:
    """8.2: markType is the bits themselves, several mean any of them; 0 finds those without a mark; null is no condition."""
    alice = scene(Stage("chat-8.2"))
    alice.call("markConversation", markType=2, enableMark=True, conversationIDList=["c2c_a"])
    assert ["c2c_b", "c2c_c"] == filtered(alice, mark=1)
    assert ["c2c_a", "c2c_b", "c2c_c"] == filtered(alice, mark=1 | 2 | 4)
    assert ["c2c_d"] == filtered(alice, mark=0)
    assert 4 == len(filtered(alice, mark=None))


def test_new_filter_finds_those_in_no_group() -> None:
    """8.2: an empty group name finds the conversations that are in no group."""
    alice = scene(Stage("chat-8.2"))
    assert ["c2c_d", "c2c_b"] == filtered(alice, group="")


def test_new_filter_finds_unread_ones() -> None:
    """8.2: hasUnreadCount true finds those with unread messages, false those without, and so do mentions; null is no condition."""
    for platform in ("android", "ios"):
        alice = scene(Stage("chat-8.2", platform))
        assert ["c2c_d"] == filtered(alice, unread=True)
        assert 3 == len(filtered(alice, unread=False))
        assert 4 == len(filtered(alice, unread=None, mentioned=None))
        assert [] == filtered(alice, mentioned=True)
        assert 4 == len(filtered(alice, mentioned=False))


def test_wide_marks_hang_android() -> None:
    """8.2: Android's adapter dies of a mark from bit 32 up in the filter; iOS finds it."""
    for platform in ("android", "ios"):
        alice = scene(Stage("chat-8.2", platform))
        alice.call("markConversation", markType=1 << 40, enableMark=True, conversationIDList=["c2c_a"])
        if platform == "ios":
            assert ["c2c_a"] == filtered(alice, mark=1 << 40)
        else:
            error = alice.error("getConversationListByFilter", **filter_arguments(alice, 0, 10, {"mark": 1 << 40}))
            assert (-32001, "unanswered") == (error.code, error.data["reason"])


def test_unlisted_members_are_left_out(stage: Stage) -> None:
    """A member of a conversation group without a conversation is in no list, and comes when there is one."""
    alice = stage.enter("alice")
    alice.call("createConversationGroup", groupName="Work", conversationIDList=["c2c_new"])
    assert [] == filtered(alice, group="Work") == listed(alice)
    alice.send("hi", to="new")
    assert ["c2c_new"] == filtered(alice, group="Work") == listed(alice)
