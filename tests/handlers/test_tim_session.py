"""The client and its sessions: starting, logging in and out, kicks, signatures, networks."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import pytest

from bridge import usersig
from bridge.catalogue import load
from bridge.world.chats import connections, sessions
from bridge.world.kernel import devices
from bridge.world.kernel.world import Policy
from bridge.world.people import users
from tests.support.stage import INIT, Phone, Stage

KEY, APP = "secret", 1400000000


def started(stage: Stage, name: str = "", app: int = APP, **where: Any) -> Phone:
    """Return a device whose client runs and that listens to conversations and messages."""
    phone = stage.device(name, **where)
    phone.call("initSDK", **{**INIT, "sdkAppID": app, "listenerUuid": f"{phone.name}-sdk"})
    phone.reply("addConversationListener", listenerUuid=f"{phone.name}-conv")
    phone.reply("addAdvancedMsgListener", listenerUuid=f"{phone.name}-msg")
    phone.heard()
    return phone


def signed(stage: Stage, user: str = "alice", **changes: Any) -> str:
    """Return a UserSig as an app's backend makes it now."""
    arguments = {"sdk_app_id": APP, "key": KEY, "now_s": stage.world.now_s, "expire_s": 3600, **changes}
    return usersig.sign(user, **arguments)


def packed(fields: dict[str, Any]) -> str:
    """Return fields packed as a signature is."""
    text = base64.b64encode(zlib.compress(json.dumps(fields).encode())).decode()
    return text.translate(str.maketrans("+/=", "*-_"))


def checked(stage: Stage, **policy: Any) -> Stage:
    """Return a stage like `stage` on which signatures are checked."""
    return Stage(stage.dialect, stage.platform, policy=Policy(usersig_key=KEY, sdk_app_id=APP, **policy))


def status_of(phone: Phone, user: str) -> int:
    """Return a user's status as others see it."""
    status: int = phone.call("getUserStatus", userIDList=[user])[0]["statusType"]
    return status


# --- the client


def test_init_starts_and_connects(stage: Stage) -> None:
    """initSDK answers true; the connection events come behind it, once."""
    phone = stage.device()
    turn = phone.turn("initSDK", **{**INIT, "listenerUuid": "sdk"})
    assert {"code": 0, "desc": stage.success, "data": True} == turn.result
    assert ["onConnecting", "onConnectSuccess"] == phone.heard_types()
    assert True is phone.call("initSDK", **{**INIT, "listenerUuid": "sdk"})
    assert [] == phone.heard()


def test_connection_events_have_no_data(stage: Stage) -> None:
    """Without data Android sends null and the listener's name once more, iOS leaves both out."""
    turn = stage.device().turn("initSDK", **{**INIT, "listenerUuid": "sdk"})
    uuid = "" if stage.shares("initSDKListener") else "sdk"
    expected: dict[str, Any] = {"type": "onConnecting", "listenerUuid": uuid}
    if not stage.goes_by_ios:
        expected |= {"data": None, "method": "initSDKListener"}
    assert expected == turn.after[0].arguments


@pytest.mark.parametrize("app", [0, -1])
def test_bad_app_id_answers_false(stage: Stage, app: int) -> None:
    """An app id that is none: code 0 with false, and calls go on answering 6013."""
    phone = stage.device()
    assert False is phone.call("initSDK", **{**INIT, "sdkAppID": app, "listenerUuid": "sdk"})
    assert 6013 == phone.refused("login", userID="alice", userSig="sig")


def test_other_app_needs_uninit_first(stage: Stage) -> None:
    """A second app id is false while the client runs; after unInitSDK it is true (8.2 on iOS never stops)."""
    phone = started(stage)
    assert False is phone.call("initSDK", **{**INIT, "sdkAppID": 7, "listenerUuid": "sdk"})
    assert [] == phone.heard()
    phone.call("unInitSDK")
    stops = not stage.odd("unInitSDK", "doesNothing")
    assert stops is phone.call("initSDK", **{**INIT, "sdkAppID": 7, "listenerUuid": "sdk"})


