"""Searching: words, senders, kinds, times, pages, and what is never found."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.world.kernel.world import Policy
from tests.support.groups import team
from tests.support.stage import Phone, Stage

BLANK: dict[str, Any] = {
    "conversationID": None,
    "keywordList": [],
    "type": 0,
    "userIDList": [],
    "messageTypeList": [],
    "searchTimePosition": 0,
    "searchTimePeriod": 0,
    "pageSize": 0,
    "pageIndex": 0,
}


def chats(stage: Stage) -> Phone:
    """Return alice's device; bob and carol have written to her."""
    alice, bob, carol = stage.enter("alice"), stage.enter("bob"), stage.enter("carol")
    for text in ("Green tea", "black TEA", "coffee"):
        bob.send(text, to="alice")
        stage.advance(60_000)
    carol.send("tea and coffee", to="alice")
    stage.advance(60_000)
    alice.send("no milk", to="carol")
    return alice


def search(phone: Phone, method: str = "searchLocalMessages", **wanted: Any) -> Any:
    """Search, and return what was found."""
    given = {**BLANK, **wanted}
    if phone.dialect == "chat-8.2":
        given = {"searchCount": 10, "searchCursor": "", **given}
    return phone.call(method, searchParam=given)


def texts(found: Any) -> list[str]:
    """Return the texts that are shown, in order."""
    return [row["textElem"]["text"] for item in found["messageSearchResultItems"] for row in item["messageList"]]


def test_all_conversations_show_counts(stage: Stage) -> None:
    """Without a conversation the total counts conversations, and one with more hits shows their number alone."""
    found = search(chats(stage), keywordList=["tea"])
    assert 2 == found["totalCount"]
    shown = [(item["conversationID"], item["messageCount"]) for item in found["messageSearchResultItems"]]
    assert [("c2c_carol", 1), ("c2c_bob", 2)] == shown
    assert ["tea and coffee"] == texts(found)


def test_one_conversation_shows_messages(stage: Stage) -> None:
    """With a conversation the total counts messages, newest first; upper and lower case are the same."""
    found = search(chats(stage), keywordList=["tea"], conversationID="c2c_bob")
    assert (2, ["black TEA", "Green tea"]) == (found["totalCount"], texts(found))


@pytest.mark.uses("searchLocalMessages.searchParam.type")
@pytest.mark.parametrize(("kind", "hits"), [(0, 2), (1, 1)])
def test_any_word_or_every_word(stage: Stage, kind: int, hits: int) -> None:
    """Type 0 wants one of the words, type 1 all of them."""
    assert hits == search(chats(stage), keywordList=["tea", "coffee"], type=kind)["totalCount"]


def test_senders_and_kinds(stage: Stage) -> None:
    """Senders and kinds narrow a search, and make one without words possible."""
    alice = chats(stage)
    if stage.has("searchLocalMessages.searchParam.userIDList"):
        assert ["no milk"] == texts(search(alice, userIDList=["alice"]))
    assert 2 == search(alice, messageTypeList=[1])["totalCount"]
    assert 0 == search(alice, messageTypeList=[3])["totalCount"]


def test_time_window(stage: Stage) -> None:
    """A position and a period bound the times, both ends included."""
    alice = chats(stage)
    start = 1_700_000_000
    found = search(alice, messageTypeList=[1], searchTimePosition=start + 65, searchTimePeriod=30)
    assert ["black TEA"] == texts(found)


def test_pages(stage: Stage) -> None:
    """Pages are counted from 0; the total is that of all."""
    alice = chats(stage)
    pages = [search(alice, messageTypeList=[1], conversationID="c2c_bob", pageSize=2, pageIndex=n) for n in (0, 1, 2)]
    assert [["coffee", "black TEA"], ["Green tea"], []] == [texts(page) for page in pages]
    assert {3} == {page["totalCount"] for page in pages}


