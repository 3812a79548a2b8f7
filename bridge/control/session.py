"""
A connection, whatever language it speaks: its devices, its world, and what waits for its client.

A door asks (`Session.ask`): a key of its client's, a method, arguments. It is told what comes of it as a `Client`: replies by
their keys, events by the names of their devices, each in its turn. Nothing here knows how any of that is written.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from types import GeneratorType
from typing import TYPE_CHECKING, Any, Protocol

from bridge.catalogue import load
from bridge.control import registry
from bridge.control.registry import CONTROL
from bridge.emulator import Emulator, Server, channels
from bridge.engine.turn import Event, Reply, Turn
from bridge.errors import INVALID_PARAMS, NOT_THERE, BridgeError, ProtocolError, our_bug, unknown
from bridge.slices import Slices, at_once, let_go
from bridge.world.kernel import devices
from bridge.world.kernel.store import parts_of
from bridge.world.kernel.world import World

if TYPE_CHECKING:
    from bridge.control.schedule import Schedule

MAX_WAITING = 10_000
START = "initSDK"

SLICED = frozenset({"bridge.world.load", "bridge.world.export", "bridge.world.view", "bridge.journal.list", "rpc.discover"})
"""Control methods that may be much work, and are done in slices where the door can wait."""

SEARCHES = frozenset({"searchLocalMessages", "searchCloudMessages", "DartSearchLocalMessages", "DartSearchCloudMessages"})
"""Channel methods and functions of a library of which `Session.beforehand` does the work where the door can wait."""

LISTS = frozenset(
    {
        "getBlackList",
        "getC2CHistoryMessageList",
        "getConversationList",
        "getConversationListByFilter",
        "getFriendList",
        "getGroupHistoryMessageList",
        "getGroupMemberList",
        "getHistoryMessageList",
        "getHistoryMessageListV2",
        "getJoinedGroupList",
        "searchGroupMembers",
    }
)
"""Channel methods whose replies may be long lists; of those that have a `count`, when that is above `FEW`."""

FEW = 100

CARRIERS = frozenset({"bridge.turn", "bridge.device.call", "bridge.user.call"})
"""Control methods that make a call on a device, or for a `user`: `device`, `method`, `arguments`."""

CLOSER = SLICED | SEARCHES | LISTS | CARRIERS
"""Methods of calls at which a door that can wait has a closer look: it may be much work. No other is."""


def may_be_much(method: Any, params: Any) -> bool:
    """Return whether a call is a search or a long list, or carries one: `Session.beforehand` does its work, where the door can wait."""
    if method.__class__ is not str:
        return False
    if method in CARRIERS and params.__class__ is dict:
        method, params = params.get("method"), params.get("arguments")
        if method.__class__ is not str:
            return False
    if method not in LISTS:
        return method in SEARCHES
    count = params.get("count") if params.__class__ is dict else None
    return count.__class__ is not int or count > FEW


class Client(Protocol):
    """The door at the other end of a session: writes what it is told in its client's language."""

    def reply(self, key: Any, reply: Reply) -> None:
        """Answer the call of that key."""

    def event(self, name: str, event: Event) -> None:
        """Tell an event of the device of that name; "" is the connection's own."""

    def notify(self, method: str, params: dict[str, Any]) -> None:
        """Tell what a watcher wants to know, by a name of the control plane's."""

    def is_behind(self) -> bool:
        """Return whether so much waits to be read already that a watcher is told no more for now."""

    def end(self) -> None:
        """End the connection, behind all that was told (a fault)."""


class Late:
    """
    A reply that is held back, or was.

    Attributes:
        key: the client's own name for the call.
        device: name of the device whose call was made by `bridge.turn`, which has been answered already; None for other calls.
        method: what was called.
    """

    __slots__ = ("reply", "key", "device", "method")

    def __init__(self, reply: Reply, key: Any, device: str | None = None, method: str = "") -> None:
        self.reply = reply
        self.key = key
        self.device = device
        self.method = method


