"""
The emulator: worlds, the devices in them, and who is behind each device.

An `Emulator` is one world with its engine; `Server` has many of them by name, so that tests that run side by side never
meet. `taps` is a plain pyee emitter: "turn" with (device_id, method, params, turn) after every channel call, "events" with
(turn,) after whatever devices heard.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any

from attrs import Factory, field

from bridge import dialects, garbage, handlers
from bridge.catalogue import MethodSpec, default_dialect, heads, load
from bridge.companions import Companions
from bridge.engine.engine import Engine, Options
from bridge.engine.turn import Event, Listener, Reply, Turn
from bridge.errors import BridgeError
from bridge.slices import Slices, at_once, let_go
from bridge.values import value_class
from bridge.world.chats import sessions
from bridge.world.documents import persistence
from bridge.world.documents.persistence import WorldError
from bridge.world.kernel import devices
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.store import parts_of
from bridge.world.kernel.world import Files, NoFiles, Policy, World

if TYPE_CHECKING:
    from pyee.base import EventEmitter

    from bridge.engine.past import Past
    from bridge.world_files import WorldFile

Item = Event | Reply

NAMES_FROM = 1 << 48
"""Beyond every number that stands for a message of the world's own: from here on numbers stand for devices that name theirs."""

def channels() -> dict[str, tuple[str, ...]]:
    """Return which dialects are spoken on which of the plugin's channels: the default one first, then the newest."""
    found: dict[str, tuple[str, ...]] = {}
    for name, head in heads().items():
        if head["channel"] is not None:
            found[head["channel"]] = (*found.get(head["channel"], ()), name)
    return found


def native_dialect(wanted: str) -> str | None:
    """Return which dialect a library speaks: the wanted one if it has no channel, else the newest that has none; None without any."""
    found = [name for name, head in heads().items() if head["channel"] is None]
    return wanted if wanted in found else found[0] if found else None


def usual_platform(dialect: str) -> str:
    """Return the platform of a device of a dialect that does not say otherwise. Raises BridgeError for an unknown dialect."""
    return load(dialect).platforms[0]


def has_handler(spec: MethodSpec) -> bool:
    """Return whether a function answers a method, rather than its schema alone."""
    return handlers.find(spec.handler) is not None


def started(device: devices.Device) -> dict[str, Any]:
    """Return what a device has of its app's start where that outlives the world it was made in; {} where it does not."""
    if not dialects.get(device.dialect, device.platform).stays_started:
        return {}
    return {"initialised": device.initialised, "sdk_app_id": device.sdk_app_id, "listeners": device.listeners}


MOST_SPARE = 8
"""How many worlds that were forgotten wait to be used again."""


class Template:
    """
    A world that was filled once, for others to begin with. It never changes any more.

    Args:
        document: what it holds, as JSON values.
    """

    def __init__(self, world: World, document: Mapping[str, Any]) -> None:
        self.world = world
        self.document = document


@value_class
class Settings:
    """
    How a server is set up.

    Attributes:
        dialect, platform: of devices that do not say otherwise.
        library: the dialect of native libraries; None: each one's is found out from how its client starts.
        seed: varies ids.
        world: what a fresh world holds: a document, a world file (in which what is wrong has a line), one that was filled already
            (`template`), or None.
        real_clock: the clock follows the wall; else it moves only by calls.
        sanitize: what the service tolerates and apps regret is warned of in the journal (`bridge/sanitizer.py`).
        files: where downloads go and media are read from; nowhere unless a door says so.
    """

    dialect: str = field(factory=default_dialect)
    platform: str = Factory(lambda self: usual_platform(self.dialect), takes_self=True)
    library: str | None = None
    seed: int = 0
    policy: Policy = field(factory=Policy)
    options: Options = field(factory=Options)
    world: Mapping[str, Any] | WorldFile | Template | None = None
    real_clock: bool = False
    sanitize: bool = False
    files: Files = field(factory=NoFiles)


def template(settings: Settings) -> Settings:
    """Return settings by which worlds begin alike, but are filled no more. Raises: BridgeError if what they are to hold is no world."""
    if settings.world is None or isinstance(settings.world, Template):
        return settings
    filled = Emulator(settings)
    document = filled.settings.world
    assert isinstance(document, Mapping)
    return evolve(settings, world=Template(filled.world, document))


