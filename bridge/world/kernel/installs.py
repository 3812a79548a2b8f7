"""
Installs: what an app has of the service while it cannot ask it, and what it has not been told when it can again.

An install has a store of its own: what it was last told, and its own local doings. As long as it is connected that is what the service
has, so nothing is kept. When its network goes, or its session ends, the world is marked (`UndoLog.mark_behind`) and a `Store`
remembers where. `Held` is the world as it stood at that mark, made when it is first looked at: without a network every
call of the device works on that, whatever the call is. What a call changes there is the install's own doing; it goes into the
service's world as well (`Held.settle`), where the service has nothing newer, so that it is not lost.

What is stated meanwhile to users with such a store, and is of a kind that the service keeps for them, is kept as a `Notice`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import attr
from attrs import field

from bridge.world.kernel import facts
from bridge.world.kernel.devices import Device
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.fact_kinds import KEPT
from bridge.world.kernel.facts import Audience, Fact
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.rules import rule
from bridge.world.kernel.store import Groups, HeldTable, Key, Table, TableSpec, UndoLog
from bridge.world.kernel.world import COUNTERS, World

R = TypeVar("R")

MAX_INSTALLS = 20
"""How many installs of a user are remembered while they are away: the one that left first is forgotten."""

NOTHING = -1
"""The mark of a store in which nothing is: the app never had this user's data."""


Before = dict[str, dict[Key, Any]]
"""What stood in tables before a world was loaded, where that is not what was loaded; None for no row."""


class Held(World):
    """
    The world as an install knows it: as it stood at a mark, and what the install has done since by itself.

    The clock, ids, timers and what belongs to devices and apps (`TableSpec.is_local`) are those of the service's world.

    Attributes:
        device_id: the device on which the install runs now.
        before: what stood otherwise before the world was loaded.
    """

    def __init__(self, live: World, user_id: str, mark: int, before: Before | None = None) -> None:
        self._live = live
        self._user_id = user_id
        self._mark = mark
        self.before = before or {}
        self.device_id = ""
        self.seed = live.seed
        self.log = live.log
        self.files = live.files
        self.sink = None
        self.keep = None
        self.tables = {}
        self._counters = live._counters
        self._timers = live._timers
        self._is_open = False
        self._since: tuple[tuple[int, int], dict[Table[Any], dict[Key, Any]]] | None = None
        self._known = None

    @property
    def live(self) -> World:
        """See `World.live`."""
        return self._live

    @property
    def life(self) -> int:  # type: ignore[override]  # that of the service's world
        """See `World.life`."""
        return self._live.life

    def open(self, device_id: str) -> None:
        """Make it ready for calls of a device."""
        self.device_id = device_id
        self.policy = self._live.policy
        if not self._is_open:
            self._is_open = True
            then = _nothing if self._mark == NOTHING else self._otherwise
            for name, table in self._live.tables.items():
                if not table.spec.is_local:
                    self.tables[name] = HeldTable(table, then)
        for name, table in self._live.tables.items():
            if table.spec.is_local:
                self.tables[name] = table

    def stand_as_of(self, other: Held, then: Callable[[Table[Any]], dict[Key, Any]]) -> None:
        """Be in a world of the past what another is in the one that it is of; `then`: what stood in its tables otherwise."""
        other.open(other.device_id)
        self._is_open = True
        self.tables = {name: _stood(table, then, self.log) for name, table in other.tables.items() if not table.spec.is_local}

    def __getitem__(self, spec: TableSpec[R]) -> Table[R]:
        table = self.tables.get(spec.name)
        if table is None:
            live = self._live[spec]
            table = self.tables[spec.name] = live if spec.is_local else HeldTable(live, _nothing)
        return table

    def _otherwise(self, table: Table[Any]) -> dict[Key, Any]:
        """Return what stood in a table at the mark, where that is another now."""
        state = (self.log.changes, len(self.log.current))
        if self._since is None or self._since[0] != state:
            self._since = (state, self.log.since(self._mark))
        return self._since[1].get(table, {}) | self.before.get(table.spec.name, {})

    def otherwise(self, spec: TableSpec[R]) -> Mapping[Key, R | None]:
        """Return what the install has in a table of the service's where that has something else by now; None for what it has not."""
        return self._otherwise(self._live[spec])

    def state(self, kind: str, to: Audience, before_reply: bool = False, **payload: Any) -> None:
        """See `World.state`: nobody but the device itself hears of what it does without the service."""
        if to.only == self.device_id or (self._user_id in to.users and to.without != self.device_id):
            self._live.state(kind, facts.device(self.device_id, is_own=True), before_reply, **payload)

    def differences(self) -> Before:
        """
        Return what the install has otherwise than the service has it, by table and key; None for what it has not.

        What it could never show, whatever its app asks for, is left out.
        """
        found: Before = {}
        for name, table in sorted(self.tables.items()):
            if table.spec.is_local:
                continue
            rows, others = table.rows, self._live.tables[name].rows
            keys = [key for key, row in rows.items() if others.get(key) is not row and others.get(key) != row]
            keys += [key for key in others if key not in rows]
            is_private, user_id = table.spec.is_private, self._user_id
            keys = [key for key in keys if not is_private(key) or key[0] == user_id]
            if keys:
                found[name] = {key: rows.get(key) for key in sorted(keys)}
        return found

    def settle(self) -> None:
        """Carry what the running call has done here over to the service's world; where that has something newer, it stands."""
        first: dict[tuple[Table[Any], Key], Any] = {}
        for table, key, old in self.log.current:
            if self.tables.get(table.spec.name) is table and not table.spec.is_local:
                first.setdefault((table, key), old)
        told: list[tuple[str, Any, Any]] = []
        for (table, key), old in first.items():
            new = table.rows.get(key)
            if table.spec.carry:
                told.append((table.spec.carry, old, new))
            else:
                _carry(self._live[table.spec], key, old, new)
        for name, old, new in told:
            rule(name)(self, old, new)


