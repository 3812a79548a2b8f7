"""Pins, drafts, marks and custom data through the channel."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.dialects import get
from bridge.world.chats import conversations
from tests.support.console import strict
from tests.support.stage import Phone, Stage

STAR, UNREAD, FOLD, HIDE = 1, 2, 4, 8
ILLEGAL_MARK = "Illegal markType, markType must be between [0x1l<<0,0x1l<<1,0x1l<<2,0x1l<<3,0x1l<<32,...,0x1l<<63]"


def top(phone: Phone) -> list[str]:
    """Return the peers of the list, from the top."""
    rows = phone.call("getConversationList", nextSeq="0", count=100)["conversationList"]
    assert rows == sorted(rows, key=lambda row: -row["orderkey"])
    return [row["conversationID"].partition("_")[2] for row in rows]


def two_devices(stage: Stage, *peers: str) -> tuple[Phone, Phone]:
    """Return two devices of alice, with a chat for each peer, the first on top; what they heard is forgotten."""
    other = stage.other_platform
    phone, tablet = stage.enter("alice"), stage.enter("alice", "tablet", platform=other)
    for peer in reversed(peers):
        phone.send("hi", to=peer)
    phone.heard()
    tablet.heard()
    return phone, tablet


def star(phone: Phone) -> int:
    """Return how a dialect names the star mark: 5.0 by the number of the bit, 8.2 by the bit."""
    return 0 if get(phone.dialect, phone.platform).client.shifts_marks else STAR


def items(found: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """Return (conversation id, code) of each result."""
    return [(item["conversationID"], item["resultCode"]) for item in found]


# --- pins


def test_pins_come_first_in_their_order(stage: Stage) -> None:
    """1 2 3 4 5 with 2 and 3 pinned is 2 3 1 4 5; activity moves within the two parts."""
    alice, _ = two_devices(stage, *"12345")
    for peer in ("2", "3"):
        alice.call("pinConversation", conversationID=f"c2c_{peer}", isPinned=True)
    assert list("23145") == top(alice)
    alice.send("hi", to="5")
    assert list("23514") == top(alice)
    alice.send("hi", to="3")
    assert list("32514") == top(alice)
    alice.call("pinConversation", conversationID="c2c_3", isPinned=False)
    assert list("23514") == top(alice)


def test_pins_reach_all_devices(stage: Stage) -> None:
    """Both devices hear of a pin and show it; the same again says nothing. iOS answers ok."""
    phone, tablet = two_devices(stage, "bob")
    expected = "ok" if stage.goes_by_ios else None
    assert expected == phone.call("pinConversation", conversationID="c2c_bob", isPinned=True)
    for device in (phone, tablet):
        (row,) = device.heard_one("onConversationChanged")
        assert ("c2c_bob", True) == (row["conversationID"], row["isPinned"])
        assert device.conversation("c2c_bob")["isPinned"]
    phone.call("pinConversation", conversationID="c2c_bob", isPinned=True)
    assert [] == phone.heard() + tablet.heard()
    tablet.call("pinConversation", conversationID="c2c_bob", isPinned=False)
    assert [[False]] == [[row["isPinned"] for row in data] for _, data in phone.heard("onConversationChanged")]


def test_pinning_makes_the_entry(stage: Stage) -> None:
    """A conversation that was never used is in the list once it is pinned; unpinning one makes none."""
    alice = stage.enter("alice")
    alice.call("pinConversation", conversationID="c2c_new", isPinned=False)
    assert [] == top(alice) + alice.heard()
    alice.call("pinConversation", conversationID="c2c_new", isPinned=True)
    assert ["new"] == top(alice)
    assert ["onConversationChanged"] == alice.heard_types()


def test_50_pins_and_no_more(stage: Stage) -> None:
    """The 51st pin is refused with 51012; there is room again once one is gone."""
    alice = stage.enter("alice")
    for number in range(50):
        alice.call("pinConversation", conversationID=f"c2c_u{number}", isPinned=True)
    assert 51012 == alice.refused("pinConversation", conversationID="c2c_one_more", isPinned=True)
    alice.call("pinConversation", conversationID="c2c_u7", isPinned=True)
    alice.call("pinConversation", conversationID="c2c_u7", isPinned=False)
    alice.call("pinConversation", conversationID="c2c_one_more", isPinned=True)


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("pinConversation", {"isPinned": True}),
        ("setConversationDraft", {"draftText": "x"}),
        ("deleteConversation", {}),
    ],
)
def test_malformed_ids_are_refused(stage: Stage, method: str, arguments: dict[str, Any]) -> None:
    """An id that is none is refused with 6017."""
    assert 6017 == stage.enter("alice").refused(method, conversationID="bob", **arguments)


# --- drafts


def test_draft_lifts_the_chat(stage: Stage) -> None:
    """A draft moves its chat to the top of those not pinned; without it the chat falls back."""
    alice, _ = two_devices(stage, *"12345")
    alice.call("pinConversation", conversationID="c2c_5", isPinned=True)
    alice.heard()
    alice.call("setConversationDraft", conversationID="c2c_4", draftText="soon")
    (row,) = alice.heard_one("onConversationChanged")
    assert ("soon", stage.now_s()) == (row["draftText"], row["draftTimestamp"])
    assert list("54123") == top(alice)
    alice.call("setConversationDraft", conversationID="c2c_5", draftText="too")
    assert list("54123") == top(alice)
    alice.call("setConversationDraft", conversationID="c2c_4", draftText=None)
    (row,) = [rows[0] for _, rows in alice.heard() if rows[0]["conversationID"] == "c2c_4"]
    assert (stage.no_text, 0) == (row.get("draftText"), row["draftTimestamp"])
    assert list("51234") == top(alice)


def test_drafts_stay_on_their_device(stage: Stage) -> None:
    """The other device neither hears of a draft nor shows it; each device has its own."""
    phone, tablet = two_devices(stage, "bob", "carol")
    phone.call("setConversationDraft", conversationID="c2c_carol", draftText="on the phone")
    assert [] == tablet.heard()
    assert ["bob", "carol"] == top(tablet)
    tablet.call("setConversationDraft", conversationID="c2c_carol", draftText="on the tablet")
    assert "on the phone" == phone.conversation("c2c_carol")["draftText"]
    assert "on the tablet" == tablet.conversation("c2c_carol")["draftText"]


def test_draft_outlives_the_login(stage: Stage) -> None:
    """A draft is the device's: it is there again after the next login, not for another user."""
    alice, _ = two_devices(stage, "bob")
    alice.call("setConversationDraft", conversationID="c2c_bob", draftText="later")
    alice.call("logout")
    alice.login("carol")
    assert stage.no_text == alice.conversation("c2c_bob").get("draftText")
    alice.login("alice")
    assert "later" == alice.conversation("c2c_bob")["draftText"]


