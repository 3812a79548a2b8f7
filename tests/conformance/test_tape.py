"""The tape: hands everything on, holds calls back until all is in, and what it writes verifies."""

from __future__ import annotations

import json
from collections import deque
from typing import Any

import pytest

from bridge.cli.targets import OwnTarget
from bridge.codecs import jsonrpc
from bridge.conformance.playing import play
from bridge.conformance.recordings import Recording, Writer, parse
from bridge.conformance.tape import MARKER, MOST_PARTS, Tape
from bridge.emulator import Server, Settings
from bridge.transports.rpc import RpcPeer
from bridge.usersig import sign
from bridge.world.kernel.world import START_MS, Policy
from tests.support.worlds import WORLDS

INIT = {"sdkAppID": 1, "logLevel": 3, "listenerUuid": "u", "uiPlatform": 0, "showImLog": False, "plugins": []}
STORY: list[tuple[str, dict[str, Any]]] = [
    ("initSDK", INIT),
    ("login", {"userID": "alice", "userSig": "sig"}),
    ("addConversationListener", {"listenerUuid": "c"}),
    ("addAdvancedMsgListener", {"listenerUuid": "m"}),
    ("bridge.user.say", {"user": "bob", "to": "alice", "text": "hi"}),
    ("createConversationGroup", {"groupName": "work", "conversationIDList": ["c2c_bob"]}),
    ("bridge.device.open", {"device": "tablet"}),
    ("createTextMessage", {"text": "hello"}),
    ("deleteConversation", {"conversationID": "c2c_bob"}),
    ("getC2CHistoryMessageList", {"userID": "bob", "count": 5}),
    ("noSuchMethod", {}),
    ("bridge.user.say", {"user": "carol", "to": "alice", "text": "there"}),
]


def request(number: Any, method: str, params: Any) -> dict[str, Any]:
    """Return a request."""
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


class Between:
    """A tape between a test and this bridge; what the bridge was sent waits until `run` lets it answer."""

    def __init__(self, settings: Settings | None = None, **given: Any) -> None:
        self.lines: list[str] = []
        self.heard: list[bytes] = []
        self.sent: deque[bytes] = deque()
        self.tape = Tape(Writer(self.lines.append, held=True), self.heard.append, self.sent.append, **given)
        self.peer = RpcPeer(Server(settings or Settings()), lambda message: self.answer(message), lambda: None)

    def answer(self, message: bytes) -> None:
        """Take what the server says."""
        self.tape.answered(message)

    def ask(self, message: Any) -> None:
        """Send a message, as a client that does not wait."""
        self.tape.asked(message if isinstance(message, bytes) else jsonrpc.dumps(message))

    def run(self) -> Recording:
        """Let the server answer all. Returns what was recorded."""
        while self.sent:
            self.peer.take(self.sent.popleft())
        self.tape.end()
        self.peer.close()
        return parse("".join(self.lines))


def differences(recording: Recording, **given: Any) -> list[str]:
    """Return what differs when this bridge plays a recording under another seed."""
    target = OwnTarget.like(recording, Settings(seed=7, **given))
    return [f"{verdict.method} {one}" for verdict in play(recording, target) for one in verdict.differences]


@pytest.mark.parametrize(("dialect", "platform"), WORLDS)
def test_pipelined_calls_verify(dialect: str, platform: str) -> None:
    """However far ahead of the answers a client calls, its recording verifies, in the dialect and on the platform that the server tells."""
    between = Between(Settings(dialect=dialect, platform=platform))
    for number, (method, params) in enumerate(STORY):
        between.ask(request(number, method, params))
    assert [b"initSDK", b"bridge.ping"] == [name for message in between.sent for name in (b"initSDK", b"bridge.ping") if name in message]
    recording = between.run()
    assert (dialect, platform, True) == (recording.dialect, recording.platform, recording.held)
    assert len(STORY) == between.tape.calls == len(list(recording.steps()))
    assert all(step.reply is not None for step in recording.steps())
    assert any(step.events for step in recording.steps() if step.call["method"] == "bridge.user.say")
    assert [] == differences(recording)


def test_client_hears_what_the_server_says() -> None:
    """Replies and events reach the client as they are, and nothing of the tape's own."""
    plain: list[bytes] = []
    peer = RpcPeer(Server(Settings()), plain.append, lambda: None)
    between = Between()
    for number, (method, params) in enumerate(STORY):
        message = jsonrpc.dumps(request(number, method, params))
        peer.take(message)
        between.ask(message)
    for odd in (b"no JSON", b'{"jsonrpc":"2.0","method":"login"}', b"[]", b'{"jsonrpc":"2.0","id":1,"result":null}', b"[1]"):
        peer.take(odd)
        between.ask(odd)
    between.run()
    peer.close()
    assert plain == between.heard
    assert MARKER not in "".join(between.lines)


def test_batch_is_taken_apart() -> None:
    """A batch is answered as the server would, and recorded as its requests are, one by one."""
    batch = [request(number, method, params) for number, (method, params) in enumerate(STORY)]
    plain: list[bytes] = []
    peer = RpcPeer(Server(Settings()), plain.append, lambda: None)
    peer.take(jsonrpc.dumps(batch))
    peer.close()
    between, single = Between(), Between()
    between.ask(batch)
    for one in batch:
        single.ask(one)
    assert single.run() == between.run()
    assert [json.loads(one) for one in plain] == [json.loads(one) for one in between.heard]


def test_longest_batch_is_left_whole() -> None:
    """A batch that the bridge refuses for its length is refused."""
    between = Between()
    between.ask([request(number, "getVersion", {}) for number in range(MOST_PARTS + 1)])
    between.run()
    (reply,) = between.heard
    assert json.loads(reply)["error"]["code"] == -32600


