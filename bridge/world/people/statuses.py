"""Who is online, and which devices want to hear of it."""

from __future__ import annotations

from bridge.errors import ChatError
from bridge.world.kernel import codes, devices, facts
from bridge.world.kernel.devices import Device
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import Groups, TableSpec
from bridge.world.kernel.texts import bytes_of
from bridge.world.kernel.world import World
from bridge.world.people import users

# product docs: user status, user profile
MAX_QUERIED, MAX_KEPT, TEXT_BYTES = 500, 200, 100
MAX_PER_CALL = {"status": 100, "profile": 200}
CALLS, WINDOW_MS = 20, 5000

ONLINE, OFFLINE, NOT_LOGGED_IN = 1, 2, 3
LAPSE_MS = 7 * 24 * 3600 * 1000
"""After how long a user who is offline counts as not logged in (product docs: online status)."""

# by topic: the console's switch, on unless it says otherwise, and the code without it
SWITCHES = {
    "status": ("user_status", codes.USER_STATUS_DISABLED),
    "profile": ("profile_subscription", codes.PROFILE_SUBSCRIPTION_DISABLED),
}


@row_class
class Subscription:
    """A device wants to hear of a user. `topic` is "status" or "profile"; `number` grows with each subscription."""

    device_id: str
    topic: str
    user_id: str
    number: int


SUBSCRIPTIONS = TableSpec(
    "subscriptions",
    Subscription,
    ("device_id", "topic", "user_id"),
    {
        "device": lambda: Groups(lambda s: (s.device_id, s.topic)),
        "user": lambda: Groups(lambda s: (s.topic, s.user_id)),
    },
    exported=False,
    is_local=True,
)


def announce(world: World, user_id: str) -> None:
    """
    State user_status_changed to the devices that follow a user's status.

    With the switch "friend_status_notices" those who have the user as a friend hear it as well, each device once.
    """
    told = dict.fromkeys(key[0] for key in world[SUBSCRIPTIONS].index("user").of(("status", user_id)))
    if world.policy.switch("friend_status_notices"):
        from bridge.world.people import friends

        for owner in friends.owners_of(world, user_id):
            told.update(dict.fromkeys(device.device_id for device in devices.seen_of_user(world, owner)))
    for device_id in told:
        world.state("user_status_changed", facts.device(device_id), status_list=(users.profile(world, user_id),))


def set_online(world: World, user_id: str, status: int) -> None:
    """
    Set whether a user is online: 1 online, 2 offline, 3 not logged in.

    A status text goes when the user does. Seven days of 2 become 3. States user_status_changed to those who follow, if it is a change.
    """
    account = users.profile(world, user_id)
    if account.status == status:
        return
    if account.lapse_timer:
        world.unschedule(account.lapse_timer)
    timer = world.schedule("statuses.lapse", world.now_ms + LAPSE_MS, user_id=user_id) if status == OFFLINE else 0
    text = account.custom_status if status == ONLINE else ""
    users.save(world, evolve(account, status=status, custom_status=text, lapse_timer=timer))
    announce(world, user_id)


def lapse(world: World, user_id: str) -> None:
    """Count a user who has been offline for long as not logged in."""
    users.save(world, evolve(users.profile(world, user_id), lapse_timer=0))
    set_online(world, user_id, NOT_LOGGED_IN)


def set_own(world: World, user_id: str, text: str) -> None:
    """
    Put a text to the own status; "" clears it.

    States user_status_changed to the own devices, and to those that follow.

    Raises: ChatError 6017 for more than 100 bytes.
    """
    if bytes_of(text) > TEXT_BYTES:
        raise ChatError(codes.INVALID_PARAMETERS)
    account = evolve(users.profile(world, user_id), custom_status=text)
    users.save(world, account)
    world.state("user_status_changed", facts.user(user_id), status_list=(account,))
    announce(world, user_id)


def query(world: World, user_id: str, user_ids: list[str]) -> list[users.User]:
    """
    Return the accounts whose status a user asked for; unknown users are left out.

    Raises: ChatError 6017 (no id, or over 500); 72001 for others than oneself, with the switch "user_status" off; 70107 (all unknown); 7008
        beyond 20 calls in 5 s, where rates are limited.
    """
    if not 1 <= len(user_ids) <= MAX_QUERIED:
        raise ChatError(codes.INVALID_PARAMETERS)
    if any(one != user_id for one in user_ids):
        _check_switch(world, "status")
    _check_rate(world, user_id, "status")
    known = [found for one in user_ids if (found := users.find(world, one)) is not None]
    if not known:
        raise ChatError(codes.ACCOUNT_NOT_FOUND)
    return known


def _check_switch(world: World, topic: str) -> None:
    switch, code = SWITCHES[topic]
    if not world.policy.switch(switch):
        raise ChatError(code)


def _check_rate(world: World, user_id: str, topic: str) -> None:
    if topic == "status" and world.policy.rate_limits:
        from bridge.world.kernel import rates

        rates.check(world, user_id, "user_status", CALLS, WINDOW_MS, codes.CALL_FREQUENCY_LIMIT)


def subscribe(world: World, device: Device, topic: str, user_ids: list[str]) -> None:
    """
    Follow users; of more than 200 the oldest drop out. A second time makes it the newest.

    Raises: ChatError 6017 (no id, or over 100 of a status, 200 of a profile; the own id for a status); 72001 or 72012 where the console
        has it switched off; 7008 beyond 20 calls about status in 5 s, where rates are limited.
    """
    if not user_ids:
        raise ChatError(codes.INVALID_PARAMETERS, "userIDList is empty")
    if len(user_ids) > MAX_PER_CALL[topic] or (topic == "status" and device.user_id in user_ids):
        raise ChatError(codes.INVALID_PARAMETERS)
    _check_switch(world, topic)
    _check_rate(world, device.user_id or "", topic)
    table = world[SUBSCRIPTIONS]
    for user_id in user_ids:
        key = (device.device_id, topic, user_id)
        table.put(key, Subscription(*key, number=world.next_number("subscription")))
    kept = [table[key] for key in table.index("device").of((device.device_id, topic))]
    for old in sorted(kept, key=lambda s: s.number)[:-MAX_KEPT]:
        table.drop((old.device_id, topic, old.user_id))


def unsubscribe(world: World, device: Device, topic: str, user_ids: list[str]) -> None:
    """
    Stop following users; an empty list means all.

    Raises: ChatError 72001 or 72012 where the console has it switched off; 7008 beyond 20 calls about status in 5 s, where rates are
        limited.
    """
    _check_switch(world, topic)
    _check_rate(world, device.user_id or "", topic)
    table = world[SUBSCRIPTIONS]
    for key in table.index("device").of((device.device_id, topic)):
        if not user_ids or key[2] in user_ids:
            table.drop(key)


def forget(world: World, device_id: str) -> None:
    """Drop all that a device follows."""
    table = world[SUBSCRIPTIONS]
    for topic in ("profile", "status"):
        for key in table.index("device").of((device_id, topic)):
            table.drop(key)
