"""friendshipManager: following, and official accounts."""

from __future__ import annotations

from bridge.handlers import Caller
from bridge.world import follows
from bridge.world import official_accounts as accounts
from bridge.world.results import Item, Page


def follow_user(caller: Caller, user_id_list: list[str]) -> list[Item]:
    """Follow users."""
    return follows.follow(caller.world, caller.user, user_id_list)


def unfollow_user(caller: Caller, user_id_list: list[str]) -> list[Item]:
    """Follow users no more."""
    return follows.unfollow(caller.world, caller.user, user_id_list)


def get_my_following_list(caller: Caller, next_cursor: str) -> Page:
    """Return whom the caller follows."""
    return follows.following(caller.world, caller.user, next_cursor)


def get_my_followers_list(caller: Caller, next_cursor: str) -> Page:
    """Return who follows the caller."""
    return follows.followers(caller.world, caller.user, next_cursor)


def get_mutual_followers_list(caller: Caller, next_cursor: str) -> Page:
    """Return those who follow the caller and whom the caller follows."""
    return follows.mutual_followers(caller.world, caller.user, next_cursor)


def get_user_follow_info(caller: Caller, user_id_list: list[str]) -> list[Item]:
    """Count whom users follow and who follows them."""
    return follows.counts(caller.world, user_id_list)


def check_follow_type(caller: Caller, user_id_list: list[str]) -> list[Item]:
    """Say how users and the caller follow each other."""
    return follows.check(caller.world, caller.user, user_id_list)


def subscribe_official_account(caller: Caller, official_account_id: str) -> None:
    """Subscribe to an official account."""
    accounts.subscribe(caller.world, caller.user, official_account_id)


def unsubscribe_official_account(caller: Caller, official_account_id: str) -> None:
    """End a subscription to an official account."""
    accounts.unsubscribe(caller.world, caller.user, official_account_id)


def get_official_accounts_info(caller: Caller, official_account_id_list: list[str]) -> list[Item]:
    """Return official accounts, those subscribed to if none is named."""
    return accounts.infos(caller.world, caller.user, official_account_id_list)
