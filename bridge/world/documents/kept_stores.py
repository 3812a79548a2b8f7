"""
What installs have, in documents: the section `installs`.

An app that is not running, or has no network, knows the world as it was (`kernel/installs.py`). A document holds that as the
difference to the world that it is about.
"""

from __future__ import annotations

from typing import Any

from bridge.world.documents.row_json import Flaw
from bridge.world.kernel import installs
from bridge.world.kernel.installs import NOTHING, STORES, Before, Held, Store
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import TableSpec
from bridge.world.kernel.world import World


@row_class
class Kept:
    """
    A store as a document has it.

    Attributes:
        order, notice: see `Store`; an order of -1 stands for a store in which nothing is.
        had: rows that are not as the service has them: section and row. `lacked`: those that were not there: section and key.
    """

    user_id: str
    install: str
    order: int
    notice: int = 0
    had: tuple[tuple[str, Any], ...] = ()
    lacked: tuple[tuple[str, Any], ...] = ()


KEPT = TableSpec("installs", Kept, ("user_id", "install"), is_local=True)


def write_down(world: World) -> None:
    """Put what every install has into the table that documents hold. Apps that were killed just now have what is there."""
    for store in world[STORES].sorted():
        found: Before = {}
        if NOTHING < store.mark < len(world.log.marks):
            store.held.open("")
            found = store.held.differences()
        had: list[tuple[str, Any]] = []
        lacked: list[tuple[str, Any]] = []
        for name, rows in found.items():
            had += [(name, row) for row in rows.values() if row is not None]
            lacked += [(name, key) for key, row in rows.items() if row is None]
        kept = Kept(store.user_id, store.install, store.order, store.notice, tuple(had), tuple(lacked))
        world[KEPT].put((store.user_id, store.install), kept)


def take_up(world: World, spec_of: Any) -> None:
    """
    Give every install what a document says of it. The world was empty before, and is not marked yet.

    Args:
        spec_of: returns the table of a section.

    Raises: Flaw.
    """
    for at, kept in enumerate(list(world[KEPT].rows.values())):
        try:
            before = _before(world, kept, spec_of)
        except Flaw as flaw:
            raise flaw.at("installs", at) from None
        key = (kept.user_id, kept.install)
        mark = NOTHING if kept.order < 0 else 0
        world[STORES].restore(key, Store(*key, kept.order, kept.notice, mark, Held(world, kept.user_id, mark, before)))
        world[KEPT].restore(key, None)
        world.keep = installs.note


def _before(world: World, kept: Kept, spec_of: Any) -> Before:
    before: Before = {}
    for at, (name, row) in enumerate(kept.had):
        spec = _spec(spec_of, name, "had", at)
        if row.__class__ is not spec.row_type:
            raise Flaw("must be a row of its section", ("had", at, 1))
        before.setdefault(world[spec].spec.name, {})[spec.key_of(row)] = row
    for at, (name, key) in enumerate(kept.lacked):
        spec = _spec(spec_of, name, "lacked", at)
        parts = key if isinstance(key, tuple) else (key,)
        if len(parts) != len(spec.key) or not all(isinstance(part, (str, int)) for part in parts):
            raise Flaw("must be a key of its section", ("lacked", at, 1))
        before.setdefault(world[spec].spec.name, {})[key] = None
    return before


def _spec(spec_of: Any, name: str, where: str, at: int) -> TableSpec[Any]:
    try:
        spec: TableSpec[Any] = spec_of(name)
    except Flaw as flaw:
        raise Flaw(flaw.message, (where, at, 0)) from None
    if spec.is_local:
        raise Flaw("is no section of which installs have something of their own", (where, at, 0))
    return spec
