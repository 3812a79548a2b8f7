"""More devices on a connection, and other people: `bridge.device.*`, `bridge.user.*`, `bridge.world.use`."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.emulator import Server, Settings
from bridge.world.kernel.devices import DEVICES
from bridge.world.kernel.world import Policy
from tests.support.line import Line

KINDS = [(dialect, platform) for dialect in ("chat-8.2", "im-5.0") for platform in ("android", "ios")]


@pytest.fixture(params=KINDS, ids="-".join)
def line(request: pytest.FixtureRequest) -> Line:
    """Return a connection on which alice is logged in and listens."""
    dialect, platform = request.param
    line = Line(dialect=dialect, platform=platform)
    line.start("alice")
    return line


def second(line: Line, user: str, **options: Any) -> None:
    """Open a second device, `phone`, and log a user in there."""
    line.ask("bridge.device.open", device="phone", **options)
    line.start(user, "phone")


def on_phone(line: Line, method: str, /, **arguments: Any) -> Any:
    return line.ask("bridge.device.call", device="phone", method=method, arguments=arguments)


# --- devices


def test_connection_is_a_device(line: Line) -> None:
    """Its name is "", its dialect and platform are those of `serve`."""
    ping = line.ask("bridge.ping")
    settings = line.server.settings
    assert (settings.dialect, settings.platform) == (ping["dialect"], ping["platform"])
    assert "alice" == line.ask("bridge.device.call", device="", method="getLoginUser")["data"]


def test_devices_inherit_from_the_own_one(line: Line) -> None:
    """Dialect and platform, unless they are given."""
    line.ask("bridge.device.open", device="same")
    line.ask("bridge.device.open", device="other", dialect="im-5.0", platform="ios")
    rows = {row.name: (row.dialect, row.platform) for row in line.world[DEVICES].rows.values()}
    assert rows[""] == rows["same"]
    assert ("im-5.0", "ios") == rows["other"]


def test_own_device_can_be_chosen() -> None:
    """Its dialect and platform, each for itself; it is one device as before, and as new."""
    line = Line()
    assert {"dialect": "im-5.0", "platform": "android"} == line.ask("bridge.device.use", dialect="im-5.0")
    assert {"dialect": "im-5.0", "platform": "ios"} == line.ask("bridge.device.use", platform="ios")
    line.start("alice")
    assert [("", "im-5.0", "ios")] == [(row.name, row.dialect, row.platform) for row in line.world[DEVICES].rows.values()]
    assert "alice" == line.call("getLoginUser")


@pytest.mark.parametrize("wrong", [{"dialect": "chat-9"}, {"platform": "web"}])
def test_unknown_choice_changes_nothing(wrong: dict[str, str]) -> None:
    """-32602, and the own device is still there."""
    line = Line()
    before = line.session.own
    assert -32602 == line.error("bridge.device.use", **wrong)["code"]
    assert before == line.session.own
    line.start("alice")


def test_used_device_cannot_be_chosen(line: Line) -> None:
    """-32000 as soon as its app has done anything; nothing changes."""
    before = line.snapshot()
    assert -32000 == line.error("bridge.device.use", dialect="im-5.0")["code"]
    assert before == line.snapshot()
    other = Line(line.server)
    other.request("addConversationListener", {"listenerUuid": "c"})
    assert -32000 == other.error("bridge.device.use", platform="ios")["code"]


def test_name_in_use_is_refused(line: Line) -> None:
    """-32000, and the device that has the name goes on; the own one's name is in use from the start."""
    line.ask("bridge.device.open", device="phone")
    for name in ("phone", ""):
        assert -32000 == line.error("bridge.device.open", device=name)["code"]
    assert 2 == len(line.world[DEVICES].rows)


@pytest.mark.parametrize("options", [{"dialect": "chat-9"}, {"platform": "harmony"}])
def test_unknown_kinds_of_devices(line: Line, options: dict[str, str]) -> None:
    """-32602, and no device is opened."""
    assert -32602 == line.error("bridge.device.open", device="phone", **options)["code"]
    assert 1 == len(line.world[DEVICES].rows)


def test_events_say_for_which_device(line: Line) -> None:
    """Those of the own device come plain, those of others as `bridge.device.event`."""
    second(line, "bob")
    line.ask("bridge.user.say", user="carol", to="bob", text="hi")
    line.ask("bridge.user.say", user="carol", to="alice", text="hi")
    events = line.heard()
    others = [event for event in events if event["method"] == "bridge.device.event"]
    assert {"device", "method", "arguments"} == set(others[0]["params"])
    assert {"phone"} == {event["params"]["device"] for event in others}
    assert "onRecvNewMessage" in [event["params"]["arguments"]["type"] for event in others]
    assert "onRecvNewMessage" in [event["params"].get("type") for event in events if event not in others]


