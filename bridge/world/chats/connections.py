"""
Connections: the network between devices and the service, and what a device is told when it reaches it.

Nothing here is a channel call: networks fail by themselves, services stumble. Each rule changes the world and states
what follows from that.
"""

from __future__ import annotations

from typing import Any

from bridge.world.kernel import codes, devices, facts
from bridge.world.kernel.devices import Device
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.world import COUNTERS, Counter, World
from bridge.world.people import statuses as status_rules
from bridge.world.people import users

HEARTBEAT_MS = 400_000
"""After how long the service misses a device that has fallen silent (product docs: online status)."""


def begin(world: World, device: Device) -> None:
    """Let a client that has just started look for the service. States connection_started, then connected or connection_failed."""
    to = facts.device(device.device_id)
    world.state("connection_started", to)
    if device.connected:
        world.state("connected", to)
    else:
        _state_failure(world, to)


def _state_failure(world: World, to: facts.Audience) -> None:
    code = codes.NETWORK_DISCONNECTED
    world.state("connection_failed", to, code=code, desc=codes.text(code))


# --- the network of a device


def lose(world: World, device: Device) -> None:
    """
    Cut the network of a device. States connection_failed to it; one that is cut already stays as it is.

    The session goes on; others see the user offline after 400 seconds, if no other device is reached.
    """
    if not device.connected:
        return
    order = world.next_number("order")
    device = devices.change(world, device, connected=False, lost_order=order)
    if device.initialised:
        _state_failure(world, facts.device(device.device_id))
    user_id = device.user_id
    if user_id is not None and not device.hidden:
        from bridge.world.kernel import installs

        installs.leave(world, device, user_id)
    if user_id is not None and not devices.is_reachable(world, user_id):
        users.save(world, evolve(users.profile(world, user_id), missed_after=order))
        due_ms = world.now_ms + HEARTBEAT_MS
        world.schedule("connections.heartbeat_missed", due_ms, user_id=user_id, order=order)


def heartbeat_missed(world: World, user_id: str, order: int) -> None:
    """Take a user for offline if no device was reached since `order`. States user_status_changed to those who follow."""
    cut = [device for device in devices.seen_of_user(world, user_id) if device.lost_order == order]
    if cut and not devices.is_reachable(world, user_id):
        status_rules.set_online(world, user_id, status_rules.OFFLINE)
        from bridge.world.groups import group_members

        group_members.lose_marks(world, user_id)


def restore(world: World, device: Device) -> None:
    """
    Give a device its network back; nothing happens to one that has it.

    States to it connection_started and connected; then what a login states for what was missed (see `sync`), or kicked_offline if the
    session was ended meanwhile (release notes 7.9; older clients are refused with 6208 at their next login).
    """
    if device.connected:
        return
    missed_after = device.lost_order
    device = devices.change(world, device, connected=True, lost_order=-1)
    if not device.initialised:
        return
    begin(world, device)
    if device.settings.get("kicked_away") and device.client.tells_late_kick:
        kept = {name: value for name, value in device.settings.items() if name != "kicked_away"}
        devices.change(world, device, settings=kept)
        world.state("kicked_offline", facts.device(device.device_id))
    elif device.user_id is not None and not device.hidden:
        _return(world, device, device.user_id, missed_after)


def _return(world: World, device: Device, user_id: str, missed_after: int) -> None:
    users.save(world, evolve(users.profile(world, user_id), missed_after=-1))
    status_rules.set_online(world, user_id, status_rules.ONLINE)
    sync(world, device, missed_after)
    if device.totals_wanted or device.unread_filters:
        from bridge.world.chats import unread

        unread.tell(world, user_id)


# --- the sync of a device with the service


def is_sync_broken(world: World) -> bool:
    """Return whether the service fails to bring devices up to date."""
    return "sync_broken" in world[COUNTERS]


def break_sync(world: World) -> None:
    """Let the service fail to bring devices up to date, until `mend_sync`: with each login and return of the network."""
    world[COUNTERS].put("sync_broken", Counter("sync_broken", 1))


def mend_sync(world: World) -> None:
    """Let the service bring devices up to date again. Those that it failed are synchronised now."""
    world[COUNTERS].drop("sync_broken")
    for device_id in sorted(world[devices.DEVICES].rows):
        device = devices.get(world, device_id)
        if device.unsynced_after is not None and device.connected:
            sync(world, device, device.unsynced_after)


def sync(world: World, device: Device, missed_after: int, at_login: bool = False) -> None:
    """
    Bring a device up to date with what its user missed.

    An app that was here before has missed what has happened since it left, a new one the one-to-one messages that reached none of the
    user's devices.

    States to it sync_server_started, what `catching_up.tell` does, invitation_received for what is still open, conversation_created for
    the conversations that the app has not had, conversation_changed for those that are not as it had them, sync_server_finished.
    While the service fails: sync_server_started and sync_server_failed.

    Args:
        missed_after: an order (-1 for none): messages beyond it reached no device of the user.
        at_login: group messages of the last seconds are told, too.
    """
    from bridge.world.chats import catching_up
    from bridge.world.kernel import installs

    to = facts.device(device.device_id, waits=at_login)
    world.state("sync_server_started", to)
    if is_sync_broken(world):
        earlier = device.unsynced_after
        after = missed_after if earlier is None or earlier < 0 else earlier
        devices.change(world, device, unsynced_after=after)
        world.state("sync_server_failed", to)
        return
    if device.unsynced_after is not None:
        device = devices.change(world, device, unsynced_after=None)
    user_id = device.user_id
    assert user_id is not None
    store = installs.store_of(world, user_id, device.install)
    catching_up.tell(world, device, to, store, missed_after, at_login)
    learn_invitations(world, device, to.waits)
    catching_up.tell_conversations(world, device, to, store)
    world.state("sync_server_finished", to)
    installs.come_back(world, user_id, device.install)


def learn_invitations(world: World, device: Device, waits: bool = False) -> None:
    """Tell a client of the invitations that are still open (see `invitations.catch_up`)."""
    if "invitations" in world.tables and world.tables["invitations"].rows:
        from bridge.world.chats import invitations

        invitations.catch_up(world, device, waits)


# --- what else the service sends by itself


def notify(world: World, user_id: str, key: str, param: Any) -> None:
    """Have the service send an experimental notice to a user's devices. States experimental_notified; param is any JSON value."""
    world.state("experimental_notified", facts.user(user_id), key=key, param=param)
