"""What holds of people, groups and messages, whoever looks: two sides of one thing never differ."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings

from bridge.world.chats import messages, visibility
from tests.support.town import GROUP_IDS, PEOPLE, Phone, Step, Town, steps


@settings(max_examples=40)
@given(steps(30))
def test_members_and_friends_agree(script: list[Step]) -> None:
    """Members are those who have joined and are counted right; whom a list of friends names is in the world."""
    town = Town()
    for number, step in enumerate(script):
        town.step(step)
        town.check_groups()
        if number % 5 == 0:
            town.check_people()
    town.check_people()


@settings(max_examples=30)
@given(steps(40))
def test_messages_in_all_histories(script: list[Step]) -> None:
    """A message is in the history of everybody with a network who may see it, fetched page by page, and in nobody else's."""
    town = Town()
    for step in script:
        town.step(step)
    for phone in town.phones:
        if phone.mirror is not None and not phone.is_cut:
            _check_histories(town, phone)


def _check_histories(town: Town, phone: Phone) -> None:
    install = town.emulator.engine.device(phone.id).install
    rows = town.world[messages.MESSAGES].rows
    seen = sorted(key for key, row in rows.items() if visibility.is_visible(town.world, phone.user, row, install))
    assert seen == sorted(one["msgID"] for target in (*PEOPLE, *GROUP_IDS) for one in _history(phone, target))


def _history(phone: Phone, target: str) -> list[Any]:
    """Return all messages of a conversation, newest first, in pages of five; [] where there is no reading."""
    found: list[Any] = []
    last = None
    while True:
        if target in PEOPLE:
            reply = phone.call("getC2CHistoryMessageList", userID=target, count=5, lastMsgID=last)
        else:
            reply = phone.call("getGroupHistoryMessageList", groupID=target, count=5, lastMsgID=last)
        page = reply.get("data") or []
        found += page
        if len(page) < 5:
            return found
        last = page[-1]["msgID"]


@settings(max_examples=30)
@given(steps(40))
def test_reading_never_runs_back(script: list[Step]) -> None:
    """How far a conversation is read only grows, and a receipt that was given stays given."""
    town = Town()
    for step in script:
        town.step(step)
        town.check_reading()


@settings(max_examples=20)
@given(steps(20))
def test_friends_are_symmetric(script: list[Step]) -> None:
    """Who adds both ways is in the other's list, and gone from it after a deletion both ways; one's own id is never in it."""
    town = Town()
    for step in script:
        town.step(step)
        for phone in town.phones:
            if phone.mirror is not None:
                names = [one["userID"] for one in phone.ask("getFriendList")]
                assert names == sorted(set(names))
                assert phone.user not in names
