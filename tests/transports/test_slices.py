"""Large work of one client in slices: what others see meanwhile is whole, and what comes of it is as if done at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bridge.codecs import jsonrpc
from bridge.emulator import Server, Settings
from bridge.slices import at_once
from bridge.transports.rpc import RpcPeer
from tests.support.patience import until
from tests.transports.doors import listening, peer_at

MANY_USERS = [f"user{n}" for n in range(1_000)]
TERSE: dict[str, Any] = {
    "users": MANY_USERS,
    "groups": [{"group_id": "g", "members": ["alice", *MANY_USERS[:300]], "owner": "alice"}],
    "messages": [{"from": "user1", "to": "alice", "text": f"{n}"} for n in range(300)],
}


class Two:
    """Two clients of a server, without a wire."""

    def __init__(self) -> None:
        server = Server(Settings())
        self.said: list[list[Any]] = [[], []]
        self.peers = [RpcPeer(server, self._hears(said), lambda: None) for said in self.said]

    def _hears(self, said: list[Any]) -> Callable[[bytes], None]:
        return lambda data: said.append(json.loads(data))

    def begin(self, method: str, params: dict[str, Any]) -> Iterator[None]:
        """Let the first client ask for something."""
        work = self.peers[0].begin(jsonrpc.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}))
        assert work is not None
        return work

    def other(self, method: str, params: dict[str, Any]) -> Any:
        """Return what the second client is answered."""
        self.peers[1].take(jsonrpc.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}))
        return self.said[1].pop()["result"]


def exact() -> dict[str, Any]:
    """Return the same world as export writes it."""
    two = Two()
    two.other("bridge.world.load", {"world": TERSE})
    written: dict[str, Any] = two.other("bridge.world.export", {})
    return written


@pytest.mark.parametrize("document", [TERSE, exact()], ids=["terse", "exact"])
def test_others_go_on_in_the_old_world(document: dict[str, Any]) -> None:
    """A world that is being loaded is nobody's until it is whole; what others do to the old one is gone with it."""
    two = Two()
    two.other("bridge.user.say", {"user": "bob", "to": "carol", "text": "before"})
    work = two.begin("bridge.world.load", {"world": document})
    seen = []
    for at, _ in enumerate(work):
        if two.said[0]:
            break
        if at % 8 == 0:
            two.other("bridge.user.say", {"user": "bob", "to": "carol", "text": "x"})
            seen.append(len(two.other("bridge.world.export", {})["users"]))
    for _ in work:
        pass

    assert 5 < len(seen)
    assert sorted(seen) == seen, seen
    assert {1} == {count for count in seen if count < 1_001}
    assert [{"jsonrpc": "2.0", "id": 1, "result": {}}] == two.said[0]
    written = two.other("bridge.world.export", {})
    assert exact()["messages"] == written["messages"] and exact()["members"] == written["members"]


def test_export_is_of_its_beginning() -> None:
    """What others do while a world is written down is not in it."""
    two = Two()
    two.other("bridge.world.load", {"world": TERSE})
    before = two.other("bridge.world.export", {})
    work = two.begin("bridge.world.export", {})
    for _ in work:
        two.other("bridge.user.say", {"user": "bob", "to": "alice", "text": "x"})

    assert before == two.said[0][-1]["result"]
    after = two.other("bridge.world.export", {})
    assert len(before["messages"]) + 10 < len(after["messages"])


@pytest.mark.parametrize(
    ("world", "where"),
    [
        ({**TERSE, "messages": [*TERSE["messages"], {"from": "user1", "to": "alice"}]}, "world.messages[300]"),
        ({"users": [*MANY_USERS, {"user_id": 7}]}, "world.users[1000].user_id"),
        ([], "world"),
        ({"exact": True, "users": [{"user_id": name} for name in [*MANY_USERS, "user1"]]}, "world.users[1000]"),
    ],
    ids=["terse", "schema", "no object", "exact"],
)
def test_refused_world_changes_nothing(world: Any, where: str) -> None:
    """The refusal names the place, and everybody is where he was."""
    two = Two()
    two.other("bridge.user.say", {"user": "bob", "to": "carol", "text": "before"})
    before = two.other("bridge.world.export", {})
    at_once(two.begin("bridge.world.load", {"world": world}))  # type: ignore[arg-type]

    error = two.said[0][-1]["error"]
    assert (-32602, where) == (error["code"], error["data"][0]["path"])
    assert before == two.other("bridge.world.export", {})


@pytest.mark.parametrize("door", ["tcp-lines", "platform"])
def test_client_that_leaves_has_its_world_loaded(door: str) -> None:
    """A load that has arrived is carried through, in slices, and the server goes on."""
    with listening() as address:
        gone = peer_at(door, Settings(), address)
        gone.send({"jsonrpc": "2.0", "id": 1, "method": "bridge.world.load", "params": {"world": TERSE}})
        gone.close()
        other = peer_at("tcp-lines", Settings(), address)

        until(lambda: len(other.ask("bridge.world.export")[0]["result"].get("users", [])) > 1_000)
        other.close()


@pytest.mark.parametrize(
    "value",
    [
        {},
        [],
        {"jsonrpc": "2.0", "id": 1, "result": {"a": [{"b": n, "é\n": "\ud800"} for n in range(100)], "c": {}, "d": []}},
        {"id": 1, "result": {"a": [1e22, float("nan"), b"\0", (1, 2)] * 20}},
        [[[[[n] * 40] * 2] * 40] * 2 for n in range(3)],
        "text",
    ],
    ids=["{}", "[]", "rows", "odd values", "deep", "text"],
)
def test_written_in_slices_as_at_once(value: Any) -> None:
    """The bytes are the same."""
    assert jsonrpc.dumps(value) == at_once(jsonrpc.dumping(value))
