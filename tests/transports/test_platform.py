"""Raw platform messages: what a host's BinaryMessenger would send, and the bytes that it gets back."""

from __future__ import annotations

import json
import socket
from array import array
from collections.abc import Iterator
from typing import Any

import pytest

from bridge.codecs import platform
from bridge.codecs.errors import PlatformException
from bridge.codecs.standard import STANDARD
from bridge.emulator import Server, Settings
from tests.transports.doors import connected, listening

NEW, OLD = "tencent_cloud_chat_sdk", "tencent_im_sdk_plugin"
INIT = {"sdkAppID": 1, "logLevel": 6, "loglevel": 6, "uiPlatform": 0, "listenerUuid": ""}


class Host:
    """An engine's end of the wire."""

    def __init__(self, address: str) -> None:
        self.socket = connected(address)
        self.socket.sendall(platform.MAGIC)
        self._framing = platform.PlatformFraming(expect_magic=False)
        self._frames: list[Any] = []
        self._last = 0
        self.events: list[tuple[str, str, Any]] = []

    def send(self, channel: str, payload: bytes) -> int:
        """Send a message; return its id."""
        self._last += 1
        self.socket.sendall(platform.encode_frame(platform.MESSAGE, self._last, channel, payload))
        return self._last

    def reply(self, channel: str, payload: bytes) -> bytes:
        """Send a message and return the bytes of its reply; events on the way are kept."""
        number = self.send(channel, payload)
        while True:
            frame = self.frame()
            if frame.kind == platform.EVENT:
                self.events.append((frame.channel, *STANDARD.decode_call(frame.payload)))
            else:
                assert (number, "") == (frame.request_id, frame.channel)
                return frame.payload

    def call(self, channel: str, method: str, arguments: Any = None) -> Any:
        """Make a method call; return its result, None for no handler. Raises PlatformException."""
        payload = self.reply(channel, STANDARD.encode_call(method, arguments))
        return STANDARD.decode_envelope(payload) if payload else None

    def events_until(self, method: str) -> list[tuple[str, str, Any]]:
        """Make a control call; return all events until its reply, and forget them."""
        self.call("timbridge", method)
        heard = self.events.copy()
        self.events.clear()
        return heard

    def frame(self) -> platform.PlatformFrame:
        """Return the next frame."""
        while not self._frames:
            data = self.socket.recv(1 << 16)
            assert data, "the bridge closed the connection"
            self._frames += self._framing.feed(data)
        return self._frames.pop(0)


@pytest.fixture
def host() -> Iterator[Host]:
    """Return a host at a server with the defaults."""
    with listening() as address:
        host = Host(address)
        yield host
        host.socket.close()


def refusal(host: Host, channel: str, method: str, arguments: Any = None) -> PlatformException:
    with pytest.raises(PlatformException) as refused:
        host.call(channel, method, arguments)
    return refused.value


def _list(value: Any) -> list[Any]:
    assert isinstance(value, list)
    return value


@pytest.mark.parametrize(
    ("default", "channel", "dialect"),
    [
        ("chat-8.2", NEW, "chat-8.2"),
        ("chat-7.9", NEW, "chat-7.9"),
        ("im-5.0", NEW, "chat-8.2"),
        ("im-5.0", OLD, "im-5.0"),
        ("chat-8.2", OLD, "im-6.1"),
    ],
)
def test_channel_tells_the_dialect(default: str, channel: str, dialect: str) -> None:
    """The device speaks what the server does, if the first message's channel is that one's; else the channel's first."""
    with listening(Settings(dialect=default, platform="ios")) as address:
        host = Host(address)
        assert 0 == host.call(channel, "initSDK", INIT)["code"]
        said = host.call("timbridge", "bridge.ping")
        assert (dialect, "ios") == (said["dialect"], said["platform"])
        host.socket.close()


def test_other_channel_has_no_handler(host: Host) -> None:
    """An app has one generation of the plugin: the channel of the other one is nobody's, as any unknown channel is."""
    host.call(NEW, "initSDK", INIT)
    for channel in (OLD, "flutter/platform", "", "tencent_cloud_chat_sdk2"):
        assert b"" == host.reply(channel, STANDARD.encode_call("initSDK", INIT))


