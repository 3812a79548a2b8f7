"""Adding, setting and removing listeners of all kinds."""

from __future__ import annotations

from typing import Any

from attrs import evolve

from bridge.errors import ChatError
from bridge.handlers.registry import Caller, method
from bridge.world import devices

SHARED_SINCE = 800
"""Native version from which one listener of the client serves all of a kind; before, each has its own."""

GONE = ""
"""Stands on a device for a listener of the client that goes on although nobody is left in the adapter's list."""


def kind_of(name: str) -> str:
    """Return the kind of listener that a call is about: `addFriendListener` → `friendListener`."""
    stem = name.removeprefix("add").removeprefix("set").removeprefix("remove")
    return stem[0].lower() + stem[1:]


@method(
    "addConversationListener",
    "addAdvancedMsgListener",
    "addGroupListener",
    "addFriendListener",
    "addSignalingListener",
    "addCommunityListener",
)
def add_listener(caller: Caller, listener_uuid: str | None, **_: Any) -> None:
    """Keep a listener; one that is there already is kept once."""
    add(caller, kind_of(caller.spec.name), listener_uuid or "")


@method("setConversationListener", "setGroupListener", "setFriendListener")
def set_listener(caller: Caller, listener_uuid: str | None, **_: Any) -> None:
    """Keep a listener; on an old client it takes the place of the one that was set before."""
    kind = kind_of(caller.spec.name)
    device = caller.device
    if device.native < SHARED_SINCE:
        earlier = device.settings.get(f"set {kind}")
        if earlier is not None:
            remove(caller, kind, earlier)
        device = caller.device
        devices.change(caller.world, device, settings={**device.settings, f"set {kind}": listener_uuid or ""})
    add(caller, kind, listener_uuid or "")


@method(
    "removeConversationListener",
    "removeAdvancedMsgListener",
    "removeGroupListener",
    "removeFriendListener",
    "removeSignalingListener",
    "removeCommunityListener",
)
def remove_listener(caller: Caller, **uuids: str | None) -> str | None:
    """Forget a listener, or all of the kind if none is named."""
    caller.refuse("forcedCast")
    listener_uuid = next(iter(uuids.values()), None) or ""
    if caller.device.platform in caller.spec.params[0].ignored_by:
        listener_uuid = ""
    reply = caller.spec.reply(caller.device.platform)
    kind = kind_of(caller.spec.name)
    if listener_uuid:
        if not caller.does_nothing:
            _remove_one(caller, kind, listener_uuid)
        return reply.text
    if caller.device.platform in caller.spec.quirks.get("missesAll", ()):
        return reply.text
    if not caller.does_nothing:
        remove(caller, kind, None)
    return reply.text if reply.text_all is None else reply.text_all


def _remove_one(caller: Caller, kind: str, uuid: str) -> None:
    """
    Forget one listener.

    An adapter that shares one listener of the client among all of a kind gives that one up when its list is empty; the
    schema's `quirks.endsWith` names another kind whose list it looks at by mistake.
    """
    asked = caller.spec.quirks.get("endsWith", {}).get(caller.device.platform)
    if asked is None:
        remove(caller, kind, uuid)
        return
    known = caller.device.listeners.get(kind, ())
    remove(caller, kind, uuid)
    if not caller.device.listeners.get(asked):
        remove(caller, kind, None)
    elif known and not caller.device.listeners.get(kind):
        add(caller, kind, GONE)


@method("addSimpleMsgListener")
def add_simple_msg_listener(caller: Caller, listener_uuid: str | None) -> None:
    """Keep a listener for texts and custom messages; refused from 8.2 on."""
    _refuse_simple(caller)
    add(caller, "simpleMsgListener", listener_uuid or "")


@method("removeSimpleMsgListener")
def remove_simple_msg_listener(caller: Caller, listener_uuid: str | None) -> str | None:
    """Forget a listener for texts and custom messages; refused from 8.2 on."""
    _refuse_simple(caller)
    text: str | None = remove_listener(caller, listener_uuid=listener_uuid)
    return text


def _refuse_simple(caller: Caller) -> None:
    for error in caller.spec.adapter_errors[caller.device.platform]:
        raise ChatError(error["code"], error["desc"])


def add(caller: Caller, kind: str, uuid: str) -> None:
    """Note on the device that a listener of a kind is there."""
    device = caller.device
    known = device.listeners.get(kind, ())
    if uuid not in known:
        devices.change(caller.world, device, listeners={**device.listeners, kind: (*known, uuid)})


def remove(caller: Caller, kind: str, uuid: str | None) -> None:
    """Note on the device that a listener of a kind is gone, or all with None."""
    device = caller.device
    kept = tuple(one for one in device.listeners.get(kind, ()) if uuid is not None and one != uuid)
    listeners = {name: ids for name, ids in device.listeners.items() if name != kind}
    if kept:
        listeners[kind] = kept
    caller.world[devices.DEVICES].put(device.device_id, evolve(device, listeners=listeners))
