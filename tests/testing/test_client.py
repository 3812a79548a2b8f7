"""The Python client: in this process, over a socket, and with a server of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import bridge.testing
from bridge.emulator import Server
from bridge.errors import BridgeError
from bridge.testing import Client, Lost, Refused, RpcError, UnknownEvent, Unmet
from bridge.testing.wires import ServerProcess
from tests.transports.doors import listening


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Return where a server listens."""
    with listening() as where:
        yield where


@pytest.fixture(params=["inside", "connected"])
def client(request: pytest.FixtureRequest, address: str) -> Iterator[Client]:
    """Return a client in a world of its own, without a socket and with one."""
    if request.param == "inside":
        made = Client.inside()
    else:
        made = Client.connect(address, world=request.node.name)
    with made as client:
        yield client


GROUP = {"groupName": "work", "conversationIDList": ["c2c_bob"]}


def test_call_returns_the_data(client: Client) -> None:
    """What the service grants is the data alone."""
    client.login("alice")
    assert "alice" == client.call("getLoginUser")
    assert [{"conversationID": "c2c_bob", "resultCode": 0, "resultInfo": ""}] == client.call("createConversationGroup", **GROUP)


def test_refusals_are_raised(client: Client) -> None:
    """What the service refuses is an exception with code and text; `reply` gives the envelope."""
    client.login("alice")
    with pytest.raises(Refused) as refused:
        client.call("deleteConversationGroup", groupName="nowhere")
    assert ("deleteConversationGroup", 51009) == (refused.value.method, refused.value.code)
    assert 51009 == client.reply("deleteConversationGroup", groupName="nowhere")["code"]


def test_wrong_calls_are_raised(client: Client) -> None:
    """A call that no plugin makes names every violation."""
    with pytest.raises(RpcError) as wrong:
        client.call("createConversationGroup", groupName=7)
    assert ("createConversationGroup", -32602) == (wrong.value.method, wrong.value.code)
    assert "groupName must be a string, not 7" in str(wrong.value)
    with pytest.raises(RpcError, match="did you mean getVersion"):
        client.call("getVersio")


def test_events_are_there_at_once(client: Client) -> None:
    """What a call causes is known when it returns; looking takes the events."""
    client.login("alice")
    client.user("bob").say("hi", to="alice")
    first, second = client.events()
    assert ("onRecvNewMessage", "hi") == (first.type, first.data["textElem"]["text"])
    assert ("", "conversationListener", "onNewConversation") == (second.device, second.listener, second.type)
    assert [] == client.events()


def test_events_can_be_chosen(client: Client) -> None:
    """Types select, and leave what is of other types; a stream ends when nothing comes; a wait takes the next of a type."""
    client.login("alice")
    bob = client.user("bob")
    for text in ("one", "two"):
        bob.say(text, to="alice")
    assert ["onNewConversation"] == [event.type for event in client.events("onNewConversation")]
    assert ["one", "two"] == [event.data["textElem"]["text"] for event in client.stream("onRecvNewMessage", timeout=0.01)]
    bob.say("three", to="alice")
    assert "three" == client.wait_for("onRecvNewMessage").data["textElem"]["text"]
    assert ["onConversationChanged", "onConversationChanged"] == [event.type for event in client.events()]


def test_wait_says_what_came(client: Client) -> None:
    """One that runs out names what came instead, which stays for a later look."""
    client.login("alice")
    for text in ("one", "two"):
        client.user("bob").say(text, to="alice")
    came = "came instead: onRecvNewMessage (2 times), onNewConversation, onConversationChanged"
    with pytest.raises(TimeoutError, match=re.escape(f"no onFriendListAdded within 0.01 s; {came}")):
        client.wait_for("onFriendListAdded", timeout=0.01)
    assert 4 == len(client.events())
    with pytest.raises(TimeoutError, match="came instead: nothing"):
        client.wait_for("onFriendListAdded", timeout=0.01)


def test_events_of_no_name_are_refused(client: Client) -> None:
    """A type that the dialect has not would never come: the nearest that it has is said, and nothing is taken."""
    client.login("alice")
    client.user("bob").say("hi", to="alice")
    looks: list[Callable[[str], Any]] = [client.events, client.wait_for, lambda name: list(client.stream(name))]
    for look in looks:
        with pytest.raises(UnknownEvent, match=r"chat-8\.2 has no event 'onRecvNewMesage'; did you mean onRecvNewMessage\?"):
            look("onRecvNewMesage")
    old = client.device("old", dialect="im-5.0")
    with pytest.raises(UnknownEvent, match=r"im-5\.0 has no event 'onConversationGroupDelated'"):
        old.events("onConversationGroupDelated")
    assert 2 == len(client.events())


