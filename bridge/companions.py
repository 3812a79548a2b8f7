"""Connections that a process has of its own accord, beside its client's: libraries that are loaded into it."""

from __future__ import annotations

from typing import Any, Protocol

from bridge.world.kernel.world import World


class Home(Protocol):
    """Where a process is: the emulator of a world, which may replace it."""

    @property
    def world(self) -> World:
        """Return the world as it is now."""


class Companion(Protocol):
    """A connection that a process has of its own accord: a library that is loaded into it."""

    def move(self, world: str) -> None:
        """Go to the world of that name."""

    def speak(self, dialect: str | None) -> None:
        """Speak a dialect from now on; None: what its client is found to speak."""

    def mark(self, number: int) -> None:
        """Have a number sent back once all that was sent so far has been dealt with."""

    def seen(self) -> dict[str, Any]:
        """Return what is known of it: see `bridge.library.look`."""


class Companions:
    """
    Who of a process has connections of its own accord, and follows the process's client.

    A client knows in which world its test is to be; the library beside it in the same process is told here.
    """

    def __init__(self) -> None:
        self._there: dict[int, list[Companion]] = {}
        self._worlds: dict[int, str] = {}
        self._dialects: dict[int, str] = {}
        self._marks = 0
        self._homes: dict[int, Home] = {}
        self._lives: dict[int, int] = {}

    def world_of(self, process: int) -> str | None:
        """Return the world in which who comes from a process begins; None if nobody said."""
        return self._worlds.get(process)

    def dialect_of(self, process: int) -> str | None:
        """Return the dialect that who comes from a process speaks; None if nobody said."""
        return self._dialects.get(process)

    def of(self, process: int) -> list[Companion]:
        """Return those of a process, the first one first."""
        return list(self._there.get(process, ()))

    def join(self, process: int, companion: Companion) -> None:
        """Follow a process from now on."""
        self._there.setdefault(process, []).append(companion)

    def leave(self, process: int, companion: Companion) -> None:
        """Be gone."""
        there = self._there.get(process, [])
        if companion in there:
            there.remove(companion)
        if not there:
            self._there.pop(process, None)
            home = self._homes.pop(process, None)
            if home is not None:
                self._lives[process] = home.world.life + 1

    def mark(self, process: int) -> int:
        """Have all of a process send a new number back. Returns it."""
        self._marks += 1
        for companion in self.of(process):
            companion.mark(self._marks)
        return self._marks

    def arrive(self, process: int, place: Home) -> None:
        """Let a world that a process comes into give no ids that the process knows from one where it was before."""
        home = self._homes.get(process)
        if home is place:
            return
        least = self._lives.pop(process, 0) if home is None else home.world.life + 1
        place.world.life = max(place.world.life, least)
        self._homes[process] = place

    def speak(self, process: int, dialect: str | None) -> int:
        """Let all of a process, and who is yet to come, speak a dialect; None: as nobody had said. Returns how many are there."""
        if dialect is None:
            self._dialects.pop(process, None)
        else:
            self._dialects[process] = dialect
        there = self.of(process)
        for companion in there:
            companion.speak(dialect)
        return len(there)

    def go(self, process: int, world: str) -> int:
        """Send all of a process into a world, and who is yet to come. Returns how many are there."""
        self._worlds[process] = world
        there = self.of(process)
        for companion in there:
            companion.move(world)
        return len(there)
