"""`bridge.service.*`: what the network, the service and the app's own server do by themselves."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.control import registry
from tests.support.line import Line

KINDS = [(dialect, platform) for dialect in ("chat-8.2", "im-5.0") for platform in ("android", "ios")]


@pytest.fixture(params=KINDS, ids="-".join)
def line(request: pytest.FixtureRequest) -> Line:
    """Return a connection on which alice is logged in and listens."""
    dialect, platform = request.param
    line = Line(dialect=dialect, platform=platform)
    line.start("alice")
    return line


@pytest.fixture(params=["android", "ios"])
def newer(request: pytest.FixtureRequest) -> Line:
    """Return a connection of the newer dialect alone."""
    line = Line(platform=request.param)
    line.start("alice")
    return line


def happen(line: Line, name: str, /, **params: Any) -> list[tuple[str, Any]]:
    """Let something happen that is answered {}. Returns (type, data) of what the own device heard."""
    line.heard()
    assert {} == line.ask(f"bridge.service.{name}", **params)
    return heard(line)


def heard(line: Line) -> list[tuple[str, Any]]:
    return [(message["params"]["type"], message["params"].get("data")) for message in line.heard()]


def only(found: list[tuple[str, Any]], kind: str) -> Any:
    """Return the data of the one event of a type."""
    (data,) = [data for name, data in found if name == kind]
    return data


def group(line: Line, kind: str = "Public") -> str:
    group_id: str = line.call("createGroup", groupType=kind, groupID="room", groupName="Room")
    return group_id


# --- the network


def test_lost_connection(line: Line) -> None:
    """The client finds out, calls that need the service fail, and nothing reaches it."""
    assert ["onConnectFailed"] == [kind for kind, _ in happen(line, "connectionLost")]
    assert 0 != line.ask("createGroup", groupType="Public", groupName="g")["code"]
    line.ask("bridge.user.say", user="bob", to="alice", text="hi")
    assert [] == heard(line)
    assert [] == happen(line, "connectionLost")


def test_restored_connection(line: Line) -> None:
    """It connects, and gets what was missed."""
    line.ask("bridge.service.connectionLost")
    line.ask("bridge.user.say", user="bob", to="alice", text="hi")
    types = [kind for kind, _ in happen(line, "connectionRestored")]
    assert ["onConnecting", "onConnectSuccess"] == types[:2]
    assert {"onSyncServerStart", "onRecvNewMessage", "onSyncServerFinish"} <= set(types)
    assert [] == happen(line, "connectionRestored")


def test_network_of_another_device(line: Line) -> None:
    """`device` says whose; the own one is not concerned."""
    line.ask("bridge.device.open", device="phone")
    line.start("bob", "phone")
    assert {} == line.ask("bridge.service.connectionLost", device="phone")
    assert ["onConnectFailed"] == line.heard_types("phone")
    line.ask("bridge.service.connectionRestored", device="phone")
    assert [] == [message for message in line.heard() if message["method"] != "bridge.device.event"]


def test_silent_devices_are_missed(newer: Line) -> None:
    """Others see a user offline 400 s after the network was lost."""
    newer.ask("bridge.device.open", device="phone")
    newer.start("bob", "phone")
    newer.call("subscribeUserStatus", userIDList=["bob"])
    newer.ask("bridge.service.connectionLost", device="phone")
    newer.heard()
    newer.ask("bridge.clock.advance", ms=399_000)
    assert [] == newer.heard_types()
    newer.ask("bridge.clock.advance", ms=1_000)
    assert ["onUserStatusChanged"] == newer.heard_types()


def test_sync_that_fails(line: Line) -> None:
    """Syncs fail until they work again; then those that were failed get all they missed."""
    assert [] == happen(line, "syncFails")
    line.ask("bridge.service.connectionLost")
    line.ask("bridge.user.say", user="bob", to="alice", text="hi")
    types = [kind for kind, _ in happen(line, "connectionRestored")]
    assert ["onSyncServerStart", "onSyncServerFailed"] == types[2:]
    types = [kind for kind, _ in happen(line, "syncWorks")]
    assert ["onSyncServerStart", "onRecvNewMessage"] == types[:2]
    assert "onSyncServerFinish" == types[-1]


# --- sessions


def test_kicked_device(line: Line) -> None:
    """As by a login elsewhere."""
    assert ["onKickedOffline"] == [kind for kind, _ in happen(line, "kick")]
    assert line.call("getLoginUser") in ("", None)
    assert -32602 == line.error("bridge.service.kick")["code"]


def test_kicked_user(line: Line) -> None:
    """On all devices at once."""
    other = {"android": "ios", "ios": "android"}[line.server.settings.platform]
    line.ask("bridge.device.open", device="tablet", platform=other)
    line.start("alice", "tablet")
    line.ask("bridge.service.kickUser", user="alice")
    events = line.heard()
    assert 2 == len(events)
    assert {"onKickedOffline"} == {message["params"].get("arguments", message["params"])["type"] for message in events}


def test_expired_signature(line: Line) -> None:
    """The session is over."""
    assert ["onUserSigExpired"] == [kind for kind, _ in happen(line, "expireUserSig")]
    assert line.call("getLoginUser") in ("", None)
    assert -32602 == line.error("bridge.service.expireUserSig")["code"]


# --- what is sent to clients


def test_experimental_notices(newer: Line) -> None:
    """For a user's devices."""
    data = only(happen(newer, "experimentalNotify", user="alice", key="k", param={"a": [1]}), "onExperimentalNotify")
    assert "k" == data["key"]
    assert [] == happen(newer, "experimentalNotify", user="bob", key="k")


# --- groups