def test_expectations_are_raised(client: Client) -> None:
    """A wrong argument, number, receiver or name fails the test, with what was found and what is near."""
    client.login("alice")
    client.journal.clear()
    client.call("createConversationGroup", **GROUP)
    met = client.journal.expect("createConversationGroup", events=["onConversationGroupCreated"])
    assert (True, []) == (met["match"], met["missing"])
    for wanted, words in (
        (
            {"method": "createConversationGroup", "arguments": {"groupName": "play"}},
            """expected createConversationGroup with arguments {"groupName": "play"} at least once, came 0
  near is #11 createConversationGroup: arguments.groupName: expected "play", came "work\"""",
        ),
        ({"method": "createConversationGroup", "times": 2}, "expected createConversationGroup 2 times, came 1\n  came as #"),
        ({"method": "createConversationGroup", "times": 0}, "expected createConversationGroup never, came 1\n  came as #"),
        ({"method": "createConversationGroup", "device": "tablet"}, 'device: expected "tablet", came ""'),
    ):
        assert not client.journal.compare(wanted)["match"]
        with pytest.raises(Unmet, match=re.escape(words).replace("11", r"\d+")):
            client.journal.expect(wanted)
    with pytest.raises(Unmet, match="expected onConversationDeleted at least once, came 0"):
        client.journal.expect(events=[{"type": "onConversationDeleted"}])
    with pytest.raises(RpcError, match="did you mean createConversationGroup"):
        client.journal.expect({"method": "createConversationGrop", "times": 0})


def test_one_inside_has_wishes() -> None:
    """A dialect, a platform and what the world holds at first."""
    with Client.inside(dialect="im-5.0", platform="ios", world="team") as client:
        assert ("im-5.0", "ios") == (client.ping()["dialect"], client.ping()["platform"])
        assert client.world.export()["groups"]
    server = Server()
    with Client.inside(server, "mine", dialect="im-5.0") as client:
        assert "im-5.0" == client.ping()["dialect"]
        assert "mine" in server.names()
    with pytest.raises(BridgeError, match="did you mean 'team'"):
        Client.inside(world="teem")


def test_other_devices_hear_for_themselves(client: Client) -> None:
    """Each device has its own events, dialect and platform."""
    client.login("alice")
    tablet = client.device("tablet", dialect="im-5.0", platform="ios").login("alice")
    assert tablet is client.device("tablet")
    client.call("createConversationGroup", **GROUP)
    for device in (client, tablet):
        assert "onConversationGroupCreated" in [event.type for event in device.events()]
    assert ("chat-8.2", "im-5.0") == (client.dialect, tablet.dialect)
    tablet.close()
    with pytest.raises(RpcError, match="no device 'tablet'"):
        tablet.call("getLoginUser")


def test_people_act_without_devices(client: Client) -> None:
    """Another person speaks, and calls what a plugin would; refusals are raised."""
    bob = client.user("bob")
    assert "hi" == bob.say("hi", to="alice")["textElem"]["text"]
    assert "bob" == bob.call("getLoginUser")
    with pytest.raises(Refused):
        bob.say("hi", group="nowhere")


def test_world_can_be_rolled_back(client: Client) -> None:
    """Checkpoints, resets and exports are methods."""
    client.login("alice")
    before = client.world.export()
    checkpoint = client.world.checkpoint()
    client.call("createConversationGroup", **GROUP)
    client.world.rollback(checkpoint)
    assert [] == client.call("getConversationGroupList")
    assert before == client.world.export()
    client.world.reset()
    with pytest.raises(Refused):
        client.call("getConversationGroupList")


def test_clock_can_be_moved(client: Client) -> None:
    """Time passes when it is told to."""
    began = client.clock.now_ms
    client.clock.advance(minutes=2, seconds=1, ms=5)
    assert began + 121_005 == client.clock.now_ms
    client.clock.set(began + 200_000)
    assert began + 200_000 == client.clock.now_ms


def test_journal_can_be_read(client: Client) -> None:
    """The journal lists what was called, and can be cleared."""
    client.call("getVersion")
    assert ["call", "reply"] == [entry["kind"] for entry in client.journal.list(method="getVersion")]
    client.journal.clear()
    assert [] == client.journal.list()


