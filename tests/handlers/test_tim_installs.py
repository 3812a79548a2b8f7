"""Installs: what an app without the service sees, and what it is told when it has it again."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve

from bridge.world.chats import connections
from bridge.world.kernel import installs
from bridge.world.people import users
from tests.support.installs import READS, busy, crew, seen
from tests.support.stage import INIT, Phone, Stage


def dropped(stage: Stage) -> list[str]:
    """Return the types of the events that nobody listened to."""
    return [entry[6]["type"] for entry in stage.emulator.engine.journal.entries() if entry[3] == "dropped"]


# --- without a network


def test_cut_off_device_sees_what_it_had(stage: Stage) -> None:
    """Every read answers as it did when the network went, whatever happens; back, as the service has it."""
    alice, bob = crew(stage)
    before = seen(alice)
    alice.cut()
    busy(bob)
    assert before == seen(alice)
    alice.mend()
    assert "not there yet" in seen(alice)
    assert "Bobby" in seen(alice)


def test_other_devices_see_the_service(stage: Stage) -> None:
    """One device of a user is cut off, another is not."""
    alice, bob = crew(stage)
    tablet = stage.enter("alice", "tablet", platform=stage.other_platform)
    alice.cut()
    busy(bob)
    assert "not there yet" in seen(tablet)
    assert "not there yet" not in seen(alice)


def test_own_doings_are_told_at_once(stage: Stage) -> None:
    """A draft, an inserted message and a failing send are shown and told without a network."""
    alice, bob = crew(stage)
    alice.cut()
    bob.send("not there yet", to="alice")
    alice.heard()
    bob.heard()
    alice.call("setConversationDraft", conversationID="c2c_bob", draftText="half")
    assert ["half"] == [row["draftText"] for row in alice.heard_one("onConversationChanged")]
    alice.call("insertC2CMessageToLocalStorage", data="note", userID="carol", sender="carol")
    assert ["group_carol" if stage.on_windows else "c2c_carol"] == [row["conversationID"] for row in alice.heard_one("onNewConversation")]
    created = alice.call("createTextMessage", text="hello?")
    reply = alice.reply("sendMessage", id=created["id"], receiver="bob", groupID="")
    told = [row["lastMessage"]["status"] for _, rows in alice.heard("onConversationChanged") for row in rows]
    assert (9508, 3, 3) == (reply["code"], reply["data"]["status"], told[-1])
    texts = [row["textElem"]["text"] for row in alice.history("bob")]
    assert ["hello?", "two", "one"] == texts
    assert [] == bob.heard()


def test_own_doings_outlive_the_return(stage: Stage) -> None:
    """What a device did without a network stands among what the service has."""
    alice, bob = crew(stage)
    alice.cut()
    bob.send("meanwhile", to="alice")
    created = alice.call("createTextMessage", text="hello?")
    alice.reply("sendMessage", id=created["id"], receiver="bob", groupID="")
    alice.mend()
    texts = [row["textElem"]["text"] for row in alice.history("bob")]
    assert ["hello?", "meanwhile", "two", "one"] == texts
    row = alice.conversation("c2c_bob")
    assert ("hello?", 2) == (row["lastMessage"]["textElem"]["text"], row["unreadCount"])


def test_own_doings_without_a_listener_are_dropped(stage: Stage) -> None:
    """The journal says so."""
    alice = stage.enter("alice", listen=False)
    alice.cut()
    alice.call("setConversationDraft", conversationID="c2c_bob", draftText="half")
    alice.call("insertC2CMessageToLocalStorage", data="note", userID="carol", sender="carol")
    assert "onNewConversation" in dropped(stage)


def test_killed_app_starts_from_what_it_had(stage: Stage) -> None:
    """An app that is started without a network shows what was there when it was killed."""
    alice, bob = crew(stage)
    before = seen(alice)
    alice.close()
    busy(bob)
    again = stage.device("alice's")
    again.call("initSDK", **{**INIT, "listenerUuid": "sdk"})
    again.cut()
    assert 9508 == again.reply("login", userID="alice", userSig="s")["code"]
    known = json.loads(before)
    for method in ("getConversationList", "getConversation", "getC2CHistoryMessageList", "getHistoryMessageList"):
        assert known[method] == again.reply(method, **READS[method]), method


def test_new_app_has_nothing_without_the_service(stage: Stage) -> None:
    """An install on which the user never was has nothing to show after a login that failed."""
    _, bob = crew(stage)
    busy(bob)
    other = stage.device("never there")
    other.call("initSDK", **{**INIT, "listenerUuid": "sdk"})
    other.cut()
    assert 9508 == other.reply("login", userID="alice", userSig="s")["code"]
    assert [] == other.call("getConversationList", nextSeq="0", count=20)["conversationList"]


def test_rollback_leads_back_to_what_was_seen(stage: Stage) -> None:
    """A checkpoint holds what a cut-off device has, and a rollback brings it back."""
    alice, bob = crew(stage)
    alice.cut()
    bob.send("before", to="alice")
    alice.call("setConversationDraft", conversationID="c2c_bob", draftText="half")
    kept, before = stage.emulator.checkpoint(), seen(alice)
    alice.call("insertC2CMessageToLocalStorage", data="note", userID="carol", sender="carol")
    alice.mend()
    busy(bob)
    stage.emulator.rollback(kept)
    assert before == seen(alice)
    alice.mend()
    assert "before" in seen(alice)


def test_nothing_is_kept_while_nobody_is_away() -> None:
    """With everybody connected there are no marks, no stores and no notices."""
    stage = Stage()
    _, bob = crew(stage)
    busy(bob)
    assert [] == stage.world.log.marks
    assert not [name for name in ("stores", "notices", "waiting") if stage.world.tables.get(name)]


def test_what_was_kept_is_let_go(stage: Stage) -> None:
    """When everybody is back nothing is left of what was kept for them."""
    alice, bob = crew(stage)
    alice.cut()
    busy(bob)
    assert stage.world[installs.NOTICES].rows
    alice.mend()
    assert not stage.world[installs.STORES].rows
    assert not stage.world[installs.NOTICES].rows
    assert not any(stage.world.log.marks)


# --- what is new


@pytest.mark.parametrize("away", ["cut", "logout", "killed"])
def test_only_the_difference_is_told(stage: Stage, away: str) -> None:
    """New is what the app has not had, changed what it had otherwise, and all else is silent."""
    alice, bob = crew(stage)
    carol = stage.enter("carol")
    carol.send("same as ever", to="alice")
    back = gone(alice, away)
    bob.send("again", to="alice")
    stage.enter("dave").send("hi", to="alice")
    alice = back()
    heard = alice.heard("onNewConversation", "onConversationChanged")
    told = [(kind, [row["conversationID"] for row in rows]) for kind, rows in heard]
    assert [("onNewConversation", ["c2c_dave"]), ("onConversationChanged", ["c2c_bob"])] == told


def gone(phone: Phone, away: str) -> Callable[[], Phone]:
    """Let a user's app be away in one of the ways there are. Returns what brings it back."""
    if away == "cut":
        phone.cut()
    elif away == "logout":
        phone.call("logout")
    else:
        phone.close()
    phone.heard()

    def back() -> Phone:
        if away == "cut":
            phone.mend()
            return phone
        again = stage_device(phone) if away == "killed" else phone
        again.login("alice")
        return again

    return back


