"""Reading in groups: what is counted once for all members is what a look at each message finds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.world.documents import persistence
from bridge.world.documents.tallies import Tally
from bridge.world.kernel.world import World

USERS = ("ann", "bob", "cid", "dot")
PEOPLE = st.lists(st.sampled_from(USERS), unique=True, max_size=3)


def some(**values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return objects that have some of these."""
    return st.fixed_dictionaries({}, optional=values)


MESSAGES = st.lists(
    st.tuples(
        st.sampled_from(USERS),
        some(
            read=st.one_of(st.just(True), PEOPLE),
            at_users=st.lists(st.sampled_from((*USERS, "__kImSDK_MesssageAtALL__")), unique=True, max_size=2),
            excluded_from_unread=st.just(True),
            excluded_from_last=st.just(True),
            status=st.sampled_from([2, 6]),
        ),
        some(targets=PEOPLE, owner=st.sampled_from(USERS)),
    ),
    max_size=12,
)
MEMBERS = st.fixed_dictionaries({user: st.none() | st.integers(0, 12) for user in USERS})
ROWS = some(unread=st.just(0), recv_opt=st.integers(0, 3), read_seq=st.integers(0, 5), uncounted_order=st.integers(0, 9))


def document(kind: str, members: dict[str, int | None], messages: list[Any], rows: dict[str, Any], is_odd: bool) -> dict[str, Any]:
    """Return a world with one group; `is_odd`: whether some messages are not for all."""
    said = [{"from": who, "group": "g", "text": "x", **more, **(odd if is_odd else {})} for who, more, odd in messages]
    numbered = [{**one, "order": 2 * at + 1} for at, one in enumerate(said)]
    return {
        "groups": [{"group_id": "g", "group_type": kind, "members": []}],
        "members": [{"group_id": "g", "user_id": user, "joined_order": 2 * at} for user, at in members.items() if at is not None],
        "messages": numbered,
        "conversations": [{"user_id": user, "conversation_id": "group_g", **row} for user, row in rows.items() if row],
    }


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["Public", "Work", "Meeting", "Community"]),
    MEMBERS,
    MESSAGES,
    st.dictionaries(st.sampled_from(USERS), ROWS, max_size=2),
    st.booleans(),
)
def test_one_count_for_all_finds_what_each_look_finds(
    kind: str, members: dict[str, int | None], messages: list[Any], rows: dict[str, Any], is_odd: bool
) -> None:
    """Whoever wrote, read, was mentioned or came later: both ways make the same world."""
    written = document(kind, members, messages, rows, is_odd)
    quick, slow = World(), World()
    persistence.fill(quick, written)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Tally, "reading", lambda *_: None)
        persistence.fill(slow, written)
    assert persistence.document(slow) == persistence.document(quick)


def test_many_members_of_many_messages_cost_no_more_than_both() -> None:
    """A member is not compared with each message, one that nobody mentions at least."""
    looks = 0
    whole = Tally._message

    def counted(self: Tally, at: int) -> Any:
        nonlocal looks
        looks += 1
        return whole(self, at)

    members = [f"user{number}" for number in range(60)]
    messages = [{"from": members[number % 20], "group": "g", "text": "x"} for number in range(200)]
    world = World()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Tally, "_message", counted)
        persistence.fill(world, {"groups": [{"group_id": "g", "group_type": "Public", "members": members}], "messages": messages})
    unread = {row.user_id: row.unread for row in world.tables["conversations"].rows.values()}
    assert (0, 19, 200) == (unread["user19"], unread["user0"], unread["user59"])
    assert looks <= len(members)
