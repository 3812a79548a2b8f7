"""
The client for asyncio: the same names as `Client` has, to be awaited.

    async with await AsyncClient.start() as bridge:
        await bridge.login("alice")
        await bridge.user("bob").say("hi", to="alice")
        assert ["onRecvNewMessage"] == [event.type for event in await bridge.events("onRecvNewMessage")]

The synchronous client works on a thread of its own, one call after the other; the loop runs on meanwhile. Waiting for events is the
loop's, so that one task may wait while others call.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from bridge.testing.client import POLL_S, Client, Device, User

if TYPE_CHECKING:
    from bridge.emulator import Server
    from bridge.testing.control import Clock, Faults, Journal, Worlds
    from bridge.testing.events import Event

__tracebackhide__ = True  # pytest ends the traceback of a failure in the line of the test

T = TypeVar("T")


class _Thread:
    """The one thread on which a client works."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, "timbridge")

    async def run(self, function: Callable[..., T], /, *arguments: Any, **named: Any) -> T:
        """Carry out a function of the client. A task that is cancelled leaves the call to end by itself."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: function(*arguments, **named))

    def end(self) -> None:
        """Let the thread go once it has done what it was given."""
        self._pool.shutdown(wait=False)


class AsyncDevice:
    """An app on a device, as `Device`: see there for arguments, results and errors."""

    def __init__(self, thread: _Thread, device: Device) -> None:
        self._thread = thread
        self._device = device
        self.name = device.name

    async def reply(self, method: str, /, **arguments: Any) -> Any:
        """Make a channel call. Returns the reply as the platform gives it."""
        return await self._thread.run(self._device.reply, method, **arguments)

    async def call(self, method: str, /, **arguments: Any) -> Any:
        """Make a channel call that is to succeed. Returns its data. Raises: Refused."""
        return await self._thread.run(self._device.call, method, **arguments)

    async def login(self, user: str, user_sig: str = "sig", listen: bool = True) -> Self:
        """Initialise the SDK, add a listener of every kind, and log a user in. Returns this device."""
        await self._thread.run(self._device.login, user, user_sig, listen)
        return self

    async def events(self, *types: str, timeout: float = 0.0) -> list[Event]:
        """Take the events that have been heard since the last look, of these types or all; waits so many seconds for one."""
        return await self._look(types, timeout)

    async def stream(self, *types: str, timeout: float = 1.0) -> AsyncIterator[Event]:
        """Yield events as they come, of these types or all, until none has come for so many seconds."""
        while found := await self._look(types, timeout):
            for event in found:
                yield event

    async def wait_for(self, kind: str, timeout: float = 1.0) -> Event:
        """Take the next event of a type; others stay. Raises: TimeoutError with what came instead; UnknownEvent."""
        found = await self._look((kind,), timeout, 1)
        if not found:
            raise TimeoutError(self._device.instead_of(kind, timeout))
        return found[0]

    async def close(self) -> None:
        """Kill the app; its user goes offline at once."""
        await self._thread.run(self._device.close)

    async def _look(self, types: Sequence[str], timeout: float, most: int | None = None) -> list[Event]:
        await self._thread.run(self._device.check_types, types)
        deadline = time.monotonic() + timeout
        while True:
            found = await self._thread.run(self._device.look, types, most)
            if found or time.monotonic() >= deadline:
                return found
            await asyncio.sleep(POLL_S)


class AsyncUser:
    """Another person, as `User`."""

    def __init__(self, thread: _Thread, user: User) -> None:
        self._thread = thread
        self._user = user
        self.id = user.id

    async def say(self, text: str, *, to: str | None = None, group: str | None = None) -> dict[str, Any]:
        """Send a text message to a user or a group. Returns the message map. Raises: Refused."""
        return await self._thread.run(self._user.say, text, to=to, group=group)

    async def reply(self, method: str, /, **arguments: Any) -> Any:
        """Make a channel call as this user. Returns the reply as the platform gives it."""
        return await self._thread.run(self._user.reply, method, **arguments)

    async def call(self, method: str, /, **arguments: Any) -> Any:
        """Make a channel call as this user that is to succeed. Returns its data."""
        return await self._thread.run(self._user.call, method, **arguments)


class AsyncWorlds:
    """The world as a whole, as `Worlds`."""

    def __init__(self, thread: _Thread, worlds: Worlds) -> None:
        self._thread = thread
        self._worlds = worlds

    async def reset(self) -> None:
        """Go back to what it held at first, or since the last `load`."""
        await self._thread.run(self._worlds.reset)

    async def load(self, world: str | Mapping[str, Any]) -> None:
        """Replace it, by a world as `export` gives it, or by the name of a shipped fixture."""
        await self._thread.run(self._worlds.load, world)

    async def export(self) -> dict[str, Any]:
        """Return all of it but devices and their sessions."""
        return await self._thread.run(self._worlds.export)

    async def checkpoint(self) -> str:
        """Remember it as it is. Returns a name for `rollback`."""
        return await self._thread.run(self._worlds.checkpoint)

    async def rollback(self, checkpoint: str) -> None:
        """Go back to a checkpoint. No events are sent."""
        await self._thread.run(self._worlds.rollback, checkpoint)

    async def use(self, name: str) -> None:
        """Leave with all devices, and begin anew in the world of that name."""
        await self._thread.run(self._worlds.use, name)


class AsyncClock:
    """The world's clock, as `Clock`."""

    def __init__(self, thread: _Thread, clock: Clock) -> None:
        self._thread = thread
        self._clock = clock

    async def now_ms(self) -> int:
        """Return its time in milliseconds since 1970."""
        return await self._thread.run(lambda: self._clock.now_ms)

    async def advance(self, *, ms: int = 0, seconds: int = 0, minutes: int = 0, days: int = 0) -> None:
        """Let time pass; what is due on the way happens in order."""
        await self._thread.run(self._clock.advance, ms=ms, seconds=seconds, minutes=minutes, days=days)

    async def set(self, ms: int) -> None:
        """Put it at a time, not before now."""
        await self._thread.run(self._clock.set, ms)