def stage_device(phone: Phone) -> Phone:
    """Start an app that was killed again, with listeners of every kind."""
    again = phone.stage.device(phone.name, platform=phone.platform)
    again.call("initSDK", **{**INIT, "listenerUuid": "sdk"})
    for method in ("addConversationListener", "addAdvancedMsgListener", "addGroupListener", "addFriendListener"):
        again.reply(method, listenerUuid=f"again-{method}")
    again.heard()
    return again


def test_sync_that_never_was_is_made_up_for(stage: Stage) -> None:
    """An app whose first sync has failed has been told nothing, although it was there."""
    crew(stage)
    stage.emulator.run(lambda: connections.break_sync(stage.world))
    tablet = stage.enter("alice", "tablet", platform=stage.other_platform)
    tablet.close()
    stage.emulator.run(lambda: connections.mend_sync(stage.world))
    again = stage_device(tablet)
    again.login("alice")
    assert ["c2c_bob", "group_g1"] == sorted(row["conversationID"] for row in again.heard_one("onNewConversation"))


def test_quiet_return_tells_nothing(stage: Stage) -> None:
    """Nothing happened: a sync with nothing in it."""
    alice, _ = crew(stage)
    alice.cut()
    alice.heard()
    alice.mend()
    assert ["onConnecting", "onConnectSuccess", "onSyncServerStart", "onSyncServerFinish"] == alice.heard_types()


