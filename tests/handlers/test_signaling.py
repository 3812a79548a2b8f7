"""Invitations between two users: calling, answering, and what comes of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bridge.catalogue import load
from bridge.world.chats import connections, elements, invitations, messages, sending, signals, visibility
from bridge.world.kernel.world import Policy
from tests.support.stage import Phone, Stage

EVENTS = {
    "onReceiveNewInvitation",
    "onInviteeAccepted",
    "onInviteeRejected",
    "onInvitationCancelled",
    "onInvitationTimeout",
}
STEPS = {"cancel": "onInvitationCancelled", "accept": "onInviteeAccepted", "reject": "onInviteeRejected"}


def invite(phone: Phone, invitee: str = "bob", **options: Any) -> str:
    """Call a user; return the id of the invitation."""
    arguments = {"data": "call", "timeout": 30, "onlineUserOnly": False, "offlinePushInfo": None, **options}
    invite_id: str = phone.call("invite", invitee=invitee, **arguments)
    return invite_id


def rings(phone: Phone) -> list[tuple[str, Any]]:
    """Return what a device has heard of invitations since the last look."""
    return phone.heard(*EVENTS)


def said(message: Any) -> Any:
    """Return what the message of a step says."""
    return json.loads(message["customElem"]["data"])


def history(phone: Phone, peer: str) -> list[Any]:
    """Return the messages that a user sees in a chat, the newest first."""
    world = phone.stage.world
    table = world[messages.MESSAGES]
    found = table.index("channel").older(messages.c2c_channel(phone.user, peer))
    rows = [table[msg_id] for msg_id in found if visibility.is_visible(world, phone.user, table[msg_id])]
    return [{"msgID": row.msg_id, "sender": row.sender, "customElem": elements.fields(row.elems[0])} for row in rows]


def test_invite_answers_an_id_and_rings(stage: Stage) -> None:
    """The reply is the id; the invitee alone hears of it, with all that the app needs to ring."""
    alice, bob, carol = stage.enter("alice"), stage.enter("bob"), stage.enter("carol")
    invite_id = invite(alice)
    assert invite_id
    expected = {"inviteID": invite_id, "inviter": "alice", "groupID": "", "inviteeList": ["bob"], "data": "call"}
    assert [("onReceiveNewInvitation", expected)] == rings(bob)
    assert [] == rings(alice) == rings(carol)
    assert invite_id != invite(alice)


def test_each_step_is_a_stored_message(stage: Stage) -> None:
    """Invitation and answer are custom messages in both histories; the invitee's counts as unread."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    invite_id = invite(alice)
    (message,) = [data for _, data in bob.heard("onRecvNewMessage")]
    assert {
        "businessID": 1,
        "inviteID": invite_id,
        "inviter": "alice",
        "inviteeList": ["bob"],
        "groupID": "",
        "actionType": 1,
        "data": "call",
        "timeout": 30,
        "onlineUserOnly": False,
    } == said(message)
    assert 1 == bob.conversation("c2c_alice")["unreadCount"]
    assert message["msgID"] == bob.conversation("c2c_alice")["lastMessage"]["msgID"]
    bob.call("accept", inviteID=invite_id, data="yes")
    (answer,) = [data for _, data in alice.heard("onRecvNewMessage")]
    assert (3, "yes", "bob") == (said(answer)["actionType"], said(answer)["data"], answer["sender"])


@pytest.mark.parametrize("method", ["accept", "reject"])
def test_answer_reaches_the_inviter(stage: Stage, method: str) -> None:
    """Whoever called hears the answer with its data; the answering device does not."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    invite_id = invite(alice)
    rings(alice), rings(bob)
    bob.call(method, inviteID=invite_id, data="so")
    assert [(STEPS[method], {"inviteID": invite_id, "invitee": "bob", "data": "so"})] == rings(alice)
    assert [] == rings(bob)


def test_cancel_reaches_the_invitee(stage: Stage) -> None:
    """Taking it back tells the invitee, and leaves a message with its own data."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    invite_id = invite(alice)
    bob.heard()
    alice.call("cancel", inviteID=invite_id, data="sorry")
    heard = bob.heard()
    expected = ("onInvitationCancelled", {"inviteID": invite_id, "inviter": "alice", "data": "sorry"})
    assert expected == heard[0]
    (message,) = [data for kind, data in heard if kind == "onRecvNewMessage"]
    assert (2, "sorry") == (said(message)["actionType"], said(message)["data"])