def test_devices_have_each_their_session(line: Line) -> None:
    """What is called on one is not called on the other."""
    second(line, "bob")
    assert ("alice", "bob") == (line.call("getLoginUser"), on_phone(line, "getLoginUser")["data"])
    assert 0 == on_phone(line, "logout")["code"]
    assert "alice" == line.call("getLoginUser")


def test_inner_errors_pass_unchanged(line: Line) -> None:
    """Paths are relative to `arguments`."""
    line.ask("bridge.device.open", device="phone")
    bad = {"groupName": 7, "conversationIDList": ["c2c_bob"]}
    plain = line.error("createConversationGroup", **bad)
    for params in (
        {"device": "phone", "method": "createConversationGroup", "arguments": bad},
        {"user": "bob", "method": "createConversationGroup", "arguments": bad},
    ):
        assert plain == line.error(f"bridge.{next(iter(params))}.call", **params)
    assert -32601 == line.error("bridge.user.call", user="bob", method="noSuchMethod")["code"]


def test_inner_refusals_pass_unchanged(line: Line) -> None:
    """So do envelopes."""
    bad = {"groupName": "", "conversationIDList": ["c2c_bob"]}
    plain = line.ask("createConversationGroup", **bad)
    assert plain == line.ask("bridge.user.call", user="bob", method="createConversationGroup", arguments=bad)


def test_control_methods_are_no_inner_calls(line: Line) -> None:
    """Devices and users make channel calls; `bridge.*` belongs to the connection."""
    line.ask("bridge.device.open", device="phone")
    for name, value in (("device", "phone"), ("user", "bob")):
        assert -32601 == line.error(f"bridge.{name}.call", **{name: value}, method="bridge.world.reset")["code"]


def test_closed_device_is_offline_at_once(line: Line) -> None:
    """Its app is killed: others see it at once, it hears nothing more, its name is free again."""
    second(line, "bob")
    seen = 0
    if line.server.settings.dialect == "chat-8.2":
        line.call("subscribeUserStatus", userIDList=["bob"])
        line.heard()
        seen = 1
    line.ask("bridge.device.close", device="phone")
    assert seen == line.heard_types().count("onUserStatusChanged")
    line.ask("bridge.user.say", user="carol", to="bob", text="hi")
    assert [] == [event for event in line.heard() if event["method"] == "bridge.device.event"]
    line.ask("bridge.device.open", device="phone")


def test_own_device_goes_with_the_connection(line: Line) -> None:
    """It cannot be closed alone; with the connection, all its devices are."""
    second(line, "bob")
    assert -32602 == line.error("bridge.device.close", device="")["code"]
    line.session.close()
    assert {} == line.world[DEVICES].rows


def test_lost_connection_is_heard_by_others(line: Line) -> None:
    """Others see its users go offline."""
    if line.server.settings.dialect == "im-5.0":
        return  # has no statuses of others
    other = Line(line.server)
    other.start("bob")
    other.call("subscribeUserStatus", userIDList=["alice"])
    other.heard()
    line.session.close()
    assert ["onUserStatusChanged"] == other.heard_types()


def test_connections_share_a_world(line: Line) -> None:
    """What one does, the other hears, as soon as it is done."""
    other = Line(line.server)
    other.start("bob")
    created = other.call("createTextMessage", text="hi")
    other.call("sendMessage", id=created["id"], receiver="alice", groupID="")
    assert "onRecvNewMessage" in line.heard_types()


# --- logins


def test_one_login_per_platform(line: Line) -> None:
    """The oldest is kicked, and told."""
    line.ask("bridge.device.open", device="phone")
    on_phone(line, "initSDK", sdkAppID=1, logLevel=3, uiPlatform=0, listenerUuid="")
    assert 0 == on_phone(line, "login", userID="alice", userSig="sig")["code"]
    assert 1 == line.heard_types().count("onKickedOffline")
    assert line.call("getLoginUser") in ("", None)


def test_logins_on_other_platforms_stay(line: Line) -> None:
    """One user may be on a phone of each kind."""
    other = {"android": "ios", "ios": "android"}[line.server.settings.platform]
    second(line, "alice", platform=other)
    assert "alice" == line.call("getLoginUser")


def test_instances_change_the_policy() -> None:
    """`--instances 2` lets two in, and the third kicks the first."""
    line = Line(policy=Policy(instances=2))
    line.start("alice")
    second(line, "alice")
    assert "alice" == line.call("getLoginUser")
    line.ask("bridge.device.open", device="third")
    line.start("alice", "third")
    assert line.call("getLoginUser") in ("", None)
    assert "alice" == on_phone(line, "getLoginUser")["data"]


