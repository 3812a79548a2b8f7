"""Watching a journal, and looking at a world without being in it."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from bridge.codecs.framing import LineFraming
from bridge.control import watching
from bridge.control.registry import NOTIFICATIONS
from bridge.emulator import Server, Settings
from bridge.errors import NOT_THERE
from bridge.transports import connection
from bridge.world.kernel import devices
from tests.support.line import Line
from tests.support.patience import until
from tests.transports.doors import TIMEOUT_S, WebSocketPeer, connected, listening, tcp_peer

SAY = {"user": "bob", "to": "alice", "text": "hi"}


def pair() -> tuple[Line, Line]:
    """Return alice's client, and one who looks at her world and watches."""
    alice = Line()
    alice.start("alice")
    eye = Line(alice.server)
    eye.ask("bridge.inspector.attach", world="")
    eye.ask("bridge.journal.watch", since=alice.session.emulator.engine.journal.last)
    return alice, eye


def told(eye: Line) -> list[tuple[str, Any]]:
    """Return what a watcher is told now."""
    eye.server.show()
    return [(message["method"], message["params"]) for message in eye.take()]


# --- what is told


def test_entries_come_as_they_are_listed() -> None:
    """All of a turn of the server's together, in the form of journal.list, none twice."""
    alice, eye = pair()
    since = alice.session.emulator.engine.journal.last
    alice.ask("bridge.user.say", **SAY)
    alice.call("createConversationGroup", groupName="g", conversationIDList=["c2c_bob"])
    listed = eye.ask("bridge.journal.list", since=since)
    assert [("bridge.journal.entries", listed)] == told(eye)
    assert [] == told(eye)
    assert {"call", "reply", "event"} <= {entry["kind"] for entry in listed["entries"]}


def test_answer_holds_what_there_is() -> None:
    """All of the journal, or what is newer than a number."""
    alice, eye = pair()
    assert eye.ask("bridge.journal.list") == eye.ask("bridge.journal.watch")
    assert eye.ask("bridge.journal.list", since=3) == eye.ask("bridge.journal.watch", since=3)
    assert [] == told(eye)
    alice.call("getVersion")
    assert 1 == len(told(eye))


@pytest.mark.parametrize("how", ["bridge.journal.unwatch", "bridge.inspector.attach", "bridge.world.use"])
def test_watching_ends(how: str) -> None:
    """By its own word, and with the world."""
    alice, eye = pair()
    eye.ask(how, **({"world": "other"} if how.endswith("use") else {}))
    alice.call("getVersion")
    assert [] == told(eye)
    assert not alice.server.lookers
    assert 0 == alice.session.emulator.watched


def test_what_has_no_entry_is_told_too() -> None:
    """A load, a rollback, the clock: the world has changed, and the journal has no word on it."""
    alice, eye = pair()
    changed: list[tuple[str, Any]] = [("bridge.inspector.changed", {})]
    alice.ask("bridge.clock.advance", ms=1)
    assert changed == told(eye)
    for method in ("bridge.world.load", "bridge.world.reset"):
        alice.ask(method, **({"world": "team"} if method.endswith("load") else {}))
        assert changed == told(eye)
        assert [] == told(eye)
    alice.ask("bridge.clock.now")
    assert [] == told(eye)
    assert set(NOTIFICATIONS) >= {name for name, _ in changed}


def test_lost_entries_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """A watcher who could not read learns that some are gone for good, and gets the rest in pieces."""
    monkeypatch.setattr(watching, "MOST_TOLD", 400)
    alice, eye = pair()
    eye.client.is_behind = lambda: True
    for _ in range(5_100):
        alice.session.emulator.call(alice.session.own, "getVersion", {})
    assert [] == told(eye)
    eye.client.is_behind = lambda: False
    pieces = [params for _, params in told(eye)]
    assert [True, *[False] * (len(pieces) - 1)] == [piece["cut"] for piece in pieces]
    assert 10_000 == sum(len(piece["entries"]) for piece in pieces)
    assert max(len(piece["entries"]) for piece in pieces) == 400


# --- looking on


