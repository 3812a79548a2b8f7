"""Adding, setting and removing listeners of all kinds: `topic` says of which facts they hear."""

from __future__ import annotations

from bridge.handlers import Caller
from bridge.world.kernel import devices
from bridge.world.kernel.evolving import evolve

GONE = ""
"""Stands on a device for a listener of the client that goes on although nobody is left in the adapter's list."""


def add(caller: Caller, topic: str, listener: str, again: bool = False) -> None:
    """
    Keep a listener.

    Args:
        again: one that is there already is kept once more, and has to be removed as often; else it is kept once.
    """
    device = caller.device
    deaf = device.settings.get(_deaf(topic))
    if deaf:  # the list of the native side is not empty, so it does not ask the client for a listener anew
        devices.change(caller.world, device, settings={**device.settings, _deaf(topic): (*deaf, listener)})
        return
    known = device.listeners.get(topic, ())
    if again or listener not in known:
        devices.change(caller.world, device, listeners={**device.listeners, topic: (*known, listener)})


def _deaf(topic: str) -> str:
    """Return the setting that holds who is in the native side's list although the client's own listener is gone."""
    return f"deaf {topic}"


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


def remove(
    caller: Caller, topic: str, listener: str | None, ends_with: str | None = None, one: bool = False
) -> None:
    """
    Forget a listener, or all of the topic with None.

    Args:
        ends_with: another topic: the client's own listener goes when that one has no listeners left, and stays otherwise.
        one: of a listener that was kept more than once, one goes; else all.
    """
    known = caller.device.listeners.get(topic, ())
    deaf = caller.device.settings.get(_deaf(topic), ())
    _drop(caller, topic, listener, one)
    if ends_with is None:
        return
    left = () if listener is None else tuple(other for other in deaf if other != listener)
    if listener is not None and not caller.device.listeners.get(ends_with):
        left = (*left, *(other for other in caller.device.listeners.get(topic, ()) if other != GONE))
        _drop(caller, topic, None)
    if left != deaf:
        devices.change(caller.world, caller.device, settings={**caller.device.settings, _deaf(topic): left})
    if listener is None or not caller.device.listeners.get(ends_with):
        return
    if known and not caller.device.listeners.get(topic):
        add(caller, topic, GONE)


remove_simple = remove


def _drop(caller: Caller, topic: str, listener: str | None, one: bool = False) -> None:
    device = caller.device
    known = device.listeners.get(topic, ())
    kept = tuple(other for other in known if listener is not None and other != listener)
    if one and listener in known:
        first = known.index(listener)
        kept = (*known[:first], *known[first + 1 :])
    listeners = {name: ids for name, ids in device.listeners.items() if name != topic}
    if kept:
        listeners[topic] = kept
    caller.world[devices.DEVICES].put(device.device_id, evolve(device, listeners=listeners))