def test_uninit_logs_out_and_stops(stage: Stage) -> None:
    """unInitSDK ends the session and the client; on iOS 8.2 it answers '' and does nothing."""
    phone = stage.enter("alice")
    assert ("" if stage.goes_by_ios else None) == phone.call("unInitSDK")
    if stage.odd("unInitSDK", "doesNothing"):
        assert "alice" == phone.call("getLoginUser")
        return
    assert ["", 3] == [phone.call("getLoginUser"), phone.call("getLoginStatus")]
    assert 6013 == phone.refused("getConversationList", nextSeq="0", count=10)
    assert 6013 == phone.refused("logout")
    assert (None if not stage.goes_by_ios else "") == phone.call("unInitSDK")


def test_null_for_the_log_switch(stage: Stage) -> None:
    """Android throws on a null in showImLog and never answers: the bridge says so. The others do not look at it."""
    phone = stage.device()
    arguments = {**INIT, "showImLog": None, "listenerUuid": "sdk"}
    if stage.goes_by_ios or stage.on_windows:
        assert True is phone.call("initSDK", **arguments)
        return
    error = phone.error("initSDK", **arguments)
    assert (-32001, "unanswered") == (error.code, error.data["reason"])
    assert "showImLog" in error.data["note"]


def test_log_switch_may_be_left_out(stage: Stage) -> None:
    """Left out, showImLog counts as Dart's default."""
    arguments = {key: value for key, value in INIT.items() if key != "showImLog"}
    assert True is stage.device().call("initSDK", **{**arguments, "listenerUuid": "sdk"})


def test_local_calls_need_no_client(stage: Stage) -> None:
    """Version, time, status and a few others answer before initSDK."""
    phone = stage.device()
    assert load(stage.dialect).native_version == phone.call("getVersion")
    assert stage.now_s() == phone.call("getServerTime")
    assert ["", 3] == [phone.call(name) for name in ("getLoginUser", "getLoginStatus")]
    assert not stage.has("checkAbility") or 1 == phone.call("checkAbility")


def test_new_plugin_only_calls() -> None:
    """8.2 has two bare answers: a log line of the kit, and the system's name."""
    for platform, start in (("android", "Android "), ("ios", "iOS ")):
        phone = Stage("chat-8.2", platform).device()
        assert "" == phone.reply("uikitTrace", trace="line")
        assert phone.reply("getPlatformVersion").startswith(start)
    assert -32601 == Stage("im-5.0").device().error("uikitTrace", trace="line").code


# --- login


def test_login_creates_the_account(stage: Stage) -> None:
    """The first login of an id makes the user, with strict accounts too; the reply is a text on iOS."""
    stage = Stage(stage.dialect, stage.platform, policy=Policy(strict_accounts=True))
    phone = started(stage)
    assert ("login success" if stage.goes_by_ios else None) == phone.call("login", userID="new", userSig="s")
    assert ["new", 1] == [phone.call("getLoginUser"), phone.call("getLoginStatus")]
    assert ["new"] == [user["userID"] for user in phone.call("getUsersInfo", userIDList=["new"])]


def test_login_brings_the_list_up_to_date(stage: Stage) -> None:
    """The sync events stand around what they brought."""
    stage.enter("bob").send("hi", to="alice")
    phone = started(stage)
    phone.login("alice")
    expected = ["onSyncServerStart", "onRecvNewMessage", "onNewConversation", "onSyncServerFinish"]
    assert expected == phone.heard_types()


def test_login_again_is_nothing_new(stage: Stage) -> None:
    """The same user again: success at once, no events."""
    phone = stage.enter("alice")
    phone.login("alice")
    assert [] == phone.heard()


@pytest.mark.parametrize(
    ("user", "sig", "code"),
    [("", "s", 6017), ("a" * 33, "s", 7003), ("会" * 11, "s", 7003), ("a\nb", "s", 7003), ("alice", "", 70002)],
)
def test_malformed_logins_are_refused(stage: Stage, user: str, sig: str, code: int) -> None:
    """No id is 6017, one that is too long or not printable 7003, no signature 70002."""
    phone = started(stage)
    assert code == phone.refused("login", userID=user, userSig=sig)
    assert ["", 3] == [phone.call("getLoginUser"), phone.call("getLoginStatus")]