def _nothing(table: Table[Any]) -> dict[Key, Any]:
    """Return what makes a table one without rows."""
    return dict.fromkeys(table.rows)


def _carry(live: Table[Any], key: Key, old: Any, new: Any) -> None:
    """Do to a row of the service's world what was done to an install's: `old` became `new`."""
    now = live.get(key)
    if new is None:
        live.drop(key)
    elif now is None and old is None:
        live.put(key, new)
    elif now is not None and old is not None:
        live.put(key, new if now is old else evolve(now, **_changes(old, new)))


def _changes(old: Any, new: Any) -> dict[str, Any]:
    """Return the attributes in which a row differs from what it was."""
    names = [attribute.name for attribute in attr.fields(new.__class__)]
    return {name: getattr(new, name) for name in names if getattr(new, name) != getattr(old, name)}


@row_class
class Store:
    """
    What an install has of a user's data, since it cannot ask the service any more.

    Attributes:
        order: the world's order then: messages beyond it were not told. -1 where the install has nothing.
        notice: the number of the last notice that was told.
        mark: of the log, or `NOTHING`.
        held: see `Held`.
    """

    user_id: str
    install: str
    order: int
    notice: int
    mark: int
    held: Held = field(eq=False, repr=False)


@row_class
class Notice:
    """
    Something that was stated to users who were not all there.

    Attributes:
        order: the world's order then. `ms`: when. `kind`, `payload`: see `Fact`. `users`: to whom, of those who may come back for it.
    """

    number: int
    order: int
    ms: int
    kind: str
    payload: dict[str, Any]
    users: tuple[str, ...]


STORES = TableSpec(
    "stores", Store, ("user_id", "install"), {"user": lambda: Groups(lambda s: s.user_id)}, exported=False, is_local=True
)
NOTICES = TableSpec("notices", Notice, ("number",), is_local=True)


def begin_as(world: World, template: World) -> None:
    """Let an empty world hold what another holds, stores included (`World.begin_as`), and mark that as its beginning."""
    world.begin_as(template)
    stores = template.tables.get(STORES.name)
    for key, store in () if stores is None else stores.rows.items():
        held = Held(world, store.user_id, store.mark, store.held.before)
        world[STORES].restore(key, evolve(store, held=held))
    world.log.mark()


def as_it_was(live: World, mark: int) -> World:
    """Return a world that holds what another held at a mark of its log, stores included; what is done to it, the other never sees."""
    since = live.log.since(mark)

    def then(table: Table[Any]) -> dict[Key, Any]:
        return since.get(table, {})

    past = World(live.seed, live.policy)
    past.stand_as(live, {name: _stood(table, then, past.log) for name, table in live.tables.items()})
    past.log.marks += [{} for _ in range(mark)]  # stores tell by their number whether their app went then or is killed just now
    stores = past.tables.get(STORES.name)
    for key, store in () if stores is None else list(stores.rows.items()):
        held = Held(past, store.user_id, store.mark, store.held.before)
        held.stand_as_of(store.held, then)
        past[STORES].restore(key, evolve(store, held=held))
    return past


