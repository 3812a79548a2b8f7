"""
Sessions: initSDK, login, logout, kicks and signatures that run out.

What a device is told on the way in, and when its network goes and comes back, is in `connections`.
"""

from __future__ import annotations

from bridge.errors import ChatError
from bridge.world.chats import connections
from bridge.world.kernel import codes, devices, facts
from bridge.world.kernel.devices import LOGGED_IN, LOGGED_OUT, Device
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.rules import ENDINGS, rule
from bridge.world.kernel.world import World
from bridge.world.people import statuses as status_rules
from bridge.world.people import users

MAX_FAILURES, FAILURES_MS = 10, 60_000
"""Checks of signatures that may fail on one device in a minute, where rates are limited (DECISIONS.md: Too many failed UserSigs)."""


# --- the client


def init(world: World, device: Device, sdk_app_id: int) -> bool:
    """
    Start the client on a device. Returns whether it started: false for an app id that is none, or while it runs for another app.

    States connection_started and connected to the device, the first time; connection_failed in place of the latter
    where there is no network.
    """
    if sdk_app_id <= 0 or (device.initialised and device.sdk_app_id != sdk_app_id):
        return False
    if not device.initialised:
        connections.begin(world, devices.change(world, device, initialised=True, sdk_app_id=sdk_app_id))
    return True


def uninit(world: World, device: Device) -> None:
    """Stop the client: logs out, forgets what was not sent."""
    logout(world, device)
    device = devices.get(world, device.device_id)
    if device.initialised:
        devices.change(world, device, initialised=False, sdk_app_id=0, cache_user=None)
    forget_created(world, device.device_id)


def forget_created(world: World, device_id: str) -> None:
    """Drop the messages that a device has created and not sent."""
    table = world.tables.get("created_messages")
    if table is None:
        return
    for key in sorted(key for key in table.rows if key[0] == device_id):
        table.drop(key)


# --- login


def login(world: World, device: Device, user_id: str, user_sig: str) -> None:
    """
    Log a user in on a device; somebody else who was logged in there is logged out. The same user again: nothing happens.

    States to the device what `connections.sync` does. The oldest device of the same user and platform beyond the limit hears
    kicked_offline. Those who follow the user's status hear user_status_changed.

    Raises: ChatError 6017 (empty id), 7003 (malformed id), 70002 (no signature), 9508 (no network), 6208 (kicked out
    while the network was cut,
    old clients), and where signatures are checked 70003, 70005, 70009, 70013, 70014, 70020, 70050, 70052, 6206. Then all is as before.
    """
    world.consent()
    if device.user_id == user_id:
        return
    ends_ms = _check_login(world, device, user_id, user_sig)
    if device.user_id is not None:
        logout(world, device)
        device = devices.get(world, device.device_id)
    account = users.profile(world, user_id)
    if "backlog" in world.tables:
        rule("late_delivery.take_all")(world, user_id)
    device = devices.change(
        world,
        device,
        user_id=user_id,
        cache_user=user_id,
        login_state=LOGGED_IN,
        login_number=world.next_number("login"),
        sig_timer=0 if ends_ms is None else _watch_signature(world, device, ends_ms),
    )
    if device.hidden:
        users.save(world, account)
        connections.learn_invitations(world, device)
        return
    users.save(world, evolve(account, missed_after=-1))
    status_rules.set_online(world, user_id, status_rules.ONLINE)
    _make_room(world, device, user_id)
    connections.sync(world, devices.get(world, device.device_id), account.missed_after, at_login=True)


def login_failed(world: World, device: Device, user_id: str, code: int) -> None:
    """
    Take in that a login was refused with `code`, once its own changes are undone.

    It opens the local data of a user who was here for reading (product docs: login). The refusal of a session that was kicked while away
    comes once.
    """
    settings = dict(device.settings)
    if code == codes.KICKED_OFF_BY_OTHER:
        settings.pop("kicked_away", None)
    if world.policy.rate_limits and code in SIGNATURE_CODES:
        since_ms, count = settings.get("sig_failures", (0, 0))
        fresh = world.now_ms - since_ms > FAILURES_MS
        settings["sig_failures"] = (world.now_ms, 1) if fresh else (since_ms, count + 1)
    cache_user = device.cache_user
    if device.user_id is None and user_id in world[users.USERS]:
        cache_user = user_id
        _begin_cache(world, device, user_id)
    if (settings, cache_user) != (device.settings, device.cache_user):
        devices.change(world, device, settings=settings, cache_user=cache_user)


def open_cache(world: World, device: Device, user_id: str) -> None:
    """Open a user's local data for reading before a login. Nothing happens during one, or for a user who was never here."""
    if device.user_id is None and user_id in world[users.USERS]:
        _begin_cache(world, device, user_id)
        devices.change(world, device, cache_user=user_id)


def _begin_cache(world: World, device: Device, user_id: str) -> None:
    from bridge.world.kernel import installs

    installs.begin_empty(world, user_id, device.install)


SIGNATURE_CODES = frozenset(
    {
        codes.USER_SIG_MALFORMED,
        codes.USER_SIG_CHECK_FAILED,
        codes.USER_SIG_WRONG_KEY,
        codes.USER_SIG_OF_OTHER_USER,
        codes.USER_SIG_OF_OTHER_APP,
        codes.USER_SIG_REVOKED,
        codes.USER_SIG_EXPIRED_ON_CLIENT,
    }
)


