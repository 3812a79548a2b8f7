"""How messages are to arrive: from users, from groups and topics, and at certain times."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.catalogue import load
from bridge.world.chats import connections, conversations, pushes
from bridge.world.kernel.world import Policy
from tests.support.communities import found, new_topic, topic_of
from tests.support.groups import info, team
from tests.support.stage import Phone, Stage

NIGHT_MS = 1_700_000_000_000 // 86_400_000 * 86_400_000 + 86_400_000
"""A midnight (UTC) after the world's beginning."""

HOUR_MS = 3_600_000


def elsewhere(stage: Stage, user: str) -> Phone:
    """Let a user log in on a device of the other platform."""
    return stage.enter(user, "elsewhere", platform="android" if stage.goes_by_ios else "ios")


def answered_ok(phone: Phone, method: str, **arguments: Any) -> None:
    """Make a call that iOS answers "ok" and Android null."""
    assert ("ok" if "ios" in load(phone.dialect).lineage(phone.platform) else None) == phone.call(method, **arguments)


def option_of(phone: Phone, user: str) -> int:
    """Return how messages of a user arrive."""
    (item,) = phone.call("getC2CReceiveMessageOpt", userIDList=[user])
    assert user == item["userID"]
    option: int = item["receiveOpt" if phone.platform == "windows" else "c2CReceiveMessageOpt"]
    return option


# --- from users


def test_own_devices_hear_of_an_option(stage: Stage) -> None:
    """The conversation changes on all own devices, and the total leaves it out; nobody else hears."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    tablet = elsewhere(stage, "bob")
    alice.send("hi", to="bob")
    assert 1 == bob.call("getTotalUnreadMessageCount")
    for phone in (alice, bob, tablet):
        phone.heard()
    answered_ok(bob, "setC2CReceiveMessageOpt", userIDList=["alice"], opt=2)
    (changed, rows), (total, count) = bob.heard()
    assert ("onConversationChanged", 2, 1) == (changed, rows[0]["recvOpt"], rows[0]["unreadCount"])
    assert ("onTotalUnreadMessageCountChanged", 0) == (total, count)
    assert [2] == [row["recvOpt"] for row in tablet.heard_one("onConversationChanged")]
    assert [] == alice.heard()
    assert 2 == option_of(bob, "alice") == option_of(tablet, "alice")
    alice.send("again", to="bob")
    assert ["onRecvNewMessage", "onConversationChanged"] == [
        kind for kind in bob.heard_types() if kind != "onRecvC2CTextMessage"
    ]
    assert 2 == bob.conversation("c2c_alice")["unreadCount"]


def test_nothing_arrives_with_option_one(stage: Stage) -> None:
    """What is sent then never arrives; with 0 again the next message does."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    alice.send("hi", to="bob")
    bob.call("setC2CReceiveMessageOpt", userIDList=["alice"], opt=1)
    bob.heard()
    alice.send("silence", to="bob")
    assert [] == bob.heard()
    assert "hi" == bob.conversation("c2c_alice")["lastMessage"]["textElem"]["text"]
    bob.call("setC2CReceiveMessageOpt", userIDList=["alice"], opt=0)
    bob.heard()
    alice.send("back", to="bob")
    assert "back" == bob.heard_one("onRecvNewMessage")["textElem"]["text"]


def test_options_of_several_users(stage: Stage) -> None:
    """Each user has an option, conversation or not; only those in the list are told, in one event, and only if they change."""
    alice, _, _ = stage.enter("alice"), stage.enter("bob"), stage.enter("carol")
    alice.send("hi", to="bob"), alice.send("hi", to="carol")
    alice.heard()
    alice.call("setC2CReceiveMessageOpt", userIDList=["bob", "dave", "carol"], opt=2)
    rows = alice.heard_one("onConversationChanged")
    assert ["c2c_bob", "c2c_carol"] == [row["conversationID"] for row in rows]
    alice.call("setC2CReceiveMessageOpt", userIDList=["bob", "dave"], opt=2)
    assert [] == alice.heard()
    items = alice.call("getC2CReceiveMessageOpt", userIDList=["erin", "dave", "bob"])
    key = "receiveOpt" if stage.on_windows else "c2CReceiveMessageOpt"
    assert [("erin", 0), ("dave", 2), ("bob", 2)] == [(i["userID"], i[key]) for i in items]


