"""Who looks at the world."""

from __future__ import annotations

from typing import Any, Protocol

from bridge.world.devices import Device
from bridge.world.world import World


class Writer(Protocol):
    """What writes maps for a view: a dialect."""

    def write(self, name: str, value: Any, view: View) -> Any:
        """Return the map of that name, with the keys of the dialect's platform."""


class View:
    """
    A user on a device, looking at the world.

    Attributes:
        user_id: "" when nobody is logged in.
        ios: whether the device is one; for what differs in more than the set of keys.
        native: version of the native client, see `Device.native`.
    """

    __slots__ = ("world", "user_id", "device", "ios", "native", "_writer")

    def __init__(self, world: World, user_id: str, device: Device, writer: Writer) -> None:
        self._writer = writer
        self.world = world
        self.user_id = user_id
        self.device = device
        self.ios = device.platform == "ios"
        self.native = device.native

    def write(self, name: str, value: Any) -> Any:
        """Write another map inside one: `view.write("V2TIMMessage", last)`, with the keys of the platform; None stays None."""
        return self._writer.write(name, value, self)