@pytest.mark.parametrize("text", ["", None])
def test_no_text_clears(stage: Stage, text: str | None) -> None:
    """An empty text and null take the draft away; without one nothing is told."""
    alice, _ = two_devices(stage, "bob")
    alice.call("setConversationDraft", conversationID="c2c_bob", draftText="x")
    alice.heard()
    alice.call("setConversationDraft", conversationID="c2c_bob", draftText=text)
    assert ["onConversationChanged"] == alice.heard_types()
    assert stage.no_text == alice.conversation("c2c_bob").get("draftText")
    alice.call("setConversationDraft", conversationID="c2c_bob", draftText=text)
    assert [] == alice.heard()


def test_draft_works_from_the_cache(stage: Stage) -> None:
    """A draft is local: it can be set after a login that failed."""
    alice, _ = two_devices(stage, "bob")
    alice.call("logout")
    alice.reply("login", userID="alice", userSig="")
    alice.call("setConversationDraft", conversationID="c2c_bob", draftText="offline")
    assert "offline" == alice.conversation("c2c_bob")["draftText"]


# --- marks


def test_marks_come_and_go(stage: Stage) -> None:
    """A mark answers an item each, all devices hear, and the list of marks holds bits; repeating one says nothing."""
    phone, tablet = two_devices(stage, "bob", "carol")
    ids = ["c2c_bob", "c2c_carol"]
    mark = {"markType": star(phone), "conversationIDList": ids}
    assert [(one, 0) for one in ids] == items(phone.call("markConversation", enableMark=True, **mark))
    for device in (phone, tablet):
        assert [[STAR], [STAR]] == [row["markList"] for row in device.heard_one("onConversationChanged")]
    assert [(one, 0) for one in ids] == items(phone.call("markConversation", enableMark=True, **mark))
    assert [] == phone.heard() + tablet.heard()
    phone.call("markConversation", enableMark=False, **mark)
    assert [[], []] == [row["markList"] for row in tablet.heard_one("onConversationChanged")]


