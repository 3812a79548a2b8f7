"""
The fault plan: what goes wrong on purpose.

A fault matches calls and has one effect. Every fault counts the calls that match it, from the moment it was set; of those it lets the
first `nth` - 1 pass, and of the rest it takes `times`, each with `probability`. Of several faults that would take a call, the one
that was set first does.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from bridge.world.kernel.devices import Device
from bridge.world.kernel.world import World

MOST_SPENT = 1_000
"""How many faults that can take nothing more are still listed."""

EFFECTS = ("code", "delayMs", "noReply", "platformException", "disconnect", "kick", "expireUserSig")


class Fault:
    """
    Something that is to go wrong.

    Attributes:
        number: grows with each fault that was ever set in this world.
        match: method, user, device (its name), nth, times, probability: each left out where it does not matter.
        effect: one of {code, desc?}, {delayMs}, {noReply}, {platformException}, {disconnect}, {kick}, {expireUserSig}.
        seen: how many calls have matched, until it had taken all that it takes. `taken`: how many of them went wrong.
    """

    __slots__ = ("number", "match", "effect", "seen", "taken")

    def __init__(self, number: int, match: Mapping[str, Any], effect: Mapping[str, Any]) -> None:
        self.number = number
        self.match = dict(match)
        self.effect = dict(effect)
        self.seen = 0
        self.taken = 0

    @property
    def kind(self) -> str:
        """Return which effect it has: a name of `EFFECTS`."""
        return next(name for name in EFFECTS if name in self.effect)

    def meets(self, methods: tuple[str, ...], user_id: str | None, name: str) -> bool:
        """Return whether it is about calls of a method, by one of its names, by a user on a device of a name."""
        match = self.match
        return (
            match.get("method", methods[0]) in methods
            and match.get("user", user_id) == user_id
            and match.get("device", name) == name
        )

    def takes(self, world: World) -> bool:
        """Return whether the call that has just matched is to go wrong."""
        match = self.match
        if self.seen < match.get("nth", 1) or self.taken >= match.get("times", self.taken + 1):
            return False
        probability = match.get("probability")
        if probability is None:
            return True
        # a number of the world's seed and of this call alone, so that the same script fails at the same places
        drawn = world.random32((self.number << 32) + self.seen)
        chance: float = probability
        return drawn < chance * (1 << 32)

    @property
    def is_spent(self) -> bool:
        """Return whether it has taken all the calls that it takes."""
        return "times" in self.match and self.taken >= self.match["times"]

    def shown(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"fault": self.number, "match": self.match, "effect": self.effect, "seen": self.seen, "taken": self.taken}


class FaultPlan:
    """
    The faults of a world, the first set first. Those that are spent are there to be looked at alone, the last of them.

    Attributes:
        active: whether there are any that may take a call.
    """

    def __init__(self) -> None:
        self.active = False
        self._active: list[Fault] = []
        self._spent: deque[Fault] = deque(maxlen=MOST_SPENT)
        self._last = 0

    @property
    def faults(self) -> list[Fault]:
        """Return all faults, the first set first."""
        return sorted((*self._spent, *self._active), key=lambda fault: fault.number)

    def clear(self) -> None:
        """Forget all faults."""
        self._active.clear()
        self._spent.clear()
        self.active = False

    def set(self, match: Mapping[str, Any], effect: Mapping[str, Any]) -> Fault:
        """Add a fault behind the others."""
        self._last += 1
        fault = Fault(self._last, match, effect)
        self._active.append(fault)
        self.active = True
        return fault

    def drop(self, number: int) -> bool:
        """Forget one fault. Returns whether there was one of that number."""
        for faults in (self._active, self._spent):
            for fault in faults:
                if fault.number == number:
                    faults.remove(fault)
                    self.active = bool(self._active)
                    return True
        return False

    def of(self, world: World, device: Device, methods: tuple[str, ...], user_id: str | None) -> Fault | None:
        """
        Return the fault that takes a call, or None; the call counts for every fault that it matches.

        Args:
            methods: the names by which the call is known.
            user_id: whose call it is: who is logged in, or whom the call logs in.
        """
        found = None
        for fault in self._active:
            if fault.meets(methods, user_id, device.name):
                fault.seen += 1
                if found is None and fault.takes(world):
                    found = fault
        if found is not None:
            found.taken += 1
            if found.is_spent:
                self._active.remove(found)
                self._spent.append(found)
                self.active = bool(self._active)
        return found