def test_first_login_has_all_as_new(stage: Stage) -> None:
    """An app on which the user never was has had nothing."""
    crew(stage)
    tablet = stage.device("tablet", platform=stage.other_platform)
    tablet.call("initSDK", **{**INIT, "listenerUuid": "sdk"})
    tablet.reply("addConversationListener", listenerUuid="c")
    tablet.login("alice")
    assert ["c2c_bob", "group_g1"] == sorted(row["conversationID"] for row in tablet.heard_one("onNewConversation"))


def test_first_of_many_installs_is_forgotten() -> None:
    """A user's installs that are away are remembered up to a number; to one that was forgotten all is new."""
    stage = Stage()
    stage.enter("bob").send("hi", to="alice")
    for number in range(installs.MAX_INSTALLS + 1):
        stage.enter("alice", f"phone {number}").close()
    assert installs.MAX_INSTALLS == len(stage.world[installs.STORES])
    told = []
    for number in (0, 1, installs.MAX_INSTALLS):
        phone = stage.device(f"phone {number}")
        phone.call("initSDK", **{**INIT, "listenerUuid": "sdk"})
        phone.reply("addConversationListener", listenerUuid="c")
        phone.login("alice")
        told.append(len(phone.heard("onNewConversation")))
        phone.call("logout")
    assert [1, 1, 0] == told


# --- what waits for listeners


def late(stage: Stage) -> Phone:
    """Return a device that logs in as alice, for whom there is something, before it listens."""
    crew(stage)
    tablet = stage.device("tablet", platform=stage.other_platform)
    tablet.call("initSDK", **{**INIT, "listenerUuid": "sdk"})
    tablet.heard()
    tablet.login("alice")
    assert [] == tablet.heard("onSyncServerStart", "onNewConversation", "onSyncServerFinish")
    return tablet


def test_sync_waits_for_listeners(stage: Stage) -> None:
    """A listener that is added next hears the sync behind the reply of its call, and once."""
    tablet = late(stage)
    tablet.reply("addFriendListener", listenerUuid="f")
    turn = tablet.turn("addConversationListener", listenerUuid="c")
    assert ["onSyncServerStart", "onNewConversation", "onSyncServerFinish"] == [one.arguments["type"] for one in turn.after]
    tablet.heard()
    tablet.reply("addAdvancedMsgListener", listenerUuid="m")
    assert {"onRecvNewMessage"} == set(tablet.heard_types())
    tablet.reply("addConversationListener", listenerUuid="c2")
    assert [] == tablet.heard()


def test_sync_is_lost_with_another_call(stage: Stage) -> None:
    """The first call that adds no listener ends the waiting, and the journal has what is lost."""
    tablet = late(stage)
    tablet.call("getLoginUser")
    lost = [kind for kind in dropped(stage) if kind != "onRecvNewMessage"]
    assert ["onSyncServerStart", "onNewConversation", "onSyncServerFinish"] == lost[-3:]
    tablet.reply("addConversationListener", listenerUuid="c")
    assert [] == tablet.heard()


def test_sync_is_lost_with_time(stage: Stage) -> None:
    """A move of the clock ends the waiting."""
    tablet = late(stage)
    stage.advance(1)
    tablet.reply("addConversationListener", listenerUuid="c")
    assert [] == tablet.heard()


def test_what_waited_is_told_as_it_is_now(stage: Stage) -> None:
    """What has changed since the login is told as it is when it is told."""
    tablet = late(stage)
    stage.enter("bob", "other").send("newer", to="alice")
    tablet.reply("addConversationListener", listenerUuid="c")
    rows = {row["conversationID"]: row for row in tablet.heard_one("onNewConversation")}
    assert "newer" == rows["c2c_bob"]["lastMessage"]["textElem"]["text"]


def test_logout_ends_the_waiting(stage: Stage) -> None:
    """The next session has its own sync."""
    tablet = late(stage)
    tablet.call("logout")
    tablet.reply("addConversationListener", listenerUuid="c")
    assert [] == tablet.heard()


def test_waiting_ends_for_each_device_alone(stage: Stage) -> None:
    """Calls of other devices do not end it."""
    tablet = late(stage)
    stage.enter("carol").call("getLoginUser")
    tablet.reply("addConversationListener", listenerUuid="c")
    assert "onSyncServerFinish" in tablet.heard_types()


# --- what catches up


def _granted(bob: Phone) -> None:
    bob.call("setGroupMemberRole", groupID="g1", userID="alice", role=300)