# --- hidden devices


def test_people_need_no_device(line: Line) -> None:
    """A user who is named for the first time is there, logged in, and does as told."""
    answer = line.ask("bridge.user.call", user="bob", method="getLoginUser")
    assert {"code": 0, "desc": "ok", "data": "bob"} == answer
    created = line.ask("bridge.user.call", user="bob", method="createTextMessage", arguments={"text": "hi"})["data"]
    sending = {"id": created["id"], "receiver": "alice", "groupID": ""}
    line.ask("bridge.user.call", user="bob", method="sendMessage", arguments=sending)
    assert "onRecvNewMessage" in line.heard_types()


def test_hidden_devices_do_not_kick(line: Line) -> None:
    """Nor are they kicked: they have no platform."""
    line.ask("bridge.user.call", user="alice", method="getLoginUser")
    assert "alice" == line.call("getLoginUser")
    assert [] == line.heard_types()
    second(line, "bob")
    line.ask("bridge.user.call", user="bob", method="getLoginUser")
    assert "bob" == on_phone(line, "getLoginUser")["data"]


def test_hidden_devices_have_no_status() -> None:
    """A user who is there by them alone is offline to others, and never comes online."""
    line = Line()
    line.start("alice")
    line.call("subscribeUserStatus", userIDList=["bob"])
    line.heard()
    line.ask("bridge.user.call", user="bob", method="getLoginUser")
    assert [] == line.heard_types()
    assert 1 != line.call("getUserStatus", userIDList=["bob"])[0]["statusType"]


def test_hidden_devices_get_no_events(line: Line) -> None:
    """Whatever they listen to."""
    uuid = {"listenerUuid": "x"}
    line.ask("bridge.user.call", user="bob", method="addAdvancedMsgListener", arguments=uuid)
    line.ask("bridge.user.say", user="carol", to="bob", text="hi")
    assert [] == line.heard()
    assert [] == [entry for entry in line.journal("event") if "bob" in entry["device"]]


def test_hidden_devices_catch_nothing_up(line: Line) -> None:
    """What came while only they were there is simply there when a real device logs in, and is told as missed."""
    line.ask("bridge.user.call", user="bob", method="getLoginUser")
    line.ask("bridge.user.say", user="carol", to="bob", text="hi")
    line.ask("bridge.device.open", device="phone")
    arguments = {"sdkAppID": 1, "logLevel": 3, "uiPlatform": 0, "listenerUuid": ""}
    line.ask("bridge.device.call", device="phone", method="initSDK", arguments=arguments)
    uuid = {"listenerUuid": "x"}
    line.ask("bridge.device.call", device="phone", method="addAdvancedMsgListener", arguments=uuid)
    line.heard()
    line.ask("bridge.device.call", device="phone", method="login", arguments={"userID": "bob", "userSig": "s"})
    assert 1 == line.heard_types("phone").count("onRecvNewMessage")


def test_online_only_messages_pass_hidden_devices() -> None:
    """They do not count for online-only delivery: nobody was there."""
    line = Line()
    line.start("alice")
    line.ask("bridge.user.call", user="bob", method="getLoginUser")
    created = line.call("createTextMessage", text="now or never")
    line.call("sendMessage", id=created["id"], receiver="bob", groupID="", onlineUserOnly=True)
    second(line, "bob")
    assert [] == on_phone(line, "getC2CHistoryMessageList", userID="alice", count=10)["data"]


def test_hidden_devices_run_timers() -> None:
    """An invitation that somebody without a device has sent times out on the clock, as any client's does."""
    line = Line()
    line.start("alice")
    invitation = {"invitee": "alice", "data": "{}", "timeout": 30, "onlineUserOnly": False}
    line.ask("bridge.user.call", user="bob", method="invite", arguments=invitation)
    assert "onReceiveNewInvitation" in line.heard_types()
    line.ask("bridge.clock.advance", ms=29_000)
    assert "onInvitationTimeout" not in line.heard_types()
    line.ask("bridge.clock.advance", ms=2_000)
    assert "onInvitationTimeout" in line.heard_types()


# --- people who speak


def test_people_say_things(line: Line) -> None:
    """The message as stored is answered, in the caller's dialect, and the receiver hears of it."""
    said = line.ask("bridge.user.say", user="bob", to="alice", text="hi")
    assert ("bob", "hi", 2) == (said["sender"], said["textElem"]["text"], said["status"])
    heard = [message["params"] for message in line.heard()]
    message = next(params["data"] for params in heard if params["type"] == "onRecvNewMessage")
    assert said["msgID"] == message["msgID"]