def test_deleted_and_revoked_are_not_found(stage: Stage) -> None:
    """What is deleted for me or revoked by the sender is no hit."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    deleted, revoked = bob.send("word one", to="alice"), bob.send("word two", to="alice")
    alice.call("deleteMessages", msgIDs=[deleted["msgID"]])
    bob.call("revokeMessage", msgID=revoked["msgID"])
    assert 0 == search(alice, keywordList=["word"])["totalCount"]


def test_other_peoples_messages_are_not_found(stage: Stage) -> None:
    """A group's messages from before joining are nobody's hits."""
    group_id, (alice, bob, carol) = team(stage, "Work")
    bob.send("secret word", group=group_id)
    alice.call("inviteUserToGroup", groupID=group_id, userList=["dave"])
    dave = stage.enter("dave")
    assert 1 == search(carol, keywordList=["secret"])["totalCount"]
    assert 0 == search(dave, keywordList=["secret"])["totalCount"]


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"keywordList": ["a"] * 6},
        {"keywordList": ["a"], "userIDList": ["u"] * 6},
        {"keywordList": ["a"], "conversationID": "bob"},
        {"messageTypeList": [11]},
        {"keywordList": ["a"], "pageIndex": -1, "pageSize": 1},
    ],
    ids=str,
)
def test_refused_searches(stage: Stage, wanted: dict[str, Any]) -> None:
    """Nothing to look for, over five words or senders, and what means nothing: 6017."""
    alice = stage.enter("alice")
    if stage.on_windows and "userIDList" in wanted:  # which it does not read
        assert 0 == alice.call("searchLocalMessages", searchParam={**BLANK, **wanted})["totalCount"]
        return
    assert 6017 == alice.refused("searchLocalMessages", searchParam={**BLANK, **wanted})


def test_wide_numbers_on_android(stage: Stage) -> None:
    """The Android adapter casts numbers to 32 bits and never answers a wider one."""
    alice = chats(stage)
    wanted = {**BLANK, "keywordList": ["tea"], "searchTimePosition": 1 << 40}
    if stage.goes_by_ios:
        assert 2 == alice.call("searchLocalMessages", searchParam=wanted)["totalCount"]
        return
    alice.heard()
    assert -32001 == alice.error("searchLocalMessages", searchParam=wanted).code


def test_cloud_pages_by_cursor() -> None:
    """The cloud's pages go on with a cursor, which is empty behind the last one."""
    alice = chats(Stage())
    wanted = {"messageTypeList": [1], "conversationID": "c2c_bob", "searchCount": 2}
    first = search(alice, "searchCloudMessages", **wanted)
    rest = search(alice, "searchCloudMessages", **wanted, searchCursor=first["searchCursor"])
    assert [["coffee", "black TEA"], ["Green tea"]] == [texts(first), texts(rest)]
    assert "" == rest["searchCursor"]


@pytest.mark.parametrize("count", [0, None])
def test_cloud_without_a_count_finds_all(count: int | None) -> None:
    """A search that says not how many it wants has all on one page."""
    found = search(chats(Stage()), "searchCloudMessages", messageTypeList=[1], conversationID="c2c_bob", searchCount=count)
    assert (["coffee", "black TEA", "Green tea"], "", 3) == (texts(found), found["searchCursor"], found["totalCount"])


def test_cloud_search_is_refused() -> None:
    """A cursor of one's own is 6017; a plan without the service 60020."""
    alice = chats(Stage())
    alice.heard()
    wanted = {**BLANK, "keywordList": ["tea"], "searchCount": 10, "searchCursor": "x"}
    assert 6017 == alice.refused("searchCloudMessages", searchParam=wanted)
    poor = Stage(policy=Policy(switches={"cloud_search": False})).enter("alice")
    assert 60020 == poor.refused("searchCloudMessages", searchParam={**wanted, "searchCursor": ""})


@pytest.mark.parametrize("conversation", ["c2c_bob", None])
def test_ends_of_a_time_are_in_it(stage: Stage, conversation: str | None) -> None:
    """The time looked at reaches back from its position, both seconds included; without a period to the beginning."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    sent = []
    for number in range(9):
        sent.append(bob.send(f"tea {number}", to="alice")["timestamp"])
        stage.advance(10_000)

    def count(position: int, period: int) -> int:
        found = search(
            alice,
            keywordList=["tea"],
            conversationID=conversation,
            searchTimePosition=position,
            searchTimePeriod=period,
        )
        return sum(item["messageCount"] for item in found["messageSearchResultItems"])

    for first in range(9):
        for last in range(first + 1, 9):
            assert last - first + 1 == count(sent[last], sent[last] - sent[first])
    assert 5 == count(sent[4], 0)
    assert 4 == count(sent[4] - 1, 0)
    assert 0 == count(sent[0] - 1, 5)


@pytest.mark.uses("searchLocalMessages.searchParam.type")
def test_words_of_chained_elements(stage: Stage) -> None:
    """Words may stand in any element of a message; with type 1 each in another."""
    alice, _ = stage.enter("alice"), stage.enter("bob")
    base = alice.call("createTextMessage", text="green")["id"]
    more = alice.call("createTextMessage", text="TEA")["id"]
    alice.call("appendMessage", createMessageBaseId=base, createMessageAppendId=more)
    alice.call("sendMessage", id=base, receiver="bob", groupID="")
    assert 1 == search(alice, keywordList=["tea"])["totalCount"]
    assert 1 == search(alice, keywordList=["tea", "green"], type=1)["totalCount"]
    assert 0 == search(alice, keywordList=["tea", "black"], type=1)["totalCount"]


def test_cleared_messages_are_not_found(stage: Stage) -> None:
    """A search sees nothing of what a user has cleared."""
    alice = chats(stage)
    alice.call("clearC2CHistoryMessage", userID="bob")
    assert 0 == search(alice, keywordList=["tea"], conversationID="c2c_bob")["totalCount"]
    assert 1 == search(alice, keywordList=["tea"])["totalCount"]