def test_marks_are_nothing_but_labels(stage: Stage) -> None:
    """The mark unread changes no count, hide hides nothing, and no mark moves a chat."""
    alice, _ = two_devices(stage, "bob", "carol")
    for bit in (UNREAD, HIDE):
        number = bit.bit_length() - 1 if stage.client.shifts_marks else bit
        alice.call("markConversation", markType=number, enableMark=True, conversationIDList=["c2c_carol"])
    row = alice.conversation("c2c_carol")
    assert (0, [UNREAD, HIDE]) == (row["unreadCount"], row["markList"])
    assert ["bob", "carol"] == top(alice)
    assert 0 == alice.call("getTotalUnreadMessageCount")


@pytest.mark.parametrize(("number", "bits"), [(0, STAR), (1, UNREAD), (2, FOLD), (3, HIDE)])
def test_old_client_passes_numbers(number: int, bits: int) -> None:
    """5.0: markType is the number of a bit."""
    for platform in ("android", "ios"):
        alice, _ = two_devices(Stage("im-5.0", platform), "bob")
        alice.call("markConversation", markType=number, enableMark=True, conversationIDList=["c2c_bob"])
        assert [bits] == alice.conversation("c2c_bob")["markList"]


def test_old_client_has_wide_marks() -> None:
    """5.0: numbers 32 to 63 are the app's own; Android shows them cut to 32 bits, which is 0."""
    for platform, shown in (("android", [0, 0]), ("ios", [1 << 40, -(1 << 63)])):
        alice, _ = two_devices(Stage("im-5.0", platform), "bob")
        for number in (40, 63):
            alice.call("markConversation", markType=number, enableMark=True, conversationIDList=["c2c_bob"])
        assert shown == alice.conversation("c2c_bob")["markList"]


@pytest.mark.parametrize("number", [4, 31, 64, -1])
def test_old_client_has_no_other_marks(number: int) -> None:
    """5.0: the adapter passes any number; the SDK refuses what is no mark with 6017."""
    alice, _ = two_devices(Stage("im-5.0"), "bob")
    assert 6017 == alice.refused("markConversation", markType=number, enableMark=True, conversationIDList=["c2c_bob"])


@pytest.mark.parametrize("bits", [1, 2, 4, 8, 1 << 32, 1 << 62, -(1 << 63)])
def test_new_client_passes_bits(bits: int) -> None:
    """8.2: markType is the bit itself; iOS dies of a negative one."""
    for platform in ("android", "ios") if bits > 0 else ("android",):
        alice, _ = two_devices(Stage("chat-8.2", platform), "bob")
        alice.call("markConversation", markType=bits, enableMark=True, conversationIDList=["c2c_bob"])
        assert [bits] == alice.conversation("c2c_bob")["markList"]


@pytest.mark.parametrize("bits", [0, 3, 16, 1 << 31, 3 << 40, -1])
def test_new_client_refuses_other_bits(bits: int) -> None:
    """8.2: the adapter itself refuses anything but one of the marks, with -1 and a text of its own."""
    for platform in ("android", "ios") if bits >= 0 else ("android",):
        alice, _ = two_devices(Stage("chat-8.2", platform), "bob")
        mark = {"markType": bits, "enableMark": True, "conversationIDList": ["c2c_bob"]}
        assert -1 == alice.refused("markConversation", **mark)
        assert ILLEGAL_MARK == alice.reply("markConversation", **mark)["desc"]


def test_the_version_trap(stage: Stage) -> None:
    """The Dart constants 0 to 3 are the marks in old versions; in 8.2 two are refused, unread sets the star, fold sets unread."""
    alice, _ = two_devices(stage, "bob")
    codes = [
        alice.reply("markConversation", markType=number, enableMark=True, conversationIDList=["c2c_bob"])["code"]
        for number in range(4)
    ]
    shifts = stage.client.shifts_marks
    assert ([0, 0, 0, 0] if shifts else [-1, 0, 0, -1]) == codes
    assert ([STAR, UNREAD, FOLD, HIDE] if shifts else [STAR, UNREAD]) == alice.conversation("c2c_bob")["markList"]


