"""
What an installed plugin says, as plain values.
"""

from __future__ import annotations

from typing import NamedTuple


class Sent(NamedTuple):
    """
    An argument of a call.

    Attributes:
        type: of the Dart parameter that is sent as it is; None for anything made of one.
        model: the class whose map is sent, or a list of whose maps.
    """

    type: str | None
    model: str | None


class Call(NamedTuple):
    """A call over the channel; `arguments` is None where they are not written out at the call."""

    name: str
    manager: str | None
    arguments: dict[str, Sent] | None
    where: str


class Model(NamedTuple):
    """A Dart class with maps: the keys that it reads and writes, and the types of fields that are written as they are."""

    name: str
    reads: frozenset[str] | None
    writes: frozenset[str] | None
    types: dict[str, str]
    where: str
    extends: str | None = None


class Event(NamedTuple):
    """An event that Dart hears: the keys of its data that it looks at."""

    listener: str
    type: str
    keys: frozenset[str]
    where: str


class Handler(NamedTuple):
    """A function of an adapter: what it takes a place in the arguments for (None: as it comes)."""

    name: str
    casts: dict[str, str | None]
    where: str


class Adapter(NamedTuple):
    """The native side on one platform: its functions, and (listener, type) of the events that it tells."""

    platform: str
    handlers: dict[str, Handler]
    events: dict[tuple[str, str], str]


class Function(NamedTuple):
    """A function of the native library as Dart binds it: the names and kinds of its parameters."""

    name: str
    parameters: tuple[tuple[str, str], ...]
    where: str


class Callback(NamedTuple):
    """A callback of the native library: the keys of what is posted that Dart looks at."""

    name: str
    keys: frozenset[str]
    where: str


class Said(NamedTuple):
    """
    All that was read.

    Attributes:
        channel: None for a generation that calls a native library.
        keys: of C-JSON that are looked at or written anywhere, with where; none where there is a channel.
        texts: all that stand in the sources; none where there is a channel.
        unread: sentences on what was there and could not be read.
    """

    package: str
    version: str
    channel: str | None
    calls: dict[str, list[Call]]
    models: dict[str, Model]
    events: dict[tuple[str, str], Event]
    adapters: dict[str, Adapter]
    functions: dict[str, Function]
    callbacks: dict[str, Callback]
    keys: dict[str, str]
    texts: frozenset[str]
    unread: list[str]
