"""What reaches a target of `timbridge conform`: how many messages go at once, and what of those that come belongs to which call."""

from __future__ import annotations

import queue
from collections.abc import Iterable
from typing import Any

import pytest

from bridge.cli.conform_wires import RemoteWire, own
from bridge.codecs import jsonrpc
from bridge.conformance.suite.actors import Answer, Broken, Stage, Wire, listeners_of
from bridge.conformance.suite.worlds import World

WORLD = ("chat-8.2", "android")


class Echo:
    """A target that answers each call with its name, an event ahead of it; but those that it is said to be silent about."""

    def __init__(self, *silent: str) -> None:
        self.silent = silent
        self.batches: list[list[str]] = []
        self._lines: queue.Queue[bytes] = queue.Queue()

    def send(self, messages: list[bytes]) -> None:
        """See `Link`."""
        said = [jsonrpc.loads(one) for one in messages]
        self.batches.append([one["method"] for one in said])
        for one in said:
            if one["method"] not in self.silent:
                self._say({"method": "listener", "params": {"type": one["method"]}})
                self._say({"id": one["id"], "result": one["method"]})

    def _say(self, message: dict[str, Any]) -> None:
        self._lines.put(jsonrpc.dumps({"jsonrpc": "2.0", **message}))

    def lines(self) -> Iterable[bytes]:
        """See `Link`."""
        while line := self._lines.get():
            yield line

    def close(self) -> str:
        """See `Link`."""
        self._lines.put(b"")
        return ""


def begun(target: Echo, timeout_s: float = 5.0) -> RemoteWire:
    """Return a wire to a target, ready for calls."""
    wire = RemoteWire(lambda: target, WORLD, timeout_s)
    wire.begin({})
    target.batches.clear()
    return wire


def test_several_calls_go_at_once() -> None:
    """Calls that need nothing of each other are sent together, with one ping; each gets its reply, and the last what was heard."""
    target = Echo()
    wire = begun(target)
    first, second = wire.several([("a", {}), ("b", {})])
    assert [["a", "b", "bridge.ping"]] == target.batches
    assert ("a", "b") == ((first.reply or {})["result"], (second.reply or {})["result"])
    assert ([], ["a", "b", "bridge.ping"]) == (first.events, [event["arguments"]["type"] for event in second.events])
    assert "c" == (wire.exchange("c", {}).reply or {})["result"]
    wire.close()


def test_call_without_a_reply_is_told() -> None:
    """Of several calls one may have no answer; the others keep theirs."""
    wire = begun(Echo("b"))
    assert [True, False, True] == [answer.reply is not None for answer in wire.several([("a", {}), ("b", {}), ("c", {})])]
    wire.close()


def test_target_that_hangs_names_the_call() -> None:
    """Of several calls that is told which is not answered first; a target has its time for each of them."""
    target = Echo()
    wire = begun(target, 0.2)
    target.silent = ("b", "c", "bridge.ping")
    with pytest.raises(Broken, match=r"^b is not answered within 0\.2 s"):
        wire.several([("a", {}), ("b", {}), ("c", {})])


class Counted(Wire):
    """This bridge as a target, and how often something was sent to it."""

    def __init__(self, world: World) -> None:
        self._wire = own(world)
        self.sent: list[list[str]] = []

    def begin(self, given: Any) -> None:
        """See `Wire`."""
        self._wire.begin(given)

    def exchange(self, method: str, arguments: Any) -> Answer:
        """See `Wire`."""
        self.sent.append([method])
        return self._wire.exchange(method, arguments)

    def several(self, calls: Any) -> list[Answer]:
        """See `Wire`."""
        self.sent.append([arguments["method"] if "method" in arguments else arguments["device"] for _, arguments in calls])
        return self._wire.several(calls)

    def snapshot(self) -> Any:
        """See `Wire`."""
        return self._wire.snapshot()


def test_phones_enter_in_three_goes() -> None:
    """Who enters starts, adds all listeners at once, and logs in; all apps of a case are closed at once."""
    target = Counted(WORLD)
    stage = Stage(target, WORLD)
    stage.begin({}, [])
    target.sent.clear()
    for name in ("alice", "bob"):
        stage.device(name, name).enter()
    opened, started, listened, logged_in, *others = target.sent
    assert (["alice"], ["initSDK"], ["login"]) == (opened, started, logged_in)
    assert list(listeners_of(*WORLD)) == listened and len(listened) > 3
    assert [["bob"], started, listened, logged_in] == others
    target.sent.clear()
    stage.begin({}, [])
    assert [["alice", "bob"]] == target.sent


def test_no_app_is_closed_where_all_is_made_anew() -> None:
    """A target that has no devices left as a case begins is not asked to close them; this bridge in one process is such."""
    target = Counted(WORLD)
    target.is_made_anew = True
    stage = Stage(target, WORLD)
    for _ in range(2):
        stage.begin({}, [])
        target.sent.clear()
        stage.device("alice", "alice").enter()
    assert ["alice"] == target.sent[0], "the name is free again"
    stage.begin({}, [])
    assert [] == target.sent[4:]
    assert own(WORLD).is_made_anew
