"""Adding, setting and removing listeners of all kinds: `topic` says of which facts they hear."""

from __future__ import annotations

from attrs import evolve

from bridge.handlers import Caller
from bridge.world.kernel import devices

GONE = ""
"""Stands on a device for a listener of the client that goes on although nobody is left in the adapter's list."""


def add(caller: Caller, topic: str, listener: str) -> None:
    """Keep a listener; one that is there already is kept once, unless the adapter keeps a list."""
    device = caller.device
    known = device.listeners.get(topic, ())
    if listener not in known or device.client.lists_listeners:
        devices.change(caller.world, device, listeners={**device.listeners, topic: (*known, listener)})


add_simple = add


def replace(caller: Caller, topic: str, listener: str, takes_place: bool) -> None:
    """Keep a listener; with `takes_place`, in the place of the one that was set before."""
    if takes_place:
        kept = f"set {topic}"
        earlier = caller.device.settings.get(kept)
        if earlier is not None:
            _drop(caller, topic, earlier)
        device = caller.device
        devices.change(caller.world, device, settings={**device.settings, kept: listener})
    add(caller, topic, listener)


def remove(caller: Caller, topic: str, listener: str | None, ends_with: str | None = None) -> None:
    """
    Forget a listener, or all of the topic with None.

    Args:
        ends_with: another topic: the client's own listener goes when that one has no listeners left, and stays otherwise.
    """
    known = caller.device.listeners.get(topic, ())
    _drop(caller, topic, listener)
    if ends_with is None or listener is None:
        return
    if not caller.device.listeners.get(ends_with):
        _drop(caller, topic, None)
    elif known and not caller.device.listeners.get(topic):
        add(caller, topic, GONE)


remove_simple = remove


def _drop(caller: Caller, topic: str, listener: str | None) -> None:
    device = caller.device
    known = device.listeners.get(topic, ())
    if device.client.drops_listener_once and listener in known:
        first = known.index(listener)
        kept = (*known[:first], *known[first + 1 :])
    else:
        kept = tuple(one for one in known if listener is not None and one != listener)
    listeners = {name: ids for name, ids in device.listeners.items() if name != topic}
    if kept:
        listeners[topic] = kept
    caller.world[devices.DEVICES].put(device.device_id, evolve(device, listeners=listeners))
