"""
A synchronous client of the bridge, for tests and tools in Python.

Each call is one `bridge.turn`: when it returns, all that it caused on this connection's devices is known, so tests need
no waiting. What other connections cause is collected by the next call, or by `events` with a timeout.
"""

from __future__ import annotations

import os
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from bridge.catalogue import dialects, load
from bridge.errors import nearest
from bridge.testing.control import Clock, Faults, Journal, Worlds, without_nones
from bridge.testing.errors import Lost, Refused, RpcError, Unanswered, UnknownEvent
from bridge.testing.events import Event
from bridge.testing.wires import ADDRESS, MemoryWire, ServerProcess, SocketWire, Wire

if TYPE_CHECKING:
    from bridge.emulator import Server

POLL_S = 0.005
TRACE_LENGTH = 10_000

__tracebackhide__ = True  # pytest ends the traceback of a failure in the line of the test


class Device:
    """
    An app on a device: the own one of a connection (`Client` is that), or another (`Client.device`).
    """

    def __init__(self, client: Client, name: str, dialect: str | None = None) -> None:
        self._client = client
        self._dialect = dialect
        self.name = name
        self.heard: deque[Event] = deque(maxlen=TRACE_LENGTH)

    @property
    def dialect(self) -> str:
        """Return what the device speaks; one that was opened without a word on it speaks what the own device does."""
        if self._dialect is None:
            self._dialect = str(self._client.request("bridge.ping")["dialect"])
        return self._dialect

    def reply(self, method: str, /, **arguments: Any) -> Any:
        """
        Make a channel call. Returns the reply as the platform gives it: an envelope, or sometimes a bare string.

        Raises: RpcError for a call that no correct plugin would make; Unanswered; Lost.
        """
        device = self.name or None
        answer = self._client.turn(method, arguments, device)
        if answer.get("pending"):
            raise Unanswered(method)
        return answer["result"]

    def call(self, method: str, /, **arguments: Any) -> Any:
        """
        Make a channel call that is to succeed. Returns its data.

        Raises: Refused if the service refused it, and as `reply`.
        """
        return _data(method, self.reply(method, **arguments))

    def login(self, user: str, user_sig: str = "sig", listen: bool = True) -> Self:
        """
        Initialise the SDK, add a listener of every kind, and log a user in, as an app does. Returns this device.

        Events up to then (connected, synchronised) are forgotten.
        """
        speaks = load(self.dialect)
        self.call("initSDK", **speaks.init_arguments)
        for method in speaks.login_calls if listen else ():
            self.call(method, listenerUuid="")
        self.call("login", userID=user, userSig=user_sig)
        self.heard.clear()
        return self

    def events(self, *types: str, timeout: float = 0.0) -> list[Event]:
        """
        Take the events that have been heard since the last look.

        Args:
            types: only these; others stay for a later look.
            timeout: how long to wait, in seconds, until one is there.

        Returns: oldest first; [] if none came.

        Raises: UnknownEvent for a type that the dialect has not.
        """
        self.check_types(types)
        deadline = time.monotonic() + timeout
        while True:
            found = self.look(types)
            if found or time.monotonic() >= deadline:
                return found
            time.sleep(POLL_S)

    def stream(self, *types: str, timeout: float = 1.0) -> Iterator[Event]:
        """Yield events as they come, of these types or all, until none has come for so many seconds. Raises: UnknownEvent."""
        while True:
            found = self.events(*types, timeout=timeout)
            if not found:
                return
            yield from found

    def wait_for(self, kind: str, timeout: float = 1.0) -> Event:
        """
        Take the next event of a type; others stay for a later look.

        Raises: TimeoutError if none comes, with what came instead; UnknownEvent.
        """
        self.check_types((kind,))
        deadline = time.monotonic() + timeout
        while True:
            found = self.look((kind,), 1)
            if found:
                return found[0]
            if time.monotonic() >= deadline:
                raise TimeoutError(self.instead_of(kind, timeout))
            time.sleep(POLL_S)

    # --- what was heard

    def look(self, types: Sequence[str] = (), most: int | None = None) -> list[Event]:
        """Take the events that are there by now, of these types or all, the oldest first, at most so many; the others stay."""
        self._client.collect()
        found = [event for event in self.heard if not types or event.type in types][:most]
        taken = set(map(id, found))
        kept = [event for event in self.heard if id(event) not in taken]
        self.heard.clear()
        self.heard.extend(kept)
        return found

    def check_types(self, types: Sequence[str]) -> None:
        """Raise UnknownEvent if one of these is no type of an event in the device's dialect."""
        if types and self.dialect in dialects():
            known = load(self.dialect).event_types
            for type in types:
                if type not in known:
                    raise UnknownEvent(type, self.dialect, nearest(type, known))

    def instead_of(self, kind: str, timeout: float) -> str:
        """Return what to say of an event that did not come."""
        came = Counter(event.type for event in self.heard)
        words = ", ".join(name if count == 1 else f"{name} ({count} times)" for name, count in came.items())
        return f"no {kind} within {timeout} s; came instead: {words or 'nothing'}"

    def close(self) -> None:
        """Kill the app; its user goes offline at once."""
        self._client.ask("bridge.device.close", device=self.name)
        self._client.devices.pop(self.name, None)