MISSED: list[tuple[str, Callable[[Phone], Any], list[str]]] = [
    ("dismissed", lambda bob: bob.call("dismissGroup", groupID="g1"), ["onGroupDismissed"]),
    ("kicked", lambda bob: bob.call("kickGroupMember", groupID="g1", memberList=["alice"], reason=""), ["onMemberKicked"]),
    ("granted", _granted, ["onGrantAdministrator"]),
    ("owner", lambda bob: bob.call("transferGroupOwner", groupID="g1", userID="alice"), ["onGroupInfoChanged"]),
    ("unfriended", lambda bob: bob.call("deleteFromFriendList", userIDList=["alice"], deleteType=2), ["onFriendListDeleted"]),
    ("profile", lambda bob: bob.call("setSelfInfo", nickName="Bobby"), ["onFriendInfoChanged"]),
    (
        "pulled in",
        lambda bob: bob.call(
            "createGroup", groupType="Public", groupID="g2", groupName="n", memberList=[{"userID": "alice", "role": 200}]
        ),
        ["onMemberInvited"],
    ),
    ("read", lambda bob: bob.call("markC2CMessageAsRead", userID="alice"), ["onRecvC2CReadReceipt"]),
]


@pytest.mark.parametrize("away", ["cut", "logout", "killed"])
@pytest.mark.parametrize(("doing", "types"), [pytest.param(does, types, id=name) for name, does, types in MISSED])
def test_missed_notices_come_once(away: str, doing: Callable[[Phone], Any], types: list[str]) -> None:
    """What groups, friends and readers did while the app was away is told when it is back, and never again."""
    stage = Stage()
    alice, bob = crew(stage)
    back = gone(alice, away)
    doing(bob)
    alice = back()
    assert types == [kind for kind in alice.heard_types() if kind in types]
    again = gone(alice, "cut")()
    assert [] == again.heard(*types)


def test_new_app_is_told_what_the_account_missed(stage: Stage) -> None:
    """A user whose other app is away, of whom nobody says since when, is told on a new app of what has been kept."""
    alice, bob = crew(stage)
    alice.close()
    users.save(stage.world, evolve(users.profile(stage.world, "alice"), missed_after=0))
    bob.call("deleteFromFriendList", userIDList=["alice"], deleteType=2)
    tablet = stage.device("tablet")
    tablet.call("initSDK", **{**INIT, "listenerUuid": "sdk"})
    tablet.reply("addFriendListener", listenerUuid="f")
    tablet.login("alice")
    assert ["onFriendListDeleted"] == [kind for kind, _ in tablet.heard("onFriendListDeleted")]


def test_recycled_group_is_told_later(stage: Stage) -> None:
    """The service takes a group back while a member is away."""
    from bridge.world.groups import memberships

    alice, _ = crew(stage)
    alice.cut()
    stage.emulator.run(lambda: memberships.recycle(stage.world, "g1"))
    alice.heard()
    alice.mend()
    assert "g1" == alice.heard_one("onGroupRecycled")["groupID"]


def test_applications_are_told_later(stage: Stage) -> None:
    """Who decides hears of an application that came meanwhile, who applied of the decision."""
    bob, alice = stage.enter("bob"), stage.enter("alice")
    bob.call("createGroup", groupType="Public", groupID="g3", groupName="n", addOpt=1)
    bob.cut()
    alice.call("joinGroup", groupID="g3", message="let me in", groupType="Public")
    alice.cut()
    bob.heard()
    bob.mend()
    assert "let me in" == bob.heard_one("onReceiveJoinApplication")["opReason"]
    one = bob.call("getGroupApplicationList")["groupApplicationList"][0]
    keys = ("groupID", "fromUser", "toUser", "addTime", "type")
    bob.call("acceptGroupApplication", reason="ok", **{key: one[key] for key in keys})
    alice.heard()
    alice.mend()
    assert alice.heard_one("onApplicationProcessed")["isAgreeJoin"]