@pytest.mark.parametrize("method", ["accept", "reject", "cancel"])
def test_answers_of_the_platforms(stage: Stage, method: str) -> None:
    """Android answers null, iOS 'ok'; without data iOS never answers, Android takes it as ''."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    phone = alice if method == "cancel" else bob
    for data in ("x", None):
        invite_id = invite(alice)
        alice.heard(), bob.heard()
        if data is None and stage.goes_by_ios:
            error = phone.error(method, inviteID=invite_id, data=None)
            assert (-32001, "unanswered") == (error.code, error.data["reason"])
            continue
        assert ("ok" if stage.goes_by_ios else None) == phone.call(method, inviteID=invite_id, data=data)
        other = bob if method == "cancel" else alice
        assert (data or "") == other.heard_one(STEPS[method])["data"]


@pytest.mark.parametrize("first", ["accept", "reject", "cancel", "timeout"])
@pytest.mark.parametrize("second", ["accept", "reject", "cancel"])
def test_over_is_over(stage: Stage, first: str, second: str) -> None:
    """What was answered, taken back or ran out cannot be answered or taken back again: 8010."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    invite_id = invite(alice)
    if first == "timeout":
        stage.advance(30_000)
    else:
        (alice if first == "cancel" else bob).call(first, inviteID=invite_id, data="")
    assert 8010 == (alice if second == "cancel" else bob).refused(second, inviteID=invite_id, data="")


@pytest.mark.parametrize("method", ["accept", "reject", "cancel"])
def test_unknown_id_is_refused(stage: Stage, method: str) -> None:
    """An id that nobody gave out is 8010, and so is one that this client was never told of; an empty one is 6017."""
    alice, carol = stage.enter("alice"), stage.enter("carol")
    assert 8010 == alice.refused(method, inviteID="none", data="")
    assert 8010 == carol.refused(method, inviteID=invite(alice), data="")
    assert 6017 == alice.refused(method, inviteID="", data="")


def test_only_the_inviter_cancels(stage: Stage) -> None:
    """An invitee cannot take it back, and the inviter cannot answer: 8011."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    invite_id = invite(alice)
    assert 8011 == bob.refused("cancel", inviteID=invite_id, data="")
    for method in ("accept", "reject"):
        assert 8011 == alice.refused(method, inviteID=invite_id, data="")


def test_refusal_texts_are_known(stage: Stage) -> None:
    """8010 has the text that apps have seen."""
    reply = stage.enter("alice").reply("accept", inviteID="none", data="")
    assert {"code": 8010, "desc": "inviteID invalid or invitation has been processed"} == reply


def test_nobody_to_call_is_refused(stage: Stage) -> None:
    """An empty invitee is 6017 on Android; iOS makes a blank of it, whom the service does not know."""
    alice = stage.enter("alice")
    expected = 20003 if stage.goes_by_ios else 6017
    assert expected == alice.refused("invite", invitee="", data="", timeout=30)
    assert 20003 == alice.refused("invite", invitee=" ", data="", timeout=30)
    assert 6017 == alice.refused("invite", invitee="bob", data="", timeout=-1)


def test_what_refuses_messages_refuses_invitations(stage: Stage) -> None:
    """A user whom the service does not know cannot be called, whether it is stored or not; nothing stays of it."""
    stage = Stage(stage.dialect, stage.platform, policy=Policy(strict_accounts=True))
    alice = stage.enter("alice")
    for online_only in (False, True):
        code = alice.refused("invite", invitee="nobody", data="", timeout=30, onlineUserOnly=online_only)
        assert 20003 == code


@pytest.mark.parametrize(("switch", "code"), [("blacklist_refuses", 20007), ("friends_only", 20009)])
@pytest.mark.parametrize("online_only", [False, True])
def test_relationship_checks_hold(stage: Stage, switch: str, code: int, online_only: bool) -> None:
    """Where the console has messages of blocked users or strangers refused, their invitations are as well."""
    stage = Stage(stage.dialect, stage.platform, policy=Policy(switches={switch: True}))
    alice, bob = stage.enter("alice"), stage.enter("bob")
    if switch == "blacklist_refuses":
        bob.call("addToBlackList", userIDList=["alice"])
        bob.heard()
    assert code == alice.refused("invite", invitee="bob", data="", timeout=30, onlineUserOnly=online_only)
    assert [] == bob.heard()


def test_blocked_caller_rings_nowhere(stage: Stage) -> None:
    """Whom the invitee has blocked has success as with a message; nothing rings, now or at the next login."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.call("addToBlackList", userIDList=["alice"])
    bob.heard()
    invite_id = invite(alice)
    assert [] == bob.heard()
    bob.call("logout")
    bob.login("bob")
    assert [] == rings(bob)
    assert 8010 == bob.refused("accept", inviteID=invite_id, data="")
    stage.advance(30_000)
    assert ["bob"] == alice.heard_one("onInvitationTimeout")["inviteeList"]


