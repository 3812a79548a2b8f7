"""A world in the making, and what rows leave out that can be made up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from bridge.slices import ROWS, Slices
from bridge.world.documents.loading import Path, Places, doubled
from bridge.world.documents.row_json import Flaw, RowCodec, UnknownKey, codec, unknown_key
from bridge.world.kernel.store import TableSpec
from bridge.world.kernel.world import World

Values = dict[str, Any]

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
        places: where each row stands in the document, by table, in the order in which they were put in, all before any that was made up.
    """

    def __init__(self, world: World, document: Mapping[str, Any]) -> None:
        self.world = world
        self.now_ms = world.now_ms
        self.order = 0
        self.numbers: dict[str, int] = {}
        self.mentioned: dict[str, Path] = {}
        self.given: dict[tuple[str, Any], Values] = {}
        self.places: Places = {}
        self.document = document
        self._intakes: dict[str, Intake] = {}
        self._places_messages = False
        self._steps = 0

    def is_due(self) -> bool:
        """Return whether a slice is over. Asked for each row that is looked at."""
        self._steps += 1
        return self._steps % ROWS == 0

    def look_ahead(self) -> Slices[None]:
        """Find out whether the document says itself which places messages have."""
        written = self.document.get("messages")
        for row in written if written.__class__ is list else []:
            if row.__class__ is dict and "order" in row:
                self._places_messages = True
                return
            if self.is_due():
                yield

    def next_order(self) -> int:
        """Give away the next place in the world's order."""
        self.order += 1
        return self.order

    def take_order(self, order: int) -> int:
        """Note that a place was given away by the document."""
        self.order = max(self.order, order)
        return order

    def joins_next(self, values: Values) -> None:
        """
        Let a member come in behind the others, before all messages.

        Where the document says itself which places messages have, members who do not say theirs have been there from the start.
        """
        if "joined_order" in values:
            self.take_order(values["joined_order"])
        elif not self._places_messages:
            values["joined_order"] = self.next_order()

    def in_order(self, spec: TableSpec[Any]) -> list[Any]:
        """Return the rows of a table in the order in which they were put there: the document's."""
        return list(islice(self.world[spec].rows.values(), len(self.places.get(spec.name, ()))))

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
        return self.intake(spec).put(values, path)

    def intake(self, spec: TableSpec[Any]) -> Intake:
        """Return where the rows of a table come in."""
        intake = self._intakes.get(spec.name)
        if intake is None:
            intake = self._intakes[spec.name] = Intake(self, spec)
        return intake

    def remains(self) -> tuple[Any, ...]:
        """Return what is of no use once the world is whole."""
        return self.given, self.mentioned

    def replace(self, spec: TableSpec[Any], row: Any) -> Any:
        """Put a row in the place of the one with its key, if any."""
        self.world[spec].restore(spec.key_of(row), row)
        return row


class Intake:
    """
    Where the rows of a table come in: what is the same for all of them is looked up once.

    Args:
        draft: the world in the making. `spec`: the table.
    """

    def __init__(self, draft: Draft, spec: TableSpec[Any]) -> None:
        known = codec(spec.row_type)
        self._draft = draft
        self._spec = spec
        self._table = draft.world[spec]
        self._places = draft.places.setdefault(spec.name, [])
        self._times = [name for name in MADE_NOW if name in known.attributes]
        self._has_order = "order" in known.attributes
        self._counter = spec.name.removesuffix("s") if "number" in known.attributes else None
        self._required = [name for name in known.attributes if name in known.required]

    def put(self, values: Values, path: Path) -> Any:
        """Complete a row and put it into the table. Raises Flaw for what nobody can make up, and for a second row of a key."""
        row = self.completed(values, path)
        self.take_all([(self._spec.key_of(row), row)], [path])
        return row

    def completed(self, values: Values, path: Path) -> Any:
        """Return a row of which some attributes are left out. Raises Flaw for what nobody can make up."""
        self._complete(values)
        try:
            return self._spec.row_type(**values)
        except TypeError:
            missing = next(name for name in self._required if name not in values)
            raise Flaw(f"{missing} is missing", path) from None

    def take_all(self, rows: list[tuple[Any, Any]], paths: list[Path]) -> None:
        """Put whole rows into the table, each by its key. Raises Flaw for a second row of a key."""
        taken = self._table.take_all(rows)
        self._places += paths[:taken]
        if taken < len(rows):
            raise doubled(self._spec, rows[taken][0]).at(*paths[taken])

    def _complete(self, values: Values) -> None:
        """Make up the times and numbers that a row leaves out."""
        draft = self._draft
        for name in self._times:
            if name not in values:
                values[name] = draft.now_ms
        if self._has_order:
            values["order"] = draft.take_order(values["order"]) if "order" in values else draft.next_order()
        if self._counter is not None:
            number = values.setdefault("number", draft.numbers.get(self._counter, 0) + 1)
            draft.numbers[self._counter] = max(number, draft.numbers.get(self._counter, 0))


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
