"""How long worlds live: as long as a connection that used them, unless they are kept or dropped."""

from __future__ import annotations

import gc
import weakref

from bridge.control.messages import RpcClient
from bridge.emulator import Server, Settings
from tests.support.line import Line


def test_world_goes_with_its_last_connection() -> None:
    """Nobody finds again what was in it; memory returns."""
    server = Server()
    one, two = RpcClient(server, [].append, "mine"), RpcClient(server, [].append, "mine")
    one.receive({"jsonrpc": "2.0", "id": 1, "method": "bridge.user.say", "params": {"user": "bob", "to": "alice", "text": "hi"}})
    world = server.world("mine")
    assert 1 == len(world.export()["messages"])
    gone = weakref.ref(world)
    one.session.close()
    assert "mine" in server.names()
    two.session.close()
    assert "mine" not in server.names()
    del one, two, world
    gc.collect()
    assert gone() is None
    assert [] == Line(server, "mine").ask("bridge.world.export").get("messages", [])


def test_world_that_was_left_stays() -> None:
    """A connection comes back to what it left behind, as long as it is open."""
    server = Server()
    line = Line(server)
    for name in ("mine", "other", "mine"):
        line.ask("bridge.world.use", world=name)
        if name == "mine" and not line.ask("bridge.world.export").get("messages"):
            line.ask("bridge.user.say", user="bob", to="alice", text="hi")
    assert 1 == len(line.ask("bridge.world.export")["messages"])
    assert ["", "mine", "other"] == server.names()
    line.session.close()
    assert [""] == server.names()


def test_kept_world_waits() -> None:
    """With `keep` it is there for who comes later, until it is dropped."""
    server = Server()
    line = Line(server)
    line.ask("bridge.world.use", world="mine", keep=True)
    line.session.close()
    assert ["", "mine"] == server.names()
    assert {} == Line(server).ask("bridge.world.drop", world="mine")
    assert [""] == server.names()


def test_first_world_always_stays() -> None:
    """The one that everybody starts in cannot be dropped, and waits for whoever comes."""
    server = Server()
    line = Line(server)
    line.ask("bridge.user.say", user="bob", to="alice", text="hi")
    error = line.error("bridge.world.drop", world="")
    assert (-32000, True) == (error["code"], "bridge.world.reset" in error["message"])
    line.session.close()
    assert 1 == len(Line(server).ask("bridge.world.export")["messages"])


def test_dropping_is_refused() -> None:
    """A world with somebody in it, and one that is not there: nothing goes; the nearest name is said."""
    server = Server()
    line, inside = Line(server), Line(server, "mine")
    error = line.error("bridge.world.drop", world="mine")
    assert (-32000, "the world 'mine' is in use: 1 device is in it") == (error["code"], error["message"])
    error = line.error("bridge.world.drop", world="mime")
    assert (-32000, {"nearest": ["mine"]}) == (error["code"], error["data"])
    assert ["", "mine"] == server.names()
    inside.ask("getVersion")


def test_dropped_world_begins_anew() -> None:
    """Whoever used it before and goes there again finds a new one, which stays as long as they do."""
    server = Server()
    line, other = Line(server), Line(server)
    line.ask("bridge.world.use", world="mine")
    line.ask("bridge.user.say", user="bob", to="alice", text="hi")
    line.ask("bridge.world.use", world="")
    line.ask("bridge.world.drop", world="mine")
    line.ask("bridge.world.use", world="mine")
    assert [] == line.ask("bridge.world.export").get("messages", [])
    other.session.close()
    assert "mine" in server.names()
    line.session.close()
    assert [""] == server.names()


def test_worlds_with_a_seed_are_dropped() -> None:
    """What the server starts with stays the server's: the next world of the name has it again."""
    server = Server(Settings(world={"messages": [{"from": "bob", "to": "alice", "text": "hi"}]}))
    for _ in range(2):
        line = Line(server, "mine")
        line.ask("bridge.user.say", user="bob", to="alice", text="more")
        assert 2 == len(line.ask("bridge.world.export")["messages"])
        line.session.close()
