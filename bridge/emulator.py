"""
The emulator: worlds, the devices in them, and who is behind each device.

An `Emulator` is one world with its engine; `Server` has many of them by name, so that tests that run side by side never meet. `taps` is a plain
pyee emitter: "turn" with (device_id, method, params, turn) after every channel call, "events" with (turn,) after whatever else devices heard of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from attrs import evolve, frozen
from pyee.base import EventEmitter

from bridge.engine.engine import Engine, Options
from bridge.engine.turn import Event, Turn
from bridge.errors import BridgeError
from bridge.world import devices, persistence
from bridge.world.world import Policy, World

Listener = Callable[[Event], None]

DIALECTS = ("chat-8.2", "im-5.0")
PLATFORMS = ("android", "ios")


def channels() -> dict[str, str]:
    """Return which dialect is spoken on which of the plugin's channels."""
    from bridge.catalogue import load

    return {load(name).channel: name for name in DIALECTS}


@frozen
class Settings:
    """
    How a server is set up.

    Attributes:
        dialect, platform: of devices that do not say otherwise.
        seed: varies ids.
        world: what a fresh world holds: the contents of a world file, or None for an empty one.
        world_name: what to call it in messages.
        real_clock: the clock follows the wall; else it moves only by calls.
        media: folder below which media may be read and written, or None.
    """

    dialect: str = "chat-8.2"
    platform: str = "android"
    seed: int = 0
    policy: Policy = Policy()
    options: Options = Options()
    world: Mapping[str, Any] | None = None
    world_name: str = ""
    real_clock: bool = False
    media: str | None = None