def test_other_channel_before_any_call() -> None:
    """Control calls leave the choice open."""
    with listening() as address:
        host = Host(address)
        host.call("timbridge", "bridge.world.use", {"world": "mine"})
        assert 0 == host.call(OLD, "initSDK", INIT)["code"]
        host.socket.close()


def test_client_asks_for_a_dialect() -> None:
    """`bridge.device.use` ahead of the first call says what the device is; another dialect's channel is nobody's then."""
    with listening(Settings(dialect="chat-8.2")) as address:
        host = Host(address)
        assert {"dialect": "im-5.0", "platform": "ios"} == host.call(
            "timbridge", "bridge.device.use", {"dialect": "im-5.0", "platform": "ios"}
        )
        assert b"" == host.reply(NEW, STANDARD.encode_call("initSDK", INIT))
        assert 0 == host.call(OLD, "initSDK", INIT)["code"]
        assert {OLD} == {channel for channel, *_ in host.events_until("bridge.ping")}
        assert "-32000" == refusal(host, "timbridge", "bridge.device.use", {"dialect": "chat-8.2"}).code
        host.socket.close()


def set_channels(monkeypatch: pytest.MonkeyPatch, listed: dict[str, tuple[str, ...]]) -> None:
    for module in ("bridge.transports.platform", "bridge.control.session"):
        monkeypatch.setattr(f"{module}.channels", lambda: listed)


def test_channel_of_several_dialects(monkeypatch: pytest.MonkeyPatch) -> None:
    """A device of any of them speaks there, as it is; one of none of them becomes the first that is listed."""
    set_channels(monkeypatch, {"both": ("im-5.0", "chat-8.2"), NEW: ("chat-8.2",)})
    for asked, dialect in (({}, "chat-8.2"), ({"dialect": "im-5.0"}, "im-5.0")):
        with listening() as address:
            host = Host(address)
            host.call("timbridge", "bridge.device.use", asked)
            assert 0 == host.call("both", "initSDK", INIT)["code"]
            assert dialect == host.call("timbridge", "bridge.ping")["dialect"]
            host.socket.close()
    set_channels(monkeypatch, {"old": ("im-5.0",)})
    with listening() as address:
        host = Host(address)
        assert 0 == host.call("old", "initSDK", INIT)["code"]
        assert "im-5.0" == host.call("timbridge", "bridge.ping")["dialect"]
        host.socket.close()


def test_events_are_messages(host: Host) -> None:
    """An event comes on the plugin's channel as the method call that the platform would make, bytes of its own."""
    host.call(NEW, "initSDK", INIT)
    host.call(NEW, "login", {"userID": "alice", "userSig": "x"})
    host.call("timbridge", "bridge.ping")
    assert {(NEW, "initSDKListener", "onConnecting"), (NEW, "initSDKListener", "onConnectSuccess")} <= {
        (channel, method, arguments["type"]) for channel, method, arguments in host.events
    }


@pytest.mark.parametrize(("dialect", "channel"), [("chat-8.2", NEW), ("im-5.0", OLD)])
def test_events_before_any_call_on_a_channel(dialect: str, channel: str) -> None:
    """A device whose calls have all come by the reserved channel is told of events on the channel of its dialect."""
    with listening(Settings(dialect=dialect, platform="ios")) as address:
        host = Host(address)
        for method, arguments in (("initSDK", INIT), ("login", {"userID": "alice", "userSig": "x"})):
            said = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": arguments})
            assert "result" in json.loads(host.reply("timbridge", said.encode()))
        host.call("timbridge", "bridge.ping")
        assert {channel} == {event[0] for event in host.events}
        host.socket.close()


def test_other_devices_are_heard_on_the_reserved_channel(host: Host) -> None:
    """Events of the connection's other devices come as calls of `bridge.device.event`."""
    host.call("timbridge", "bridge.device.open", {"device": "tablet"})
    host.call("timbridge", "bridge.device.call", {"device": "tablet", "method": "initSDK", "arguments": INIT})
    host.call("timbridge", "bridge.ping")
    assert [("timbridge", "bridge.device.event")] * 2 == [event[:2] for event in host.events]
    assert "tablet" == host.events[0][2]["device"]


