"""Adding, setting and removing listeners of every kind, with the oddities of each adapter."""

from __future__ import annotations

import pytest

from bridge.catalogue import load
from tests.support.stage import INIT, Phone, Stage

TOPICS = {
    "ConversationListener": "conversations",
    "AdvancedMsgListener": "messages",
    "GroupListener": "groups",
    "FriendListener": "friends",
    "SignalingListener": "signals",
}
SETTABLE = ["ConversationListener", "GroupListener", "FriendListener"]


def ready(stage: Stage, user: str = "alice") -> Phone:
    """Return a device that is logged in and listens to nothing."""
    return stage.enter(user, listen=False)


def hear_conversations(stage: Stage, phone: Phone) -> list[str]:
    """Cause a change of a conversation, and return the uuids of the events about it."""
    phone.call("pinConversation", conversationID="c2c_bob", isPinned=True)
    turn = phone.turn("setConversationDraft", conversationID="c2c_bob", draftText=f"d{stage.world.now_ms}")
    return [e.arguments["listenerUuid"] for e in turn.events if e.method == "conversationListener"]


@pytest.mark.parametrize("name", TOPICS)
def test_add_and_remove_answer_their_texts(stage: Stage, name: str) -> None:
    """Android answers a bare text, iOS an envelope with one, Windows one with null; each text is the one of its adapter."""
    phone = stage.device()
    catalogue = load(stage.dialect)
    verbs = ["add", "remove"] + (["set"] if name in SETTABLE and not stage.on_windows else [])
    for verb in verbs:
        spec = catalogue.method(f"{verb}{name}").reply(stage.platform)
        reply = phone.reply(f"{verb}{name}", listenerUuid="one")
        if stage.on_windows:
            assert {"code": 0, "desc": "OK", "data": None} == reply
        elif not stage.goes_by_ios:
            assert spec.text == reply
        else:
            assert {"code": 0, "desc": "ok", "data": spec.text} == reply


@pytest.mark.parametrize("name", TOPICS)
def test_listener_without_a_name(stage: Stage, name: str) -> None:
    """A listener whose name is empty is one like any other."""
    for verb in ["add"] + (["set"] if name in SETTABLE and not stage.on_windows else []):
        phone = stage.device()
        phone.reply(f"{verb}{name}", listenerUuid="")
        assert ("",) == stage.emulator.engine.device(phone.id).listeners[TOPICS[name]]


@pytest.mark.parametrize("name", TOPICS)
def test_removing_all_has_its_own_text(stage: Stage, name: str) -> None:
    """An empty uuid removes all; old Android adapters miss it and answer as for one, Windows answers the same for all."""
    phone = stage.device()
    phone.reply(f"add{name}", listenerUuid="one")
    spec = load(stage.dialect).method(f"remove{name}").reply(stage.platform)
    misses_all = stage.odd(f"remove{name}", "missesAll")
    reply = phone.reply(f"remove{name}", listenerUuid="")
    text = reply["data"] if stage.goes_by_ios or stage.on_windows else reply
    assert (spec.text if misses_all else spec.text_all) == text
    stays = misses_all or stage.odd(f"remove{name}", "doesNothing")
    kept = stage.emulator.engine.device(phone.id).listeners
    assert stays == (TOPICS[name] in kept)


def test_new_client_shares_one_listener(stage: Stage) -> None:
    """From 8.2 on one event without a uuid serves all listeners of a kind; in 5.0 each gets its own."""
    phone = ready(stage)
    for uuid in ("one", "two"):
        phone.reply("addConversationListener", listenerUuid=uuid)
    expected = [""] if stage.shares("conversationListener") else ["one", "two"]
    assert expected == hear_conversations(stage, phone)