def test_worlds_have_names(client: Client) -> None:
    """Another world has other people in it."""
    client.login("alice")
    client.world.use("another " + client.world.__class__.__name__)
    with pytest.raises(Refused):
        client.call("getConversationGroupList")


def test_trace_has_everything(client: Client) -> None:
    """Calls, replies and events, in their order."""
    client.trace.clear()
    client.call("initSDK", sdkAppID=1, logLevel=6, uiPlatform=0, listenerUuid="")
    kinds = [next(iter(entry)) for entry in client.trace]
    assert ["call", "reply", "event", "event"] == kinds


def test_bytes_and_numbers_pass(client: Client) -> None:
    """Bytes, doubles and odd text arrive as they were sent."""
    client.login("alice")
    with pytest.raises(RpcError) as wrong:
        client.call("createConversationGroup", groupName=b"\0\xff", conversationIDList=1.0)
    assert "not bytes" in str(wrong.value) or "must be a string" in str(wrong.value)
    assert [b"\0\xff"] == [
        entry["arguments"]["groupName"] for entry in client.journal.list(method="createConversationGroup") if "arguments" in entry
    ]


def test_events_of_other_connections_arrive(address: str) -> None:
    """What another connection causes is collected, with a timeout for what is still to come."""
    with Client.connect(address, world="two") as alice, Client.connect(address, world="two") as other:
        alice.login("alice")
        other.user("bob").say("hi", to="alice")
        assert ["onRecvNewMessage"] == [event.type for event in alice.events("onRecvNewMessage", timeout=1)]
        assert ["onNewConversation"] == [event.type for event in alice.events(timeout=0.01)]
        assert [] == alice.events(timeout=0.01)


def test_server_of_ones_own() -> None:
    """`start` runs a server for as long as the client is open."""
    with Client.start("--strict", dialect="im-5.0", platform="ios") as client:
        process = client._process
        assert process is not None
        assert ("im-5.0", "ios") == (client.ping()["dialect"], client.ping()["platform"])
        assert process.process.poll() is None
    assert 0 == process.process.returncode


def test_token_is_presented() -> None:
    """A server that wants a token gets it first."""
    with listening(token="secret") as address:
        with Client.connect(address, token="secret") as client:
            client.ping()
        with pytest.raises(RpcError, match="not the token"):
            Client.connect(address, token="wrong")
        with Client.connect(address) as client, pytest.raises(RpcError, match="wants its token"):
            client.ping()


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """No address, no server, no program: each is told with what to do."""
    monkeypatch.delenv("TIMBRIDGE_ADDRESS", raising=False)
    with pytest.raises(Lost, match="timbridge exec"):
        Client.connect()
    with pytest.raises(Lost, match="timbridge serve --listen"):
        Client.connect("127.0.0.1:1")
    with pytest.raises(Lost, match="expected HOST:PORT"):
        Client.connect("nowhere")
    with pytest.raises(Lost, match="cannot run no-such-program"):
        ServerProcess(command=["no-such-program"])
    with pytest.raises(Lost, match="ended before it listened"):
        ServerProcess(["--no-such-option"])


def test_lost_server_is_said() -> None:
    """A call after the server is gone says so."""
    process = ServerProcess()
    with Client.connect(process.address) as client:
        client.ping()
        process.stop()
        with pytest.raises(Lost, match=r"lost the bridge|closed the connection"):
            client.ping()


def test_server_is_shared_inside() -> None:
    """Two clients of one server in this process meet in its world."""
    server = Server()
    with Client.inside(server) as alice, Client.inside(server) as bob:
        alice.login("alice")
        bob.login("bob")
        created = bob.call("createTextMessage", text="hi")
        options = {"isExcludedFromUnreadCount": False, "isExcludedFromLastMessage": False}
        more = {"isSupportMessageExtension": False, "isExcludedFromContentModeration": False}
        bob.call("sendMessage", id=created["id"], receiver="alice", groupID="", **options, **more)
        assert ["onRecvNewMessage"] == [event.type for event in alice.events("onRecvNewMessage")]


def test_package_names_what_it_has() -> None:
    """The names of the package are imported when they are used, and no other name is."""
    assert all(getattr(bridge.testing, name) for name in bridge.testing.__all__)
    with pytest.raises(AttributeError):
        _ = bridge.testing.nothing
