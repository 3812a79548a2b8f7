"""The fault plan: what goes wrong on purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.engine.turn import Turn
from bridge.world.devices import Device

if TYPE_CHECKING:
    from bridge.engine.engine import Engine


class FaultPlan:
    """An ordered list of faults; the first that matches a call applies."""

    def __init__(self) -> None:
        self.active = False

    def clear(self) -> None:
        """Forget all faults."""
        self.active = False

    def apply(self, engine: Engine, turn: Turn, device: Device, method: str) -> bool:
        """Apply the plan to a call. Returns whether the call is done with."""
        return False