class Emulator:
    """
    One world and what happens in it.

    Args:
        settings: see `Settings`.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.taps = EventEmitter()
        self._tapped = self.taps._events
        self._owners: dict[str, Listener] = {}
        self._opened = 0
        self._base = self.settings.world
        self.engine = Engine(World(self.settings.seed, self.settings.policy), self.settings.options)
        self._fill(self._base)
        self.checkpoints: dict[str, int] = {}

    @property
    def world(self) -> World:
        """Return the world as it is now."""
        return self.engine.world

    # --- devices

    def open(
        self, name: str, dialect: str | None = None, platform: str | None = None, hear: Listener | None = None, hidden: bool = False
    ) -> str:
        """
        Start an app on a device. Returns its device id.

        Args:
            name: see `Engine.open_device`.
            dialect, platform: None for those of the settings.
            hear: called with each event that reaches the device by somebody else's doing; None to let them go.
            hidden: see `Device.hidden`.

        Raises: BridgeError for an unknown dialect or platform.
        """
        dialect = dialect or self.settings.dialect
        platform = platform or self.settings.platform
        for value, known in ((dialect, DIALECTS), (platform, PLATFORMS)):
            if value not in known:
                raise BridgeError(f"{value!r} is none of {', '.join(known)}")
        self._opened += 1
        device_id = self.engine.open_device(name, dialect, platform, hidden, self._opened)
        if hear is not None:
            self._owners[device_id] = hear
        return device_id

    def close(self, device_id: str) -> None:
        """Kill the app on a device; others hear that its user went offline."""
        self._owners.pop(device_id, None)
        self.share(self.engine.close_device(device_id), None)

    # --- calls

    def call(self, device_id: str, method: str, params: Mapping[str, Any] | None = None, hear: Listener | None = None) -> Turn:
        """
        Carry out a channel call.

        Args:
            hear: whoever calls and takes care of the turn's events for own devices; events for anybody else are handed on here.

        Returns: the turn, with the events of all devices in it.
        """
        turn = self.engine.call(device_id, method, {} if params is None else params)
        if self._tapped:
            self.taps.emit("turn", device_id, method, params, turn)
        if turn.before or turn.after:
            self.share(turn, hear)
        return turn

    def run(self, action: Callable[[], Any], hear: Listener | None = None) -> Turn:
        """Do something to the world that no channel call does. Returns the turn; its events are handed on as in `call`."""
        turn = self.engine.run(action)
        self.share(turn, hear)
        return turn

    def advance(self, to_ms: int, hear: Listener | None = None) -> Turn:
        """Move the clock and fire what is due. Returns the turn; its events are handed on as in `call`."""
        turn = self.engine.advance(to_ms)
        self.share(turn, hear)
        return turn

    def share(self, turn: Turn, caller: Listener | None) -> None:
        """Hand the events of a turn to the owners of their devices, but not to `caller`, who has the turn."""
        if self._tapped:
            self.taps.emit("events", turn)
        for event in turn.events:
            owner = self._owners.get(event.device_id)
            if owner is not None and owner is not caller:
                owner(event)

    def owned_by(self, device_id: str, caller: Listener) -> bool:
        """Return whether a device belongs to whoever listens with `caller`."""
        return self._owners.get(device_id) is caller

    # --- the world as a whole

    def reset(self) -> None:
        """Go back to what the world held at first, or since the last `load`. Devices stay open, as just opened."""
        kept = [row for row in self._fresh_devices() if not row.hidden]
        if self._base is None:
            self.engine.adopt(World(self.settings.seed, self.settings.policy))
        else:
            self.world.log.rewind(0)
        self._settle(kept)

    def load(self, document: Mapping[str, Any] | None) -> None:
        """Replace the world. Raises BridgeError if the document is no world; then nothing has changed."""
        kept = [row for row in self._fresh_devices() if not row.hidden]
        world = World(self.settings.seed, self.settings.policy)
        if document is not None:
            persistence.fill(world, document)
        self._base = document
        self.engine.adopt(world)
        if document is not None:
            world.log.mark()
        self._settle(kept)

    def export(self) -> dict[str, Any]:
        """Return the world as a document: all but devices and their sessions."""
        return persistence.document(self.world)

    def checkpoint(self) -> str:
        """Remember the world as it is. Returns a name for `rollback`."""
        name = f"checkpoint-{len(self.checkpoints) + 1}"
        self.checkpoints[name] = self.world.log.mark()
        return name

    def rollback(self, name: str) -> None:
        """Go back to a checkpoint, which stays; later ones are gone. Raises KeyError for an unknown name."""
        number = self.checkpoints[name]
        open_now = {row.device_id: row for row in self._fresh_devices()}
        self.world.log.rewind(number)
        self.checkpoints = {n: k for n, k in self.checkpoints.items() if k <= number}
        table = self.world[devices.DEVICES]
        for device_id in sorted(set(table.rows) - set(open_now)):
            table.drop(device_id)
        for device_id in sorted(set(open_now) - set(table.rows)):
            table.put(device_id, open_now[device_id])
        self.world.log.commit()

    def _fill(self, document: Mapping[str, Any] | None) -> None:
        if document is not None:
            persistence.fill(self.world, document)
            self.world.log.mark()

    def _fresh_devices(self) -> list[devices.Device]:
        """Return the open devices as they were when just opened, in order of their ids."""
        blank = devices.Device("")
        keep = ("device_id", "name", "install", "dialect", "platform", "native", "hidden")
        return [
            evolve(blank, **{name: getattr(row, name) for name in keep}) for row in self.world[devices.DEVICES].sorted()
        ]

    def _settle(self, kept: list[devices.Device]) -> None:
        self.checkpoints.clear()
        self.engine.faults.clear()
        table = self.world[devices.DEVICES]
        for row in kept:
            table.put(row.device_id, row)
        self.world.log.commit()


class Server:
    """Worlds by name, made on first use, all set up alike."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self._worlds: dict[str, Emulator] = {}

    def world(self, name: str = "") -> Emulator:
        """Return the world of that name; "" is the one that everybody starts in."""
        emulator = self._worlds.get(name)
        if emulator is None:
            emulator = self._worlds[name] = Emulator(self.settings)
        return emulator

    def names(self) -> list[str]:
        """Return the names of all worlds, sorted."""
        return sorted(self._worlds)
