"""Sessions: initSDK, login, logout, kicks, and what a device is told on the way in."""

from __future__ import annotations

from attrs import evolve

from bridge import usersig
from bridge.errors import ChatError
from bridge.world import codes, conversations, devices, facts, messages, users
from bridge.world import statuses as status_rules
from bridge.world.devices import LOGGED_IN, LOGGED_OUT, Device
from bridge.world.world import World

OFFLINE_MS = 7 * 24 * 3600 * 1000
ONLINE, OFFLINE, NOT_LOGGED_IN = 1, 2, 3


def init(world: World, device: Device, sdk_app_id: int) -> bool:
    """
    Start the client on a device. Returns whether it started: false for an app id that is none.

    States connection_started and connected to the device, the first time.
    """
    if sdk_app_id <= 0 or (device.initialised and device.sdk_app_id != sdk_app_id):
        return False
    if device.initialised:
        return True
    device = devices.change(world, device, initialised=True, sdk_app_id=sdk_app_id)
    to = facts.device(device.device_id)
    world.state("connection_started", to)
    world.state("connected", to)
    return True


def uninit(world: World, device: Device) -> None:
    """Stop the client: logs out, forgets what was not sent."""
    logout(world, device)
    device = devices.get(world, device.device_id)
    devices.change(world, device, initialised=False, sdk_app_id=0, cache_user=None, totals_wanted=False, unread_filters=())
    forget_created(world, device.device_id)


def forget_created(world: World, device_id: str) -> None:
    """Drop the messages that a device has created and not sent."""
    table = world[messages.CREATED_MESSAGES]
    for key in sorted(key for key in table.rows if key[0] == device_id):
        table.drop(key)


def login(world: World, device: Device, user_id: str, user_sig: str) -> None:
    """
    Log a user in on a device; somebody else who was logged in there is logged out.

    States to the device: sync_server_started, message_received for what was missed, conversation_created, sync_server_finished.
    The oldest device of the same user and platform beyond the limit hears kicked_offline. Those who follow the user's status hear user_status_changed.

    Raises: ChatError 6017 (empty id), 7003 (malformed id), 70002 (no signature), and the signature's codes when signatures are checked.
    """
    if device.user_id == user_id:
        return
    if device.user_id is not None:
        logout(world, device)
        device = devices.get(world, device.device_id)
    _check_login(world, device, user_id, user_sig)
    if not device.hidden:
        _make_room(world, device, user_id)
    account = users.profile(world, user_id)
    missed_after = account.missed_after
    device = devices.change(
        world,
        device,
        user_id=user_id,
        cache_user=user_id,
        login_state=LOGGED_IN,
        login_number=world.next_number("login"),
        totals_wanted=False,
        unread_filters=(),
    )
    if device.hidden:
        users.save(world, account)
        return
    users.save(world, evolve(account, missed_after=-1))
    set_status(world, user_id, ONLINE)
    _sync(world, device, user_id, missed_after)


def remember_failed_login(world: World, device: Device, user_id: str) -> None:
    """Open a user's local data on a device for reading, as after a login that was refused (product docs: login)."""
    if device.user_id is None and user_id in world[users.USERS]:
        devices.change(world, device, cache_user=user_id)


def _check_login(world: World, device: Device, user_id: str, user_sig: str) -> None:
    if not user_id:
        raise ChatError(codes.INVALID_PARAMETERS)
    if not users.is_well_formed(user_id):
        raise ChatError(codes.INVALID_USER_ID)
    if not user_sig:
        raise ChatError(codes.USER_SIG_EMPTY)
    policy = world.policy
    if policy.usersig_key is not None and not device.hidden:
        app = policy.sdk_app_id if policy.sdk_app_id is not None else device.sdk_app_id
        code = usersig.verify(user_sig, user_id, app, policy.usersig_key, now_s=world.now_s)
        if code:
            raise ChatError(code)


def _make_room(world: World, device: Device, user_id: str) -> None:
    """Kick the oldest devices of a platform, so that one more may log in."""
    same = [d for d in devices.seen_of_user(world, user_id) if d.platform == device.platform]
    same.sort(key=lambda d: d.login_number)
    for oldest in same[: max(0, len(same) - world.policy.instances + 1)]:
        kick(world, oldest)


def kick(world: World, device: Device) -> None:
    """End a session from outside. States kicked_offline to the device; its listeners stay."""
    world.state("kicked_offline", facts.device(device.device_id))
    _end(world, device, NOT_LOGGED_IN)


def expire(world: World, device: Device) -> None:
    """End a session because its UserSig ran out. States user_sig_expired to the device."""
    world.state("user_sig_expired", facts.device(device.device_id))
    _end(world, device, NOT_LOGGED_IN)


def logout(world: World, device: Device) -> None:
    """End the session of a device; without one nothing happens. States user_status_changed to those who follow the user."""
    _end(world, device, NOT_LOGGED_IN)


def close(world: World, device: Device) -> None:
    """The app was killed: the device is gone, its user offline at once."""
    _end(world, device, OFFLINE)
    forget_created(world, device.device_id)
    world[devices.DEVICES].drop(device.device_id)


def _end(world: World, device: Device, status: int) -> None:
    user_id = device.user_id
    if user_id is None:
        return
    devices.change(
        world,
        device,
        user_id=None,
        cache_user=None,
        login_state=LOGGED_OUT,
        totals_wanted=False,
        unread_filters=(),
    )
    status_rules.forget(world, device.device_id)
    if device.hidden or devices.seen_of_user(world, user_id):
        return
    account = users.profile(world, user_id)
    order = world.next_number("order")
    users.save(world, evolve(account, missed_after=order))
    set_status(world, user_id, status)


def set_status(world: World, user_id: str, status: int) -> None:
    """Set whether a user is online; a status text goes when the user does. States user_status_changed to those who follow."""
    account = users.profile(world, user_id)
    changed = account.status != status
    text = account.custom_status if status == ONLINE else ""
    users.save(world, evolve(account, status=status, custom_status=text))
    if changed:
        status_rules.announce(world, user_id)


def _sync(world: World, device: Device, user_id: str, missed_after: int) -> None:
    """Tell a device that has just logged in what its user missed."""
    to = facts.device(device.device_id)
    world.state("sync_server_started", to)
    if missed_after >= 0:
        for message in _missed(world, user_id, missed_after):
            world.state("message_received", to, message=message)
    listed = [row for _, row in conversations.walk(world, device, user_id)]
    conversations.announce(world, to, listed[:100], new=True)
    world.state("sync_server_finished", to)


def _missed(world: World, user_id: str, missed_after: int) -> list[messages.Message]:
    """Return the one-to-one messages of the last seven days that reached no device of a user, oldest first."""
    table = world[messages.MESSAGES]
    found = []
    for key in world[conversations.CONVERSATIONS].index("user").of(user_id):
        row = world[conversations.CONVERSATIONS][key]
        if row.is_group or not row.listed:
            continue
        channel = messages.channel_of(user_id, row.conversation_id)
        for msg_id in table.index("channel").newer(channel, missed_after + 1):
            message = table[msg_id]
            is_recent = message.time_ms >= world.now_ms - OFFLINE_MS
            if message.sender != user_id and is_recent and messages.is_visible(world, user_id, message):
                found.append(message)
    return sorted(found, key=lambda message: message.order)
