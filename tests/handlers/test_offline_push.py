"""Push tokens, background and foreground, and what would have been pushed."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.catalogue.load import dialects_with
from bridge.world.chats import connections, conversations, pushes, sessions
from bridge.world.groups import groups
from bridge.world.kernel.world import Policy
from tests.support.stage import INIT, Phone, Stage

REPORTS = "setAPNS|setOfflinePushConfig"
"""What reports a token, and does something with it: Windows has neither."""

INFO = {"title": "T", "desc": "D", "ext": "E", "disablePush": False, "iOSSound": "ring.caf", "androidSound": "ring.mp3"}


def report(phone: Phone, token: str = "abcd", business_id: float = 7.0, method: str = "") -> Any:
    """Report a token by the call that the platform has for it; return the reply."""
    name = method or ("setAPNS" if phone.has("setAPNS") else "setOfflinePushConfig")
    return phone.reply(name, businessID=business_id, token=token, isTPNSToken=False)


def pushed(stage: Stage, user: str = "bob") -> list[pushes.Push]:
    """Return what would have been pushed to a user."""
    return pushes.of_user(stage.world, user)


def killed(stage: Stage, user: str = "bob") -> None:
    """Let a user log in, report a token, and have the app killed."""
    phone = stage.enter(user)
    assert 0 == report(phone)["code"]
    phone.close()


def custom(phone: Phone, to: str, **options: Any) -> None:
    """Send a custom message."""
    created = phone.call("createCustomMessage", data="d", desc="", extension="")
    phone.call("sendMessage", id=created["id"], receiver=to, groupID="", **options)


# --- tokens


@pytest.mark.uses(REPORTS)
def test_token_is_kept_and_answered_null(stage: Stage) -> None:
    """The reply is null and nobody hears of it; the number loses its fraction."""
    bob = stage.enter("bob")
    assert {"code": 0, "desc": "ok", "data": None} == report(bob)
    assert [] == bob.heard()
    (token,) = stage.world.tables["push_tokens"].rows.values()
    assert (7, "abcd", "messages", stage.platform) == (token.business_id, token.token, token.kind, token.platform)


@pytest.mark.uses(REPORTS)
def test_token_needs_a_login(stage: Stage) -> None:
    """Before initSDK 6013, before login 21005."""
    phone = stage.device()
    method = "setAPNS" if stage.goes_by_ios else "setOfflinePushConfig"
    assert 6013 == phone.refused(method, businessID=7.0, token="ab")
    phone.call("initSDK", **{**INIT, "listenerUuid": "sdk"})
    assert 21005 == phone.refused(method, businessID=7.0, token="ab")


@pytest.mark.uses(REPORTS)
@pytest.mark.parametrize(("token", "code"), [("", 22003), ("a" * 257, 22004), ("会" * 86, 22004)])
def test_bad_tokens_are_refused(stage: Stage, token: str, code: int) -> None:
    """No token is 22003, one over 256 bytes 22004; what was kept stays."""
    bob = stage.enter("bob")
    report(bob, "abcd")
    method = "setAPNS" if stage.goes_by_ios else "setOfflinePushConfig"
    assert code == bob.refused(method, businessID=7.0, token=token)
    report(bob, "a" * 256)


@pytest.mark.uses(REPORTS)
def test_missing_certificate_is_refused(stage: Stage) -> None:
    """Where the console's certificates are listed, another number is 22001."""
    stage = Stage(stage.dialect, stage.platform, policy=Policy(switches={"push_certificates": [7]}))
    bob = stage.enter("bob")
    method = "setAPNS" if stage.goes_by_ios else "setOfflinePushConfig"
    assert 22001 == bob.refused(method, businessID=8.0, token="ab")
    report(bob)
    assert 0 == bob.reply(method, businessID=8.0, token="ab", isTPNSToken=True)["code"]


@pytest.mark.uses(REPORTS)
@pytest.mark.parametrize("token", ["", "abcd"])
def test_empty_configuration_switches_off(stage: Stage, token: str) -> None:
    """Number 0 ends pushes, with or without a token."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    report(bob)
    report(bob, token, 0.0)
    bob.close()
    alice.send("hi", to="bob")
    assert [] == pushed(stage)


@pytest.mark.uses(REPORTS)
@pytest.mark.parametrize("number", [7.5, 2.0**31, float("nan"), float("inf")])
def test_odd_numbers(stage: Stage, number: float) -> None:
    """Android cuts a fraction off; iOS reads a 32-bit integer and never answers to anything else."""
    bob = stage.enter("bob")
    if stage.goes_by_ios:
        error = bob.error("setAPNS", businessID=number, token="ab")
        assert (-32001, "unanswered") == (error.code, error.data["reason"])
    else:
        assert 0 == report(bob, business_id=number)["code"]
        kept = [token.business_id for token in stage.world.tables["push_tokens"].rows.values()]
        assert kept == ([int(number)] if number == number and number != float("inf") else [])


def test_each_platform_has_its_names() -> None:
    """Android knows setOfflinePushConfig, iOS setAPNS; the other's name is unknown or never answered."""
    for dialect in ("chat-8.2", "im-5.0"):
        arguments: dict[str, Any] = {"businessID": 7.0, "token": "ab", "isTPNSToken": False}
        assert -32601 == Stage(dialect, "ios").enter("bob").error("setOfflinePushConfig", **arguments).code
        assert -32601 == Stage(dialect, "android").enter("bob").error("setAPNS", **arguments).code