# --- time


def cut(phone: Phone) -> None:
    """Cut a device's network."""
    engine = phone.stage.emulator.engine
    phone.stage.emulator.run(lambda: connections.lose(engine.world, engine.device(phone.id)))


def test_timeout_tells_both(stage: Stage) -> None:
    """After the time both hear who did not answer; the one invited leaves the message of it, with the invitation's data."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    invite_id = invite(alice, timeout=5)
    alice.heard(), bob.heard()
    stage.advance(4_990)
    assert [] == rings(alice) == rings(bob)
    stage.advance(10)
    for phone in (alice, bob):
        assert {"inviteID": invite_id, "inviteeList": ["bob"]} == phone.heard_one("onInvitationTimeout")
    newest = history(bob, "alice")[0]
    assert (5, "call", "bob") == (said(newest)["actionType"], said(newest)["data"], newest["sender"])
    stage.advance(60_000)
    assert [] == rings(alice) == rings(bob)


def test_timeout_of_zero_never_comes(stage: Stage) -> None:
    """With 0 there is no clock: the invitation stays open."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    invite_id = invite(alice, timeout=0)
    rings(bob)
    stage.advance(10 * 24 * 3600 * 1000)
    assert [] == rings(alice) == rings(bob)
    bob.call("accept", inviteID=invite_id, data="")


def test_answered_invitation_runs_no_clock(stage: Stage) -> None:
    """Whoever has answered hears of no timeout, and nobody else does."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.call("reject", inviteID=invite(alice), data="")
    alice.heard(), bob.heard()
    stage.advance(60_000)
    assert [] == rings(alice) == rings(bob)


def test_default_timeout_is_thirty_seconds(stage: Stage) -> None:
    """Left out, the time is 30 seconds and the invitation is stored."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    alice.call("invite", invitee="bob", data="")
    rings(bob)
    stage.advance(29_000)
    assert [] == rings(bob)
    stage.advance(1_000)
    assert ["onInvitationTimeout"] == [kind for kind, _ in rings(bob)]


def test_killed_client_fires_nothing(stage: Stage) -> None:
    """The inviter's app is killed: the invitee's client runs its own clock, and leaves the message."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    invite(alice)
    alice.close()
    bob.heard()
    stage.advance(30_000)
    assert "onInvitationTimeout" in bob.heard_types()
    assert [5, 1] == [said(row)["actionType"] for row in history(bob, "alice")]


def test_inviter_speaks_for_who_is_away(stage: Stage) -> None:
    """Nobody who was invited is online: the inviter's client leaves the message."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    invite(alice)
    bob.close()
    stage.advance(30_000)
    newest = history(alice, "bob")[0]
    assert (5, "alice") == (said(newest)["actionType"], newest["sender"])


def test_client_without_network_runs_its_clock(stage: Stage) -> None:
    """A client that is cut off finds out by itself that the time is up; it cannot leave the message."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    invite(alice)
    for phone in (alice, bob):
        cut(phone)
        phone.heard()
    stage.advance(30_000)
    assert ["onInvitationTimeout"] == alice.heard_types() == bob.heard_types()
    assert 1 == len(history(bob, "alice"))


# --- for those who are online only


def test_online_only_leaves_no_message(stage: Stage) -> None:
    """Nothing is stored of it, nor of what follows; the events come all the same."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    first, second = invite(alice, onlineUserOnly=True), invite(alice, onlineUserOnly=True, timeout=5)
    assert ["onReceiveNewInvitation"] * 2 == bob.heard_types()
    bob.call("accept", inviteID=first, data="")
    stage.advance(5_000)
    assert ["onInviteeAccepted", "onInvitationTimeout"] == alice.heard_types()
    assert second == bob.heard_one("onInvitationTimeout")["inviteID"]
    assert [] == history(bob, "alice") == history(alice, "bob")


