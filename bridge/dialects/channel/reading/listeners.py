"""Listeners of all kinds: what the adapters make of ids, and of a call that names none."""

from __future__ import annotations

from bridge.dialects.channel.adapter import ChannelAdapter
from bridge.dialects.dialect import Call


def add(call: Call, adapter: ChannelAdapter) -> None:
    """Read the id of a listener; what else comes with the call says nothing."""
    call.args = {"listener": call.args.get("listener_uuid") or "", "again": adapter.lists_again}


def replace(call: Call, adapter: ChannelAdapter) -> None:
    """Read the id of a listener; on an old client it takes the place of the one that was set before."""
    call.args = {"listener": call.args.get("listener_uuid") or "", "takes_place": adapter.client.replaces_set_listener}


def remove(call: Call, adapter: ChannelAdapter) -> None:
    """
    Read which listener is to go: one, or all of the kind (None) if none is named.

    An adapter that shares one listener of the client among all of a kind gives that one up when its list is empty; `ends_with` names
    another kind whose list it looks at by mistake.
    """
    adapter.refuse("forced_cast")
    plan = call.plan
    listener = next(iter(call.args.values()), None) or ""
    if adapter.ignores(plan.spec.params[0].ignored_by):
        listener = ""
    call.args = {"listener": listener or None, "ends_with": adapter.ends_with, "one": adapter.removes_one}
    if listener and adapter.ends_only_all:
        call.is_done = True
    if not listener:
        reply = plan.reply
        call.text = reply.text if adapter.misses_all else reply.text_all  # None: as for one
        call.is_done = call.is_done or adapter.misses_all


add_simple = add
remove_simple = remove