def test_any_signature_will_do_by_default(stage: Stage) -> None:
    """Unless a key is given, signatures are not looked at: apps embed fixed ones in tests."""
    started(stage).login("alice", "whatever")


def test_failed_login_opens_the_cache(stage: Stage) -> None:
    """After a refused login the user's local data can be read, and nothing else; a user who was never here has none."""
    phone = started(stage)
    phone.login("alice")
    phone.send("hi", to="bob")
    phone.call("logout")
    assert 6014 == phone.refused("getConversationList", nextSeq="0", count=10)
    assert 70002 == phone.reply("login", userID="alice", userSig="")["code"]
    page = phone.call("getConversationList", nextSeq="0", count=10)
    assert ["c2c_bob"] == [row["conversationID"] for row in page["conversationList"]]
    assert 6014 == phone.refused("pinConversation", conversationID="c2c_bob", isPinned=True)
    assert 70002 == phone.reply("login", userID="nobody", userSig="")["code"]


def test_calls_without_login_are_refused(stage: Stage) -> None:
    """Never logged in, and logged out: 6014."""
    phone = started(stage)
    assert 6014 == phone.refused("getUsersInfo", userIDList=["alice"])
    phone.login("alice")
    phone.call("logout")
    assert 6014 == phone.refused("getUsersInfo", userIDList=["alice"])


def test_account_limit_of_trial_plans(stage: Stage) -> None:
    """With the switch "account_limit" a user too many is 70398; users who are there may log in."""
    stage = Stage(stage.dialect, stage.platform, policy=Policy(switches={"account_limit": 1}))
    phone = started(stage)
    phone.login("alice")
    assert 70398 == phone.refused("login", userID="bob", userSig="s")
    phone.call("logout")
    phone.login("alice")


# --- signatures


def test_signature_codes(stage: Stage) -> None:
    """Each flaw of a signature has its code, nobody is logged in by it, and a good one works afterwards."""
    stage = checked(stage)
    phone = started(stage)
    good = signed(stage)
    flawed = {
        70002: "",
        70003: good[:20],
        70005: packed({"TLS.ver": "2.0"}),
        70009: signed(stage, key="other"),
        70013: signed(stage, "bob"),
        70014: signed(stage, sdk_app_id=7),
        6206: signed(stage, now_s=stage.now_s() - 3600),
    }
    codes = {}
    for code, sig in flawed.items():
        codes[code] = phone.reply("login", userID="alice", userSig=sig)["code"]
        assert ["", 3] == [phone.call("getLoginUser"), phone.call("getLoginStatus")]
    assert list(flawed) == list(codes.values())
    phone.login("alice", good)
    assert "alice" == phone.call("getLoginUser")


def test_expired_signature_has_the_known_text(stage: Stage) -> None:
    """The client's own code for it comes with the text that apps have seen."""
    stage = checked(stage)
    reply = started(stage).reply("login", userID="alice", userSig=signed(stage, now_s=1))
    assert {"code": 6206, "desc": "userSig expired"} == reply


def test_signature_from_the_future_is_valid(stage: Stage) -> None:
    """A backend whose clock runs ahead of the virtual one may still sign."""
    stage = checked(stage)
    started(stage).login("alice", signed(stage, now_s=stage.now_s() + 10**6))


def test_unknown_app_is_refused(stage: Stage) -> None:
    """A client started for another app than the service's is 70020."""
    stage = checked(stage)
    assert 70020 == started(stage, app=7).refused("login", userID="alice", userSig=signed(stage))


def test_signature_runs_out_online(stage: Stage) -> None:
    """At its end the device hears onUserSigExpired; calls are 6014 until a login with a new one."""
    stage = checked(stage)
    phone = started(stage)
    phone.login("alice", signed(stage))
    phone.heard()
    stage.advance(3_590_000)
    assert [] == phone.heard()
    stage.advance(20_000)
    assert ["onUserSigExpired"] == phone.heard_types()
    assert 6014 == phone.refused("getUsersInfo", userIDList=["alice"])
    assert ["", 3] == [phone.call("getLoginUser"), phone.call("getLoginStatus")]
    phone.login("alice", signed(stage))
    assert "alice" == phone.call("getLoginUser")


