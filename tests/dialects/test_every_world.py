"""One evening on every dialect and platform there is: the referee holds each reply and event against that dialect's schemas."""

from __future__ import annotations

import pytest

from bridge.catalogue import load
from tests.support.stage import Stage
from tests.support.worlds import WORLDS, with_event, with_method


@pytest.fixture(params=WORLDS, ids="-".join)
def world(request: pytest.FixtureRequest) -> Stage:
    """Return a fresh stage of one dialect on one platform."""
    return Stage(*request.param)


def test_version_is_the_dialects(world: Stage) -> None:
    """The client tells the version that the dialect's data name."""
    assert load(world.dialect).native_version == world.device().call("getVersion")


def test_chats_are_told(world: Stage) -> None:
    """A message arrives with its conversation, is read, and is found again."""
    alice, bob = world.enter("alice"), world.enter("bob")
    sent = alice.send("hi", to="bob")
    assert {"onRecvNewMessage", "onNewConversation"} <= set(bob.heard_types())
    assert 1 == bob.conversation("c2c_alice")["unreadCount"]
    page = bob.history("alice")
    assert [sent["msgID"]] == [message["msgID"] for message in page]


def test_groups_are_told(world: Stage) -> None:
    """A group comes to be, is joined and spoken in."""
    alice, bob = world.enter("alice"), world.enter("bob")
    group = alice.call("createGroup", groupType="Public", groupName="club", groupID="club", memberList=[])
    bob.call("joinGroup", groupID=group, message="", groupType="Public")
    alice.send("welcome", group=group)
    assert "club" == alice.call("getGroupsInfo", groupIDList=[group])[0]["groupInfo"]["groupName"]


def test_labels_are_told(world: Stage) -> None:
    """A conversation group is made and listed, and a mark is shown as its bit."""
    alice, bob = world.enter("alice"), world.enter("bob")
    bob.send("hi", to="alice")
    alice.heard()
    alice.call("createConversationGroup", groupName="work", conversationIDList=["c2c_bob"])
    assert "onConversationGroupCreated" in alice.heard_types()
    bit = 0 if load(world.dialect).native_number < 800 else 1
    alice.call("markConversation", markType=bit, enableMark=True, conversationIDList=["c2c_bob"])
    assert [1] == alice.conversation("c2c_bob")["markList"]


def test_events_go_to_each_listener_or_to_all(world: Stage) -> None:
    """As the dialect's data have it: one event with the uuid '', or one for each listener with its own."""
    alice, bob = world.enter("alice"), world.enter("bob")
    alice.reply("addConversationListener", listenerUuid="second")
    bob.send("hi", to="alice")
    told = [e for e in alice._heard if e.arguments["type"] == "onNewConversation"]
    listener = load(world.dialect).listener("conversationListener")
    assert listener is not None
    uuids = [""] if listener.shared else ["alice's-addConversationListener", "second"]
    assert uuids == [event.arguments["listenerUuid"] for event in told]


@pytest.mark.parametrize(("dialect", "platform"), with_event("simpleMsgListener", "onRecvC2CTextMessage"))
def test_simple_listener_hears_where_it_is(dialect: str, platform: str) -> None:
    """On the dialects that have it a text is told a second time."""
    stage = Stage(dialect, platform)
    alice, bob = stage.enter("alice"), stage.enter("bob")
    alice.send("hi", to="bob")
    assert "onRecvC2CTextMessage" in bob.heard_types()


@pytest.mark.parametrize(("dialect", "platform"), with_method("doBackground"))
def test_background_is_answered_where_it_is(dialect: str, platform: str) -> None:
    """iOS never answers it on the chat dialects; macOS, which is like it in nearly all, does."""
    reply = load(dialect).method("doBackground")
    assert reply is not None
    phone = Stage(dialect, platform).enter("alice")
    if reply.reply(platform).unanswered:
        assert -32001 == phone.error("doBackground", unreadCount=1).code
    else:
        assert phone.call("doBackground", unreadCount=1) is None


def test_text_names_the_ui_where_it_is_old() -> None:
    """4.1.1 sends uiPlatform as a text, 4.1.9 as a number: both start."""
    for value in ("flutter", 1):
        phone = Stage("im-4.1").device()
        assert phone.call("initSDK", sdkAppID=1, logLevel=3, listenerUuid="u", uiPlatform=value)


def test_key_is_misspelt_as_it_was() -> None:
    """Android 6.1 spells intValye."""
    alice = Stage("im-6.1").enter("alice")
    group = alice.call("createGroup", groupType="Public", groupName="club", groupID="club", memberList=[])
    alice.heard()
    alice.call("setGroupInfo", groupID=group, groupName="pub", groupType="Public")
    change = alice.heard_one("onGroupInfoChanged")["groupChangeInfoList"][0]
    assert ("intValye" in change, "intValue" in change) == (True, False)


def test_filter_takes_bits_before_marks_do() -> None:
    """6.1 shifts the mark of a call, not the one in a filter (adapter 6.1)."""
    stage = Stage("im-6.1")
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.send("hi", to="alice")
    alice.call("markConversation", markType=1, enableMark=True, conversationIDList=["c2c_bob"])
    page = alice.call("getConversationListByFilter", filter={"markType": 2}, nextSeq=0, count=5)
    assert ["c2c_bob"] == [row["conversationID"] for row in page["conversationList"]]


@pytest.mark.parametrize("platform", load("chat-8.4").platforms)
def test_inserted_message_may_be_no_last_one(platform: str) -> None:
    """From 8.2.6325+2 on a message can be put into a history without becoming the conversation's last."""
    stage = Stage("chat-8.4", platform)
    alice, bob = stage.enter("alice"), stage.enter("bob")
    group = alice.call("createGroup", groupType="Work", groupName="crew", memberList=[{"userID": "bob", "role": 200}])
    places = {"c2c_bob": ("insertC2CMessageToLocalStorage", {"userID": "bob"})}
    places[f"group_{group}"] = ("insertGroupMessageToLocalStorage", {"groupID": group})
    if stage.on_windows:  # which inserts into a group in place of a chat
        del places["c2c_bob"]
    for place, (method, target) in places.items():
        sent = bob.send("hi", **({"to": "alice"} if place == "c2c_bob" else {"group": group}))
        for excluded in (True, False):
            put = alice.call(method, data="note", sender="bob", isExcludedFromLastMessage=excluded, **target)
            last = alice.conversation(place)["lastMessage"]["msgID"]
            assert (sent["msgID"] if excluded else put["msgID"]) == last