def test_friend_applications_are_told_later(stage: Stage) -> None:
    """An application to somebody who is away."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    alice.call("setSelfInfo", allowType=1)
    alice.cut()
    bob.call("addFriend", userID="alice", remark="", friendGroup="", addWording="hi", addSource="", addType=2)
    alice.heard()
    alice.mend()
    assert ["bob"] == [one["userID"] for one in alice.heard_one("onFriendApplicationListAdded")]


def test_own_other_devices_are_caught_up_with(stage: Stage) -> None:
    """Conversation groups, marks, pins and the own profile, set elsewhere meanwhile; a draft is no other device's business."""
    alice, _ = crew(stage)
    tablet = stage.enter("alice", "tablet", platform=stage.other_platform)
    alice.cut()
    tablet.call("createConversationGroup", groupName="work", conversationIDList=["c2c_bob"])
    tablet.call("pinConversation", conversationID="group_g1", isPinned=True)
    tablet.call("setConversationDraft", conversationID="group_g1", draftText="half")
    tablet.call("setSelfInfo", nickName="Al")
    alice.heard()
    alice.mend()
    heard = alice.heard()
    assert ["work"] == [data["groupName"] for kind, data in heard if kind == "onConversationGroupCreated"]
    assert ["Al"] == [data["nickName"] for kind, data in heard if kind == "onSelfInfoUpdated"]
    changed = {row["conversationID"]: row for kind, rows in heard if kind == "onConversationChanged" for row in rows}
    assert (["work"], True) == (changed["c2c_bob"]["conversationGroupList"], changed["group_g1"]["isPinned"])
    assert not changed["group_g1"].get("draftText")


def test_revokes_of_known_messages_alone(stage: Stage) -> None:
    """A message that the app has is told as revoked; one that came and went meanwhile is not."""
    alice, bob = crew(stage)
    known = bob.send("known", to="alice")["msgID"]
    alice.cut()
    unknown = bob.send("unknown", to="alice")["msgID"]
    bob.call("revokeMessage", msgID=known)
    bob.call("revokeMessage", msgID=unknown)
    alice.heard()
    alice.mend()
    assert [known] == [data for kind, data in alice.heard("onRecvMessageRevoked")]


DOINGS: list[tuple[str, dict[str, Any], str]] = [
    ("addMessageReaction", {"reactionID": "+1"}, "onRecvMessageReactionsChanged"),
    ("pinGroupMessage", {"groupID": "g1", "isPinned": True}, "onGroupMessagePinned"),
]


@pytest.mark.parametrize("away", ["cut", "logout", "killed"])
@pytest.mark.parametrize(("method", "arguments", "kind"), DOINGS, ids=[method for method, *_ in DOINGS])
def test_doings_with_known_messages_alone(away: str, method: str, arguments: dict[str, Any], kind: str) -> None:
    """What was done to a message that the app has is told when it is back; to one that it has never had is not."""
    stage = Stage()
    alice, bob = crew(stage)
    known = bob.send("known", group="g1")["msgID"]
    back = gone(alice, away)
    unknown = bob.send("unknown", group="g1")["msgID"]
    for msg_id in (known, unknown):
        bob.call(method, msgID=msg_id, **arguments)
    told = [str(data) for _, data in back().heard(kind)]
    assert [(True, False)] == [(known in data, unknown in data) for data in told]


def test_notices_end_after_seven_days(stage: Stage) -> None:
    """The service keeps nothing for longer."""
    alice, bob = crew(stage)
    alice.cut()
    bob.call("setSelfInfo", nickName="Bobby")
    stage.advance(8 * 24 * 3600 * 1000)
    alice.heard()
    alice.mend()
    assert [] == alice.heard("onFriendInfoChanged")


# --- group messages of the last seconds


def texts(phone: Phone) -> list[str]:
    """Return the texts of the messages that a device has heard."""
    return [data["textElem"]["text"] for _, data in phone.heard("onRecvNewMessage") if data["elemType"] == 1]


def test_login_brings_late_group_messages_once(stage: Stage) -> None:
    """Those of the last 30 seconds, that the app has not had; the next login brings none of them again."""
    alice, bob = crew(stage)
    alice.call("logout")
    bob.send("too old", group="g1")
    stage.advance(25_000)
    bob.send("late", group="g1")
    stage.advance(10_000)
    alice.login("alice")
    assert (["late"] if stage.client.replays_groups else []) == texts(alice)
    alice.call("logout")
    alice.login("alice")
    assert [] == texts(alice)


def test_return_of_the_network_brings_no_group_messages(stage: Stage) -> None:
    """They show by their conversation."""
    alice, bob = crew(stage)
    alice.cut()
    bob.send("meanwhile", group="g1")
    alice.heard()
    alice.mend()
    assert [] == texts(alice)


def test_silenced_groups_bring_no_late_messages(stage: Stage) -> None:
    """With receive option 1 nothing arrives, late or not."""
    alice, bob = crew(stage)
    alice.call("setGroupReceiveMessageOpt", groupID="g1", opt=1)
    alice.call("logout")
    bob.send("late", group="g1")
    alice.login("alice")
    assert [] == texts(alice)