def test_errors_become_what_a_platform_has(host: Host) -> None:
    """An unknown method has no handler; wrong arguments are an error envelope with every violation."""
    assert b"" == host.reply(NEW, STANDARD.encode_call("noSuchMethod", {}))
    wrong = refusal(host, NEW, "createConversationGroup", {"groupName": 7})
    assert "-32602" == wrong.code
    assert ["groupName", "conversationIDList"] == [violation["path"] for violation in _list(wrong.details)]
    assert "-32602" == refusal(host, NEW, "initSDK", [1]).code
    assert "-32000" == refusal(host, "timbridge", "bridge.world.rollback", {"checkpoint": "x"}).code


def test_control_is_not_on_the_plugins_channel(host: Host) -> None:
    """No app can reach the control plane by the plugin's own channel."""
    for method in ("bridge.ping", "rpc.discover"):
        assert b"" == host.reply(NEW, STANDARD.encode_call(method, {}))


@pytest.mark.parametrize("arguments", [{1: 2}, {"a": {None: 1}}, {"a": [{b"x": 1}]}, {"a": {1.5: 1, "b": 2}}])
def test_keys_must_be_strings(host: Host, arguments: Any) -> None:
    """A map whose keys are not strings is no argument map, at any depth."""
    assert "-32602" == refusal(host, NEW, "login", arguments).code


def test_typed_lists_are_lists(host: Host) -> None:
    """Typed lists reach the plugin's side as lists."""
    assert "-32602" == refusal(host, NEW, "login", {"userID": array("i", [1]), "userSig": b"x"}).code
    entries = host.call("timbridge", "bridge.journal.list")["entries"]
    assert [1] == entries[0]["arguments"]["userID"]


@pytest.mark.parametrize("payload", [b"", b"\x09", b"\x07\x01", b"\x07\x01a", b"\x03\0\0\0\0\0", b"\xff" * 20])
def test_bad_messages_are_answered(host: Host, payload: bytes) -> None:
    """Bytes that are no method call get an error envelope, and the connection goes on."""
    with pytest.raises(PlatformException) as refused:
        STANDARD.decode_envelope(host.reply(NEW, payload))
    assert "-32700" == refused.value.code
    assert "version" in host.call("timbridge", "bridge.ping")


def test_text_on_the_reserved_channel(host: Host) -> None:
    """The reserved channel takes a JSON-RPC request as text, and answers with text."""
    asked = {"jsonrpc": "2.0", "id": "mine", "method": "bridge.clock.now"}
    said = json.loads(host.reply("timbridge", json.dumps(asked).encode()))
    assert ("mine", 1_700_000_000_000) == (said["id"], said["result"]["ms"])
    asked["method"] = "bridge.clock.noww"
    assert -32601 == json.loads(host.reply("timbridge", json.dumps(asked).encode()))["error"]["code"]


@pytest.mark.parametrize("text", [b"hello", b"[]", b"{}", b"7", b'{"method":1}'])
def test_bad_text_is_answered(host: Host, text: bytes) -> None:
    """Text that is no request gets a JSON-RPC error as text."""
    assert "error" in json.loads(host.reply("timbridge", text))


def test_pull_mode_works_here_too(host: Host) -> None:
    """`bridge.turn` gives a call and its events in one reply; nothing is pushed from then on."""
    turn = host.call("timbridge", "bridge.turn", {"method": "initSDK", "arguments": INIT})
    assert ["onConnecting", "onConnectSuccess"] == [event["arguments"]["type"] for event in turn["events"]]
    host.call("timbridge", "bridge.ping")
    assert [] == host.events


def test_faithful_silence_is_no_frame() -> None:
    """Where the real adapter never answers, `--faithful` sends no reply frame at all."""
    from bridge.engine.engine import Options

    with listening(Settings(options=Options(faithful=True))) as address:
        host = Host(address)
        host.send(NEW, STANDARD.encode_call("noSuchMethod", {}))
        number = host.send("timbridge", STANDARD.encode_call("bridge.ping", {}))
        assert number == host.frame().request_id
        host.socket.close()


