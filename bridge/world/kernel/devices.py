"""Devices: running apps, and what the client on each of them keeps to itself."""

from __future__ import annotations

from typing import Any

from attrs import field

from bridge.errors import ChatError
from bridge.world.kernel import codes
from bridge.world.kernel.clients import TODAY, Client
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import Groups, TableSpec
from bridge.world.kernel.world import World

LOGGED_IN, LOGGING_IN, LOGGED_OUT = 1, 2, 3


@row_class
class Device:
    """
    One running app with one client in it.

    Attributes:
        device_id: unique in the world, never used again.
        install: names the app's local storage; the same user on the same install finds the own drafts again.
        dialect, platform: what its app speaks; words of the doors, which nothing here depends on but that one login counts per platform.
        client: what its native client can do.
        hidden: true for the device behind `bridge.user.*`: it hears nothing and nobody sees it.
        user_id: who is logged in, or None. `cache_user`: whose local data can be read (also after a failed login), or None.
        login_number: grows with each login; the lowest of a platform is the oldest.
        listeners: by topic of facts, the ids under which listeners were added, in order.
        totals_wanted: whether the app has asked for the unread total and so hears of its changes.
        unread_filters: the filters whose unread sums the app has subscribed to, with the sum last told.
        connected: false while the network of this device is cut, and `lost_order` the world's order when that happened; else -1.
        in_background: the app has told the service that nobody looks at it, so it may be pushed to.
        unsynced_after: since which order the service has failed to bring the device up to date (-1: it missed nothing), or None.
        sig_timer: number of the timer that ends the session when its UserSig runs out; 0 without one.
        settings: what else the client keeps, by name.
    """

    device_id: str
    name: str = ""
    install: str = ""
    dialect: str = ""
    platform: str = ""
    client: Client = TODAY
    hidden: bool = False
    initialised: bool = False
    sdk_app_id: int = 0
    user_id: str | None = None
    cache_user: str | None = None
    login_state: int = LOGGED_OUT
    login_number: int = 0
    listeners: dict[str, tuple[str, ...]] = field(factory=dict)
    totals_wanted: bool = False
    total_told: int = 0
    unread_filters: tuple[Any, ...] = ()
    connected: bool = True
    in_background: bool = False
    lost_order: int = -1
    unsynced_after: int | None = None
    sig_timer: int = 0
    settings: dict[str, Any] = field(factory=dict)


DEVICES = TableSpec("devices", Device, ("device_id",), {"user": lambda: Groups(lambda d: d.user_id)}, exported=False, is_local=True)


def get(world: World, device_id: str) -> Device:
    """Return a device that is open. Raises KeyError if it is not."""
    return world[DEVICES][device_id]


def change(world: World, device: Device, **changes: Any) -> Device:
    """Store a device with some attributes changed, and return it."""
    device = evolve(device, **changes)
    world[DEVICES].put(device.device_id, device)
    return device


def of_user(world: World, user_id: str) -> list[Device]:
    """Return the devices on which a user is logged in, hidden ones included, in order of their ids."""
    table = world[DEVICES]
    rows = table.rows
    found = [rows[key] for key in table.index("user").of(user_id)]
    return [row for row in found if row.device_id == world.device_id] if world.device_id else found


def has_any(world: World, user_id: str) -> bool:
    """Return whether a user is logged in anywhere: else nobody hears what is stated to that user, unless it is kept."""
    return bool(world[DEVICES].index("user").count(user_id))


def seen_of_user(world: World, user_id: str) -> list[Device]:
    """Return the devices on which a user is logged in and that others can see."""
    return [device for device in of_user(world, user_id) if not device.hidden]


def is_reachable(world: World, user_id: str) -> bool:
    """Return whether a message for a user reaches a device at once."""
    return any(device.connected for device in seen_of_user(world, user_id))


def reachable(world: World) -> set[str]:
    """Return the users whom a message reaches at once."""
    rows = world[DEVICES].rows.values()
    return {
        row.user_id
        for row in rows
        if row.user_id is not None and row.connected and not row.hidden and world.device_id in ("", row.device_id)
    }


def require(device: Device, needs: str) -> str:
    """
    Return whose data a call works on.

    Args:
        needs: "nothing", "init", "login", or "cache" (a login that failed is enough).

    Raises: ChatError 6013 before initSDK, 6014 without the login that it needs.
    """
    if needs == "nothing":
        return device.user_id or ""
    if not device.initialised:
        raise ChatError(codes.SDK_NOT_INITIALISED)
    if needs == "init":
        return device.user_id or device.cache_user or ""
    if device.user_id is not None and device.login_state == LOGGED_IN:
        return device.user_id
    if needs == "cache" and device.cache_user is not None:
        return device.cache_user
    raise ChatError(codes.NOT_LOGGED_IN)