@pytest.mark.uses("setConversationListener")
def test_set_listener_replaces_in_old_client(stage: Stage) -> None:
    """In 5.0 a listener that is set takes the place of the one set before, not of added ones; in 8.2 it is added."""
    phone = ready(stage)
    phone.reply("addConversationListener", listenerUuid="added")
    for uuid in ("first", "second"):
        phone.reply("setConversationListener", listenerUuid=uuid)
    every = ["added", "second"] if stage.client.replaces_set_listener else ["added", "first", "second"]
    expected = [""] if stage.shares("conversationListener") else every
    assert expected == hear_conversations(stage, phone)


def test_removed_listener_hears_nothing_more(stage: Stage) -> None:
    """Events go on for those who are left, and end with the last one; on Windows they go on for ever."""
    phone = ready(stage)
    for uuid in ("one", "two"):
        phone.reply("addConversationListener", listenerUuid=uuid)
    phone.reply("removeConversationListener", listenerUuid="one")
    odd = stage.odd("removeConversationListener", "endsWith")
    left = [""] if stage.shares("conversationListener") else ["two"]
    assert ([] if odd else left) == hear_conversations(stage, phone)
    phone.reply("removeConversationListener", listenerUuid="two")
    never = stage.odd("removeConversationListener", "doesNothing")
    assert ([""] if never else []) == hear_conversations(stage, phone)


def test_ios_looks_at_message_listeners_instead() -> None:
    """The 8.2 iOS adapter ends conversation events when no *message* listener is left, and goes on while one is."""
    stage = Stage("chat-8.2", "ios")
    phone = stage.enter("alice", listen=False)
    phone.reply("addAdvancedMsgListener", listenerUuid="messages")
    phone.reply("addConversationListener", listenerUuid="one")
    phone.reply("removeConversationListener", listenerUuid="one")
    assert [""] == hear_conversations(stage, phone)
    phone.reply("removeConversationListener", listenerUuid="")
    assert [] == hear_conversations(stage, phone)


def test_ios_never_removes_group_listeners() -> None:
    """The 8.2 iOS adapter looks in another table than the one it adds to: group events go on."""
    stage = Stage("chat-8.2", "ios")
    phone = stage.enter("alice", listen=False)
    phone.reply("addGroupListener", listenerUuid="one")
    for uuid in ("one", ""):
        phone.reply("removeGroupListener", listenerUuid=uuid)
    assert ("one",) == stage.emulator.engine.device(phone.id).listeners["groups"]


def test_removing_unknown_listener_changes_nothing(stage: Stage) -> None:
    """A uuid that nobody added is taken."""
    phone = ready(stage)
    phone.reply("addFriendListener", listenerUuid="one")
    phone.reply("removeFriendListener", listenerUuid="other")
    assert ("one",) == stage.emulator.engine.device(phone.id).listeners["friends"]


def test_adding_twice_keeps_one(stage: Stage) -> None:
    """The same uuid added again hears once."""
    phone = ready(stage)
    for _ in range(2):
        phone.reply("addConversationListener", listenerUuid="one")
    assert 1 == len(hear_conversations(stage, phone))


def test_added_twice_and_removed_once(stage: Stage) -> None:
    """Android's new adapter keeps a list: the listener is heard until it was removed as often as it was added. Elsewhere once is enough."""
    phone = ready(stage)
    for _ in range(2):
        phone.reply("addFriendListener", listenerUuid="one")
    trait = load(stage.dialect).trait(stage.platform, "removesOneListener")
    never = stage.odd("removeFriendListener", "doesNothing")
    is_listed = never or (bool(trait) and stage.shares("friendListener"))
    phone.reply("removeFriendListener", listenerUuid="one")
    stage.enter("bob").call("addFriend", userID="alice", addType=2)
    assert is_listed == ("onFriendListAdded" in phone.heard_types())
    phone.reply("removeFriendListener", listenerUuid="one")
    assert never == ("friends" in stage.emulator.engine.device(phone.id).listeners)