def test_logout_stops_the_signatures_clock(stage: Stage) -> None:
    """The end of a signature that nobody uses any more is nobody's business."""
    stage = checked(stage)
    phone = started(stage)
    phone.login("alice", signed(stage))
    phone.call("logout")
    phone.login("bob", signed(stage, "bob", expire_s=10**6))
    phone.heard()
    stage.advance(4_000_000)
    assert [] == phone.heard()
    assert "bob" == phone.call("getLoginUser")


def test_admin_kick_revokes_signatures(stage: Stage) -> None:
    """All devices are kicked; the old signature is 70052 from then on, one made later works."""
    stage = checked(stage)
    phone, old = started(stage), signed(stage)
    phone.login("alice", old)
    phone.heard()
    stage.emulator.run(lambda: sessions.kick_by_admin(stage.world, "alice"))
    assert ["onKickedOffline"] == phone.heard_types()
    assert 70052 == phone.reply("login", userID="alice", userSig=old)["code"]
    assert "" == phone.call("getLoginUser")
    stage.advance(1_000)
    phone.login("alice", signed(stage))


def test_many_failures_are_refused_for_a_minute(stage: Stage) -> None:
    """With rate limits on, ten failed checks in a minute are followed by 70050, for good signatures too."""
    stage = checked(stage, rate_limits=True)
    phone = started(stage)
    for _ in range(10):
        assert 70009 == phone.reply("login", userID="alice", userSig=signed(stage, key="x"))["code"]
    assert 70050 == phone.refused("login", userID="alice", userSig=signed(stage))
    stage.advance(61_000)
    phone.login("alice", signed(stage))


# --- the end of a session


def test_logout_always_succeeds(stage: Stage) -> None:
    """Logging out answers 0, without a login too, and tells the own device nothing."""
    phone = stage.enter("alice")
    text = "logout success" if stage.goes_by_ios else None
    assert text == phone.call("logout")
    assert text == phone.call("logout")
    assert [] == phone.heard()
    assert ["", 3] == [phone.call("getLoginUser"), phone.call("getLoginStatus")]


def test_login_as_another_user_switches(stage: Stage) -> None:
    """The first user is logged out by the client itself; lists are the second's; listeners stay."""
    carol, phone = stage.enter("carol"), stage.enter("alice")
    carol.call("subscribeUserStatus", userIDList=["alice", "bob"])
    phone.send("hi", to="carol")
    carol.heard(), phone.heard()
    phone.login("bob")
    assert "bob" == phone.call("getLoginUser")
    assert [] == phone.call("getConversationList", nextSeq="0", count=10)["conversationList"]
    told = [
        (one["userID"], one["statusType"])
        for _, data in carol.heard("onUserStatusChanged")
        for one in data["statusList"]
    ]
    assert [("alice", 3), ("bob", 1)] == told
    assert ["onSyncServerStart", "onSyncServerFinish"] == phone.heard_types()


def test_refused_switch_changes_nothing(stage: Stage) -> None:
    """A login as another user that is refused leaves the session as it was."""
    phone = stage.enter("alice")
    assert 70002 == phone.refused("login", userID="bob", userSig="")
    assert "alice" == phone.call("getLoginUser")


def test_session_data_go_with_the_session(stage: Stage) -> None:
    """Totals that were asked for and users that were followed are asked for anew after a login."""
    phone, bob = stage.enter("alice"), stage.enter("bob")
    phone.call("getTotalUnreadMessageCount")
    phone.call("subscribeUserStatus", userIDList=["carol"])
    phone.call("logout")
    phone.login("alice")
    phone.heard()
    bob.send("hi", to="alice")
    stage.enter("carol")
    kinds = set(phone.heard_types())
    assert not kinds & {"onTotalUnreadMessageCountChanged", "onUserStatusChanged"}