def test_online_only_never_reaches_the_late(stage: Stage) -> None:
    """Who comes online afterwards is told nothing of it."""
    alice = stage.enter("alice")
    bob = late(stage)
    invite_id = invite(alice, onlineUserOnly=True)
    bob.login("bob")
    assert [] == rings(bob)
    assert 8010 == bob.refused("accept", inviteID=invite_id, data="")
    stage.advance(30_000)
    assert [] == rings(bob)


def test_online_only_stays_on_its_device(stage: Stage) -> None:
    """The inviter's other devices know nothing of it: they cannot take it back, and hear nothing when its time is up."""
    phone, tablet = stage.enter("alice"), second_device(stage, "alice")
    bob = stage.enter("bob")
    invite_id = invite(phone, onlineUserOnly=True)
    assert 8010 == tablet.refused("cancel", inviteID=invite_id, data="")
    assert invite_id == bob.heard_one("onReceiveNewInvitation")["inviteID"]
    stage.advance(30_000)
    assert ([], 1, 1) == (rings(tablet), len(rings(phone)), len(rings(bob)))


def test_cut_off_client_learns_nothing(stage: Stage) -> None:
    """A client without a network knows no invitation that is made meanwhile; with the network back it hears of what is still open."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.cut()
    bob.heard()
    invite(alice, timeout=5)
    open_still = invite(alice, timeout=120)
    stage.advance(60_000)
    assert [] == bob.heard()
    bob.mend()
    assert open_still == bob.heard_one("onReceiveNewInvitation")["inviteID"]
    bob.call("accept", inviteID=open_still, data="")


# --- several devices and late comers


def second_device(stage: Stage, user: str) -> Phone:
    """Return a device of a user on the other platform."""
    return stage.enter(user, f"{user} 2", platform="ios" if not stage.goes_by_ios else "android")


@pytest.mark.parametrize("method", ["accept", "reject"])
def test_own_other_devices_hear_the_answer(stage: Stage, method: str) -> None:
    """All devices ring; an answer on one stops the others, which cannot answer again."""
    alice, phone, tablet = stage.enter("alice"), stage.enter("bob"), second_device(stage, "bob")
    invite_id = invite(alice)
    for device in (phone, tablet):
        assert ["onReceiveNewInvitation"] == [kind for kind, _ in rings(device)]
    phone.call(method, inviteID=invite_id, data="")
    assert "bob" == tablet.heard_one(STEPS[method])["invitee"]
    tablet.heard()
    assert 8010 == tablet.refused("accept", inviteID=invite_id, data="")


def test_inviters_other_device_may_cancel(stage: Stage) -> None:
    """The inviter's other devices know a stored invitation by its message: they hear its timeout and may take it back."""
    phone, tablet = stage.enter("alice"), second_device(stage, "alice")
    stage.enter("bob")
    first = invite(phone)
    assert ["onRecvNewMessage"] == [kind for kind in tablet.heard_types() if "Message" in kind or "Invit" in kind][:1]
    tablet.call("cancel", inviteID=first, data="")
    invite(phone)
    tablet.heard()
    stage.advance(30_000)
    assert 1 == len(rings(tablet))


def late(stage: Stage) -> Phone:
    """Return an app that is ready for bob to log in, and hears of invitations."""
    bob = stage.device()
    bob.call("initSDK", sdkAppID=1, logLevel=0, listenerUuid="sdk", uiPlatform=0, showImLog=False)
    bob.reply("addSignalingListener", listenerUuid="sig")
    bob.reply("addConversationListener", listenerUuid="conv")
    return bob


@pytest.mark.parametrize("late_s", [20, 100])
def test_late_comer_is_told_again(stage: Stage, late_s: int) -> None:
    """Whoever logs in while the invitation is open hears of it, however old it is, and may answer."""
    alice = stage.enter("alice")
    invite_id = invite(alice, timeout=120)
    stage.advance(late_s * 1000)
    bob = late(stage)
    bob.login("bob")
    assert invite_id == dict(bob.heard())["onReceiveNewInvitation"]["inviteID"]
    bob.call("accept", inviteID=invite_id, data="late")
    assert "late" == alice.heard_one("onInviteeAccepted")["data"]