def test_ios_writes_one_number_twice() -> None:
    """On 8.2 the iOS adapter shows the option of a user as that of all as well; Android does not."""
    for platform, both in (("ios", 2), ("android", 0)):
        alice = Stage("chat-8.2", platform).enter("alice")
        alice.call("setC2CReceiveMessageOpt", userIDList=["bob"], opt=2)
        (item,) = alice.call("getC2CReceiveMessageOpt", userIDList=["bob"])
        assert (2, both) == (item["c2CReceiveMessageOpt"], item["allReceiveMessageOpt"])
        alice.call("setAllReceiveMessageOpt", opt=2, startHour=0, startMinute=0, startSecond=0, duration=86400)
        everything = alice.call("getAllReceiveMessageOpt")
        assert (both, 2) == (everything["c2CReceiveMessageOpt"], everything["allReceiveMessageOpt"])


@pytest.mark.parametrize(
    ("users", "option"),
    [([], 2), ([""], 2), (["bob", ""], 2), ([f"u{n}" for n in range(31)], 2), (["bob"], 3), (["bob"], -1)],
)
def test_options_of_users_that_are_refused(stage: Stage, users: list[str], option: int) -> None:
    """Nobody, an empty id, over thirty users, an option that users do not have."""
    alice = stage.enter("alice")
    assert 6017 == alice.refused("setC2CReceiveMessageOpt", userIDList=users, opt=option)


@pytest.mark.parametrize("users", [[], [""]])
def test_asking_about_nobody(stage: Stage, users: list[str]) -> None:
    """Nobody, or an empty id."""
    assert 6017 == stage.enter("alice").refused("getC2CReceiveMessageOpt", userIDList=users)


def test_five_a_second(stage: Stage) -> None:
    """With rate limits a sixth call within a second is refused."""
    stage = Stage(stage.dialect, stage.platform, Policy(rate_limits=True))
    alice = stage.enter("alice")
    for number in range(5):
        alice.call("setC2CReceiveMessageOpt", userIDList=["bob"], opt=number % 3)
    assert 7008 == alice.refused("setC2CReceiveMessageOpt", userIDList=["bob"], opt=2)
    stage.advance(1000)
    alice.call("setC2CReceiveMessageOpt", userIDList=["bob"], opt=2)


# --- from groups and topics


@pytest.mark.parametrize("option", [1, 2, 3, 4])
def test_own_devices_hear_of_a_groups_option(stage: Stage, option: int) -> None:
    """The group has changed (10) and the conversation; on own devices alone, and only once."""
    group, (alice, bob, _) = team(stage, "Public")
    alice.send("hi", group=group)
    tablet = elsewhere(stage, "bob")
    for phone in (alice, bob, tablet):
        phone.heard()
    answered_ok(bob, "setGroupReceiveMessageOpt", groupID=group, opt=option)
    for phone in (bob, tablet):
        (kind, event), (second, rows) = phone.heard()[:2]
        assert ("onGroupInfoChanged", group, "onConversationChanged", option) == (
            kind,
            event["groupID"],
            second,
            rows[0]["recvOpt"],
        )
        (change,) = event["groupChangeInfoList"]
        assert (10, option if "intValue" in change else None) == (change["type"], change.get("intValue"))
    assert [] == alice.heard()
    assert (option, 0) == (info(bob, group)["recvOpt"], info(alice, group)["recvOpt"])
    answered_ok(bob, "setGroupReceiveMessageOpt", groupID=group, opt=option)
    assert [] == bob.heard()


def test_total_leaves_a_silent_group_out(stage: Stage) -> None:
    """A group that is not to notify counts on its conversation alone, and in the total again once it may."""
    group, (alice, bob, _) = team(stage, "Public")
    before = bob.call("getTotalUnreadMessageCount")
    alice.send("hi", group=group)
    assert before + 1 == bob.call("getTotalUnreadMessageCount")
    bob.heard()
    for option in (1, 2, 3, 4):
        for opt, total in ((option, before), (0, before + 1)):
            bob.call("setGroupReceiveMessageOpt", groupID=group, opt=opt)
            assert total == bob.heard_one("onTotalUnreadMessageCountChanged")
            assert 1 == bob.conversation(f"group_{group}")["unreadCount"]