# --- several devices


def test_second_device_kicks_the_first(stage: Stage) -> None:
    """A second login on the same platform ends the first; then logout works, and a new login as well."""
    first = stage.enter("alice", "first")
    second = stage.enter("alice", "second")
    assert ["onKickedOffline"] == first.heard_types()
    assert 6014 == first.refused("getUsersInfo", userIDList=["alice"])
    assert ["", 3] == [first.call("getLoginUser"), first.call("getLoginStatus")]
    first.call("logout")
    first.login("alice")
    assert "onKickedOffline" in second.heard_types()
    assert "onKickedOffline" not in first.heard_types()


def test_other_platforms_stay(stage: Stage) -> None:
    """A login on another platform kicks nobody."""
    phone = stage.enter("alice", "phone")
    stage.enter("alice", "tablet", platform=stage.other_platform)
    assert "onKickedOffline" not in phone.heard_types()
    assert "alice" == phone.call("getLoginUser")


def test_instances_let_more_in(stage: Stage) -> None:
    """With three instances the fourth login kicks the oldest, not the one that was opened first."""
    stage = Stage(stage.dialect, stage.platform, policy=Policy(instances=3))
    phones = [stage.enter("alice", f"phone {n}") for n in range(3)]
    phones[0].call("logout")
    phones[0].login("alice")
    stage.enter("alice", "fourth")
    assert [1, 3, 1] == [phone.call("getLoginStatus") for phone in phones]


def test_hidden_devices_kick_nobody(stage: Stage) -> None:
    """A device behind the control plane neither kicks nor gets kicked, and leaves the status alone."""
    bob, phone = stage.enter("bob"), stage.enter("alice")
    hidden = stage.emulator.open("~alice", stage.dialect, stage.platform, None, hidden=True)
    for method, arguments in (("initSDK", INIT), ("login", {"userID": "alice", "userSig": "s"})):
        stage.emulator.call(hidden, method, {**arguments, "listenerUuid": ""} if method == "initSDK" else arguments)
    assert [] == phone.heard()
    phone.call("logout")
    assert 3 == status_of(bob, "alice")
    assert "alice" == stage.emulator.engine.device(hidden).user_id


def test_kick_is_no_logout_for_others(stage: Stage) -> None:
    """A device that pushes another one out leaves the user online all the time."""
    bob = stage.enter("bob")
    stage.enter("alice", "first")
    bob.call("subscribeUserStatus", userIDList=["alice"])
    stage.enter("alice", "second")
    assert [] == bob.heard("onUserStatusChanged")


# --- status


def test_status_changes_once_for_all_devices(stage: Stage) -> None:
    """Followers hear of the first device that comes and of the last one that goes."""
    bob = stage.enter("bob")
    bob.call("subscribeUserStatus", userIDList=["alice"])
    phone = stage.enter("alice", "phone")
    tablet = stage.enter("alice", "tablet", platform=stage.other_platform)
    phone.call("logout")
    tablet.call("logout")
    told = [one["statusType"] for _, data in bob.heard("onUserStatusChanged") for one in data["statusList"]]
    assert [1, 3] == told


def test_killed_app_is_offline_and_lapses(stage: Stage) -> None:
    """Killed, a user is offline at once; after seven days not logged in. The status text goes at once."""
    bob, alice = stage.enter("bob"), stage.enter("alice")
    bob.call("subscribeUserStatus", userIDList=["alice"])
    alice.call("setSelfStatus", status="busy")
    alice.close()
    assert [("busy", 1), ("", 2)] == [
        (one["customStatus"], one["statusType"])
        for _, data in bob.heard("onUserStatusChanged")
        for one in data["statusList"]
    ]
    stage.advance(7 * 24 * 3600 * 1000 - 1000)
    assert 2 == status_of(bob, "alice")
    stage.advance(1000)
    assert 3 == bob.heard_one("onUserStatusChanged")["statusList"][0]["statusType"]


