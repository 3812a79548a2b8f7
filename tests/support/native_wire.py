"""
A wire of the suite on which everybody's app calls the native library: what a case calls is played by its functions, in this process.

Apps that a case puts on another phone, and people who act unseen, are on a channel.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bridge.catalogue import load
from bridge.cli.conform_wires import OwnWire
from bridge.conformance.playing import split
from bridge.conformance.suite.actors import Answer, NotAnswered, Untried, listeners_of
from bridge.conformance.suite.worlds import World
from bridge.control.messages import reply_message
from tests.support.native_calls import library
from tests.support.native_phone import PHONES, NativePhone, NoCounterpart, NoSuchArgument

PLATFORM = "android"
"""Whose adapter of the channel says how a reply looks that is the same by meaning."""


def worlds_of(native: str) -> tuple[World, ...]:
    """
    Return the dialects and platforms of the channel whose cases an app of a native dialect plays: the one whose service is the same, and
    the one that this is made from, whose adapters were read.
    """
    nearest = library(native).catalogue.behaves_as
    base = load(nearest).base
    assert base is not None
    return (nearest, PLATFORM), (base, PLATFORM)


class _Place:
    """What a phone sees of a stage."""

    def __init__(self, wire: OwnWire, world: World) -> None:
        assert wire._client is not None
        self.emulator = wire._client.session.emulator
        self.dialect, self.platform = world

    @property
    def world(self) -> Any:
        return self.emulator.world


class NativeWire(OwnWire):
    """
    This bridge, in this process, with apps on it that call the library.

    Args:
        native: the library's dialect. `world`: which channel a script takes its apps for.

    Attributes:
        untold: as of a phone, of all phones that there were; `alone`: of those that listen to everything.
    """

    def __init__(self, native: str, world: World) -> None:
        self.native = native
        self.world = world
        self.phones: dict[str, NativePhone] = {}
        self.untold: set[str] = set()
        self.alone: set[str] = set()
        super().__init__(self.world)

    def begin(self, given: Mapping[str, Any]) -> None:
        """See `Wire`."""
        PHONES.clear()
        self.phones.clear()
        super().begin(given)

    def exchange(self, method: str, arguments: Any) -> Answer:
        """See `Wire`."""
        name = (arguments or {}).get("device", "")
        if method == "bridge.device.open" and (arguments.get("dialect"), arguments.get("platform")) == self.world:
            self.phones[name] = NativePhone(_Place(self, self.world), name, self.native)  # type: ignore[arg-type]  # as far as it looks
            return Answer({"result": {}})
        if name not in self.phones:
            return self._with_heard(super().exchange(method, arguments))
        if method == "bridge.device.close":
            self._sent.clear()
            self.phones.pop(name).close()
            return self._with_heard(Answer({"result": {}}, split(self._sent, 0)[1]))
        if method == "bridge.device.call":
            return self._called(self.phones[name], arguments["method"], arguments["arguments"])
        return self._with_heard(super().exchange(method, arguments))

    def _called(self, phone: NativePhone, method: str, arguments: Any) -> Answer:
        self._sent.clear()
        try:
            turn = phone.turn(method, **arguments)
        except (NoCounterpart, NoSuchArgument) as error:
            raise Untried(str(error)) from None
        except AssertionError as error:
            raise NotAnswered(f"{method} goes wrong: {error}") from error
        return self._with_heard(Answer(reply_message(0, turn.reply), split(self._sent, 0)[1]))

    def _with_heard(self, answer: Answer) -> Answer:
        events = list(answer.events)
        for name, phone in self.phones.items():
            self.untold.update(phone.untold)
            if sum(map(bool, phone.listeners.values())) > len(listeners_of(*self.world)):
                self.alone.update(phone.alone)
            phone.alone.clear()
            events += [_event(name, one) for one in phone._heard]
            phone._heard.clear()
        return Answer(answer.reply, events)


def _event(device: str, heard: Any) -> dict[str, Any]:
    said = {"device": device, "method": heard.method, "arguments": heard.arguments}
    return {"method": "bridge.device.event", "arguments": said}
