"""
For tests that talk to the bridge: a synchronous client, pytest fixtures, snapshots of traces.

    with Client.start(world="team") as bridge:
        bridge.login("alice")
        bridge.user("bob").say("hi", to="alice")
        assert ["onRecvNewMessage"] == [event.type for event in bridge.events("onRecvNewMessage")]

`client` has the client, `control` the control plane's calls on it, `wires` what carries its messages (a socket, or no
socket at all), `plugin` the pytest plugin, `snapshots` the syrupy extension, `traces` what those two share. pytest loads
the plugin in every run where timbridge is installed: importing this package imports nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bridge.testing.client import Client, Device, User
    from bridge.testing.errors import Lost, Refused, RpcError, Unanswered, UnknownEvent, Unmet
    from bridge.testing.events import Event

__all__ = ["Client", "Device", "Event", "Lost", "Refused", "RpcError", "Unanswered", "UnknownEvent", "Unmet", "User"]

_WHERE = {
    "Client": "client",
    "Device": "client",
    "User": "client",
    "Event": "events",
    "Lost": "errors",
    "Refused": "errors",
    "RpcError": "errors",
    "Unanswered": "errors",
    "UnknownEvent": "errors",
    "Unmet": "errors",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"bridge.testing.{_WHERE[name]}"), name)