class User:
    """Another person, who acts without a device of the test's: `Client.user`."""

    def __init__(self, client: Client, user_id: str) -> None:
        self._client = client
        self.id = user_id

    def say(self, text: str, *, to: str | None = None, group: str | None = None) -> dict[str, Any]:
        """Send a text message to a user or a group. Returns the message map. Raises Refused."""
        said = self._client.ask("bridge.user.say", user=self.id, to=to, group=group, text=text)
        if isinstance(said, dict) and "code" in said and "desc" in said:
            raise Refused("sendMessage", said["code"], said["desc"], said.get("data"))
        message: dict[str, Any] = said
        return message

    def reply(self, method: str, /, **arguments: Any) -> Any:
        """Make a channel call as this user. Returns the reply as the platform gives it. Raises as `Device.reply`."""
        return self._client.ask("bridge.user.call", user=self.id, method=method, arguments=arguments)

    def call(self, method: str, /, **arguments: Any) -> Any:
        """Make a channel call as this user that is to succeed. Returns its data. Raises as `Device.call`."""
        return _data(method, self.reply(method, **arguments))


class Client(Device):
    """
    A connection to a bridge, and the own device of that connection. Use `start`, `connect` or `inside`.

    Attributes:
        world, clock, faults, journal: the control plane.
        trace: the last calls, replies and events as dicts, for reports and snapshots.
        devices: the devices of this connection by name, the own one as "".
        late: replies that a fault had held back, as `bridge.turn` shows them, since they are taken out by nobody else.
    """

    def __init__(self, wire: Wire, process: ServerProcess | None = None) -> None:
        super().__init__(self, "")
        self._wire = wire
        self._process = process
        self._last_id = 0
        self.devices: dict[str, Device] = {"": self}
        self.trace: deque[dict[str, Any]] = deque(maxlen=TRACE_LENGTH)
        self.late: list[dict[str, Any]] = []
        self.world = Worlds(self)
        self.clock = Clock(self)
        self.faults = Faults(self)
        self.journal = Journal(self)

    # --- connections

    @classmethod
    def start(
        cls,
        *arguments: str,
        dialect: str | None = None,
        platform: str | None = None,
        world: str | None = None,
        command: Sequence[str] | None = None,
    ) -> Self:
        """
        Start a server of one's own, and connect to it; it stops when the client is closed.

        Args:
            arguments: further options of `timbridge serve`, such as "--strict".
            dialect, platform: of the own device.
            world: a world file, or the name of a shipped fixture.
            command: what runs timbridge; by default the environment's TIMBRIDGE_COMMAND, else this Python.
        """
        words = [*arguments]
        for name, value in (("--dialect", dialect), ("--platform", platform), ("--world", world)):
            words += [] if value is None else [name, value]
        process = ServerProcess(words, command)
        try:
            return cls(SocketWire(process.address), process)
        except Lost:
            process.stop()
            raise

    @classmethod
    def connect(cls, address: str | None = None, *, token: str | None = None, world: str | None = None) -> Self:
        """
        Connect to a running server.

        Args:
            address: `HOST:PORT`; by default the environment's TIMBRIDGE_ADDRESS, which `timbridge exec` sets.
            token: what the server's --token says.
            world: the world to begin in; by default the one that all begin in.
        """
        address = address or os.environ.get(ADDRESS)
        if not address:
            raise Lost(f"no address was given, and {ADDRESS} is not set: is this run by `timbridge exec`?")
        client = cls(SocketWire(address))
        try:
            if token is not None:
                client.request("bridge.authenticate", {"token": token})
            if world is not None:
                client.request("bridge.world.use", {"world": world})
        except BaseException:
            client.close()
            raise
        return client

    @classmethod
    def inside(
        cls,
        server: Server | None = None,
        world: str | Mapping[str, Any] = "",
        *,
        dialect: str | None = None,
        platform: str | None = None,
    ) -> Self:
        """
        Connect to worlds in this very process: no server, no socket, the same messages.

        Args:
            server: the worlds; one of its own when left out.
            world: with a server: name of the world to begin in. Without: what it holds at first: a document, a world file, or the
                name of a shipped fixture.
            dialect, platform: of the own device.

        Raises: BridgeError for an unknown dialect or platform, or a world that is none.
        """
        if server is None:
            from bridge.emulator import Server, Settings
            from bridge.world_files import load_file

            document = load_file(world) if isinstance(world, str) and world else world or None
            kind = without_nones({"dialect": dialect, "platform": platform})
            return cls(MemoryWire(Server(Settings(world=document, **kind))))
        client = cls(MemoryWire(server, str(world)))
        if dialect is not None or platform is not None:
            client.request("bridge.device.use", without_nones({"dialect": dialect, "platform": platform}))
        return client

    def close(self) -> None:
        """End the connection, and the server if it was started for it."""
        self._wire.close()
        if self._process is not None:
            self._process.stop()
            self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- who else is there

    def device(self, name: str, dialect: str | None = None, platform: str | None = None) -> Device:
        """Start another app on a device of this connection; a name that is open gives that device."""
        device = self.devices.get(name)
        if device is None:
            self.ask("bridge.device.open", device=name, dialect=dialect, platform=platform)
            device = self.devices[name] = Device(self, name, dialect)
        return device

    def user(self, user_id: str) -> User:
        """Return another person."""
        return User(self, user_id)

    # --- calls

    def ask(self, method: str, /, **params: Any) -> Any:
        """Make a call of the control plane. Arguments that are None are left out. Raises RpcError, Lost."""
        return self.turn(method, without_nones(params))["result"]

    def ping(self) -> dict[str, Any]:
        """Return versions, dialects and method counts."""
        answer: dict[str, Any] = self.ask("bridge.ping")
        return answer

    def coverage(self) -> dict[str, Any]:
        """Return how completely the bridge plays each method, and how often it was called."""
        answer: dict[str, Any] = self.ask("bridge.coverage")
        return answer

    def evidence(self, method: str) -> dict[str, Any]:
        """Return where what is known of a method comes from."""
        answer: dict[str, Any] = self.ask("bridge.evidence", method=method)
        return answer

    def service(self, happening: str, **params: Any) -> Any:
        """Let something happen to the service or the network by itself, such as "connectionLost"."""
        return self.ask(f"bridge.service.{happening}", **params)

    def collect(self) -> None:
        """Take in the events that others have caused."""
        self.turn(None)

    def turn(self, method: str | None, arguments: Mapping[str, Any] | None = None, device: str | None = None) -> dict[str, Any]:
        """
        Make a call and hand its events to the devices.

        Returns: {result, events}, with `pending` if there is no reply.

        Raises: RpcError, Lost.
        """
        if method is not None:
            called = {"call": method, "device": device or "", "arguments": dict(arguments or {})}
            self.trace.append(called)
        params = without_nones({"method": method, "device": device})
        if arguments:
            params["arguments"] = dict(arguments)
        try:
            answer: dict[str, Any] = self.request("bridge.turn", params)
        except RpcError as error:
            error.method = method or "bridge.turn"
            self.trace.append({"error": error.code, "message": error.message, "data": error.data})
            raise
        self._take(answer, method is not None)
        return answer

    def request(self, method: str, params: Mapping[str, Any] | None = None) -> Any:
        """Make one JSON-RPC request as it is. Returns its result. Raises RpcError, Lost."""
        self._last_id += 1
        self._wire.send({"jsonrpc": "2.0", "id": self._last_id, "method": method, "params": dict(params or {})})
        while True:
            message = self._wire.receive()
            if "method" not in message and message.get("id") in (self._last_id, None):
                break
        if "error" in message:
            error = message["error"]
            raise RpcError(method, error["code"], error["message"], error.get("data"))
        return message["result"]

    def _take(self, answer: dict[str, Any], with_reply: bool) -> None:
        dressed = answer["events"]
        ahead = [event for event in dressed if event.get("earlier") or event.get("beforeReply")]
        for event in ahead:
            self._heard_of(event)
        if with_reply:
            self.trace.append({"pending": True} if answer.get("pending") else {"reply": answer["result"]})
        for event in dressed:
            if not (event.get("earlier") or event.get("beforeReply")):
                self._heard_of(event)

    def _heard_of(self, message: dict[str, Any]) -> None:
        if "reply" in message:
            self.trace.append({"late": message})
            self.late.append(message)
            return
        self.trace.append({"event": message["method"], "device": message["device"], "arguments": message["arguments"]})
        device = self.devices.get(message["device"])
        if device is not None:
            device.heard.append(Event.of(message))


def _data(method: str, reply: Any) -> Any:
    """Return the data of a reply; a bare reply is its own data. Raises Refused."""
    if not isinstance(reply, dict) or "code" not in reply or "desc" not in reply:
        return reply
    if reply["code"]:
        raise Refused(method, reply["code"], reply["desc"], reply.get("data"))
    return reply.get("data")
