"""messageManager: searching messages, on the device and in the cloud."""

from __future__ import annotations

from bridge.handlers import Caller
from bridge.slices import Slices
from bridge.world.chats import search
from bridge.world.chats.search import Found, Query


def search_beforehand(caller: Caller, query: Query) -> Slices[None]:
    """Search what is on the device, in slices, before it is called for."""
    return search.beforehand(caller.world, caller.user, query, caller.device.install)


def search_cloud_beforehand(caller: Caller, query: Query) -> Slices[None]:
    """Search what the service keeps so."""
    return search.beforehand(caller.world, caller.user, query)


def search_local_messages(caller: Caller, query: Query) -> Found:
    """Search what is on the device."""
    return search.search(caller.world, caller.user, query, caller.device.install)


def search_cloud_messages(caller: Caller, query: Query) -> Found:
    """Search what the service keeps; a plan without that is refused with 60020."""
    return search.search_cloud(caller.world, caller.user, query)
