"""What a handler gets and gives."""

from __future__ import annotations

from typing import Any, NoReturn

from bridge.world.kernel import devices
from bridge.world.kernel.clients import Adapter, Finding, Habits
from bridge.world.kernel.devices import Device
from bridge.world.kernel.world import World


class Refusal:
    """A refusal that keeps what the call did: its code and text, and the data that go with it."""

    __slots__ = ("code", "desc", "data")

    def __init__(self, code: int, desc: str | None = None, data: Any = None) -> None:
        self.code = code
        self.desc = desc
        self.data = data


class OwnText:
    """A text that the native side answers by itself, in place of what the service would have said."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class Caller:
    """
    The device that calls.

    Attributes:
        world: what it calls.
        device_id: which device.
        user: whose data the call works on; "" if the method needs no login and there is none, or nobody has asked yet (`admit`).
    """

    __slots__ = ("world", "device_id", "user", "_adapter", "_needs")

    def __init__(self, world: World, device_id: str, user: str, adapter: Adapter, needs: str = "nothing") -> None:
        self.world = world
        self.device_id = device_id
        self.user = user
        self._adapter = adapter
        self._needs = needs

    def admit(self) -> None:
        """
        Let the client see whether it takes the call at all; what comes before is the native side's own to decide.

        For the methods whose native side decides first (`Habits.decides_first`); of all others the client has taken the call by now.

        Raises: ChatError 6013 before initSDK, 6014 without the login that the method needs.
        """
        self.user = devices.require(self.device, self._needs)

    @property
    def device(self) -> Device:
        """Return the device as it is now."""
        return devices.get(self.world, self.device_id)

    @property
    def habits(self) -> Habits:
        """Return what the native side does with what a call finds."""
        return self._adapter.habits

    def found(self, finding: Finding) -> None:
        """
        Say what a call has found: some native sides refuse then, or fall silent; go on where it is left to the service.

        Raises: ChatError or ProtocolError -32001.
        """
        self._adapter.objects(finding)

    def unfound(self) -> NoReturn:
        """Refuse because what the call is about is not there: native sides look it up before they ask anybody. Raises: ChatError."""
        self._adapter.unfound()