def test_no_replay_of_past_events(stage: Stage) -> None:
    """What happened before a listener came is lost to it, and it stands in the journal as dropped."""
    phone = ready(stage)
    phone.call("pinConversation", conversationID="c2c_bob", isPinned=True)
    phone.reply("addConversationListener", listenerUuid="late")
    assert [] == [kind for kind in phone.heard_types() if kind.startswith("onConversation")]
    dropped = [e for e in stage.emulator.engine.journal.entries() if e.kind == "dropped"]
    assert "conversationListener" in {entry.method for entry in dropped}


def test_listeners_need_no_client(stage: Stage) -> None:
    """Listeners are taken before initSDK, and stay through logout, a kick and a change of account."""
    phone = stage.device()
    phone.reply("addConversationListener", listenerUuid="one")
    phone.call("initSDK", **{**INIT, "listenerUuid": "sdk"})
    phone.login("alice")
    phone.call("logout")
    phone.login("bob")
    assert hear_conversations(stage, phone)


@pytest.mark.parametrize("platform", ["android", "ios"])
def test_community_listener_of_new_plugin(platform: str) -> None:
    """Adding answers an envelope; removing removes all on Android, and kills the app on iOS."""
    stage = Stage("chat-8.2", platform)
    phone = stage.device()
    text = "" if platform == "android" else "addCommunityListener is done"
    assert {"code": 0, "desc": "ok", "data": text} == phone.reply("addCommunityListener", listenerUuid="one")
    if platform == "ios":
        error = phone.error("removeCommunityListener", listenerID="one")
        assert (-32001, "crash") == (error.code, error.data["reason"])
        return
    assert {"code": 0, "desc": "ok", "data": ""} == phone.reply("removeCommunityListener", listenerID="other")
    assert "communities" not in stage.emulator.engine.device(phone.id).listeners


def test_old_plugin_has_no_community_listener() -> None:
    """5.0 knows no communities: an unknown method, with a word on who has it."""
    error = Stage("im-5.0").device().error("addCommunityListener", listenerUuid="one")
    assert -32601 == error.code
    assert ["chat-8.2", "chat-8.4", "chat-7.9"] == error.data["dialects"]


@pytest.mark.parametrize("verb", ["add", "remove"])
@pytest.mark.parametrize("platform", ["android", "ios"])
def test_new_plugin_refuses_simple_listeners(verb: str, platform: str) -> None:
    """From 8.2 on the listener for simple messages is refused on every platform."""
    stage = Stage("chat-8.2", platform)
    phone = stage.device()
    assert -1 == phone.refused(f"{verb}SimpleMsgListener", listenerUuid="one")


def test_old_plugin_takes_simple_listeners() -> None:
    """5.0 tells simple listeners of texts by themselves."""
    stage = Stage("im-5.0")
    alice, bob = stage.enter("alice"), stage.enter("bob", listen=False)
    assert "add simple msg listener success" == bob.reply("addSimpleMsgListener", listenerUuid="one")
    assert "removeSimpleMsgListener is done" == bob.reply("removeSimpleMsgListener", listenerUuid="")
    alice.send("hi", to="bob")
    assert ["onRecvC2CTextMessage"] == [kind for kind in bob.heard_types() if kind.startswith("onRecv")]
    assert "removeSimpleMsgListener is done" == bob.reply("removeSimpleMsgListener", listenerUuid="one")
    alice.send("hi", to="bob")
    assert [] == [kind for kind in bob.heard_types() if kind.startswith("onRecv")]


def test_every_initsdk_adds_a_listener_in_old_plugin() -> None:
    """In 5.0 each initSDK brings a listener of its own and old ones stay; from 8.2 on there is one for all."""
    for dialect, expected in (("im-5.0", ["first", "second"]), ("chat-8.2", [""])):
        phone = Stage(dialect).device()
        for uuid in ("first", "second"):
            phone.call("initSDK", **{**INIT, "listenerUuid": uuid})
        phone.login("alice")
        turn = phone.turn("setSelfStatus", status="busy")
        assert expected == [e.arguments["listenerUuid"] for e in turn.events if e.method == "initSDKListener"]