def held_call(host: Host) -> int:
    """Make a call whose reply is late by a second; return its id."""
    host.call(NEW, "initSDK", INIT)
    effect = {"match": {"method": "getVersion", "times": 1}, "effect": {"delayMs": 1000}}
    host.call("timbridge", "bridge.fault.set", effect)
    return host.send(NEW, STANDARD.encode_call("getVersion", {}))


@pytest.mark.parametrize(
    ("channel", "payload"),
    [
        (NEW, STANDARD.encode_call("getLoginUser", {})),
        ("timbridge", STANDARD.encode_call("bridge.ping", {})),
        ("timbridge", b'{"jsonrpc":"2.0","id":1,"method":"bridge.ping"}'),
    ],
)
def test_id_in_flight_is_refused(host: Host, channel: str, payload: bytes) -> None:
    """In kind; the reply that the id waits for comes all the same, and then it is free again."""
    number = held_call(host)
    for _ in range(2):
        host.socket.sendall(platform.encode_frame(platform.MESSAGE, number, channel, payload))
        refused = host.frame()
        assert (number, True) == (refused.request_id, b"-32600" in refused.payload)
    host.events.clear()
    assert "ms" in host.call("timbridge", "bridge.clock.advance", {"ms": 999})
    advance = host.send("timbridge", STANDARD.encode_call("bridge.clock.advance", {"ms": 1}))
    moved, late = host.frame(), host.frame()
    assert [advance, number] == [moved.request_id, late.request_id]
    assert 0 == STANDARD.decode_envelope(late.payload)["code"]
    host.socket.sendall(platform.encode_frame(platform.MESSAGE, number, "timbridge", STANDARD.encode_call("bridge.ping", {})))
    assert "version" in STANDARD.decode_envelope(host.frame().payload)


def test_late_text_is_answered_in_kind(host: Host) -> None:
    """A JSON-RPC request whose reply is held back gets it as text, with its own id."""
    host.call(NEW, "initSDK", INIT)
    effect = {"match": {"method": "getVersion"}, "effect": {"delayMs": 1000}}
    host.call("timbridge", "bridge.fault.set", effect)
    number = host.send("timbridge", b'{"jsonrpc":"2.0","id":"mine","method":"getVersion"}')
    host.send("timbridge", STANDARD.encode_call("bridge.clock.advance", {"ms": 1000}))
    while (frame := host.frame()).request_id != number or frame.kind != platform.REPLY:
        pass
    said = json.loads(frame.payload)
    assert ("mine", 0) == (said["id"], said["result"]["code"])


def test_frames_behind_a_refused_token(caplog: pytest.LogCaptureFixture) -> None:
    """They are for nobody: one answer, then the end, and nothing in the log."""
    server = Server()
    with listening(server=server, token="secret") as address:
        host = Host(address)
        frames = [(1, NEW, "initSDK"), (2, NEW, "initSDK"), (3, "timbridge", "bridge.ping")]
        calls = (platform.encode_frame(platform.MESSAGE, n, where, STANDARD.encode_call(what, INIT)) for n, where, what in frames)
        host.socket.sendall(b"".join(calls))
        assert 1 == host.frame().request_id
        assert b"" == host.socket.recv(10)
        host.socket.close()
    assert [] == caplog.records
    assert [] == server.names()


def test_token_comes_first() -> None:
    """Where a token is due, the first message presents it on the reserved channel; nothing else is carried out."""
    with listening(token="secret") as address:
        host = Host(address)
        assert {} == host.call("timbridge", "bridge.authenticate", {"token": "secret"})
        assert 0 == host.call(NEW, "initSDK", INIT)["code"]
        host.socket.close()
        for channel, method, arguments in (
            (NEW, "initSDK", INIT),
            ("timbridge", "bridge.ping", None),
            ("timbridge", "bridge.authenticate", {"token": "wrong"}),
            ("timbridge", "bridge.authenticate", None),
        ):
            host = Host(address)
            assert "-32600" == refusal(host, channel, method, arguments).code
            assert b"" == host.socket.recv(10)
            host.socket.close()