def _stood(table: Table[R], then: Callable[[Table[Any]], dict[Key, Any]], log: UndoLog) -> Table[R]:
    """Return a table as it stood, put together before it changes any more."""
    held = HeldTable(table, then, log)
    assert held.rows is not None
    return held


# --- leaving and coming back


def leave(world: World, device: Device, user_id: str) -> None:
    """
    Let the install on a device keep what it has of a user's data, as it stands when the running call is done.

    One that has left already, and was never brought up to date since, has what it had then; one that never was has nothing.
    """
    table, install = world[STORES], device.install
    if device.unsynced_after is not None:
        begin_empty(world, user_id, install)
    if (user_id, install) in table:
        return
    for key in sorted(table.index("user").of(user_id), key=lambda key: table[key].order)[: 1 - MAX_INSTALLS]:
        come_back(world, *key)
    mark = world.log.mark_behind()
    order = count_of(world, "order")
    store = Store(user_id, install, order, count_of(world, "notice"), mark, Held(world, user_id, mark))
    table.put((user_id, install), store)
    world.keep = note


def begin_empty(world: World, user_id: str, install: str) -> None:
    """Let an install that has nothing of a user's data be read."""
    table = world[STORES]
    if (user_id, install) not in table:
        held = Held(world, user_id, NOTHING)
        table.put((user_id, install), Store(user_id, install, -1, 0, NOTHING, held))


def come_back(world: World, user_id: str, install: str) -> None:
    """Let an install have what the service has, from now on."""
    table = world[STORES]
    store = table.get((user_id, install))
    if store is None:
        return
    table.drop((user_id, install))
    left = table.rows.values()
    if all(one.mark != store.mark for one in left):
        world.log.let_go(store.mark)
    wanted = min((one.notice for one in left), default=None)
    notices = world[NOTICES]
    for number in [n for n in notices.rows if wanted is None or n <= wanted]:
        notices.drop(number)


def forget(world: World, install: str) -> None:
    """Forget all stores of an install that can never come back."""
    for user_id, name in sorted(world[STORES].rows):
        if name == install:
            come_back(world, user_id, install)


def store_of(world: World, user_id: str, install: str) -> Store | None:
    """Return what an install has while it is away from the service; None while it is there, or where it was never there."""
    table = world.tables.get("stores")
    return None if table is None else table.get((user_id, install))


def away(world: World, user_id: str) -> Iterator[tuple[str, Held]]:
    """Yield the installs that have a user's data and are away, each with the world as it knows it."""
    table = world[STORES]
    for key in table.index("user").of(user_id):
        store = table[key]
        if store.mark != NOTHING:
            store.held.open(store.held.device_id)
            yield store.install, store.held


def count_of(world: World, counter: str) -> int:
    """Return the last number of a counter that was given away."""
    row = world[COUNTERS].rows.get(counter)
    return 0 if row is None else row.value


# --- what was missed


def note(world: World, fact: Fact) -> None:
    """Keep a fact for those of its users who are away with an install, if it is of a kind that is kept."""
    stores = world[STORES]
    if fact.kind not in KEPT or not stores.rows:
        return
    away, to = stores.index("user"), fact.to
    hearing = to.users if to.kept_for is None else (to.kept_for,)
    users = tuple(user_id for user_id in hearing if away.count(user_id))
    if users:
        order = count_of(world, "order")
        number = world.next_number("notice")
        world[NOTICES].put(number, Notice(number, order, world.now_ms, fact.kind, fact.payload, users))


def missed(world: World, user_id: str, after: int) -> Iterator[Notice]:
    """Yield the notices for a user beyond a number, in order."""
    table = world.tables.get("notices")
    for row in () if table is None else table.sorted():
        if row.number > after and user_id in row.users:
            yield row


def seen_by(world: World, device: Device) -> World:
    """Return the world as a device sees it: that of the service while it is connected, else what its install has."""
    if device.hidden or (device.connected and device.user_id is not None):
        return world
    user_id = device.user_id or device.cache_user
    store = None if user_id is None else store_of(world, user_id, device.install)
    if store is None:
        return world
    store.held.open(device.device_id)
    return store.held