def _check_login(world: World, device: Device, user_id: str, user_sig: str) -> int | None:
    """Return when the session ends by its signature (milliseconds), None where signatures are not checked. Raises: see `login`."""
    if not user_id:
        raise ChatError(codes.INVALID_PARAMETERS)
    if not users.is_well_formed(user_id):
        raise ChatError(codes.INVALID_USER_ID)
    if not user_sig:
        raise ChatError(codes.USER_SIG_EMPTY)
    if not device.connected:
        raise ChatError(codes.NETWORK_DISCONNECTED)
    if device.settings.get("kicked_away"):
        raise ChatError(codes.KICKED_OFF_BY_OTHER)
    limit = world.policy.switch("account_limit")
    if limit and user_id not in world[users.USERS] and len(world[users.USERS]) >= limit:
        raise ChatError(codes.ACCOUNT_LIMIT)
    if world.policy.usersig_key is None or device.hidden:
        return None
    return _check_signature(world, device, user_id, user_sig)


def _check_signature(world: World, device: Device, user_id: str, user_sig: str) -> int:
    from bridge import usersig

    policy = world.policy
    assert policy.usersig_key is not None
    since_ms, count = device.settings.get("sig_failures", (0, 0))
    if policy.rate_limits and count >= MAX_FAILURES and world.now_ms - since_ms <= FAILURES_MS:
        raise ChatError(codes.USER_SIG_FAILURE_LIMIT)
    app = device.sdk_app_id
    if policy.sdk_app_id is not None and app != policy.sdk_app_id:
        raise ChatError(codes.APP_NOT_FOUND)
    code = usersig.verify(user_sig, user_id, app, policy.usersig_key, now_s=world.now_s)
    if code == codes.USER_SIG_EXPIRED:
        raise ChatError(codes.USER_SIG_EXPIRED_ON_CLIENT)
    if code:
        raise ChatError(code)
    signed_s, ends_s = usersig.lifetime(user_sig)
    if signed_s <= users.profile(world, user_id).sigs_revoked_s:
        raise ChatError(codes.USER_SIG_REVOKED)
    return ends_s * 1000


def _watch_signature(world: World, device: Device, ends_ms: int) -> int:
    return world.schedule("sessions.signature_ended", ends_ms, device.device_id, id_of_device=device.device_id)


def signature_ended(world: World, id_of_device: str) -> None:
    """End the session of a device whose signature has run out while it was online."""
    device = world[devices.DEVICES].get(id_of_device)
    if device is not None and device.user_id is not None:
        expire(world, evolve(device, sig_timer=0))


def _make_room(world: World, device: Device, user_id: str) -> None:
    """Kick the oldest devices of a platform beyond the limit; `device` has just logged in."""
    same = [d for d in devices.seen_of_user(world, user_id) if d.platform == device.platform]
    same.sort(key=lambda d: d.login_number)
    for oldest in same[: max(0, len(same) - world.policy.instances)]:
        kick(world, oldest)


# --- the end


def kick(world: World, device: Device) -> None:
    """
    End a session from outside. States kicked_offline to the device; its listeners stay.

    A device without a network hears of it when the network is back, or with its next login (see `connections.restore`).
    """
    world.state("kicked_offline", facts.device(device.device_id))
    if not device.connected:
        device = devices.change(world, device, settings={**device.settings, "kicked_away": True})
    _end(world, device, status_rules.NOT_LOGGED_IN)


def kick_by_admin(world: World, user_id: str) -> None:
    """
    End all sessions of a user, as the service's owner can (REST: kick). Signatures made until now are good for nothing any more.

    States kicked_offline to each device.
    """
    users.save(world, evolve(users.profile(world, user_id), sigs_revoked_s=world.now_s))
    for device in devices.seen_of_user(world, user_id):
        kick(world, device)


def expire(world: World, device: Device) -> None:
    """End a session because its UserSig ran out. States user_sig_expired to the device."""
    world.state("user_sig_expired", facts.device(device.device_id))
    _end(world, device, status_rules.NOT_LOGGED_IN)


def logout(world: World, device: Device) -> None:
    """End the session of a device; without one nothing happens. States user_status_changed to those who follow the user."""
    _end(world, device, status_rules.NOT_LOGGED_IN)
    device = devices.get(world, device.device_id)
    if device.cache_user is not None:
        devices.change(world, device, cache_user=None)


def close(world: World, device: Device) -> None:
    """The app was killed: the device is gone, its user offline at once; it may still be pushed to."""
    _end(world, device, status_rules.OFFLINE)
    forget_created(world, device.device_id)
    world[devices.DEVICES].drop(device.device_id)


def _end(world: World, device: Device, status: int) -> None:
    user_id = device.user_id
    if user_id is None:
        return
    if device.sig_timer:
        world.unschedule(device.sig_timer)
    devices.change(
        world,
        device,
        user_id=None,
        cache_user=None,
        login_state=LOGGED_OUT,
        totals_wanted=False,
        total_told=0,
        unread_filters=(),
        in_background=False,
        lost_order=-1,
        unsynced_after=None,
        sig_timer=0,
    )
    for table, name in ENDINGS:
        if table in world.tables and world.tables[table].rows:
            rule(name)(world, device.device_id)
    if status == status_rules.NOT_LOGGED_IN and "push_tokens" in world.tables:
        from bridge.world.people import push_tokens

        push_tokens.forget(world, user_id, device.install)
    if device.hidden:
        return
    from bridge.world.kernel import installs

    installs.leave(world, device, user_id)
    account = users.profile(world, user_id)
    if account.missed_after < 0 and not devices.is_reachable(world, user_id):
        users.save(world, evolve(account, missed_after=world.next_number("order")))
    if not devices.seen_of_user(world, user_id):
        status_rules.set_online(world, user_id, status)