def test_app_cannot_present_the_token() -> None:
    """The plugin's channel does not reach the control plane, the token included."""
    server = Server()
    with listening(server=server, token="secret") as address:
        host = Host(address)
        payload = host.reply(NEW, STANDARD.encode_call("bridge.authenticate", {"token": "secret"}))
        assert b"" == payload or payload[0] == 1
        assert [] == server.names()
        host.socket.close()


def test_broken_framing_ends_the_connection() -> None:
    """A length that cannot be right ends the connection; so does a magic that is not there."""
    with listening() as address:
        for data, said in ((platform.MAGIC + b"\0\0\0\1xxxx", b""), (b"TBP2", b"HTTP/1.1 4")):
            with connected(address) as peer:
                peer.sendall(data)
                peer.shutdown(socket.SHUT_WR)
                assert said == peer.recv(10)


def test_too_long_a_frame_is_refused(host: Host) -> None:
    """A frame over the limit is skipped, and answered with an error if it expects one."""
    head = (7 + 64 * 1024 * 1024 + 1).to_bytes(4, "big") + b"\0" + (9).to_bytes(4, "big") + b"\0\0"
    host.socket.sendall(head)
    assert (9, platform.REPLY) == (lambda frame: (frame.request_id, frame.kind))(host.frame())


def test_events_are_numbered_from_one(host: Host) -> None:
    """Each event has the number behind the one before."""
    number = host.send(NEW, STANDARD.encode_call("initSDK", INIT))
    frames = [(frame.kind, frame.request_id) for frame in (host.frame() for _ in range(3))]
    assert {(platform.REPLY, number), (platform.EVENT, 1), (platform.EVENT, 2)} == set(frames)


@pytest.mark.parametrize("is_sliced", [False, True])
def test_bad_frame_ends_a_connection_that_begins_with_it(is_sliced: bool) -> None:
    """A frame of no kind is the end where it is the first; behind another, be that done in slices, it is passed over."""
    bad = platform.encode_frame(platform.MESSAGE, 5, NEW, b"")
    bad = bad[:4] + b"\x09" + bad[5:]
    with listening() as address:
        host = Host(address)
        host.socket.sendall(bad)
        assert b"" == host.socket.recv(10)
        host.socket.close()
        host = Host(address)
        first = host.send("timbridge", STANDARD.encode_call("bridge.world.export" if is_sliced else "bridge.ping", {}))
        host.socket.sendall(bad)
        assert first == host.frame().request_id
        assert "version" in host.call("timbridge", "bridge.ping")
        host.socket.close()


@pytest.mark.parametrize("count", [10, 200], ids=["at once", "in slices"])
def test_text_that_is_never_answered_is_forgotten(host: Host, count: int) -> None:
    """An id whose JSON-RPC request gets no reply may name a call in the standard codec next, which is answered in kind."""
    host.call(NEW, "initSDK", INIT)
    host.call(NEW, "login", {"userID": "alice", "userSig": "s"})
    effect = {"match": {"method": "getConversationList", "times": 1}, "effect": {"noReply": True}}
    host.call("timbridge", "bridge.fault.set", effect)
    request = {"jsonrpc": "2.0", "id": 1, "method": "getConversationList", "params": {"nextSeq": "0", "count": count}}
    number = host.send("timbridge", json.dumps(request).encode())
    host.events.clear()
    ping = STANDARD.encode_call("bridge.ping", {})
    host.socket.sendall(platform.encode_frame(platform.MESSAGE, number, "timbridge", ping))
    while (frame := host.frame()).kind != platform.REPLY:
        pass
    assert number == frame.request_id
    assert "version" in STANDARD.decode_envelope(frame.payload)


def test_exception_without_a_message_has_none(host: Host) -> None:
    """Null is a message that a PlatformException may have: it is not the word for it."""
    host.call("timbridge", "bridge.fault.set", {"match": {"method": "initSDK"}, "effect": {"platformException": {"code": "boom"}}})
    thrown = refusal(host, NEW, "initSDK", INIT)
    assert ("boom", None) == (thrown.code, thrown.message)
