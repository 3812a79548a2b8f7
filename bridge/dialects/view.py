"""Who looks at the world."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from bridge.dialects.memo import Memo
from bridge.world.kernel.clients import Client
from bridge.world.kernel.devices import Device
from bridge.world.kernel.world import World


class Writer(Protocol):
    """
    What writes maps for a view: a dialect.

    Attributes:
        encoders: those that have been made already, by the name of their map.
        is_ios: whether its native side is the iOS one, or goes by it.
        has_elements_by_kind: messages show each of their elements, a later one in place of an earlier one of its kind.
        client: see `Dialect.client`.
    """

    encoders: dict[str, Callable[[Any, View], Any]]
    is_ios: bool
    has_elements_by_kind: bool
    client: Client

    def write(self, name: str, value: Any, view: View) -> Any:
        """Return the map of that name, with the keys of the dialect's platform."""


class View:
    """
    A user on a device, looking at the world.

    Attributes:
        user_id: "" when nobody is logged in.
        ios: see `Writer.is_ios`; for what differs in more than the set of keys.
        client: what the native client can do.
        writer: what writes maps. `memo`: what it has written before.
    """

    __slots__ = ("world", "user_id", "device", "ios", "client", "memo", "writer", "_encoders")

    def __init__(self, world: World, user_id: str, device: Device, writer: Writer, memo: Memo | None = None) -> None:
        self.memo = Memo() if memo is None else memo
        self.writer = writer
        self._encoders = writer.encoders
        self.world = world
        self.user_id = user_id
        self.device = device
        self.ios = writer.is_ios
        self.client = writer.client

    def write(self, name: str, value: Any) -> Any:
        """Write another map inside one: `view.write("V2TIMMessage", last)`, with the keys of the platform; None stays None."""
        encoder = self._encoders.get(name)
        return self.writer.write(name, value, self) if encoder is None else encoder(value, self)