def test_who_looks_leaves_no_trace() -> None:
    """No device, no entry, nothing in an export; not when it leaves either."""
    alice = Line()
    alice.start("alice")
    whole, last = alice.snapshot(), alice.session.emulator.engine.journal.last
    eye = Line(alice.server, "elsewhere")
    eye.ask("bridge.inspector.attach", world="")
    for method in ("journal.watch", "journal.list", "world.view", "world.export", "worlds.list"):
        eye.ask(f"bridge.{method}")
    for method in ("coverage", "ping", "clock.now", "fault.list"):
        eye.ask(f"bridge.{method}")
    eye.ask("bridge.evidence", method="login")
    eye.ask("rpc.discover")
    eye.client.close()
    assert whole == alice.snapshot()
    assert last == alice.session.emulator.engine.journal.last


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("getVersion", {}),
        ("bridge.turn", {"method": "getVersion"}),
        ("bridge.device.use", {"dialect": "im-5.0"}),
        ("bridge.device.call", {"device": "", "method": "getVersion"}),
        ("bridge.service.kick", {}),
    ],
)
def test_who_looks_has_no_device(method: str, params: dict[str, Any]) -> None:
    """What needs one is refused, and nothing has happened; under a schedule, too."""
    alice, eye = pair()
    whole = alice.snapshot()
    for _ in range(2):
        assert NOT_THERE == eye.error(method, **params)["code"]
        eye.ask("bridge.schedule.use", seed=1)
    assert whole == alice.snapshot()


def test_hands_work_on_anybody() -> None:
    """Other people, networks, sessions: of devices that are others', by their names, or their ids where they have none."""
    alice, eye = pair()
    alice.ask("bridge.device.open", device="tablet", platform="ios")
    alice.start("alice", "tablet")
    eye.ask("bridge.user.say", **SAY)
    assert "onRecvNewMessage" in alice.heard_types()
    seen = {row["device"]: row for row in eye.ask("bridge.world.view")["devices"]}
    own = next(row for row in seen.values() if row["device"] == row["id"])
    eye.ask("bridge.service.connectionLost", device="tablet")
    eye.ask("bridge.service.kick", device=own["id"])
    after = {row["device"]: row for row in eye.ask("bridge.world.view")["devices"]}
    assert (True, False) == (seen["tablet"]["network"], after["tablet"]["network"])
    assert ("alice", "") == (own["user"], after[own["device"]]["user"])
    assert eye.ask("bridge.device.call", device=own["id"], method="getVersion")["code"] == 0


def test_hands_kick_nobody() -> None:
    """Who acts as a user that is logged in ends none of the user's sessions."""
    alice, eye = pair()
    before = alice.session.emulator.engine.device(alice.session.own)
    eye.ask("bridge.user.call", user="alice", method="getLoginUser")
    eye.ask("bridge.user.say", user="alice", to="bob", text="from another hand")
    assert before.user_id == alice.session.emulator.engine.device(alice.session.own).user_id
    assert "onKickedOffline" not in alice.heard_types()


def test_own_device_comes_back_by_use() -> None:
    """Who has looked can have a device again, in any world."""
    _, eye = pair()
    eye.ask("bridge.world.use", world="mine")
    assert 0 == eye.ask("getVersion")["code"]


# --- worlds


def test_worlds_are_listed_with_their_holders() -> None:
    """Their devices and calls; those that are over stay where all is shown, twenty of them, until they are dropped."""
    server = Server(Settings())
    server.show_all()
    eye = Line(server)
    eye.ask("bridge.inspector.attach")
    for number in range(22):
        test = Line(server, f"test {number}")
        test.ask("bridge.worlds.hold", holder=f"tests/x.py::test_{number}")
        test.start("alice")
        if number:
            test.client.close()
    rows = {row["name"]: row for row in eye.ask("bridge.worlds.list")["worlds"]}
    assert {"", *(f"test {number}" for number in range(22) if number != 1)} == set(rows)
    assert (False, True) == (rows["test 0"]["finished"], rows["test 2"]["finished"])
    assert ("tests/x.py::test_2", 0) == (rows["test 2"]["holder"], rows["test 2"]["devices"])
    assert 1 == rows["test 0"]["devices"]
    assert rows["test 2"]["calls"] == rows["test 0"]["calls"] > 3
    eye.ask("bridge.inspector.attach", world="test 2")
    assert "alice" in json.dumps(eye.ask("bridge.journal.list"))
    assert "alice" in json.dumps(eye.ask("bridge.world.view", at=100)["world"]["users"])
    eye.ask("bridge.worlds.drop", world="test 2")
    assert "test 2" not in {row["name"] for row in eye.ask("bridge.worlds.list")["worlds"]}
    assert NOT_THERE == eye.error("bridge.worlds.drop", world="test 2")["code"]
    assert NOT_THERE == eye.error("bridge.worlds.drop", world="test 0")["code"]


