"""The control plane as methods: worlds, the clock, faults, the journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bridge.testing.errors import Unmet

if TYPE_CHECKING:
    from bridge.testing.client import Client

Json = dict[str, Any]

__tracebackhide__ = True  # pytest ends the traceback of a failure in the line of the test


class Worlds:
    """The world as a whole: `client.world`."""

    def __init__(self, client: Client) -> None:
        self._ask = client.ask

    def reset(self) -> None:
        """Go back to what it held at first, or since the last `load`; devices stay open, as just opened."""
        self._ask("bridge.world.reset")

    def load(self, world: str | Mapping[str, Any]) -> None:
        """Replace it, by a world as `export` gives it, or by the name of a shipped fixture."""
        self._ask("bridge.world.load", world=world)

    def export(self) -> Json:
        """Return all of it but devices and their sessions."""
        exported: Json = self._ask("bridge.world.export")
        return exported

    def checkpoint(self) -> str:
        """Remember it as it is. Returns a name for `rollback`."""
        name: str = self._ask("bridge.world.checkpoint")["checkpoint"]
        return name

    def rollback(self, checkpoint: str) -> None:
        """Go back to a checkpoint. No events are sent."""
        self._ask("bridge.world.rollback", checkpoint=checkpoint)

    def use(self, name: str) -> None:
        """Leave with all devices, and begin anew in the world of that name, made on first use."""
        self._ask("bridge.world.use", world=name)


class Clock:
    """The world's clock: `client.clock`."""

    def __init__(self, client: Client) -> None:
        self._ask = client.ask

    @property
    def now_ms(self) -> int:
        """Return its time in milliseconds since 1970."""
        ms: int = self._ask("bridge.clock.now")["ms"]
        return ms

    def advance(self, *, ms: int = 0, seconds: int = 0, minutes: int = 0, days: int = 0) -> None:
        """Let time pass; what is due on the way happens in order."""
        self._ask("bridge.clock.advance", ms=ms + 1000 * (seconds + 60 * minutes + 86_400 * days))

    def set(self, ms: int) -> None:
        """Put it at a time, not before now."""
        self._ask("bridge.clock.set", ms=ms)


class Faults:
    """What is to go wrong: `client.faults`."""

    def __init__(self, client: Client) -> None:
        self._ask = client.ask

    def set(self, effect: Mapping[str, Any], **match: Any) -> Json:
        """
        Make matching channel calls go wrong.

        Args:
            effect: one of {code, desc}, {delayMs}, {noReply: True}, {platformException}, {disconnect: True}, {kick: True},
                {expireUserSig: True}.
            match: method, user, device, nth, times.
        """
        answer: Json = self._ask("bridge.fault.set", match=match, effect=dict(effect))
        return answer

    def refuse(self, method: str, code: int, desc: str = "", **match: Any) -> Json:
        """Make the service refuse a method; nothing happens in the world."""
        return self.set({"code": code, "desc": desc}, method=method, **match)

    def list(self) -> Any:
        """Return the faults that are set."""
        return self._ask("bridge.fault.list")

    def clear(self) -> None:
        """Forget all faults."""
        self._ask("bridge.fault.clear")


class Journal:
    """What happened: `client.journal`."""

    def __init__(self, client: Client) -> None:
        self._ask = client.ask

    def list(
        self, since: int | None = None, method: str | None = None, device: str | None = None, kind: str | None = None
    ) -> list[Json]:
        """Return entries {seq, ms, device, kind, method, …}, oldest first."""
        entries: list[Json] = self._ask("bridge.journal.list", since=since, method=method, device=device, kind=kind)["entries"]
        return entries

    def clear(self) -> None:
        """Forget all entries."""
        self._ask("bridge.journal.clear")

    def expect(
        self, *calls: str | Mapping[str, Any], events: Sequence[str | Mapping[str, Any]] = (), since: int | None = None
    ) -> Json:
        """
        Hold what was called and heard against this.

        Args:
            calls: method names, or {method, arguments?, times?, device?}: at least once, or exactly `times`.
            events: their types, or {type, data?, times?, device?}.
            since: only entries with a greater number count.

        Returns: as `compare`.

        Raises: Unmet with the nearest misses, an AssertionError; RpcError for a name that no dialect has, with the nearest.
        """
        answer = self.compare(*calls, events=events, since=since)
        if not answer["match"]:
            raise Unmet(answer)
        return answer

    def compare(
        self, *calls: str | Mapping[str, Any], events: Sequence[str | Mapping[str, Any]] = (), since: int | None = None
    ) -> Json:
        """Do as `expect`, but for raising. Returns: {match, missing, unexpected, cut}. Raises: RpcError."""
        made = [{"method": call} if isinstance(call, str) else dict(call) for call in calls]
        heard = [{"type": event} if isinstance(event, str) else dict(event) for event in events]
        answer: Json = self._ask("bridge.journal.expect", calls=made, events=heard, since=since)
        return answer


def without_nones(arguments: Mapping[str, Any]) -> Json:
    """Return the arguments that were given."""
    return {key: value for key, value in arguments.items() if value is not None}

