"""
The referee: every reply and event of every test must be what the platform sends and what the client digests.

It hangs on the taps of each emulator that `Stage` makes. It also notes which events were seen in which test, for the
ledger.
"""

from __future__ import annotations

from typing import Any

from bridge.catalogue import load
from bridge.emulator import Emulator
from bridge.engine.turn import Turn
from tests.support.checks import check_event, check_reply

SEEN: dict[tuple[str, str, str, str], set[str]] = {}
"""(dialect, platform, listener, event type) → ids of the tests that saw it."""

CURRENT = {"test": ""}


def watch(emulator: Emulator) -> list[str]:
    """Watch an emulator. Returns the list to which problems are added."""
    problems: list[str] = []

    def after_call(device_id: str, method: str, params: Any, turn: Turn) -> None:
        device = _device(emulator, device_id)
        if device is not None and turn.error is None and not turn.reply.silent and turn.reply.due_ms is None:
            for flaw in check_reply(load(device.dialect), method, device.platform, turn.result):
                problems.append(f"reply of {method} on {device.dialect} {device.platform}: {flaw}")
        if turn.error is not None and turn.error.code == -32603:
            problems.append(f"{method}: {turn.error.message}")
        events(turn)

    def events(turn: Turn) -> None:
        for event in turn.events:
            device = _device(emulator, event.device_id)
            if device is None:
                continue
            kind = event.arguments["type"]
            SEEN.setdefault((device.dialect, device.platform, event.method, kind), set()).add(CURRENT["test"])
            for flaw in check_event(load(device.dialect), device.platform, event.method, event.arguments):
                problems.append(f"{event.method} {kind} on {device.dialect} {device.platform}: {flaw}")

    emulator.taps.on("turn", after_call)
    emulator.taps.on("events", events)
    return problems


def _device(emulator: Emulator, device_id: str) -> Any:
    from bridge.world.kernel.devices import DEVICES

    return emulator.world[DEVICES].get(device_id)