@pytest.mark.uses("setVOIP")
def test_voip_tokens_are_for_calls(stage: Stage) -> None:
    """iOS 8.2 takes a second token for calls, whatever it is; only what is sent as one goes there."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    report(bob, "aa")
    report(bob, "bb", method="setVOIP")
    error = bob.error("setVOIP", businessID=7.5, token="cc")
    assert (-32001, "unanswered") == (error.code, error.data["reason"])
    bob.call("setVOIP", businessID=3e9, token="zz")
    report(bob, "bb", method="setVOIP")
    bob.close()
    alice.send("hi", to="bob")
    alice.call("invite", invitee="bob", data="", offlinePushInfo={**INFO, "iOSPushType": 1})
    assert ["aa", "bb"] == [push.token for push in pushed(stage)]


def test_old_plugin_has_no_voip() -> None:
    """5.0 has no setVOIP; 8.2 is named as the one that does."""
    error = Stage("im-5.0", "ios").enter("bob").error("setVOIP", businessID=7.0, token="ab")
    assert dialects_with("setVOIP") == error.data["dialects"]


@pytest.mark.uses(REPORTS)
@pytest.mark.parametrize("end", ["logout", "kick", "expire"])
def test_token_goes_with_the_session(stage: Stage, end: str) -> None:
    """After a logout, a kick or an expired signature nothing is pushed any more."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    report(bob)
    if end == "logout":
        bob.call("logout")
    else:
        rule = sessions.kick if end == "kick" else sessions.expire
        stage.emulator.run(lambda: rule(stage.world, stage.emulator.engine.device(bob.id)))
    alice.send("hi", to="bob")
    assert [] == pushed(stage)


# --- what is pushed


@pytest.mark.uses(REPORTS)
def test_killed_app_is_pushed_to(stage: Stage) -> None:
    """A text to an app that was killed is pushed with the sender's words, or with name and text without any."""
    alice = stage.enter("alice")
    killed(stage)
    alice.call("setSelfInfo", nickName="Alice")
    sent = alice.send("hi", to="bob")
    alice.send("again", to="bob", offlinePushInfo=INFO)
    plain, chosen = pushed(stage)
    assert ("Alice", "hi", "", "c2c_alice") == (plain.title, plain.text, plain.sound, plain.conversation_id)
    assert (sent["msgID"], "bob's", 7, "abcd") == (plain.msg_id, plain.install, plain.business_id, plain.token)
    assert ("T", "D", "E") == (chosen.title, chosen.text, chosen.extra)
    assert ("ring.caf" if stage.goes_by_ios else "ring.mp3") == chosen.sound


@pytest.mark.uses(REPORTS)
def test_online_receiver_is_not_pushed_to(stage: Stage) -> None:
    """A device in the foreground gets the message itself; so it does without a token."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    report(bob)
    alice.send("hi", to="bob")
    alice.send("hi", to="carol")
    assert [] == pushed(stage) == pushed(stage, "carol")


@pytest.mark.uses(REPORTS)
def test_cut_off_receiver_is_pushed_to(stage: Stage) -> None:
    """A device without a network counts as away."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    report(bob)
    stage.emulator.run(lambda: connections.lose(stage.world, stage.emulator.engine.device(bob.id)))
    alice.send("hi", to="bob")
    assert 1 == len(pushed(stage))


@pytest.mark.uses(REPORTS)
def test_online_only_is_not_pushed(stage: Stage) -> None:
    """What is for those who are online is pushed to nobody; what the sender switched off neither."""
    alice = stage.enter("alice")
    killed(stage)
    alice.send("hi", to="bob", onlineUserOnly=True)
    alice.send("hi", to="bob", offlinePushInfo={**INFO, "disablePush": True})
    assert [] == pushed(stage)


@pytest.mark.uses(REPORTS)
@pytest.mark.parametrize(("info", "count"), [(None, 0), ({**INFO, "desc": ""}, 0), (INFO, 1)])
def test_custom_messages_need_a_text(stage: Stage, info: Any, count: int) -> None:
    """Custom messages are pushed only with a text for it."""
    alice = stage.enter("alice")
    killed(stage)
    custom(alice, "bob", offlinePushInfo=info)
    assert count == len(pushed(stage))


@pytest.mark.uses(REPORTS)
def test_invitation_is_pushed_with_a_text(stage: Stage) -> None:
    """A call to one user is pushed if the caller gave a text, an answer never; in a group nothing is."""
    alice, carol = stage.enter("alice"), stage.enter("carol")
    killed(stage)
    alice.call("invite", invitee="bob", data="")
    alice.call("invite", invitee="bob", data="", offlinePushInfo=INFO)
    carol_id = alice.call("invite", invitee="carol", data="", timeout=0, offlinePushInfo=INFO)
    carol.call("accept", inviteID=carol_id, data="")
    assert ["D"] == [push.text for push in pushed(stage)]