@pytest.mark.parametrize("end", ["cancel", "timeout"])
def test_late_comer_hears_nothing_of_what_is_over(stage: Stage, end: str) -> None:
    """What was taken back or ran out does not ring any more; its messages are in the chat."""
    alice = stage.enter("alice")
    invite_id = invite(alice)
    if end == "cancel":
        alice.call("cancel", inviteID=invite_id, data="")
    else:
        stage.advance(30_000)
    bob = stage.device()
    bob.call("initSDK", sdkAppID=1, logLevel=0, listenerUuid="sdk", uiPlatform=0, showImLog=False)
    bob.reply("addSignalingListener", listenerUuid="sig")
    bob.login("bob")
    assert [] == rings(bob)
    assert [2 if end == "cancel" else 5, 1] == [said(m)["actionType"] for m in history(bob, "alice")]
    assert 8010 == bob.refused("accept", inviteID=invite_id, data="")


def test_inviter_who_comes_back_knows_the_invitation(stage: Stage) -> None:
    """After a restart the inviter may still take it back; the own invitation does not ring."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    invite_id = invite(alice)
    alice.close()
    again = stage.enter("alice", "alice again")
    assert [] == rings(again)
    again.call("cancel", inviteID=invite_id, data="")
    assert invite_id == bob.heard_one("onInvitationCancelled")["inviteID"]


def test_logout_forgets_invitations(stage: Stage) -> None:
    """A client that logs out runs no clock; the next user on the device cannot answer."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    invite_id = invite(alice)
    bob.call("logout")
    bob.heard()
    bob.login("carol")
    assert 8010 == bob.refused("accept", inviteID=invite_id, data="")
    bob.heard()
    stage.advance(30_000)
    assert [] == rings(bob)


def test_hidden_user_answers_and_runs_out(stage: Stage) -> None:
    """A user without a device of their own answers like any client, and their client leaves the message of a timeout."""
    alice = stage.enter("alice")
    bob = Phone.__new__(Phone)
    bob.__dict__.update(stage=stage, name="~bob", dialect=stage.dialect, platform="android", user="", _heard=[])
    bob._hear = bob._heard.append
    bob.id = stage.emulator.open("~bob", stage.dialect, "android", bob._hear, hidden=True)
    invite_id = invite(alice)
    bob.start("bob", listen=False)
    bob.call("accept", inviteID=invite_id, data="hello")
    assert "hello" == alice.heard_one("onInviteeAccepted")["data"]
    own = bob.call("invite", invitee="alice", data="back", timeout=5)
    stage.advance(5_000)
    assert own == alice.heard_one("onInvitationTimeout")["inviteID"]
    assert 5 == said(history(alice, "bob")[0])["actionType"]


# --- looking into messages


def test_signaling_info_of_each_step(stage: Stage) -> None:
    """The message of a step tells what it is about; an ordinary message tells nothing, on Windows with a map of nothing."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    invite_id = invite(alice)
    bob.call("accept", inviteID=invite_id, data="yes")
    text = alice.send("hi", to="bob")
    answer, first = history(bob, "alice")[1:]
    info = bob.call("getSignalingInfo", msgID=first["msgID"])
    expected = {
        "inviteID": invite_id,
        "groupID": "",
        "inviter": "alice",
        "inviteeList": ["bob"],
        "data": "call",
        "timeout": 30,
        "actionType": 1,
    }
    assert expected == info
    second = bob.call("getSignalingInfo", msgID=answer["msgID"])
    assert {**expected, "data": "yes", "actionType": 3} == second
    empty = {"inviteID": "", "groupID": "", "inviter": "", "inviteeList": [], "data": "", "timeout": 0, "actionType": 0}
    assert (empty if stage.on_windows else None) == bob.call("getSignalingInfo", msgID=text["msgID"])


@pytest.mark.parametrize("data", ["", "{}", "[]", "not json", '{"inviteID": 1, "actionType": 1}', '{"inviteID": "x"}'])
def test_other_custom_messages_carry_no_invitation(stage: Stage, data: str) -> None:
    """Whatever an app puts into its own custom messages is no invitation, unless it looks like one."""
    message = sending.blank(stage.world, elements.Custom(data))
    assert None is signals.info(message)


def test_missing_message_is_answered_as_the_adapter_does(stage: Stage) -> None:
    """Android refuses with -1, iOS answers a text with code 0 that Dart cannot read."""
    alice = stage.enter("alice")
    if not stage.goes_by_ios:
        data = {"data": None} if stage.on_windows else {}
        assert {"code": -1, "desc": "message not found", **data} == alice.reply("getSignalingInfo", msgID="none")
    else:
        assert "messages no found" == alice.call("getSignalingInfo", msgID="none")


@pytest.mark.uses("addInvitedSignaling.info.inviteID")  # Windows drops the id
def test_added_invitation_can_be_answered(stage: Stage) -> None:
    """A client that was not told of an invitation learns it from its message, and then answers; a second time is 8012."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    invite_id = invite(alice, timeout=0)
    stage.emulator.run(lambda: invitations.forget(stage.world, bob.id))
    assert 8010 == bob.refused("accept", inviteID=invite_id, data="")
    info = bob.call("getSignalingInfo", msgID=history(bob, "alice")[0]["msgID"])
    bob.call("addInvitedSignaling", info=info)
    assert 8012 == bob.refused("addInvitedSignaling", info=info)
    bob.call("accept", inviteID=invite_id, data="")
    assert invite_id == alice.heard_one("onInviteeAccepted")["inviteID"]


