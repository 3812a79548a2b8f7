"""Who looks at the world."""

from __future__ import annotations

from bridge.world.devices import Device
from bridge.world.world import World


class View:
    """
    A user on a device, looking at the world.

    Attributes:
        user_id: "" when nobody is logged in.
        ios: whether the device is one; for what differs in more than the set of keys.
        native: version of the native client, see `Device.native`.
    """

    __slots__ = ("world", "user_id", "device", "ios", "native")

    def __init__(self, world: World, user_id: str, device: Device) -> None:
        self.world = world
        self.user_id = user_id
        self.device = device
        self.ios = device.platform == "ios"
        self.native = device.native