@pytest.mark.uses(REPORTS)
def test_android_reads_some_of_the_push_info(stage: Stage) -> None:
    """Of an invitation's push info the adapter passes the keys on that it reads (on Android eight)."""
    alice = stage.enter("alice")
    killed(stage)
    alice.call("invite", invitee="bob", data="", offlinePushInfo=INFO)
    (push,) = pushed(stage)
    assert ("T", "D", "E") == (push.title, push.text, push.extra)


@pytest.mark.uses(REPORTS)
@pytest.mark.parametrize(("option", "count"), [(0, 1), (1, 0), (2, 0), (3, 0), (4, 0)])
def test_receive_option_decides(stage: Stage, option: int, count: int) -> None:
    """Options 1 and 2 push nothing, 3 and 4 only mentions."""
    alice = stage.enter("alice")
    killed(stage)
    stage.emulator.run(lambda: conversations.change(stage.world, "bob", "c2c_alice", recv_opt=option))
    alice.send("hi", to="bob")
    assert count == len(pushed(stage))


@pytest.mark.uses(REPORTS)
@pytest.mark.parametrize(("group_type", "count"), [("Public", 1), ("Work", 1), ("Meeting", 0)])
def test_groups_push_to_members(stage: Stage, group_type: str, count: int) -> None:
    """A member who is away is pushed to, with the group's name above; Meeting groups push nothing by default."""
    alice = stage.enter("alice")
    killed(stage)

    def settle() -> None:
        stage.world[groups.GROUPS].put("g", groups.Group("g", group_type, name="Crew", owner="alice", opened=True))
        for name in ("alice", "bob"):
            stage.world[groups.MEMBERS].put(("g", name), groups.Member("g", name))

    stage.emulator.run(settle)
    alice.send("hi", group="g")
    assert [("Crew", "alice: hi")] * count == [(push.title, push.text) for push in pushed(stage)]


# --- background, foreground, badges


def test_background_lets_the_service_push() -> None:
    """In the background an app gets the event and the push; back in the foreground the event alone."""
    stage = Stage("chat-8.2", "android")
    alice, bob = stage.enter("alice"), stage.enter("bob")
    report(bob)
    assert None is bob.call("doBackground", unreadCount=3)
    alice.send("one", to="bob")
    assert 1 == len(pushed(stage)) == len(bob.heard("onRecvNewMessage"))
    assert None is bob.call("doForeground")
    alice.send("two", to="bob")
    assert 1 == len(pushed(stage))


def test_ios_82_never_answers_background() -> None:
    """The 8.2 iOS adapter has doBackground switched off; doForeground works."""
    bob = Stage("chat-8.2", "ios").enter("bob")
    error = bob.error("doBackground", unreadCount=1)
    assert (-32001, "unanswered") == (error.code, error.data["reason"])
    assert None is bob.call("doForeground")


def test_ios_50_lacks_foreground() -> None:
    """The old iOS adapter has doBackground and no doForeground."""
    bob = Stage("im-5.0", "ios").enter("bob")
    assert None is bob.call("doBackground", unreadCount=1)
    assert -32601 == bob.error("doForeground").code


@pytest.mark.parametrize("method", ["doBackground", "doForeground"])
def test_background_needs_a_login(method: str) -> None:
    """Before initSDK 6013, without a login 6014."""
    phone = Stage("im-5.0", "android").device()
    arguments = {"unreadCount": 1} if method == "doBackground" else {}
    assert 6013 == phone.refused(method, **arguments)
    phone.call("initSDK", **{**INIT, "listenerUuid": "sdk"})
    assert 6014 == phone.refused(method, **arguments)


def test_badge_counts_from_what_was_reported() -> None:
    """On iOS each push adds one to the number given to doBackground, unless the sender leaves the badge alone."""
    stage = Stage("im-5.0", "ios")
    alice, bob = stage.enter("alice"), stage.enter("bob")
    report(bob)
    bob.call("doBackground", unreadCount=5)
    for info in (INFO, {**INFO, "ignoreIOSBadge": True}, INFO):
        alice.send("hi", to="bob", offlinePushInfo=info)
    assert [6, 6, 7] == [push.badge for push in pushed(stage)]


@pytest.mark.uses(REPORTS)
def test_badge_can_be_switched_off(stage: Stage) -> None:
    """`disableBadgeNumber` leaves the icon alone; on Android pushes have no badge at all."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    report(bob)
    bob.call("callExperimentalAPI", api="disableBadgeNumber", param=True)
    bob.close()
    alice.send("hi", to="bob")
    assert [None] == [push.badge for push in pushed(stage)]


@pytest.mark.uses("setAPNSListener")
def test_badge_listener_is_answered_with_a_text(stage: Stage) -> None:
    """Both platforms answer an envelope with a text, before initSDK as well."""
    text = "setAPNSListener is done" if stage.goes_by_ios else "add setAPNSListener success"
    assert {"code": 0, "desc": "ok", "data": text} == stage.device().reply("setAPNSListener")