def test_late_replies_verify() -> None:
    """A reply that is held back stands where it came, and is expected there."""
    calls: list[tuple[str, dict[str, Any]]] = [
        *STORY[:2],
        ("bridge.fault.set", {"match": {"method": "getLoginStatus"}, "effect": {"delayMs": 500}}),
        ("getLoginStatus", {}),
        ("getVersion", {}),
        ("bridge.clock.advance", {"ms": 1000}),
    ]
    between = Between()
    for number, (method, params) in enumerate(calls, 1):
        between.ask(request(number, method, params))
    recording = between.run()
    *_, status, version, advance = recording.steps()
    assert ([], 1, 2) == ([one.entry["method"] for one in status.said], len(version.said), len(advance.said))
    assert status.reply is not None
    assert [] == differences(recording)
    lines = [line for line in recording.lines if not (line["kind"] == "reply" and line["method"] == "getLoginStatus")]
    (missing,) = differences(Recording(lines=tuple(lines), held=True))
    assert missing.startswith("bridge.clock.advance reply to call 4 getLoginStatus: recorded nothing, came")


def test_secrets_are_blanked() -> None:
    """Signatures, tokens and passwords go, inside of texts too, and what the caller names; the recording still verifies."""
    between = Between(secrets=("groupname",))
    calls: list[tuple[str, dict[str, Any]]] = [
        *STORY[:2],
        ("setOfflinePushConfig", {"businessID": 1.0, "token": "t0ken", "isTPNSToken": False}),
        ("createCustomMessage", {"data": '{"password":"t0ken","n":1}', "desc": "", "extension": "[t0"}),
        ("createConversationGroup", {"groupName": "t0ken", "conversationIDList": ["c2c_bob"]}),
        ("uikitTrace", {"trace": '[login]{"userSig":"t0ken"}|code:0'}),
    ]
    for number, (method, params) in enumerate(calls):
        between.ask(request(number, method, params))
    recording = between.run()
    assert "t0ken" not in recording.text().replace("groupName", "")
    assert "sig" not in [line["arguments"].get("userSig") for line in recording.lines if line["kind"] == "call"]
    push = next(line for line in recording.lines if line["method"] == "setOfflinePushConfig")
    assert {"businessID": 1.0, "token": "<redacted>", "isTPNSToken": False} == push["arguments"]
    assert {"trace": "<redacted>"} == next(line for line in recording.lines if line["method"] == "uikitTrace")["arguments"]
    assert [] == differences(recording)


def test_blanked_signatures_are_made_anew() -> None:
    """A recording of a server that verifies signatures verifies, with its key."""
    policy = Policy(usersig_key="k", sdk_app_id=1)
    signature = sign("alice", 1, "k", now_s=START_MS // 1000)
    between = Between(Settings(policy=policy))
    for number, (method, params) in enumerate([STORY[0], ("login", {"userID": "alice", "userSig": signature})]):
        between.ask(request(number, method, params))
    recording = between.run()
    assert [0, 0] == [line["result"]["code"] for line in recording.lines if line["kind"] == "reply"]
    assert [] == differences(recording, policy=policy)
    assert signature not in recording.text()


@pytest.mark.parametrize(
    ("kind", "told", "expected"),
    [
        ((None, None), {"dialect": "im-5.0", "platform": "ios"}, ("im-5.0", "ios")),
        (("im-4.1", None), {"dialect": "im-5.0", "platform": "ios"}, ("im-4.1", "android")),
        ((None, "ios"), {"dialect": "im-5.0", "platform": "android"}, ("im-5.0", "ios")),
        ((None, None), {}, ("chat-8.2", "android")),
        ((None, None), {"dialect": "of-tomorrow", "platform": 5}, ("of-tomorrow", "android")),
    ],
)
def test_server_tells_what_it_plays(kind: tuple[str | None, str | None], told: Any, expected: tuple[str, str]) -> None:
    """Dialect and platform are those that the server tells; options say otherwise, and a server that tells nothing is the usual one."""
    lines: list[str] = []
    sent: list[bytes] = []
    tape = Tape(Writer(lines.append, held=True), lambda message: None, sent.append, kind)
    tape.asked(jsonrpc.dumps(request(1, "getVersion", {})))
    assert [] == lines
    tape.answered(jsonrpc.dumps({"jsonrpc": "2.0", "id": 1, "result": "v"}))
    outcome = {"result": told} if told else {"error": {"code": -32601, "message": "no"}}
    tape.answered(jsonrpc.dumps({"jsonrpc": "2.0", "id": json.loads(sent[1])["id"], **outcome}))
    header = json.loads(lines[0])
    assert expected == (header["dialect"], header["platform"])
    assert ["call", "reply"] == [json.loads(line)["kind"] for line in lines[1:]]
    assert not tape.is_busy


def test_server_without_pings_is_told_when() -> None:
    """Behind a server that leaves `bridge.ping` unanswered, whoever waits says when all is in; the second call gets no ping."""
    lines: list[str] = []
    sent: list[bytes] = []
    tape = Tape(Writer(lines.append, held=True), lambda message: None, sent.append)
    for number in (1, 2):
        tape.asked(jsonrpc.dumps(request(number, "getVersion", {})))
    assert (2, True, False) == (len(sent), tape.is_busy, tape.is_answered)
    tape.answered(b'{"jsonrpc":"2.0","id":1,"result":"v"}')
    assert tape.is_answered
    tape.answers_pings = False
    tape.go_on()
    assert (3, True) == (len(sent), tape.is_busy)
    assert not tape.answered(b"garbage")
    tape.end()
    assert ["recording", "call", "reply", "call"] == [json.loads(line).get("kind", "recording") for line in lines]
