"""
Documents that people write: what they leave out is made up, the same way every time.

* Users need only be mentioned. `"friends": [{"between": ["alice", "bob"]}]` makes both entries; `"mutual": true` mirrors one.
* Groups may list their `members`, as ids or as rows; a role may be a word. The first owner among them owns the group.
* A message needs who, where and what: `{"from": "alice", "to": "bob", "text": "hi", "minutes_ago": 5}`, or `"group"` for `"to"`, and
  any kind of element by its name for `"text"`. Messages are ordered by time; one without a time comes a second after the one before it.
* Conversations follow from messages: everybody has read what came before the own last message, and up to one with `"read": true` (or a
  list of users). A row for one adds to that: its `unread` says how many of the newest messages are unread, `"read": true` that
  none is, `draft` is the text that the app on the connection's own device keeps.
* Names of conversation groups and friend groups that rows mention exist.
* What was written before has reached everybody: nobody gets it as new at the next login.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bridge.slices import Slices, let_go
from bridge.world.documents import terse_chats, terse_people
from bridge.world.documents.drafts import Draft, read
from bridge.world.documents.loading import HEAD, Places, section
from bridge.world.documents.loading import put as put_counter
from bridge.world.documents.row_json import Flaw, codec
from bridge.world.kernel.store import TableSpec
from bridge.world.kernel.world import World

FIRST = ("users", "friends", "groups", "members", "topics", "messages", "conversations")
"""Sections with rules of their own, in the order in which they build on each other."""


def fill(world: World, document: Mapping[str, Any]) -> Slices[Places]:
    """
    Put a terse document's contents into an empty world.

    Returns: where each row stands in the document, by table and key.

    Raises: Flaw.
    """
    draft = Draft(world, document)
    names = [name for name in document if name not in HEAD]
    specs = {name: section(name) for name in names}
    steps: dict[str, Callable[[Draft], Slices[None]]] = {
        "users": terse_people.take_users,
        "friends": terse_people.take_friends,
        "groups": terse_people.take_groups,
        "members": terse_people.take_members,
        "messages": terse_chats.take_messages,
        "conversations": terse_chats.take_conversations,
    }
    try:
        yield from draft.look_ahead()
        for name in FIRST:
            if name in steps:
                yield from steps[name](draft)
            elif name in specs:
                yield from _take_rows(draft, specs[name])
        for name in names:
            if name not in FIRST:
                yield from _take_rows(draft, specs[name])
        yield from terse_people.finish(draft)
        yield from terse_chats.finish(draft)
    except Flaw:
        yield from let_go(*draft.remains(), *draft.places.values())
        raise
    put_counter(world, "order", draft.order)
    for counter, number in draft.numbers.items():
        put_counter(world, counter, number)
    yield from let_go(*draft.remains())
    return draft.places


USER_ATTRIBUTES = ("user_id", "owner", "follower", "sender", "inviter", "from_user")
"""Attributes that name a user, in whatever table."""


def _take_rows(draft: Draft, spec: TableSpec[Any]) -> Slices[None]:
    columns = codec(spec.row_type)
    for path, wire in draft.rows(spec.name):
        if draft.is_due():
            yield
        values, _ = read(columns, wire, path)
        if spec.name == "drafts":
            values.setdefault("install", "")
        draft.put(spec, values, path)
        for name in USER_ATTRIBUTES:
            if name in values:
                draft.mention(values[name], *path, name)