def test_marks_wait_for_the_conversation(stage: Stage) -> None:
    """Marking a conversation that is not there succeeds and is told; the mark shows when the conversation comes."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    alice.call("markConversation", markType=star(alice), enableMark=True, conversationIDList=["c2c_bob"])
    assert [[STAR]] == [row["markList"] for row in alice.heard_one("onConversationChanged")]
    assert [] == top(alice)
    bob.send("hi", to="alice")
    assert [[STAR]] == [row["markList"] for row in alice.heard_one("onNewConversation")]


# --- custom data


def test_custom_data_replaces(stage: Stage) -> None:
    """The text replaces what was there, on all devices; the same text says nothing, an empty one clears."""
    phone, tablet = two_devices(stage, "bob", "carol")
    ids = ["c2c_bob", "c2c_carol"]
    for text in ("one", "two", ""):
        found = phone.call("setConversationCustomData", customData=text, conversationIDList=ids)
        assert [(one, 0) for one in ids] == items(found)
        for device in (phone, tablet):
            assert [text, text] == [row["customData"] for row in device.heard_one("onConversationChanged")]
        phone.call("setConversationCustomData", customData=text, conversationIDList=ids)
        assert [] == phone.heard() + tablet.heard()
    assert ["bob", "carol"] == top(phone)


@pytest.mark.parametrize(
    ("text", "fits"), [("x" * 256, True), ("会" * 85, True), ("x" * 257, False), ("会" * 86, False)]
)
def test_custom_data_has_256_bytes(stage: Stage, text: str, fits: bool) -> None:
    """Over 256 bytes are refused with 6017."""
    alice, _ = two_devices(stage, "bob")
    if fits:
        alice.call("setConversationCustomData", customData=text, conversationIDList=["c2c_bob"])
        assert text == alice.conversation("c2c_bob")["customData"]
    else:
        assert 6017 == alice.refused("setConversationCustomData", customData=text, conversationIDList=["c2c_bob"])


# --- batches


def batches(phone: Phone, ids: list[str]) -> list[tuple[str, dict[str, Any]]]:
    """Return the two batch calls with a list of ids."""
    return [
        ("markConversation", {"markType": star(phone), "enableMark": True, "conversationIDList": ids}),
        ("setConversationCustomData", {"customData": "x", "conversationIDList": ids}),
    ]


@pytest.mark.parametrize("ids", [[], [f"c2c_{number}" for number in range(101)]])
def test_1_to_100_conversations_a_call(stage: Stage, ids: list[str]) -> None:
    """No id and over 100 are refused with 51006."""
    alice = stage.enter("alice")
    for method, arguments in batches(alice, ids):
        assert 51006 == alice.refused(method, **arguments)


def test_items_fail_singly(stage: Stage) -> None:
    """A malformed id is 6017, a group that is none 51007, a user that is none 50001; the others are done and told."""
    strict(stage)
    alice = stage.enter("alice")
    stage.enter("bob")
    ids = ["bob", "group_none", "c2c_none", "c2c_bob"]
    for method, arguments in batches(alice, ids):
        assert [("bob", 6017), ("group_none", 51007), ("c2c_none", 50001), ("c2c_bob", 0)] == items(
            alice.call(method, **arguments)
        )
        assert ["c2c_bob"] == [row["conversationID"] for row in alice.heard_one("onConversationChanged")]


def test_1000_labelled_conversations(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Marks, groups and custom data together take 1000 conversations; the next one is 51008, one of them is not."""
    assert 1000 == conversations.MAX_LABELLED
    monkeypatch.setattr(conversations, "MAX_LABELLED", 3)
    alice = stage.enter("alice")
    alice.call("createConversationGroup", groupName="Work", conversationIDList=["c2c_a"])
    alice.call("setConversationCustomData", customData="x", conversationIDList=["c2c_b"])
    for ids, codes in ((["c2c_c", "c2c_d"], [0, 51008]), (["c2c_a", "c2c_b"], [0, 0])):
        found = alice.call("markConversation", markType=star(alice), enableMark=True, conversationIDList=ids)
        assert codes == [item["resultCode"] for item in found]
    added = alice.call("addConversationsToGroup", groupName="Work", conversationIDList=["c2c_d"])
    assert [51008] == [item["resultCode"] for item in added]
    alice.call("setConversationCustomData", customData="", conversationIDList=["c2c_b"])
    alice.call("markConversation", markType=star(alice), enableMark=False, conversationIDList=["c2c_b"])
    added = alice.call("addConversationsToGroup", groupName="Work", conversationIDList=["c2c_d"])
    assert [0] == [item["resultCode"] for item in added]