class AsyncFaults:
    """What is to go wrong, as `Faults`."""

    def __init__(self, thread: _Thread, faults: Faults) -> None:
        self._thread = thread
        self._faults = faults

    async def set(self, effect: Mapping[str, Any], **match: Any) -> dict[str, Any]:
        """Make matching channel calls go wrong."""
        return await self._thread.run(self._faults.set, effect, **match)

    async def refuse(self, method: str, code: int, desc: str = "", **match: Any) -> dict[str, Any]:
        """Make the service refuse a method; nothing happens in the world."""
        return await self._thread.run(self._faults.refuse, method, code, desc, **match)

    async def list(self) -> Any:
        """Return the faults that are set."""
        return await self._thread.run(self._faults.list)

    async def clear(self) -> None:
        """Forget all faults."""
        await self._thread.run(self._faults.clear)


class AsyncJournal:
    """What happened, as `Journal`."""

    def __init__(self, thread: _Thread, journal: Journal) -> None:
        self._thread = thread
        self._journal = journal

    async def list(
        self, since: int | None = None, method: str | None = None, device: str | None = None, kind: str | None = None
    ) -> list[dict[str, Any]]:
        """Return entries {seq, ms, device, kind, method, …}, oldest first."""
        return await self._thread.run(self._journal.list, since, method, device, kind)

    async def clear(self) -> None:
        """Forget all entries."""
        await self._thread.run(self._journal.clear)

    async def expect(
        self, *calls: str | Mapping[str, Any], events: Sequence[str | Mapping[str, Any]] = (), since: int | None = None
    ) -> dict[str, Any]:
        """Hold what was called and heard against this. Raises: Unmet."""
        return await self._thread.run(self._journal.expect, *calls, events=events, since=since)

    async def compare(
        self, *calls: str | Mapping[str, Any], events: Sequence[str | Mapping[str, Any]] = (), since: int | None = None
    ) -> dict[str, Any]:
        """Do as `expect`, but for raising."""
        return await self._thread.run(self._journal.compare, *calls, events=events, since=since)


class AsyncClient(AsyncDevice):
    """
    A connection to a bridge, and its own device. Use `start`, `connect` or `inside`, which are awaited.

    Attributes:
        world, clock, faults, journal: the control plane.
        trace: the last calls, replies and events as dicts.
    """

    def __init__(self, thread: _Thread, client: Client) -> None:
        super().__init__(thread, client)
        self._client = client
        self.trace = client.trace
        self.world = AsyncWorlds(thread, client.world)
        self.clock = AsyncClock(thread, client.clock)
        self.faults = AsyncFaults(thread, client.faults)
        self.journal = AsyncJournal(thread, client.journal)

    @classmethod
    async def start(cls, *arguments: str, **options: Any) -> Self:
        """Start a server of one's own, and connect to it; takes what `Client.start` takes."""
        return await cls._made(Client.start, *arguments, **options)

    @classmethod
    async def connect(cls, address: str | None = None, *, token: str | None = None, world: str | None = None) -> Self:
        """Connect to a running server."""
        return await cls._made(Client.connect, address, token=token, world=world)

    @classmethod
    async def inside(cls, server: Server | None = None, world: str | Mapping[str, Any] = "", **options: Any) -> Self:
        """Connect to worlds in this very process; takes what `Client.inside` takes."""
        return await cls._made(Client.inside, server, world, **options)

    @classmethod
    async def _made(cls, make: Callable[..., Client], *arguments: Any, **options: Any) -> Self:
        thread = _Thread()
        try:
            return cls(thread, await thread.run(make, *arguments, **options))
        except BaseException:
            thread.end()
            raise

    async def close(self) -> None:
        """End the connection, and the server if it was started for it."""
        await self._thread.run(self._client.close)
        self._thread.end()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def device(self, name: str, dialect: str | None = None, platform: str | None = None) -> AsyncDevice:
        """Start another app on a device of this connection; a name that is open gives that device."""
        return AsyncDevice(self._thread, await self._thread.run(self._client.device, name, dialect, platform))

    def user(self, user_id: str) -> AsyncUser:
        """Return another person."""
        return AsyncUser(self._thread, self._client.user(user_id))

    async def ask(self, method: str, /, **params: Any) -> Any:
        """Make a call of the control plane. Arguments that are None are left out."""
        return await self._thread.run(self._client.ask, method, **params)

    async def ping(self) -> dict[str, Any]:
        """Return versions, dialects and method counts."""
        return await self._thread.run(self._client.ping)

    async def coverage(self) -> dict[str, Any]:
        """Return how completely the bridge plays each method, and how often it was called."""
        return await self._thread.run(self._client.coverage)

    async def evidence(self, method: str) -> dict[str, Any]:
        """Return where what is known of a method comes from."""
        return await self._thread.run(self._client.evidence, method)

    async def service(self, happening: str, **params: Any) -> Any:
        """Let something happen to the service or the network by itself, such as "connectionLost"."""
        return await self._thread.run(self._client.service, happening, **params)
