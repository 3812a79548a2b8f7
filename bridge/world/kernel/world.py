"""The world itself: tables, clock, timers, ids and the place where facts are stated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from attrs import field

from bridge.errors import ChatError
from bridge.values import value_class
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.facts import Audience, Fact
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.rules import REACTIONS, rule
from bridge.world.kernel.store import Key, SharedTable, Table, TableSpec, UndoLog
from bridge.world.kernel.switches import SWITCHES

R = TypeVar("R")

START_MS = 1_700_000_000_000
"""Where the virtual clock of a fresh world stands (milliseconds since 1970)."""

_MASK = (1 << 64) - 1


@row_class
class Counter:
    """A number that only grows: the source of one kind of ids, or the clock ("now_ms")."""

    name: str
    value: int


@row_class
class Timer:
    """
    Something due at a time.

    Attributes:
        number: unique; among timers due at the same time the lower fires first.
        due_ms: when.
        rule: "module.function" as listed in `rules.py`, called with the world and `arguments`.
        arguments: JSON values by name.
        device_id: the device whose client runs it, or "" for the service itself; a device that is gone fires nothing.
    """

    number: int
    due_ms: int
    rule: str
    arguments: dict[str, Any] = field(factory=dict)
    device_id: str = ""


class DueList:
    """An index of timers by due time."""

    __slots__ = ("_entries",)

    def __init__(self) -> None:
        self._entries: list[tuple[int, int]] = []

    def changed(self, key: Key, old: Any, new: Any) -> None:
        from bisect import bisect_left, insort

        if old is not None:
            del self._entries[bisect_left(self._entries, (old.due_ms, old.number))]
        if new is not None:
            insort(self._entries, (new.due_ms, new.number))

    def first(self, until_ms: int) -> int | None:
        """Return the number of the next timer due at or before `until_ms`, or None."""
        if self._entries and self._entries[0][0] <= until_ms:
            return self._entries[0][1]
        return None

    def next_due_ms(self) -> int | None:
        """Return when the next timer is due, or None."""
        return self._entries[0][0] if self._entries else None


@value_class
class Policy:
    """
    How the service is set up: what a real one has in its console and its plan.

    Attributes:
        strict_accounts: answer for unknown users as the service does, instead of giving each a profile.
        instances: logins that one user may have on one platform before the oldest is kicked.
        usersig_key: the secret that UserSigs are checked with; None takes any non-empty one.
        sdk_app_id: the app that UserSigs must be for, when they are checked.
        rate_limits: refuse calls beyond the documented rates.
        switches: console switches by name, where they differ from their default.
    """

    strict_accounts: bool = False
    instances: int = 1
    usersig_key: str | None = None
    sdk_app_id: int | None = None
    rate_limits: bool = False
    switches: dict[str, Any] = field(factory=dict)

    def switch(self, name: str) -> Any:
        """Return the setting of a console switch, or what it is when nobody has set it. Raises: KeyError for one that there is not."""
        default = SWITCHES[name].default
        return self.switches.get(name, default)


class Files(Protocol):
    """What a world asks of whoever may touch files; see `bridge.transports.files`."""

    def path(self, name: str) -> str:
        """Return the path that a file of a name has, or would have. Raises: BridgeError if there is no place for it."""

    def store(self, name: str, contents: bytes) -> str:
        """Write a file of a name, and return its path. Raises: BridgeError if there is no place for it."""

    def size(self, path: str) -> int:
        """Return the size of a file in bytes; 0 for one that may not be read."""


class NoFiles:
    """No files at all: what is stored has a path and is not there, what is asked for has no size."""

    def path(self, name: str) -> str:
        """Return the path that a file of that name would have."""
        return f"/timbridge/downloads/{name}"

    def store(self, name: str, contents: bytes) -> str:
        """Return the path, and write nothing."""
        return self.path(name)

    def size(self, path: str) -> int:
        """Return 0."""
        return 0


State = tuple[int, Policy]
"""See `World.condition`."""

COUNTERS = TableSpec("counters", Counter, ("name",), is_local=True)
TIMERS = TableSpec("timers", Timer, ("number",), {"due": DueList}, is_local=True)


class World:
    """
    The state of one chat service.

    Args:
        seed: varies ids and random numbers; the same seed and calls give the same world.
        policy: how the service is set up.

    Attributes:
        refusing: what the service says to the next request that asks for its `consent`; None lets it decide by its rules.
        sink: hears every fact. `keep`: hears it before, to keep it for those who are away; None while nobody ever was.
        device_id: the one device that this world is there for (`installs.Held`); "" for the world of the service.
        life: how often the world has begun anew before the eyes of a client that keeps messages by their ids for ever. No undoing
            changes it.
    """

    device_id = ""
    life = 0

    def __init__(self, seed: int = 0, policy: Policy | None = None) -> None:
        self.seed = seed
        self.policy = policy or Policy()
        self.log = UndoLog()
        self.tables: dict[str, Table[Any]] = {}
        self.sink: Callable[[Fact], None] | None = None
        self.keep: Callable[[World, Fact], None] | None = None
        self.files: Files = NoFiles()
        self.refusing: ChatError | None = None
        self._known: tuple[Any, State, Any] | None = None
        self._counters = self[COUNTERS]
        self._timers = self[TIMERS]

    def __getitem__(self, spec: TableSpec[R]) -> Table[R]:
        try:
            return self.tables[spec.name]
        except KeyError:
            table = self.tables[spec.name] = Table(spec, self.log)
            return table

    def begin_as(self, template: World) -> None:
        """
        Hold what another world holds, which must never change any more. This one must be empty.

        What is held is in common until it changes here, so that this costs next to nothing however much it is.
        """
        self.seed = template.seed
        self.keep = template.keep
        self.tables = {name: SharedTable(table, self.log) for name, table in template.tables.items()}
        self._counters = self[COUNTERS]
        self._timers = self[TIMERS]

    def stand_as(self, live: World, tables: dict[str, Table[Any]]) -> None:
        """Hold tables of one's own, as a world had them at some time. This one must be empty."""
        self.keep, self.files, self.life = live.keep, live.files, live.life
        self.tables = tables
        self._counters = self[COUNTERS]
        self._timers = self[TIMERS]

    @property
    def live(self) -> World:
        """Return the world of the service."""
        return self

    def settle(self) -> None:
        """Let the service have what a call has done in an install's world (`installs.Held`); in its own there is nothing to do."""

    # --- what was worked out before it is asked for

    @property
    def condition(self) -> State:
        """Return what is another as soon as anything has changed for good."""
        return self.log.changes, self.policy

    def know(self, question: Any, answer: Any) -> None:
        """Keep the answer to a question until something changes, or another one is kept."""
        self._known = (question, self.condition, answer)

    def known(self, question: Any) -> Any:
        """Return the answer to a question once, if it was kept and nothing has changed since; else None."""
        known, self._known = self._known, None
        if known is None or self.log.current or known[:2] != (question, self.condition):
            return None
        return known[2]

    # --- facts

    def state(self, kind: str, to: Audience, before_reply: bool = False, **payload: Any) -> None:
        """State that something has happened. Values in `payload` must be immutable or never change again."""
        fact = Fact(kind, to, payload, before_reply)
        if self.keep is not None:
            self.keep(self, fact)
        if self.sink is not None:
            self.sink(fact)

    def happened(self, what: str, **about: Any) -> None:
        """Do what follows, in rooms above, from what a rule has just done: the reactions that `rules.py` lists, in order."""
        for name in REACTIONS[what]:
            rule(name)(self, **about)

    def consent(self) -> None:
        """
        Ask whether the service is to refuse whatever the rules say. Rules that leave something behind when it does ask this first.

        Raises: ChatError, once: what stood in `refusing`.
        """
        live = self.live
        refusal, live.refusing = live.refusing, None
        if refusal is not None:
            raise refusal

    # --- time

    @property
    def now_ms(self) -> int:
        """Return the time on the world's clock, in milliseconds since 1970."""
        clock = self._counters.rows.get("now_ms")
        return START_MS if clock is None else clock.value

    @property
    def now_s(self) -> int:
        """Return the time in whole seconds, as most of the wire shows it."""
        return self.now_ms // 1000

    def set_clock(self, ms: int) -> None:
        """Put the clock at `ms`; fires nothing."""
        self._counters.put("now_ms", Counter("now_ms", ms))

    def schedule(self, rule: str, due_ms: int, device_id: str = "", **arguments: Any) -> int:
        """
        Have a rule called at a time.

        Args:
            rule: "module.function" as listed in `rules.py`: "invitations.expire".
            due_ms: when; a time in the past means the next time the clock moves.
            device_id: the device whose client runs it, "" for the service.
            arguments: JSON values, handed to the rule by name.

        Returns: a number for `unschedule`.
        """
        number = self.next_number("timer")
        self._timers.put(number, Timer(number, due_ms, rule, arguments, device_id))
        return number

    def unschedule(self, number: int) -> None:
        """Forget a timer; unknown numbers are taken."""
        self._timers.drop(number)

    def next_due_ms(self) -> int | None:
        """Return when the next timer is due, or None."""
        due: int | None = self._timers.index("due").next_due_ms()
        return due

    def fire_next(self, until_ms: int) -> bool:
        """Move the clock to the next timer due until `until_ms` and run its rule. Returns whether there was one."""
        number = self._timers.index("due").first(until_ms)
        if number is None:
            return False
        timer = self._timers[number]
        self._timers.drop(number)
        if timer.due_ms > self.now_ms:
            self.set_clock(timer.due_ms)
        rule(timer.rule)(self, **timer.arguments)
        return True

    # --- ids

    def next_number(self, name: str) -> int:
        """Return 1, 2, 3… of the counter `name`."""
        rows = self._counters.rows
        old = rows.get(name)
        value = 1 if old is None else old.value + 1
        self._counters.put(name, Counter(name, value) if old is None else evolve(old, value=value))
        return value

    def random32(self, salt: int) -> int:
        """Return a number of 32 bits that depends on the seed and `salt` alone (splitmix64)."""
        z = (self.seed * 0x9E3779B97F4A7C15 + (salt + 1) * 0xD1B54A32D192ED03) & _MASK
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
        return (z ^ (z >> 31)) >> 32

    def fresh32(self, salt: int) -> int:
        """Return a number of 32 bits for an id: one that was never given away in an earlier `life`."""
        return self.random32(salt + self.life * 0xA0761D6478BD642F)

    def letters(self, salt: int, count: int = 10) -> str:
        """Return `count` letters and digits that depend on the seed and `salt` alone."""
        alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        value = (self.random32(salt) << 32) | self.random32(~salt & _MASK)
        out = []
        for _ in range(count):
            value, digit = divmod(value, 62)
            out.append(alphabet[digit])
        return "".join(out)