def test_refused_words_answer_the_envelope(line: Line) -> None:
    """Exactly as sendMessage refuses: who is no member says nothing in a group, and neither creates nor joins one."""
    for group in ("nowhere", "room"):
        if group == "room":
            line.call("createGroup", groupType="Work", groupID="room", groupName="Room")
            line.heard()
        said = line.ask("bridge.user.say", user="bob", group=group, text="hi")
        assert 0 != said["code"]
        assert "desc" in said
        created = line.ask("bridge.user.call", user="bob", method="createTextMessage", arguments={"text": "hi"})["data"]
        sending = {"id": created["id"], "receiver": "", "groupID": group}
        assert said["code"] == line.ask("bridge.user.call", user="bob", method="sendMessage", arguments=sending)["code"]
    assert "onRecvNewMessage" not in line.heard_types()


def test_people_say_things_in_groups(line: Line) -> None:
    """A member's words reach the group."""
    members = [{"userID": "bob", "role": 200}]
    line.call("createGroup", groupType="Work", groupID="room", groupName="Room", memberList=members)
    line.heard()
    assert "room" == line.ask("bridge.user.say", user="bob", group="room", text="hi")["groupID"]
    assert "onRecvNewMessage" in line.heard_types()


@pytest.mark.parametrize("target", [{}, {"to": "alice", "group": "room"}])
def test_one_target_is_due(line: Line, target: dict[str, str]) -> None:
    """A user or a group, not both and not neither."""
    assert -32602 == line.error("bridge.user.say", user="bob", text="hi", **target)["code"]


@pytest.mark.parametrize("effect", [{"noReply": True}, {"delayMs": 5}])
def test_words_whose_reply_is_lost(line: Line, effect: dict[str, Any]) -> None:
    """Faults take the sending: it is carried out, and the reply comes late or never."""
    line.ask("bridge.fault.set", match={"user": "bob"}, effect=effect)
    came = line.request("bridge.user.say", {"user": "bob", "to": "alice", "text": "hi"})
    assert [] == [message for message in came if "id" in message]
    assert "onRecvNewMessage" in [message["params"]["type"] for message in came]
    late = [message["result"] for message in line.request("bridge.clock.advance", {"ms": 5}) if "id" in message][1:]
    assert ("delayMs" in effect) == bool(late)


def test_words_that_a_fault_refuses(line: Line) -> None:
    """The fault's envelope is answered with the message that failed, and nobody hears it; other people's words pass."""
    line.ask("bridge.fault.set", match={"user": "bob", "method": "sendMessage"}, effect={"code": 9508, "desc": "no"})
    came = line.ask("bridge.user.say", user="bob", to="alice", text="hi")
    assert (9508, "no", 3) == (came["code"], came["desc"], came["data"]["status"])
    assert [] == line.heard()
    assert 2 == line.ask("bridge.user.say", user="carol", to="alice", text="hi")["status"]


# --- worlds


def test_other_world_is_empty(line: Line) -> None:
    """It is made on first use, with a fresh own device; devices of the old one are closed."""
    second(line, "bob")
    old = line.world
    assert {"world": "other"} == line.ask("bridge.world.use", world="other")
    assert {} == old[DEVICES].rows
    assert ["other"] == [name for name in line.server.names() if name]
    assert -32000 == line.error("bridge.device.close", device="phone")["code"]
    settings = line.server.settings
    ping = line.ask("bridge.ping")
    assert (settings.dialect, settings.platform) == (ping["dialect"], ping["platform"])
    assert line.ask("getLoginUser")["data"] in ("", None)


def test_worlds_do_not_meet() -> None:
    """Same users, same ids, same times: what happens in one is not heard, listed or counted in the other."""
    server = Server(Settings())
    here, there = Line(server, "here"), Line(server, "there")
    for line in (here, there):
        line.start("alice")
    first = here.ask("bridge.user.say", user="bob", to="alice", text="hi")
    assert [] == there.take()
    assert [] == there.call("getConversationList", nextSeq="0", count=10)["conversationList"]
    here.ask("bridge.clock.advance", ms=60_000)
    here.ask("bridge.fault.set", match={}, effect={"code": 1})
    assert first["timestamp"] == there.ask("bridge.user.say", user="bob", to="alice", text="hi")["timestamp"]
    assert [] == there.ask("bridge.fault.list")["faults"]


def test_world_is_shared_by_name() -> None:
    """Two connections that use the same name meet there."""
    server = Server(Settings())
    one, two = Line(server), Line(server)
    for line, user in ((one, "alice"), (two, "bob")):
        line.ask("bridge.world.use", world="shared")
        line.start(user)
    created = two.call("createTextMessage", text="hi")
    two.call("sendMessage", id=created["id"], receiver="alice", groupID="")
    assert "onRecvNewMessage" in one.heard_types()