class Session:
    """
    One connection to a server of worlds.

    Args:
        server: the worlds.
        client: is told what comes of calls.
        world: name of the world that the connection begins in.
        called: what others call its own device; it is "" to itself.
        kind: (dialect, platform) of its own device; None for what the server says.

    Attributes:
        key: the client's own name for the call that is being carried out.
        in_flight: keys of the calls whose replies are held back.
        behind: what is heard while a batch is carried out, to be told behind its replies; None at any other time.
        pulls: events wait for the next `bridge.turn` instead of being told.
        chosen: the client has said what its own device is.
        left_over: a world that a call has left behind, and nobody has any more.
        schedule: another order in which the client is told what happens; None for the usual one.
        own: id of the own device; "" where the client only looks (`attach`).
        unwatch: ends what the client watches in this world.
    """

    def __init__(
        self,
        server: Server,
        client: Client,
        world: str = "",
        called: str = "",
        kind: tuple[str | None, str | None] = (None, None),
    ) -> None:
        self.server = server
        self.client = client
        self.pulls = False
        self.waiting: deque[Event | Late] = deque(maxlen=MAX_WAITING)
        self.devices: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.key: Any = None
        self.in_flight: set[Any] = set()
        self.behind: deque[Event | Reply] | None = None
        self.chosen = False
        self.left_over: World | None = None
        self.schedule: Schedule | None = None
        self.unwatch: Callable[[], None] | None = None
        self._held: dict[Reply, Late] = {}
        self.hear = self._hear
        self._called = called
        self._visited: set[Emulator] = set()
        self.emulator: Emulator = self._enter(server.world(world))
        self.own = self.open("", *kind)

    # --- devices

    def open(self, name: str, dialect: str | None = None, platform: str | None = None) -> str:
        """Start an app on a device of this connection. Returns its device id."""
        device_id = self.emulator.open(name or self._called, dialect, platform, self.hear)
        self.devices[name] = device_id
        self.names[device_id] = name
        return device_id

    def device_id(self, name: str) -> str:
        """
        Return the id of a device of this connection, or of another of the world's: by its id, or the only one of that name.

        Raises: ProtocolError -32000 for none, with the nearest names, and for several.
        """
        device_id = self.devices.get(name)
        if device_id is not None:
            return device_id
        rows = self.emulator.world[devices.DEVICES]
        if name in rows and not rows[name].hidden:
            return name
        others = [row for row in rows.sorted() if row.name and not row.hidden]
        found = [row.device_id for row in others if row.name == name]
        if len(found) > 1:
            raise ProtocolError(NOT_THERE, f"{len(found)} devices of this world are called {name!r}")
        if not found:
            raise unknown("device", name, [*self.devices, *(row.name for row in others)])
        return found[0]

    def close_device(self, name: str) -> None:
        """Kill the app on a device of this connection."""
        device_id = self.devices.pop(name)
        del self.names[device_id]
        self.emulator.close(device_id)

    def choose(self, dialect: str | None, platform: str | None) -> None:
        """
        Put another app in the place of the own device's, as new: of a dialect, on a platform; None for the present one.

        Raises: BridgeError for an unknown dialect or platform; then nothing has changed.
        """
        kind = self.kind(dialect, platform)
        self.close_device("")
        self.own = self.open("", *kind)
        self.chosen = True

    def speaks_on(self, channel: str, method: str, params: Any) -> bool:
        """
        Return whether the own device speaks on one of the plugin's channels, on which its app makes a call.

        As long as nobody has said what it is and its app has done nothing, it becomes one that does; at the start of the app's client one
        whose client starts so.
        """
        if not self.own:
            return True  # the call is refused then
        own = self.emulator.engine.device(self.own)
        dialects = channels().get(channel, ())
        if self.chosen or self.is_used() or not dialects:
            return own.dialect in dialects
        wanted = own.dialect if own.dialect in dialects else dialects[0]
        if method == START and isinstance(params, dict):
            from bridge.catalogue.recognise import better

            wanted = better(load(wanted), params) or wanted
        if wanted != own.dialect:
            self.choose(wanted, None)
            self.chosen = False
        return True

    def kind(self, dialect: str | None, platform: str | None) -> tuple[str, str]:
        """
        Return a dialect and a platform: the own device's for None, but the dialect's usual platform where it has not that one.

        Raises: BridgeError for an unknown dialect, or a platform that it has not.
        """
        own_dialect, own_platform = self.spoken()
        dialect = dialect or own_dialect
        if platform is None and own_platform in load(dialect).platforms:
            platform = own_platform
        return self.emulator.kind(dialect, platform)

    def spoken(self) -> tuple[str, str]:
        """Return the dialect and the platform of the own device; for who only looks, what is usual here."""
        if not self.own:
            return self.emulator.kind(None, None)
        own = self.emulator.engine.device(self.own)
        return own.dialect, own.platform

    def others_dialect(self) -> str:
        """Return the dialect of the people whose devices nobody sees: the own device's, or the one with a channel that it behaves as."""
        from bridge.catalogue.native import NativeCatalogue

        spoken = load(self.spoken()[0])
        return spoken.behaves_as if isinstance(spoken, NativeCatalogue) else spoken.dialect

    def hidden_name(self, user: Any) -> str:
        """Return what the device of a user that nobody sees is called."""
        return f"~{user}~{self.others_dialect()}"

    def is_used(self) -> bool:
        """Return whether the app on the own device has done anything that it could not do again as another one."""
        own = self.emulator.engine.device(self.own)
        return bool(own.initialised or own.listeners or own.user_id)

    def close(self) -> None:
        """The connection is gone: so are its devices, and its hold on every world that it used."""
        self._leave()
        while self._visited:
            self.server.release(self._visited.pop())

    def use_world(self, name: str) -> None:
        """Close all devices and begin anew in another world. The one that is left stays as long as this connection."""
        kind = self.spoken()
        own = self.emulator.engine.device(self.own) if self.own else None
        self._leave()
        self.emulator = self._enter(self.server.world(name))
        self.own = self.open("", *kind)
        if own is not None:
            self.emulator.go_on(self.own, own)

    def attach(self, emulator: Emulator) -> None:
        """Close all devices and only look at a world from now on, with none of one's own in it. It stays as long as this connection."""
        self._leave()
        self.emulator = self._enter(emulator)
        self.own = ""

    def _enter(self, emulator: Emulator) -> Emulator:
        if emulator not in self._visited:
            self.server.hold(emulator)
            self._visited.add(emulator)
        return emulator

    def _leave(self) -> None:
        if self.unwatch is not None:
            self.unwatch()
        for name in list(self.devices):
            self.close_device(name)
        self.waiting.clear()
        self.in_flight.clear()
        self._held.clear()

    # --- calls

    def ask(self, key: Any, method: str, params: Any) -> None:
        """Carry out a call, and tell the client what comes of it. See `call`."""
        self.key = key
        self.deliver(key, self.call(method, params))

    def call(self, method: str, params: Any, device_id: str | None = None) -> Turn:
        """
        Carry out a channel method on a device (the own one unless said otherwise), or a control method. Never raises.

        Args:
            params: the arguments by name; None, or a list of nothing, for none.
        """
        if params.__class__ is not dict:
            if params is not None and params != []:
                return Turn(error=ProtocolError(INVALID_PARAMS, "params must be an object: parameters go by name"))
            params = {}
        if self.schedule is not None:
            return self._scheduled(self.schedule, method, params, device_id)
        if method.startswith(CONTROL):
            return self._control(method, params)
        device_id = device_id or self.own
        return self.emulator.call(device_id, method, params, self.hear) if device_id else _no_device(method)

    def _scheduled(self, schedule: Schedule, method: str, params: dict[str, Any], device_id: str | None) -> Turn:
        """Carry out a call, and let what it has caused be heard in the schedule's order."""
        carried = params.get("method") if method in CARRIERS else method
        looks = carried is None or (method.startswith(CONTROL) and method not in ("bridge.turn", "bridge.device.call"))
        if looks:
            for item in schedule.release():
                self._hear(item)
        device_id = device_id or self.own
        if not method.startswith(CONTROL):
            turn = self.emulator.call(device_id, method, params, self.hear) if device_id else _no_device(method)
        else:
            turn = self._control(method, params)
        if method != "bridge.turn":  # which shows what is arranged inside
            schedule.arrange(turn, str(carried) if method == "bridge.device.call" else method, self.names)
        return turn

    def beforehand(self, method: str, params: Any) -> Slices[None]:
        """Work out in slices what a call that `may_be_much` is going to ask for; the call has to come at once behind."""
        emulator, device_id = self.emulator, self.own
        if method in CARRIERS:
            if method == "bridge.user.call":
                device_id = emulator.hidden.get(self.hidden_name(params.get("user")), "")
            else:
                device_id = self.devices.get(params.get("device") or "", "")
            method, params = params["method"], params.get("arguments") or {}
        if device_id and params.__class__ is dict and device_id in emulator.world[devices.DEVICES]:
            for _ in emulator.engine.beforehand(device_id, method, params):
                yield
                if self.emulator is not emulator or device_id not in emulator.world[devices.DEVICES]:
                    return

    def calling(self, method: str, params: Any) -> Slices[Turn]:
        """Do the same in slices where a control method can (`SLICED`), or a call that may be much; nobody sees anything half done."""
        if may_be_much(method, params):
            yield from self.beforehand(method, params)
        if params.__class__ is dict and method in SLICED:
            turn = yield from self._controlling(method, params)
            left, self.left_over = self.left_over, None
            if left is not None:
                yield from let_go(*parts_of(left.tables.values()))
            return turn
        return self.call(method, params)

    def _control(self, method: str, params: dict[str, Any]) -> Turn:
        turn = at_once(self._controlling(method, params))
        self.left_over = None
        return turn

    def _controlling(self, method: str, params: dict[str, Any]) -> Slices[Turn]:
        try:
            spec = registry.find(method)
            value = spec.function(self, **registry.check(spec, params))
            if value.__class__ is GeneratorType:
                value = yield from value
        except ProtocolError as error:
            return Turn(error=error)
        except BridgeError as error:
            return Turn(error=ProtocolError(INVALID_PARAMS, str(error), [{"path": error.path or "", "message": error.message}]))
        except Exception as bug:
            self.emulator.world.log.undo()
            return Turn(error=our_bug(__name__, method, bug))
        return value if isinstance(value, Turn) else Turn(result=value)

    def deliver(self, key: Any, turn: Turn) -> None:
        """Tell the client what came of a call, in order."""
        reply = turn.reply
        for item in turn.items if reply.due_ms is None else self.hold(turn, Late(reply, key)):
            if item is not reply:
                self._hear(item)
            elif not reply.silent:
                self.client.reply(key, reply)
        if turn.disconnect:
            self.client.end()

    # --- what is held back

    def hold(self, turn: Turn, late: Late) -> list[Event | Reply]:
        """
        Keep back a turn's reply, with what the calling device heard, until the clock says so.

        Returns: the rest, which other devices hear at once.
        """
        reply = turn.reply
        assert reply.due_ms is not None
        held: list[Event | Reply] = []
        others: list[Event | Reply] = []
        for item in turn.items:
            (held if item.device_id == reply.device_id else others).append(item)
        if not reply.silent:
            self._held[reply] = late
            if late.device is None:
                self.in_flight.add(late.key)
        reply.hear = self.hear
        self.emulator.hold(reply.due_ms, held)
        return others

    def take_late(self, reply: Reply) -> Late | None:
        """Take out a reply that was held back from a `bridge.turn`; None for any other reply."""
        late = self._held.get(reply)
        if late is None or late.device is None:
            return None
        return self._held.pop(reply)

    # --- what is heard

    def _hear(self, item: Event | Reply) -> None:
        """Tell the client an event, if it is for one of this connection's devices; or a reply that was held back."""
        if self.behind is not None:
            self.behind.append(item)
            return
        if isinstance(item, Reply):
            self._let_go(item)
            return
        name = self.names.get(item.device_id)
        if name is None:
            return
        if self.pulls:
            self.waiting.append(item)
        else:
            self.client.event(name, item)

    def _let_go(self, reply: Reply) -> None:
        late = self._held.pop(reply, None)
        if late is None:
            return
        if late.device is not None:
            self.waiting.append(late)
            return
        self.in_flight.discard(late.key)
        self.client.reply(late.key, reply)


def _no_device(method: str) -> Turn:
    return Turn(error=ProtocolError(NOT_THERE, f"{method}: this connection only looks at its world, and has no device in it"))