class Emulator:
    """
    One world and what happens in it.

    Args:
        settings: see `Settings`.
        used: a world of an emulator with the same settings, as `retire` has returned it; None for a new one.

    Attributes:
        checkpoints: the mark in the world's log of each checkpoint.
        hidden: the device id of each hidden device that was ever opened, by its name.
        past: the states that the world has been in; None until somebody wants them (`remember`).
        holder: whose world this is, as whoever holds it has said: the name of a test.
        watched: how many watch its journal.
    """

    def __init__(self, settings: Settings | None = None, used: World | None = None) -> None:
        self.settings = settings or Settings()
        self._ahead_ms = 0
        self._held: list[tuple[int, int, list[Item]]] = []
        self._holds = 0
        self._marks = 0
        self._tapped = False
        self._owners: dict[str, Listener] = {}
        self._opened = 0
        self.engine = Engine(used or self._new_world(), self.settings.options)
        if self.settings.real_clock:
            self.engine.step_ms = 0
        self._base: object = self._fill(self.settings.world) if used is None else self.settings.world
        self.checkpoints: dict[str, int] = {}
        self.hidden: dict[str, str] = {}
        self.past: Past | None = None
        self.holder = ""
        self.watched = 0
        if self.settings.sanitize:
            self._sanitize()

    @cached_property
    def taps(self) -> EventEmitter:
        """Return the emitter; until somebody asks for it, nothing is emitted."""
        from pyee.base import EventEmitter

        self._tapped = True
        return EventEmitter()

    @property
    def world(self) -> World:
        """Return the world as it is now."""
        return self.engine.world

    def _new_world(self, life: int = 0) -> World:
        world = World(self.settings.seed, self.settings.policy)
        world.files = self.settings.files
        world.life = life
        return world

    def _next_life(self) -> int:
        """Return the life of the world that takes the place of this one: another, where a client keeps messages by their ids for ever."""
        open_now = self.world[devices.DEVICES].rows.values()
        return self.world.life + any(load(row.dialect).channel is None for row in open_now if not row.hidden)

    def _sanitize(self) -> None:
        from bridge.sanitizer import Sanitizer

        sanitizer = Sanitizer(self.engine.journal, self.engine.device)
        self.taps.on("turn", sanitizer.look)
        self.taps.on("events", sanitizer.look)

    def remember(self) -> Past:
        """Keep from now on the states that the world has been in. Returns them."""
        if self.past is None:
            from bridge.engine.past import Past

            self.past = Past(self.engine)
        return self.past

    def forget_past(self) -> None:
        """Keep no states of the world any more."""
        past, self.past = self.past, None
        if past is not None:
            past.end()

    # --- devices

    def open(
        self,
        name: str,
        dialect: str | None = None,
        platform: str | None = None,
        hear: Listener | None = None,
        hidden: bool = False,
    ) -> str:
        """
        Start an app on a device. Returns its device id.

        Args:
            name: see `Engine.open_device`.
            dialect, platform: see `kind`.
            hear: called with each event that reaches the device by somebody else's doing; None to let them go.
            hidden: see `Device.hidden`.

        Raises: BridgeError for an unknown dialect or platform.
        """
        dialect, platform = self.kind(dialect, platform)
        self._opened += 1
        device_id = self.engine.open_device(name, dialect, platform, hidden, self._opened)
        if hear is not None:
            self._owners[device_id] = hear
        return device_id

    def kind(self, dialect: str | None, platform: str | None) -> tuple[str, str]:
        """
        Return a dialect and a platform: those of the settings for None, but the dialect's usual platform where it has not that one.

        Raises: BridgeError for an unknown dialect, or a platform that it has not.
        """
        dialect = dialect or self.settings.dialect
        known = load(dialect).platforms
        if platform is None:
            platform = self.settings.platform if self.settings.platform in known else known[0]
        if platform not in known:
            raise BridgeError(f"{dialect} has no platform {platform!r}; it has {', '.join(known)}")
        return dialect, platform

    def naming(self, device_id: str) -> tuple[str | None, int]:
        """
        Return how a client on a device may call the messages that its user sends.

        Returns: how their ids begin, None while nobody is logged in; and the number that stands behind in the first one: where no other
            device begins.
        """
        from bridge.world.chats import messages

        user_id = self.engine.device(device_id).user_id
        if user_id is None:
            return None, 0
        return messages.id_stem(user_id, self.world.now_s), self.world.fresh32(NAMES_FROM + int(device_id[1:]))

    def speak(self, device_id: str, dialect: str) -> None:
        """Let a device, as far as its app has got, be one of another dialect, which has its platform, from now on."""
        device = self.engine.device(device_id)
        if device.dialect != dialect:
            client = dialects.get(dialect, device.platform).client
            devices.change(self.world, device, dialect=dialect, client=client)
            self.world.log.commit()

    def recognise(self, device_id: str) -> None:
        """Let a device without a channel be of the dialect whose client asks, as it starts, for what was asked for there."""
        from bridge.catalogue.recognise import caller

        found = caller({name for names in self.engine.device(device_id).listeners.values() for name in names})
        if found is not None:
            self.speak(device_id, found)

    def go_on(self, device_id: str, before: devices.Device) -> None:
        """Let a device that was just opened be as started as the one before it, which was its app's, where starts outlive worlds."""
        changes = started(before)
        if changes:
            devices.change(self.world, self.engine.device(device_id), **changes)
            self.world.log.commit()

    def public_name(self, device_id: str, method: str, params: Mapping[str, Any]) -> str:
        """Return by which name people know a call of a device."""
        device = self.engine.device(device_id)
        return dialects.get(device.dialect, device.platform).public_name(method, params)

    def close(self, device_id: str) -> None:
        """Kill the app on a device; others hear that its user went offline."""
        self._owners.pop(device_id, None)
        self.share(self.engine.close_device(device_id), None)

    # --- calls

    def call(
        self,
        device_id: str,
        method: str,
        params: Mapping[str, Any] | None = None,
        hear: Listener | None = None,
        exposed: bool = True,
    ) -> Turn:
        """
        Carry out a channel call.

        Args:
            hear: whoever calls and takes care of the turn's events for own devices; events for anybody else are handed on here.
            exposed: false for a call that no fault is to take.

        Returns: the turn, with the events of all devices in it.
        """
        turn = self.engine.call(device_id, method, {} if params is None else params, exposed)
        if self.past is not None:
            self.past.look()
        if self._tapped:
            self.taps.emit("turn", device_id, method, params, turn)
        if len(turn.items) > 1:
            self.share(turn, hear)
        return turn

    def run(self, action: Callable[[], Any], hear: Listener | None = None) -> Turn:
        """Do something to the world that no channel call does. Returns the turn; its events are handed on as in `call`."""
        turn = self.engine.run(action)
        self.share(turn, hear)
        return turn

    # --- time

    def advance(self, to_ms: int, hear: Listener | None = None) -> Turn:
        """
        Move the clock; what is due on the way happens, and replies that were held back are let go, in order.

        Returns: the turn; its events are handed on as in `call`.
        """
        self._ahead_ms += max(0, to_ms - self.world.now_ms)
        self.engine.end_waiting()
        turn = self._move(to_ms)
        self.share(turn, hear)
        return turn

    def follow(self, wall_ms: int) -> None:
        """Bring a real clock up to the wall's, and as far ahead of it as `advance` has put it; what is due happens."""
        to_ms = wall_ms + self._ahead_ms
        if self.settings.real_clock and to_ms > self.world.now_ms:
            self.share(self._move(to_ms), None)

    def is_due(self, wall_ms: int) -> bool:
        """Return whether `follow` would let anything happen."""
        due = [ms for ms in (self.world.next_due_ms(), self._held[0][0] if self._held else None) if ms is not None]
        return bool(due) and min(due) <= wall_ms + self._ahead_ms

    def hold(self, due_ms: int, items: list[Item]) -> None:
        """Hand on some events and a reply when the clock says so; those of an earlier time, and held earlier, go first."""
        self._holds += 1
        heappush(self._held, (due_ms, self._holds, items))

    def _move(self, to_ms: int) -> Turn:
        if not self._held:
            return self.engine.advance(to_ms)
        whole = Turn()
        while self._held and self._held[0][0] <= to_ms:
            due_ms, _, items = heappop(self._held)
            whole.items += self.engine.advance(due_ms).events
            whole.items += items
        whole.items += self.engine.advance(to_ms).events
        return whole

    def _rebase(self, before_ms: int) -> None:
        """Keep what is held back as long as it was to be, although the clock has jumped from `before_ms`."""
        moved = self.world.now_ms - before_ms
        self._held = [(due_ms + moved, number, items) for due_ms, number, items in self._held]

    def share(self, turn: Turn, caller: Listener | None) -> None:
        """Hand the events of a turn to the owners of their devices, but not to `caller`, who has the turn."""
        if self.past is not None:
            self.past.look()
        if self._tapped:
            self.taps.emit("events", turn)
        owners = self._owners
        for item in turn.items:
            owner = owners.get(item.device_id) if isinstance(item, Event) else item.hear
            if owner is not None and owner is not caller:
                owner(item)

    # --- the world as a whole

    def reset(self) -> None:
        """Go back to what the world held at first, or since the last `load`. Devices stay open, as just opened."""
        kept, before_ms, life = self._fresh_devices(), self.world.now_ms, self._next_life()
        if self._base is None:
            self.engine.adopt(self._new_world(life))
        else:
            self.world.log.rewind(0)
            self.world.life = life
        self._settle(kept, before_ms)
        if self.past is not None:
            self.past.rewound(0)

    def retire(self) -> World | None:
        """
        Give up a world that began with a template, for good. Nobody may be in it.

        Returns: it, as it was when it was fresh; None where another has been loaded since.
        """
        world, template = self.world, self._base
        if not isinstance(template, Template):
            return None
        self.engine.adopt(self._new_world(world.life))  # its life is asked for later
        world.log.rewind(0)
        world.keep, world.life, world.policy = template.world.keep, 0, self.settings.policy
        return world

    def load(self, document: Mapping[str, Any] | None) -> None:
        """Replace the world. Raises WorldError if the document is no world; then nothing has changed."""
        with garbage.no_search(stays=True):
            at_once(self.loading(document))

    def loading(self, document: Mapping[str, Any] | None) -> Slices[World]:
        """
        Do the same in slices: until the new world is whole, everybody goes on in the old one, which is then in nobody's hands.

        Returns: the old one.
        """
        world = self._new_world(self._next_life())
        if document is not None:
            try:
                yield from persistence.filling(world, document)
            except WorldError:
                yield from let_go(*parts_of(world.tables.values()))
                raise
            world.log.mark()
        kept, before_ms, old = self._fresh_devices(), self.world.now_ms, self.world
        self._base = None if document is None else {}  # a large document is not kept: the log leads back
        self.engine.adopt(world)
        self._settle(kept, before_ms)
        garbage.leave_world_alone(sum(len(table.rows) for table in world.tables.values()))
        return old

    def export(self) -> dict[str, Any]:
        """Return the world as a document: all but devices and their sessions."""
        return at_once(self.exporting())

    def exporting(self) -> Slices[dict[str, Any]]:
        """Do the same in slices, of the world as it is when the first begins."""
        return persistence.writing(self.world)

    def checkpoint(self) -> str:
        """Remember the world as it is. Returns a name for `rollback`, never given twice."""
        self._marks += 1
        name = f"checkpoint-{self._marks}"
        self.checkpoints[name] = self.world.log.mark()
        return name

    def rollback(self, name: str) -> None:
        """
        Go back to a checkpoint, which stays; later ones are gone. Sends nothing.

        Devices that were opened since stay open, as new; those that were closed since stay closed.

        Raises: KeyError for an unknown name.
        """
        self.go_back(self.checkpoints[name])

    def go_back(self, number: int) -> None:
        """Go back to a mark of the world's log in the same way; checkpoints of later ones are gone."""
        before_ms = self.world.now_ms
        open_now = {row.device_id: row for row in self._fresh_devices(hidden_too=True)}
        self.world.life = self._next_life()
        self.world.log.rewind(number)
        self.checkpoints = {n: k for n, k in self.checkpoints.items() if k <= number}
        table = self.world[devices.DEVICES]
        for device_id in sorted(set(table.rows) - set(open_now)):
            self._forget(device_id)
        for device_id in sorted(set(open_now) - set(table.rows)):
            table.put(device_id, open_now[device_id])
        self.world.log.commit()
        self._rebase(before_ms)
        if self.past is not None:
            self.past.rewound(number)

    def _forget(self, device_id: str) -> None:
        """Let a device be gone that a rollback has brought back: its app was killed since, and nobody is told again."""
        sink, self.world.sink = self.world.sink, None
        sessions.close(self.world, devices.get(self.world, device_id))
        self.world.sink = sink

    def _fill(self, source: Mapping[str, Any] | WorldFile | Template | None) -> Mapping[str, Any] | Template | None:
        """Put into the world, which is empty, what it is to hold. Returns that."""
        if source is None:
            return None
        if isinstance(source, Template):
            from bridge.world.kernel import installs

            installs.begin_as(self.world, source.world)
            return source
        if isinstance(source, Mapping):
            document = source
            persistence.fill(self.world, document)
        else:
            document = source.document
            source.fill(self.world)
            self.settings = evolve(self.settings, world=document)  # its text was wanted for its lines alone
        self.world.log.mark()
        return document

    def _fresh_devices(self, hidden_too: bool = False) -> list[devices.Device]:
        """Return the open devices as they were when just opened, in order of their ids. Hidden ones go with their world."""
        blank = devices.Device("")
        keep = ("device_id", "name", "install", "dialect", "platform", "client", "hidden")
        return [
            evolve(blank, **{name: getattr(row, name) for name in keep}, **started(row))
            for row in self.world[devices.DEVICES].sorted()
            if hidden_too or not row.hidden
        ]

    def _settle(self, kept: list[devices.Device], before_ms: int) -> None:
        self.checkpoints.clear()
        self.engine.faults.clear()
        self.world.policy = self.settings.policy
        table = self.world[devices.DEVICES]
        for row in kept:
            table.put(row.device_id, row)
        self.world.log.commit()
        self._ahead_ms = 0
        self._rebase(before_ms)