def test_only_mentions_arrive_with_option_four(stage: Stage) -> None:
    """With 4 only mentions arrive, with 1 nothing."""
    group, (alice, bob, _) = team(stage, "Public")

    def arrives(**arguments: Any) -> bool:
        bob.heard()
        created = alice.call("createTextAtMessage", text="x", **arguments)
        alice.call("sendMessage", id=created["id"], receiver="", groupID=group)
        return bool(bob.heard("onRecvNewMessage"))

    bob.call("setGroupReceiveMessageOpt", groupID=group, opt=4)
    assert (True, False) == (arrives(atUserList=["bob"]), arrives(atUserList=["carol"]))
    bob.call("setGroupReceiveMessageOpt", groupID=group, opt=1)
    assert not arrives(atUserList=["bob"])


def test_meetings_begin_without_pushes(stage: Stage) -> None:
    """A Meeting's members have option 2, so setting it changes nothing; a live room's device hears of a change."""
    group, (alice, _, _) = team(stage, "Meeting")
    alice.call("setGroupReceiveMessageOpt", groupID=group, opt=2)
    assert [] == alice.heard()
    live, (dave, _) = team(stage, "AVChatRoom", "dave", "erin")
    dave.call("setGroupReceiveMessageOpt", groupID=live, opt=0)
    assert 10 == dave.heard_one("onGroupInfoChanged")["groupChangeInfoList"][0]["type"]
    assert 0 == info(dave, live)["recvOpt"]


def test_topics_have_options(stage: Stage) -> None:
    """A topic's option is its own and the user's: the topic has changed, on own devices."""
    found(stage)
    alice, bob = stage.enter("alice"), stage.enter("bob")
    topic = new_topic(alice)
    alice.heard(), bob.heard()
    answered_ok(bob, "setGroupReceiveMessageOpt", groupID=topic, opt=1)
    events = bob.heard()
    assert {bob.topic_changed} == {kind for kind, _ in events} - {"onChangeTopicInfo"}, "the group has not changed"
    for told in (data["topicInfo"] for _, data in events):
        assert (topic, 1) == (told["topicID"], told["recvOpt"])
    assert [] == alice.heard()
    assert (1, 0) == (topic_of(bob, topic)["recvOpt"], topic_of(alice, topic)["recvOpt"])
    alice.send("hi", group=topic)
    assert [] == bob.heard("onRecvNewMessage")
    assert 10010 == bob.refused("setGroupReceiveMessageOpt", groupID=f"{topic}x", opt=1)


def test_options_of_groups_that_are_refused(stage: Stage) -> None:
    """No group, unknown ones, what can be none, others' groups, options that there are not."""
    group, (alice, _, _) = team(stage, "Public")
    outsider = stage.enter("erin")
    assert 10007 == outsider.refused("setGroupReceiveMessageOpt", groupID=group, opt=1)
    for name, code in (("", 6017), ("nowhere", 10010), ("nö", 10015)):
        assert code == alice.refused("setGroupReceiveMessageOpt", groupID=name, opt=1)
    for option in (-1, 5):
        assert 6017 == alice.refused("setGroupReceiveMessageOpt", groupID=group, opt=option)


# --- everything, 8.2 alone


@pytest.fixture(params=["android", "ios"])
def new(request: pytest.FixtureRequest) -> Stage:
    """Return a fresh stage of the dialect that has quiet hours, on each platform."""
    return Stage("chat-8.2", request.param)


def every_day(phone: Phone, option: int, hour: int, duration: int, **other: int) -> None:
    """Set quiet hours of every day."""
    arguments = {"opt": option, "startHour": hour, "startMinute": 0, "startSecond": 0, "duration": duration, **other}
    assert phone.call("setAllReceiveMessageOpt", **arguments) is None


TIMES = ("allReceiveMessageOpt", "startHour", "startMinute", "startSecond", "startTimeStamp", "duration")


def times(wire: dict[str, Any]) -> tuple[int, ...]:
    """Return what quiet hours say."""
    assert "" == wire["userID"]
    return tuple(wire[key] for key in TIMES)