@pytest.mark.uses("addInvitedSignaling.info.inviteID")  # Windows drops the id
def test_invitation_from_elsewhere_is_taken(stage: Stage) -> None:
    """One that came by a push of the app's own is taken as it is told; iOS drops the inviter on the way."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    info = {
        "inviteID": "pushed",
        "inviter": "alice",
        "inviteeList": ["bob"],
        "groupID": "",
        "data": "d",
        "timeout": 10,
        "actionType": 1,
    }
    bob.call("addInvitedSignaling", info=info)
    stage.advance(10_000)
    assert {"inviteID": "pushed", "inviteeList": ["bob"]} == bob.heard_one("onInvitationTimeout")
    row = stage.world.tables["invitations"].rows["pushed"]
    assert ("" if stage.goes_by_ios else "alice") == row.inviter
    assert [] == rings(alice)
    assert 6017 == bob.refused("addInvitedSignaling", info={**info, "inviteID": ""})


@pytest.mark.parametrize(
    "method", ["invite", "inviteInGroup", "cancel", "accept", "reject", "getSignalingInfo", "addInvitedSignaling"]
)
def test_invitations_need_a_login(stage: Stage, method: str) -> None:
    """Before initSDK every call is 6013, without a login 6014."""
    given = {
        "invitee": "bob",
        "groupID": "g",
        "inviteeList": ["bob"],
        "data": "",
        "inviteID": "x",
        "msgID": "x",
        "info": {"inviteID": "x", "inviter": "a", "inviteeList": [], "actionType": 1},
    }
    spec = load(stage.dialect).method(method)
    assert spec is not None
    arguments = {param.key: given[param.key] for param in spec.params if param.key in given}
    phone = stage.device()
    assert 6013 == phone.refused(method, **arguments)
    phone.call("initSDK", sdkAppID=1, logLevel=0, listenerUuid="sdk", uiPlatform=0, showImLog=False)
    assert 6014 == phone.refused(method, **arguments)


def test_checkpoint_keeps_the_clocks(stage: Stage) -> None:
    """Rolled back, an invitation is open again and runs out at its time."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    invite_id = invite(alice)
    point = stage.emulator.checkpoint()
    bob.call("accept", inviteID=invite_id, data="")
    stage.emulator.rollback(point)
    alice.heard(), bob.heard()
    stage.advance(30_000)
    assert ["bob"] == bob.heard_one("onInvitationTimeout")["inviteeList"]


def test_open_invitations_are_in_the_document(stage: Stage) -> None:
    """A world that was written down and read again still rings, and runs out at its time."""
    alice = stage.enter("alice")
    invite_id = invite(alice)
    document = stage.emulator.export()
    stage.emulator.load(document)
    assert document == stage.emulator.export()
    bob = stage.device("new")
    bob.call("initSDK", sdkAppID=1, logLevel=0, listenerUuid="sdk", uiPlatform=0, showImLog=False)
    bob.reply("addSignalingListener", listenerUuid="sig")
    bob.login("bob")
    assert invite_id == bob.heard_one("onReceiveNewInvitation")["inviteID"]
    stage.advance(30_000)
    assert invite_id == bob.heard_one("onInvitationTimeout")["inviteID"]