MOST_FINISHED = 20
"""How many worlds that were forgotten stay to be looked at, where they do."""


class Server:
    """
    Worlds by name, made on first use, all set up alike, and forgotten when nobody holds them any more.

    Where they hold something, that is read once, at once: what is wrong with it is said before anybody connects. Every world begins
    with the rows of that one, and has its own of what changes; one that is forgotten is used again, as it was at first.

    Attributes:
        shows_all: see `show_all`.
        finished: the worlds that are over and stay to be looked at (`show_all`), by the names that they have there.
        lookers: called when something may have happened, by doors that many share not at once (`show`).

    Raises: BridgeError if what worlds are to hold is no world.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = template(settings or Settings())
        self._worlds: dict[str, Emulator] = {}
        self._names: dict[Emulator, str] = {}
        self._holders: dict[Emulator, int] = {}
        self._kept: set[str] = {""}
        self._spare: list[World] = []
        self.shows_all = False
        self.finished: dict[str, Emulator] = {}
        self.lookers: set[Callable[[], None]] = set()
        self.companions = Companions()

    def world(self, name: str = "") -> Emulator:
        """Return the world of that name; "" is the one that everybody starts in."""
        emulator = self._worlds.get(name)
        if emulator is None:
            emulator = self._worlds[name] = Emulator(self.settings, self._spare.pop() if self._spare else None)
            self._names[emulator] = name
            if name in self.finished:
                self._finish(name, self.finished.pop(name))
            if self.shows_all:
                emulator.remember()
        return emulator

    def find(self, name: str) -> Emulator | None:
        """Return the world of a name, which may be over; None if there is none."""
        return self.world() if not name else self._worlds.get(name) or self.finished.get(name)

    def show_all(self) -> None:
        """Have all that happens be looked at: worlds that are forgotten stay for a while, and each remembers its past."""
        self.shows_all = True
        for emulator in self._worlds.values():
            emulator.remember()

    def show(self) -> None:
        """Tell those who look at worlds what has happened in them."""
        for look in list(self.lookers):
            look()

    def hold(self, emulator: Emulator) -> None:
        """Have a world stay as long as the holder, who says `release` when it is gone."""
        self._holders[emulator] = self._holders.get(emulator, 0) + 1

    def release(self, emulator: Emulator) -> None:
        """Give up a hold; a world that nobody holds and that is not kept is forgotten, with all that is in it."""
        left = self._holders[emulator] - 1
        if left:
            self._holders[emulator] = left
            return
        del self._holders[emulator]
        name = self._names.get(emulator)
        if name is not None and name not in self._kept and name in self._worlds:
            self.drop(name)

    def keep(self, name: str) -> None:
        """Have a world stay although nobody holds it."""
        self._kept.add(name)

    def is_kept(self, name: str) -> bool:
        """Return whether a world stays although nobody holds it."""
        return name in self._kept

    def drop(self, name: str) -> None:
        """
        Forget a world in which nobody is any more, kept or held by whoever was in it before.

        Raises: KeyError if there is none of that name.
        """
        emulator = self._worlds.pop(name)
        self._kept.discard(name)
        if self.shows_all:
            self._finish(name, emulator)
            return
        del self._names[emulator]
        world = emulator.retire() if len(self._spare) < MOST_SPARE else None
        if world is not None:
            self._spare.append(world)

    def _finish(self, name: str, emulator: Emulator) -> None:
        """Keep a world that is over to be looked at; the one that has been over for longest may have to go."""
        shown, number = name, 1
        while shown in self.finished or shown in self._worlds:
            number += 1
            shown = f"{name}#{number}"
        self.finished[shown] = emulator
        self._names[emulator] = shown
        if len(self.finished) > MOST_FINISHED:
            self.drop_finished(next(iter(self.finished)))

    def drop_finished(self, name: str) -> None:
        """Forget a world that is over. Raises: KeyError if there is none of that name."""
        del self._names[self.finished.pop(name)]

    def follow(self, wall_ms: int) -> None:
        """Let what has become due by the wall's clock happen in every world, if the clocks follow it."""
        for emulator in list(self._worlds.values()):
            if emulator.is_due(wall_ms):
                emulator.follow(wall_ms)

    def names(self) -> list[str]:
        """Return the names of all worlds, sorted."""
        return sorted(self._worlds)