def test_coming_back_stops_the_lapse(stage: Stage) -> None:
    """Who comes back within seven days stays logged in."""
    bob, alice = stage.enter("bob"), stage.enter("alice")
    alice.close()
    stage.enter("alice", "again")
    stage.advance(8 * 24 * 3600 * 1000)
    assert 1 == status_of(bob, "alice")


# --- networks


def test_lost_network_is_told_and_comes_back(stage: Stage) -> None:
    """The device hears that the connection failed; back, it connects and is brought up to date."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    alice.cut()
    assert {"code": 9508} == {"code": alice.heard_one("onConnectFailed")["code"]}
    bob.send("hi", to="alice")
    assert [] == alice.heard()
    alice.cut()
    alice.mend()
    expected = ["onConnecting", "onConnectSuccess", "onSyncServerStart", "onRecvNewMessage", "onNewConversation"]
    assert [*expected, "onSyncServerFinish"] == alice.heard_types()
    alice.mend()
    assert [] == alice.heard()


def test_returning_device_hears_the_total(stage: Stage) -> None:
    """What was asked for before goes on: the unread total is told after the return."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    alice.call("getTotalUnreadMessageCount")
    alice.cut()
    bob.send("hi", to="alice")
    alice.heard()
    alice.mend()
    assert 1 == alice.heard_one("onTotalUnreadMessageCountChanged")


def test_what_is_missed_begins_where_the_last_app_left(stage: Stage) -> None:
    """It begins when the last of a user's devices is out of reach, stays there until one is back, and then nothing is missed."""

    def missed() -> int:
        return users.profile(stage.world, "alice").missed_after

    alice, bob = stage.enter("alice"), stage.enter("bob")
    tablet = stage.enter("alice", "tablet", platform=stage.other_platform)
    assert -1 == missed()
    tablet.call("logout")
    assert -1 == missed()
    alice.cut()
    bob.send("one", to="alice")
    began = missed()
    assert began > 0
    alice.call("logout")
    assert began == missed()
    alice.mend()
    alice.call("login", userID="alice", userSig="s")
    assert -1 == missed()
    alice.call("logout")
    assert missed() > began


