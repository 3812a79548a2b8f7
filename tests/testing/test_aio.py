"""The client for asyncio."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bridge.emulator import Server
from bridge.testing import Client, Refused, UnknownEvent, Unmet, aio, client, control
from bridge.testing.aio import AsyncClient
from tests.transports.doors import listening

PAIRS = [
    (client.Device, aio.AsyncDevice),
    (client.User, aio.AsyncUser),
    (client.Client, aio.AsyncClient),
    (control.Worlds, aio.AsyncWorlds),
    (control.Clock, aio.AsyncClock),
    (control.Faults, aio.AsyncFaults),
    (control.Journal, aio.AsyncJournal),
]
INNER = {"turn", "request", "collect", "look", "check_types", "instead_of", "dialect"}
"""What the client's own rooms use of each other."""


@pytest.mark.parametrize(("plain", "awaited"), PAIRS)
def test_names_are_the_same(plain: type, awaited: type) -> None:
    """Whatever one has, the other has, with the same parameters."""
    names = {name for name, _ in inspect.getmembers(plain) if not name.startswith("_")} - INNER
    assert names == {name for name, _ in inspect.getmembers(awaited) if not name.startswith("_")}
    for name in names - {"start", "inside", "now_ms"}:
        mine, theirs = (list(inspect.signature(getattr(kind, name)).parameters) for kind in (awaited, plain))
        assert theirs == mine, name


def run(story: Callable[[AsyncClient], Awaitable[None]], **options: Any) -> None:
    """Play a story with a client inside this process."""

    async def play() -> None:
        async with await AsyncClient.inside(**options) as bridge:
            await story(bridge)

    asyncio.run(play())


def test_story_is_awaited() -> None:
    """Login, another person, a second device, events, a refusal, the clock and the world."""

    async def story(bridge: AsyncClient) -> None:
        await bridge.login("alice")
        tablet = await (await bridge.device("tablet", platform="ios")).login("alice")
        await bridge.user("bob").say("hi", to="alice")
        for device in (bridge, tablet):
            assert ["onRecvNewMessage"] == [event.type for event in await device.events("onRecvNewMessage")]
        with pytest.raises(Refused, match="51009"):
            await bridge.call("deleteConversationGroup", groupName="nowhere")
        before = await bridge.clock.now_ms()
        await bridge.clock.advance(minutes=1)
        assert before + 60_000 == await bridge.clock.now_ms()
        assert 1 == len((await bridge.world.export())["messages"])
        await bridge.journal.expect({"method": "login", "times": 2})
        with pytest.raises(Unmet):
            await bridge.journal.expect({"method": "login", "times": 1})
        with pytest.raises(UnknownEvent):
            await bridge.events("onNothing")

    run(story)


def test_one_task_waits_while_another_calls() -> None:
    """Waiting for an event holds up nobody: what comes of another task's call ends it."""

    async def story(bridge: AsyncClient) -> None:
        await bridge.login("alice")
        waiting = asyncio.create_task(bridge.wait_for("onRecvNewMessage", timeout=10))
        await asyncio.sleep(0.02)
        assert not waiting.done()
        await bridge.user("bob").say("hi", to="alice")
        assert "hi" == (await waiting).data["textElem"]["text"]
        assert ["onNewConversation"] == [event.type async for event in bridge.stream(timeout=0.01)]
        with pytest.raises(TimeoutError, match="came instead: nothing"):
            await bridge.wait_for("onRecvNewMessage", timeout=0.01)

    run(story)


def test_loop_runs_on_meanwhile() -> None:
    """A call to a server leaves the loop free; many tasks share a client."""

    async def story(address: str) -> None:
        async with await AsyncClient.connect(address, world="mine") as bridge:
            await bridge.login("alice")
            said = await asyncio.gather(*(bridge.user(f"user{n}").say("hi", to="alice") for n in range(20)))
            assert 20 == len({message["msgID"] for message in said})
            assert 20 == len(await bridge.events("onRecvNewMessage"))

    with listening() as address:
        asyncio.run(story(address))


def test_failed_start_leaves_no_thread() -> None:
    """No server is there: it is said, and nothing is left behind."""
    with pytest.raises(ConnectionError, match="timbridge serve --listen"):
        asyncio.run(AsyncClient.connect("127.0.0.1:1"))


def test_clients_of_both_kinds_meet() -> None:
    """They share the worlds of a server."""
    server = Server()

    async def story(bridge: AsyncClient) -> None:
        await bridge.login("alice")
        with Client.inside(server) as other:
            other.user("bob").say("hi", to="alice")
        assert ["onRecvNewMessage"] == [event.type for event in await bridge.events("onRecvNewMessage")]

    run(story, server=server)