def test_own_devices_hear_of_quiet_hours(new: Stage) -> None:
    """All own devices hear of a change, once, and see the same afterwards; at first everything arrives."""
    bob = new.enter("bob")
    tablet = elsewhere(new, "bob")
    alice = new.enter("alice")
    assert (0, 0, 0, 0, 0, 0) == times(bob.call("getAllReceiveMessageOpt"))
    every_day(bob, 2, 22, 9 * 3600, startMinute=30, startSecond=15)
    for phone in (bob, tablet):
        assert (2, 22, 30, 15, 0, 32400) == times(phone.heard_one("onAllReceiveMessageOptChanged"))
    assert (2, 22, 30, 15, 0, 32400) == times(tablet.call("getAllReceiveMessageOpt"))
    assert [] == alice.heard()
    every_day(bob, 2, 22, 9 * 3600, startMinute=30, startSecond=15)
    assert [] == bob.heard()
    arguments = {"opt": 2, "startTimeStamp": 1_700_000_100, "duration": 60}
    assert bob.call("setAllReceiveMessageOptWithTimestamp", **arguments) is None
    assert (2, 0, 0, 0, 1_700_000_100, 60) == times(bob.heard_one("onAllReceiveMessageOptChanged"))
    every_day(bob, 0, 0, 0)
    assert (0, 0, 0, 0, 0, 0) == times(bob.call("getAllReceiveMessageOpt"))


def pushed(stage: Stage, sender: Phone) -> bool:
    """Send bob a text, and return whether it was pushed."""
    before = len(pushes.of_user(stage.world, "bob"))
    sender.send("hi", to="bob")
    return len(pushes.of_user(stage.world, "bob")) > before


