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

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bridge.world.loading import doubled, section
from bridge.world.loading import put as put_counter
from bridge.world.rows import Flaw, RowCodec, UnknownKey, codec, unknown_key
from bridge.world.store import TableSpec
from bridge.world.world import World

Values = dict[str, Any]
Path = tuple[str | int, ...]

FIRST = ("users", "friends", "groups", "members", "topics", "messages", "conversations")
"""Sections with rules of their own, in the order in which they build on each other."""

MADE_NOW = ("added_ms", "created_ms", "joined_ms", "info_changed_ms", "set_ms", "sent_ms", "time_ms")
"""Times that are now where a row leaves them out."""

MADE_IN_ORDER = ("order", "number")
"""Numbers that count up where a row leaves them out."""


class Draft:
    """
    A world in the making.

    Attributes:
        order: the last place in the world's order that was given away.
        mentioned: where each user was mentioned first.
        given: the values that each row of some tables was given, by table and key.
        places: where each row stands in the document, by table and key.
    """

    def __init__(self, world: World, document: Mapping[str, Any]) -> None:
        self.world = world
        self.now_ms = world.now_ms
        self.order = 0
        self.numbers: dict[str, int] = {}
        self.mentioned: dict[str, Path] = {}
        self.given: dict[tuple[str, Any], Values] = {}
        self.places: dict[tuple[str, Any], Path] = {}
        self.document = document

    def next_order(self) -> int:
        """Give away the next place in the world's order."""
        self.order += 1
        return self.order

    def take_order(self, order: int) -> int:
        """Note that a place was given away by the document."""
        self.order = max(self.order, order)
        return order

    def mention(self, user_id: Any, *path: str | int) -> None:
        """Note that there must be such a user."""
        if user_id.__class__ is str and user_id not in self.mentioned:
            self.mentioned[user_id] = path

    def rows(self, name: str) -> Iterator[tuple[Path, Any]]:
        """Yield (path, row as written) of a section. Raises Flaw if it is no list."""
        written = self.document.get(name, [])
        if written.__class__ is not list:
            raise Flaw("must be a list", (name,))
        for at, wire in enumerate(written):
            yield (name, at), wire

    def put(self, spec: TableSpec[Any], values: Values, path: Path) -> Any:
        """Complete a row and put it into its table. Raises Flaw for what nobody can make up, and for a second row of a key."""
        columns = codec(spec.row_type)
        self.complete(spec.name, columns, values)
        for name in columns.attributes:
            if name in columns.required and name not in values:
                raise Flaw(f"{name} is missing", path)
        row = spec.row_type(**values)
        key = spec.key_of(row)
        table = self.world[spec]
        if key in table.rows:
            raise doubled(spec, key).at(*path)
        table.restore(key, row)
        self.places[(spec.name, key)] = path
        return row

    def complete(self, table: str, columns: RowCodec, values: Values) -> None:
        """Make up the times and numbers that a row leaves out."""
        for name in MADE_NOW:
            if name in columns.attributes and name not in values:
                values[name] = self.now_ms
        if "order" in columns.attributes:
            values["order"] = self.take_order(values["order"]) if "order" in values else self.next_order()
        if "number" in columns.attributes:
            counter = table.removesuffix("s")
            number = values.setdefault("number", self.numbers.get(counter, 0) + 1)
            self.numbers[counter] = max(number, self.numbers.get(counter, 0))

    def replace(self, spec: TableSpec[Any], row: Any) -> Any:
        """Put a row in the place of the one with its key, if any."""
        self.world[spec].restore(spec.key_of(row), row)
        return row


def read(columns: RowCodec, wire: Any, path: Path, also: tuple[str, ...] = ()) -> tuple[Values, Values]:
    """
    Return a row's own attributes, decoded, and what stands under the names in `also`, as written.

    Raises: Flaw.
    """
    if wire.__class__ is not dict:
        raise Flaw("must be an object", path)
    extra = {name: wire[name] for name in also if name in wire}
    own = {name: value for name, value in wire.items() if name not in extra} if extra else wire
    try:
        return columns.values(own), extra
    except Flaw as flaw:
        if isinstance(flaw, UnknownKey) and len(flaw.path) == 1:
            flaw = unknown_key(str(flaw.path[0]), [*columns.attributes, *also])
        raise flaw.at(*path) from None


def fill(world: World, document: Mapping[str, Any]) -> dict[tuple[str, Any], Path]:
    """
    Put a terse document's contents into an empty world.

    Returns: where each row stands in the document, by table and key.

    Raises: Flaw.
    """
    from bridge.world import terse_chats, terse_people
    from bridge.world.loading import HEAD

    draft = Draft(world, document)
    names = [name for name in document if name not in HEAD]
    specs = {name: section(name) for name in names}
    steps: dict[str, Callable[[Draft], None]] = {
        "users": terse_people.take_users,
        "friends": terse_people.take_friends,
        "groups": terse_people.take_groups,
        "members": terse_people.take_members,
        "messages": terse_chats.take_messages,
        "conversations": terse_chats.take_conversations,
    }
    for name in FIRST:
        if name in steps:
            steps[name](draft)
        elif name in specs:
            _take_rows(draft, specs[name])
    for name in names:
        if name not in FIRST:
            _take_rows(draft, specs[name])
    terse_people.finish(draft)
    terse_chats.finish(draft)
    put_counter(world, "order", draft.order)
    for counter, number in draft.numbers.items():
        put_counter(world, counter, number)
    return draft.places


USER_ATTRIBUTES = ("user_id", "owner", "follower", "sender", "inviter", "from_user")
"""Attributes that name a user, in whatever table."""


def _take_rows(draft: Draft, spec: TableSpec[Any]) -> None:
    columns = codec(spec.row_type)
    for path, wire in draft.rows(spec.name):
        values, _ = read(columns, wire, path)
        if spec.name == "drafts":
            values.setdefault("install", "")
        draft.put(spec, values, path)
        for name in USER_ATTRIBUTES:
            if name in values:
                draft.mention(values[name], *path, name)
