"""Who is online, and which devices want to hear of it."""

from __future__ import annotations

from attrs import evolve, frozen

from bridge.errors import ChatError
from bridge.world import codes, facts, users
from bridge.world.devices import Device
from bridge.world.store import Groups, TableSpec
from bridge.world.world import World

MAX_QUERIED, MAX_PER_CALL, MAX_KEPT = 500, 100, 200


@frozen
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
)


def announce(world: World, user_id: str) -> None:
    """State user_status_changed to the devices that follow a user's status."""
    followers = world[SUBSCRIPTIONS].index("user").of(("status", user_id))
    for device_id, _, _ in followers:
        world.state("user_status_changed", facts.device(device_id), status_list=(users.profile(world, user_id),))


def set_own(world: World, user_id: str, text: str) -> None:
    """
    Put a text to the own status; "" clears it.

    States user_status_changed to the own devices, and to those that follow.

    Raises: ChatError 6017 for more than 100 bytes.
    """
    if len(text.encode("utf-8", "surrogatepass")) > 100:
        raise ChatError(codes.INVALID_PARAMETERS)
    account = evolve(users.profile(world, user_id), custom_status=text)
    users.save(world, account)
    world.state("user_status_changed", facts.user(user_id), status_list=(account,))
    announce(world, user_id)


def query(world: World, user_ids: list[str]) -> list[users.User]:
    """
    Return the accounts whose status was asked for; unknown users are left out.

    Raises: ChatError 6017 (no id, or over 500); 72001 if status is switched off in the console.
    """
    if not 1 <= len(user_ids) <= MAX_QUERIED:
        raise ChatError(codes.INVALID_PARAMETERS)
    return [found for user_id in user_ids if (found := users.find(world, user_id)) is not None]


def subscribe(world: World, device: Device, topic: str, user_ids: list[str]) -> None:
    """
    Follow users; of more than 200 the oldest drop out.

    Raises: ChatError 6017 (no id, over 100, the own id).
    """
    if not user_ids:
        raise ChatError(codes.INVALID_PARAMETERS, "userIDList is empty")
    if len(user_ids) > MAX_PER_CALL or device.user_id in user_ids:
        raise ChatError(codes.INVALID_PARAMETERS)
    table = world[SUBSCRIPTIONS]
    for user_id in user_ids:
        key = (device.device_id, topic, user_id)
        table.put(key, Subscription(*key, number=world.next_number("subscription")))
    kept = [table[key] for key in table.index("device").of((device.device_id, topic))]
    for old in sorted(kept, key=lambda s: s.number)[:-MAX_KEPT]:
        table.drop((old.device_id, topic, old.user_id))


def unsubscribe(world: World, device: Device, topic: str, user_ids: list[str]) -> None:
    """Stop following users; an empty list means all."""
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
