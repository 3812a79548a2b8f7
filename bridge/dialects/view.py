"""Who looks at the world."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from bridge.world.devices import Device
from bridge.world.world import World


class Writer(Protocol):
    """
    What writes maps for a view: a dialect.

    Attributes:
        encoders: those that have been made already, by the name of their map.
    """

    encoders: dict[str, Callable[[Any, View], Any]]

    def write(self, name: str, value: Any, view: View) -> Any:
        """Return the map of that name, with the keys of the dialect's platform."""


Written = dict[tuple[Any, ...], tuple[Any, Any]]
"""Maps that were written before, and what they were made of."""

MAX_WRITTEN = 4096


class View:
    """
    A user on a device, looking at the world.

    Attributes:
        user_id: "" when nobody is logged in.
        ios: whether the device is one; for what differs in more than the set of keys.
        native: version of the native client, see `Device.native`.
        recalled: the map that was recalled last: it has the platform's keys already.

    Args:
        written: maps that were written before; whoever has the world keeps them (`recall`).
    """

    __slots__ = ("world", "user_id", "device", "ios", "native", "recalled", "_encoders", "_writer", "_written", "_kept")

    def __init__(self, world: World, user_id: str, device: Device, writer: Writer, written: Written | None = None) -> None:
        self._written = {} if written is None else written
        self._kept: tuple[Any, Any, Any] | None = None
        self.recalled: Any = None
        self._writer = writer
        self._encoders = writer.encoders
        self.world = world
        self.user_id = user_id
        self.device = device
        self.ios = device.platform == "ios"
        self.native = device.native

    def write(self, name: str, value: Any) -> Any:
        """Write another map inside one: `view.write("V2TIMMessage", last)`, with the keys of the platform; None stays None."""
        encoder = self._encoders.get(name)
        return self._writer.write(name, value, self) if encoder is None else encoder(value, self)

    def recall(self, name: str, key: str, made_of: Any) -> Any:
        """
        Return the map of that name and key as it was last written for this user, or None if it is made of anything else now.

        Args:
            made_of: all that the map depends on but user, dialect and platform: immutable values.
        """
        known = self._written.get((name, key, self.user_id, self.native, self.ios))
        if known is None or known[0] != made_of:
            return None
        wire = self.recalled = known[1]
        return wire

    def keep(self, name: str, key: str, made_of: Any, wire: Any) -> Any:
        """Keep a map for `recall` once it has the platform's keys, and return it. It goes into several replies, so nobody may change it."""
        self._kept = ((name, key, self.user_id, self.native, self.ios), made_of, wire)
        return wire

    def settle(self, wire: Any, trimmed: Any) -> None:
        """Note what a map that was just written looks like with the keys of the platform alone."""
        if self._kept is not None and self._kept[2] is wire:
            if len(self._written) >= MAX_WRITTEN:
                self._written.clear()
            self._written[self._kept[0]] = (self._kept[1], trimmed)
            self._kept = None