def test_name_of_a_finished_world_is_free() -> None:
    """A new one of the same name is another; the old one is listed under one that nobody has."""
    server = Server(Settings())
    server.show_all()
    for _ in range(3):
        line = Line(server, "again")
        line.start("alice")
        line.client.close()
    line = Line(server, "again")
    assert ["again#2", "again#3", "again#4"] == sorted(server.finished)
    assert server.find("again") is line.session.emulator
    assert 0 == len(line.session.emulator.engine.calls)


def test_worlds_go_as_ever_where_nobody_shows_them() -> None:
    """Unless somebody looks: then with the last one who does."""
    server = Server(Settings())
    line = Line(server, "short")
    eye = Line(server)
    eye.ask("bridge.inspector.attach", world="short")
    line.client.close()
    assert "short" in server.names()
    eye.client.close()
    assert "short" not in server.names()
    assert {} == server.finished


def test_unknown_worlds_are_not_made() -> None:
    """Who looks makes none."""
    eye = Line()
    assert NOT_THERE == eye.error("bridge.inspector.attach", world="nowhere")["code"]
    assert [""] == eye.server.names()
    assert 0 == eye.ask("getVersion")["code"]


# --- at doors


def test_watching_at_every_door() -> None:
    """Lines, WebSocket: what one client does the other is told, soon and together."""
    with listening() as address:
        for eye in (tcp_peer(address, LineFraming()), WebSocketPeer(address)):
            eye.ask("bridge.inspector.attach", {})
            eye.ask("bridge.journal.watch", {})
            hand = tcp_peer(address, LineFraming())
            for _ in range(5):
                hand.ask("getVersion")
            methods: list[str] = []
            while len(methods) < 10:
                message = eye.receive()
                assert "bridge.journal.entries" == message["method"]
                methods += [entry["method"] for entry in message["params"]["entries"]]
            assert ["getVersion"] * 10 == methods
            hand.close()
            eye.close()


def test_slow_watcher_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not read; others are served, and it is not cut off: when it reads it is told the rest."""
    monkeypatch.setattr(connection, "HIGH_WATER_BYTES", 1 << 14)
    monkeypatch.setattr(connection, "MAX_WAITING_BYTES", 1 << 20)
    with listening() as address:
        eye = connected(address)
        eye.sendall(b'{"jsonrpc":"2.0","id":1,"method":"bridge.journal.watch","params":{}}\n')
        hand = tcp_peer(address, LineFraming())
        for at in range(1_500):
            hand.send({"jsonrpc": "2.0", "id": at, "method": "getLoginUser", "params": {"x": "y" * 10_000}})
            hand.receive()
        time.sleep(0.1)
        seen: set[int] = set()
        with eye.makefile("rb") as file:
            eye.settimeout(TIMEOUT_S)
            while len(seen) < 1_500:
                params = json.loads(file.readline()).get("params", {})
                seen |= {entry["seq"] for entry in params.get("entries", ()) if entry["kind"] == "call"}
        eye.close()
        hand.close()


def test_watcher_that_is_gone_is_forgotten() -> None:
    """Nobody looks any more then, and calls go on."""
    server = Server(Settings())
    with listening(server=server) as address:
        eye = WebSocketPeer(address)
        eye.ask("bridge.journal.watch", {})
        assert 1 == len(server.lookers)
        eye.close()
        until(lambda: not server.lookers)
        hand = tcp_peer(address, LineFraming())
        assert hand.ask("getVersion")
        hand.close()
    assert not [row for row in server.world().world[devices.DEVICES].rows.values() if not row.hidden]