def away(stage: Stage, hour: int = 0, duration: int | None = None) -> tuple[Phone, Phone]:
    """Let alice be there, and bob without a network, with a token for pushes and, maybe, quiet hours of every day."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    if duration is not None:
        every_day(bob, 2, hour, duration)
    method = "setAPNS" if stage.goes_by_ios else "setOfflinePushConfig"
    bob.call(method, businessID=7.0, token="abcd", isTPNSToken=False)
    stage.emulator.run(lambda: connections.lose(stage.world, stage.emulator.engine.device(bob.id)))
    return alice, bob


def at(stage: Stage, hour: float) -> None:
    """Move the clock to an hour after the midnight."""
    stage.emulator.advance(NIGHT_MS + int(hour * HOUR_MS))


def test_quiet_hours_come_every_day(new: Stage) -> None:
    """Over midnight, on every day, nothing is pushed at the hours; messages arrive all the same, and at other hours they are pushed."""
    alice, _ = away(new, 22, 9 * 3600)
    for hour, is_pushed in ((6.9, False), (7.1, True), (21.9, True), (22.1, False), (30.9, False), (31.1, True)):
        at(new, hour)
        assert is_pushed == pushed(new, alice), hour
    assert 6 == conversations.get(new.world, "bob", "c2c_alice").unread


def test_a_whole_day_means_always(new: Stage) -> None:
    """A duration of a day or more never ends; option 0 ends it."""
    alice, bob = away(new, 12, 86_400)
    for hour in (0, 11.99, 12, 23, 50):
        at(new, hour)
        assert not pushed(new, alice), hour
    new.emulator.run(lambda: connections.restore(new.world, new.emulator.engine.device(bob.id)))
    every_day(bob, 0, 12, 86_400)
    new.emulator.run(lambda: connections.lose(new.world, new.emulator.engine.device(bob.id)))
    assert pushed(new, alice)


def test_quiet_once(new: Stage) -> None:
    """From a time on for a while, once."""
    alice, _ = away(new)
    tablet = elsewhere(new, "bob")
    start = (NIGHT_MS + HOUR_MS) // 1000
    tablet.call("setAllReceiveMessageOptWithTimestamp", opt=2, startTimeStamp=start, duration=3600)
    tablet.close()
    for hour, is_pushed in ((0.9, True), (1.1, False), (1.9, False), (2.1, True), (25.5, True)):
        at(new, hour)
        assert is_pushed == pushed(new, alice), hour


@pytest.mark.parametrize("time", [(1, 0, 0), (0, 7, 0), (0, 0, 40), (5, 11, 23)])
@pytest.mark.parametrize("once", [False, True])
def test_quiet_ends_to_the_second(new: Stage, once: bool, time: tuple[int, int, int]) -> None:
    """The first second is quiet, and so is the last one of the duration; the one after it is not: hour, minute and second count."""
    stage = new
    tablet = elsewhere(stage, "bob")
    hour, minute, second = time
    start_ms = NIGHT_MS + ((hour * 60 + minute) * 60 + second) * 1000
    if once:
        tablet.call("setAllReceiveMessageOptWithTimestamp", opt=2, startTimeStamp=start_ms // 1000, duration=60)
    else:
        every_day(tablet, 2, hour, 60, startMinute=minute, startSecond=second)
    tablet.close()
    for late, quiet in ((-1, False), (0, True), (59, True), (60, False)):
        stage.emulator.advance(start_ms + late * 1000)
        assert quiet == pushes.is_quiet(stage.world, "bob"), late


def test_mentions_are_pushed_at_quiet_hours(new: Stage) -> None:
    """A mention is pushed all the same (native 7.9)."""
    alice, _ = away(new, 0, 86_400)
    group = alice.call("createGroup", groupType="Public", groupName="team", memberList=[{"userID": "bob", "role": 200}])
    created = alice.call("createTextAtMessage", text="@bob", atUserList=["bob"])
    alice.call("sendMessage", id=created["id"], receiver="", groupID=group)
    assert ["@bob"] == [push.text.rpartition(": ")[2] for push in pushes.of_user(new.world, "bob")]


@pytest.mark.parametrize(
    "change",
    [
        {"opt": 1},
        {"opt": 4},
        {"startHour": 24},
        {"startMinute": 60},
        {"startSecond": 60},
        {"startSecond": -1},
    ],
)
def test_quiet_hours_that_are_refused(new: Stage, change: dict[str, int]) -> None:
    """An option but 0 and 2, times that no day has, negative numbers."""
    bob = new.enter("bob")
    arguments = {"opt": 2, "startHour": 1, "startMinute": 0, "startSecond": 0, "duration": 60, **change}
    assert 6017 == bob.refused("setAllReceiveMessageOpt", **arguments)


@pytest.mark.parametrize("change", [{"opt": 1}, {"opt": 4}])
def test_quiet_times_that_are_refused(new: Stage, change: dict[str, int]) -> None:
    """An option but 0 and 2; no time at all is taken."""
    bob = new.enter("bob")
    arguments = {"opt": 2, "startTimeStamp": 0, "duration": 0, **change}
    assert 6017 == bob.refused("setAllReceiveMessageOptWithTimestamp", **arguments)
    bob.call("setAllReceiveMessageOptWithTimestamp", opt=0, startTimeStamp=0, duration=0)


def test_negative_times() -> None:
    """Android hands them on, and they are refused; iOS makes 0 of a duration and of a start."""
    hours = {"opt": 2, "startHour": 1, "startMinute": 0, "startSecond": 0, "duration": -1}
    times = {"opt": 2, "startTimeStamp": -1, "duration": 60}
    android, ios = Stage().enter("bob"), Stage(platform="ios").enter("bob")
    assert 6017 == android.refused("setAllReceiveMessageOpt", **hours)
    assert 6017 == android.refused("setAllReceiveMessageOptWithTimestamp", **times)
    ios.call("setAllReceiveMessageOpt", **hours)
    assert 0 == ios.call("getAllReceiveMessageOpt")["duration"]
    ios.call("setAllReceiveMessageOptWithTimestamp", **times)
    assert (0, 60) == tuple(ios.call("getAllReceiveMessageOpt")[key] for key in ("startTimeStamp", "duration"))
    times = {"opt": 2, "startTimeStamp": 0, "duration": -1}
    assert 6017 == android.refused("setAllReceiveMessageOptWithTimestamp", **times)
    ios.call("setAllReceiveMessageOptWithTimestamp", **times)
    assert 0 == ios.call("getAllReceiveMessageOpt")["duration"]


EVERY: list[tuple[str, dict[str, Any]]] = [
    ("setC2CReceiveMessageOpt", {"userIDList": ["bob"], "opt": 2}),
    ("getC2CReceiveMessageOpt", {"userIDList": ["bob"]}),
    ("setGroupReceiveMessageOpt", {"groupID": "g", "opt": 2}),
    ("setAllReceiveMessageOpt", {"opt": 2, "startHour": 0, "startMinute": 0, "startSecond": 0, "duration": 9}),
    ("setAllReceiveMessageOptWithTimestamp", {"opt": 2, "startTimeStamp": 9, "duration": 9}),
    ("getAllReceiveMessageOpt", {}),
]


@pytest.mark.parametrize(("method", "arguments"), EVERY)
def test_without_a_network(new: Stage, method: str, arguments: dict[str, Any]) -> None:
    """Options are the service's: without a network they can neither be set nor read."""
    alice = new.enter("alice")
    new.emulator.run(lambda: connections.lose(new.world, new.emulator.engine.device(alice.id)))
    alice.heard()
    assert 9508 == alice.refused(method, **arguments)