def test_logout_leaves_nothing_told(stage: Stage) -> None:
    """Whoever logs in next on the device hears a total of one as anybody does for whom it is another than none."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    alice.call("getTotalUnreadMessageCount")
    bob.send("hi", to="alice")
    assert 1 == alice.heard_one("onTotalUnreadMessageCountChanged")
    alice.call("logout")
    device = stage.world[devices.DEVICES][alice.id]
    assert (0, False, ()) == (device.total_told, device.totals_wanted, device.unread_filters)


def test_silent_device_is_missed_after_400_seconds(stage: Stage) -> None:
    """Others see a device that was cut off as online for 400 s more; back, it is online again."""
    bob, alice = stage.enter("bob"), stage.enter("alice")
    bob.call("subscribeUserStatus", userIDList=["alice"])
    alice.cut()
    stage.advance(399_000)
    assert 1 == status_of(bob, "alice")
    stage.advance(1_000)
    assert 2 == status_of(bob, "alice")
    alice.mend()
    told = [one["statusType"] for _, data in bob.heard("onUserStatusChanged") for one in data["statusList"]]
    assert [2, 1] == told


def test_short_cut_is_not_noticed(stage: Stage) -> None:
    """Back within the time, or on another device, the user was never offline."""
    bob, alice = stage.enter("bob"), stage.enter("alice")
    bob.call("subscribeUserStatus", userIDList=["alice"])
    alice.cut()
    alice.mend()
    stage.advance(500_000)
    stage.enter("alice", "tablet", platform=stage.other_platform)
    alice.cut()
    stage.advance(500_000)
    assert [] == bob.heard("onUserStatusChanged")


def test_second_device_misses_nothing_of_the_first(stage: Stage) -> None:
    """A device that was cut off hears what came meanwhile, although another one of the user was there."""
    bob, phone = stage.enter("bob"), stage.enter("alice", "phone")
    tablet = stage.enter("alice", "tablet", platform=stage.other_platform)
    phone.cut()
    bob.send("hi", to="alice")
    assert 1 == len(tablet.heard("onRecvNewMessage"))
    phone.mend()
    assert 1 == len(phone.heard("onRecvNewMessage"))
    phone.close()
    tablet.close()
    again = started(stage)
    again.login("alice")
    assert [] == again.heard("onRecvNewMessage")


def test_login_without_network_fails(stage: Stage) -> None:
    """Without a network a login is 9508 and opens the local data; initSDK works and says so."""
    phone = stage.device()
    phone.cut()
    phone.call("initSDK", **{**INIT, "listenerUuid": "sdk"})
    assert ["onConnecting", "onConnectFailed"] == phone.heard_types()
    assert 9508 == phone.refused("login", userID="alice", userSig="s")
    phone.mend()
    assert ["onConnecting", "onConnectSuccess"] == phone.heard_types()
    phone.login("alice")


def test_calls_to_the_service_fail_without_network(stage: Stage) -> None:
    """What has to reach the service is 9508; what the client keeps itself is answered."""
    phone = stage.enter("alice")
    phone.send("hi", to="bob")
    phone.cut()
    for method, arguments in (
        ("pinConversation", {"conversationID": "c2c_bob", "isPinned": True}),
        ("setSelfStatus", {"status": "busy"}),
        ("addFriend", {"userID": "bob", "addType": 1}),
        ("invite", {"invitee": "bob", "data": ""}),
    ):
        assert 9508 == phone.refused(method, **arguments)
    assert 1 == len(phone.call("getConversationList", nextSeq="0", count=10)["conversationList"])
    assert [] == phone.call("getFriendList")
    phone.call("setConversationDraft", conversationID="c2c_bob", draftText="later")
    phone.call("logout")


def test_sends_without_network_leave_a_message(stage: Stage) -> None:
    """A message that cannot be sent is answered as failed, and stays."""
    phone = stage.enter("alice")
    phone.cut()
    created = phone.call("createTextMessage", text="hi")
    reply = phone.reply("sendMessage", id=created["id"], receiver="bob", groupID="")
    assert (9508, 3) == (reply["code"], reply["data"]["status"])


def test_kick_while_cut_off(stage: Stage) -> None:
    """A device kicked while cut off hears of it when it is back; an old client with its next login, which is 6208 once."""
    phone = stage.enter("alice", "first")
    phone.cut()
    phone.heard()
    stage.enter("alice", "second")
    assert [] == phone.heard()
    phone.mend()
    heard = phone.heard_types()
    assert ["onConnecting", "onConnectSuccess"] == heard[:2]
    assert 6014 == phone.refused("getUsersInfo", userIDList=["alice"])
    if stage.client.tells_late_kick:
        assert ["onKickedOffline"] == heard[2:]
    else:
        assert [] == heard[2:]
        assert 6208 == phone.reply("login", userID="alice", userSig="s")["code"]
    phone.login("alice")


# --- the service stumbles


def test_failing_sync_is_told_and_made_up_for(stage: Stage) -> None:
    """While the service fails, a login hears onSyncServerFailed and no messages; mended, it gets all it missed."""
    stage.enter("bob").send("hi", to="alice")
    stage.emulator.run(lambda: connections.break_sync(stage.world))
    phone = started(stage)
    phone.login("alice")
    assert ["onSyncServerStart", "onSyncServerFailed"] == phone.heard_types()
    page = phone.call("getConversationList", nextSeq="0", count=10)
    assert 1 == len(page["conversationList"])
    stage.emulator.run(lambda: connections.mend_sync(stage.world))
    expected = ["onSyncServerStart", "onRecvNewMessage", "onNewConversation", "onSyncServerFinish"]
    assert expected == phone.heard_types()
    stage.emulator.run(lambda: connections.mend_sync(stage.world))
    assert [] == phone.heard()


def test_experimental_notice_on_new_clients(stage: Stage) -> None:
    """8.2 hands notices of the service on by key and value; 5.0 has no event for them."""
    phone = stage.enter("alice")
    stage.emulator.run(lambda: connections.notify(stage.world, "alice", "key", "value"))
    expected = [("onExperimentalNotify", {"key": "key", "param": "value"})]
    assert (expected if stage.has("onExperimentalNotify") else []) == phone.heard()


# --- experiments

TAKEN = [
    "setUIPlatform",
    "setTestEnvironment",
    "writeLog",
    "reportTUIComponentUsage",
    "internal_operation_set_env",
    "internal_operation_set_ui_platform",
    "internal_operation_set_custom_server_info",
    "internal_operation_enable_quic_channel",
    "internal_operation_set_sm4_gcm_callback",
    "internal_operation_set_packet_request_timeout",
    "internal_operation_set_max_retry_count",
    "internal_operation_set_ipv6_prior",
    "internal_operation_get_message_revoker",
    "internal_operation_write_log",
    "internal_operation_clear_local_history_message",
    "internal_operation_update_proxy_info",
    "internal_operation_report_tuicomponent_usage",
    "internal_operation_send_trtc_custom_data",
    "internal_operation_send_room_custom_data",
    "internal_operation_set_application_id",
    "internal_operation_get_server_config",
    "internal_operation_find_merger_messages",
    "internal_operation_get_brief_group_member_list",
    "internal_operation_userid_tinyid",
    "internal_operation_tinyid_userid",
    "internal_operation_sso_data",
]


def test_known_experiments_are_taken(stage: Stage) -> None:
    """Every name in public material answers 0; those without a known answer null."""
    phone = started(stage)
    assert [None] * len(TAKEN) == [phone.call("callExperimentalAPI", api=name, param="x") for name in TAKEN]


@pytest.mark.parametrize("name", ["isCommercialAbilityEnabled", "internal_operation_is_commercial_ability_enabled"])
def test_every_ability_is_there(stage: Stage, name: str) -> None:
    """The plan includes whatever is asked for; Windows shows no outcome, and ends of what is no text."""
    if stage.on_windows:
        phone = started(stage)
        assert {"code": 0, "desc": "success", "data": None} == phone.reply("callExperimentalAPI", api=name, param="32")
        phone.heard()
        assert "crash" == phone.error("callExperimentalAPI", api=name, param=1 << 5).data["reason"]
        return
    assert 1 == started(stage).call("callExperimentalAPI", api=name, param=1 << 5)


@pytest.mark.parametrize("name", ["", "noSuchThing", "internal_operation_", "setuiplatform"])
def test_unknown_experiments_are_refused(stage: Stage, name: str) -> None:
    """An unknown name is 6017; before initSDK 6013. Windows answers success to whatever comes of it."""
    if stage.on_windows:
        assert None is started(stage).call("callExperimentalAPI", api=name, param=None)
        assert None is stage.device("new").call("callExperimentalAPI", api=name, param=None)
        return
    assert 6017 == started(stage).refused("callExperimentalAPI", api=name, param=None)
    assert 6013 == stage.device("new").refused("callExperimentalAPI", api=name, param=None)


def test_push_state_is_kept(stage: Stage) -> None:
    """What was set for offline pushes is answered when it is asked for."""
    phone = started(stage)
    get = "internal_operation_get_offline_push_state"
    if stage.on_windows:  # which shows no outcome
        assert None is phone.call("callExperimentalAPI", api=get, param="")
        return
    assert 1 == phone.call("callExperimentalAPI", api=get, param="")
    phone.call("callExperimentalAPI", api="internal_operation_set_offline_push_state", param=0)
    assert 0 == phone.call("callExperimentalAPI", api=get, param="")


def test_local_storage_opens_before_login(stage: Stage) -> None:
    """`initLocalStorage` makes a user's local data readable without a login."""
    phone = started(stage)
    phone.login("alice")
    phone.send("hi", to="bob")
    phone.call("logout")
    phone.call("callExperimentalAPI", api="initLocalStorage", param="alice")
    assert 1 == len(phone.call("getConversationList", nextSeq="0", count=10)["conversationList"])
    if stage.on_windows:
        assert None is phone.call("callExperimentalAPI", api="initLocalStorage", param=None)
        return
    assert 6017 == phone.refused("callExperimentalAPI", api="initLocalStorage", param=None)