def test_recycled_group(line: Line) -> None:
    """Members hear of it, and it is gone."""
    group(line)
    data = only(happen(line, "groupRecycled", group="room"), "onGroupRecycled")
    assert "room" == data["groupID"]
    assert [] == line.call("getJoinedGroupList")


def test_group_notice(line: Line) -> None:
    """From the app's server to the members; nothing is kept."""
    group(line)
    before = line.snapshot()
    data = only(happen(line, "groupNotice", group="room", data="sale"), "onReceiveRESTCustomData")
    assert {"groupID": "room", "customData": "sale"} == data
    assert before == line.snapshot()


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("groupRecycled", {"group": "nowhere"}),
        ("groupNotice", {"group": "nowhere", "data": "x"}),
        ("topicNotice", {"topic": "nowhere", "data": "x"}),
    ],
)
def test_groups_that_are_not_there(line: Line, name: str, params: dict[str, str]) -> None:
    """Refused, with the code in the words, and nothing has changed."""
    before = line.snapshot()
    error = line.error(f"bridge.service.{name}", **params)
    assert -32602 == error["code"]
    assert "(100" in error["message"]
    assert before == line.snapshot()


def test_topic_notice(newer: Line) -> None:
    """From the app's server to those in a topic."""
    community = newer.call(
        "createGroup", groupType="Community", groupID="@TGS#_club", groupName="Club", isSupportTopic=True
    )
    topic = newer.call("createTopicInCommunity", groupID=community, topicInfo={"topicName": "News"})
    data = only(happen(newer, "topicNotice", topic=topic, data="sale"), "onReceiveTopicRESTCustomData")
    assert topic == data["topicID"]
    assert "sale" == data["customData"]


def test_broadcast(line: Line) -> None:
    """Whoever is in a live room gets the message, in each; nobody else does, and nothing is kept."""
    assert [] == happen(line, "broadcast", text="maintenance")
    group(line, "AVChatRoom")
    line.call("joinGroup", groupID="room", message="")
    before = line.snapshot()
    message = only(happen(line, "broadcast", text="maintenance", user="boss"), "onRecvNewMessage")
    assert ("room", "boss", "maintenance") == (message["groupID"], message["sender"], message["textElem"]["text"])
    assert message.get("isBroadcastMessage", True) is True
    after = line.snapshot()
    assert set(before) == set(after)
    assert before.get("messages") == after.get("messages")


# --- official accounts


def test_official_accounts(newer: Line) -> None:
    """Published, subscribed to, changed and deleted; subscribers hear, others do not."""
    assert [] == happen(newer, "officialAccountPublished", account="news", name="News", faceUrl="http://x")
    newer.call("subscribeOfficialAccount", officialAccountID="news")
    info = newer.call("getOfficialAccountsInfo", officialAccountIDList=["news"])
    assert "News" in str(info)
    data = only(happen(newer, "officialAccountChanged", account="news", name="More news"), "onOfficialAccountInfoChanged")
    assert "More news" in str(data)
    assert "http://x" in str(newer.call("getOfficialAccountsInfo", officialAccountIDList=["news"]))
    assert [] == happen(newer, "officialAccountChanged", account="news", name="More news")
    assert "news" in str(only(happen(newer, "officialAccountDeleted", account="news"), "onOfficialAccountDeleted"))


@pytest.mark.parametrize("name", ["officialAccountChanged", "officialAccountDeleted"])
def test_unknown_official_accounts(newer: Line, name: str) -> None:
    """-32000 with the nearest names."""
    newer.ask("bridge.service.officialAccountPublished", account="news")
    error = newer.error(f"bridge.service.{name}", account="new")
    assert (-32000, ["news"]) == (error["code"], error["data"]["nearest"])


# --- the console


def test_switches(newer: Line) -> None:
    """What the console would set holds until it is set back, or the world is reset."""
    assert {"switches": {}} == newer.ask("bridge.service.switch")
    answer = newer.ask("bridge.service.switch", name="sensitive_words", value=["spam"])
    assert {"switches": {"sensitive_words": ["spam"]}} == answer
    assert 0 != newer.ask("bridge.user.say", user="bob", to="alice", text="spam")["code"]
    assert {"switches": {}} == newer.ask("bridge.service.switch", name="sensitive_words")
    assert "msgID" in newer.ask("bridge.user.say", user="bob", to="alice", text="spam")
    newer.ask("bridge.service.switch", name="friends_only", value=True)
    newer.ask("bridge.world.reset")
    assert {"switches": {}} == newer.ask("bridge.service.switch")


@pytest.mark.parametrize(
    ("params", "path"),
    [
        ({"name": "sensitive_word"}, "name"),
        ({"name": "friends_only", "value": 1}, "value"),
        ({"name": "revoke_window_s", "value": True}, "value"),
        ({"name": "sensitive_words", "value": "spam"}, "value"),
    ],
)
def test_switches_that_cannot_be(newer: Line, params: dict[str, Any], path: str) -> None:
    """-32602 with what is wrong; nothing is set."""
    error = newer.error("bridge.service.switch", **params)
    assert (-32602, path) == (error["code"], error["data"][0]["path"])
    assert {"switches": {}} == newer.ask("bridge.service.switch")


# --- all of them


def test_unknown_devices(line: Line) -> None:
    """-32000 wherever a device is named."""
    named = [name for name, spec in registry.all_specs().items() if name.startswith("service.") and "device" in spec.params]
    assert {"service.connectionLost", "service.connectionRestored", "service.kick", "service.expireUserSig"} == set(named)
    for name in named:
        assert -32000 == line.error(f"bridge.{name}", device="nobody's")["code"]
