"""Official accounts: made by the service alone, followed by users (native header, since 7.6)."""

from __future__ import annotations

from typing import Any

from bridge.errors import ChatError
from bridge.world.kernel import codes, facts
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.results import Item
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import Groups, TableSpec
from bridge.world.kernel.world import World

UNKNOWN_TEXT = "there is no official account of this id"


@row_class
class OfficialAccount:
    """An official account. `owner` is the user it belongs to, or ""."""

    account_id: str
    name: str = ""
    face_url: str = ""
    owner: str = ""
    organization: str = ""
    introduction: str = ""
    custom_data: str = ""
    created_ms: int = 0


@row_class
class Subscriber:
    """A user who has subscribed to an official account, since `added_ms`."""

    user_id: str
    account_id: str
    added_ms: int = 0


OFFICIAL_ACCOUNTS = TableSpec("official_accounts", OfficialAccount, ("account_id",))
SUBSCRIBERS = TableSpec(
    "official_account_subscribers",
    Subscriber,
    ("user_id", "account_id"),
    {"user": lambda: Groups(lambda s: s.user_id), "account": lambda: Groups(lambda s: s.account_id)},
)


def subscriber_count(world: World, account_id: str) -> int:
    """Return how many users have subscribed to an account."""
    count: int = world[SUBSCRIBERS].index("account").count(account_id)
    return count


def subscribed_ms(world: World, user_id: str, account_id: str) -> int:
    """Return since when a user has subscribed to an account; 0 if not."""
    row = world[SUBSCRIBERS].get((user_id, account_id))
    return 0 if row is None else row.added_ms


# --- what users do


def subscribe(world: World, user_id: str, account_id: str) -> None:
    """
    Subscribe to an account; a second time nothing happens.

    States official_account_subscribed to the user's devices. Raises: ChatError 6017 (no id, or no such account).
    """
    account = _require(world, account_id)
    if (user_id, account_id) in world[SUBSCRIBERS]:
        return
    world[SUBSCRIBERS].put((user_id, account_id), Subscriber(user_id, account_id, world.now_ms))
    world.state("official_account_subscribed", facts.user(user_id), official_account=account)


def unsubscribe(world: World, user_id: str, account_id: str) -> None:
    """
    End a subscription; without one nothing happens.

    States official_account_unsubscribed to the user's devices. Raises: ChatError 6017 (no id, or no such account).
    """
    _require(world, account_id)
    if (user_id, account_id) in world[SUBSCRIBERS]:
        world[SUBSCRIBERS].drop((user_id, account_id))
        world.state("official_account_unsubscribed", facts.user(user_id), official_account_id=account_id)


def infos(world: World, user_id: str, account_ids: list[str]) -> list[Item]:
    """
    Return accounts; those that the user has subscribed to, in order of their ids, if none is named.

    Returns: an item per id whose value is the account; 6017 and a blank one for an id that is none.
    """
    table = world[OFFICIAL_ACCOUNTS]
    wanted = account_ids or [key[1] for key in world[SUBSCRIBERS].index("user").of(user_id)]
    items = []
    for account_id in wanted:
        account = table.get(account_id)
        if account is None:
            blank = OfficialAccount(account_id)
            items.append(Item.of(account_id, codes.INVALID_PARAMETERS, blank, UNKNOWN_TEXT))
        else:
            items.append(Item.of(account_id, value=account))
    return items


def _require(world: World, account_id: str) -> OfficialAccount:
    account = world[OFFICIAL_ACCOUNTS].get(account_id)
    if account is None:
        raise ChatError(codes.INVALID_PARAMETERS, UNKNOWN_TEXT if account_id else None)
    return account


# --- what the service does


def publish(world: World, account_id: str, **attributes: Any) -> OfficialAccount:
    """
    Make an official account; one of that id is replaced, its subscribers stay.

    Args:
        attributes: of `OfficialAccount`; what is left out is empty.

    Returns: the account.
    """
    account = OfficialAccount(account_id, **{"created_ms": world.now_ms, **attributes})
    world[OFFICIAL_ACCOUNTS].put(account_id, account)
    return account


def change(world: World, account_id: str, **attributes: Any) -> OfficialAccount:
    """
    Change an official account; what is left out stays.

    Returns: the account. States official_account_info_changed to its subscribers, if something changed.

    Raises: KeyError if there is none of that id.
    """
    old = world[OFFICIAL_ACCOUNTS][account_id]
    new = evolve(old, **attributes)
    if new != old:
        world[OFFICIAL_ACCOUNTS].put(account_id, new)
        for user_id in subscribers(world, account_id):
            world.state("official_account_info_changed", facts.user(user_id), official_account=new)
    return new


def delete(world: World, account_id: str) -> None:
    """
    Delete an official account with all subscriptions.

    States official_account_deleted to those who had subscribed. Raises: KeyError if there is none of that id.
    """
    if account_id not in world[OFFICIAL_ACCOUNTS]:
        raise KeyError(account_id)
    told = subscribers(world, account_id)
    for user_id in told:
        world[SUBSCRIBERS].drop((user_id, account_id))
    world[OFFICIAL_ACCOUNTS].drop(account_id)
    for user_id in told:
        world.state("official_account_deleted", facts.user(user_id), official_account_id=account_id)


def subscribers(world: World, account_id: str) -> list[str]:
    """Return the ids of those who have subscribed to an account, sorted."""
    return [key[0] for key in world[SUBSCRIBERS].index("account").of(account_id)]
