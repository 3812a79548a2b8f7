"""
An index of what can be searched: the texts of a conversation's messages, put together.

Nothing is noted of a conversation before a search of all conversations reads it. Then it is noted by blocks of messages. So the index
says in which blocks a word does not stand, and which is the newest message of a block at most in which it does; that one and those
before it are read. What has come since stands in no block and is read; in a block of which a message has changed, anything may stand
until it is noted again.

Some conversations together make a volume, which has each word of theirs once: where what is looked for stands in none, all of them are
passed by one look. Volumes are made for a user, of the conversations that a search has just noted, and kept for the few who searched last.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, compress, repeat
from operator import is_not
from typing import Any, NamedTuple

BLOCK = 512
"""How many messages a block has at most."""

LEAST_TAIL = 64
"""So many messages beyond the last block are worth a block of their own."""

VOLUME = 64
"""How many conversations a volume has at most."""

LOOSE = VOLUME // 4
"""A volume of which so many conversations have changed is made anew."""

READERS = 4
"""For so many users volumes are kept: each has words of its own, of groups that others are in, too."""

BETWEEN = "\0"
"""What stands between the texts of two messages; a line's end stands for one in a text."""

Spans = tuple[tuple[int, int | None], ...]
"""From which order to which (both included, None: to the end) something can stand, newest first."""


class Block(NamedTuple):
    """
    Messages from an order to another (both included).

    Attributes:
        text: all theirs, the oldest first; None: anything may stand there. `orders`: of each.
    """

    low: int
    high: int
    text: str | None
    orders: tuple[int, ...] = ()


class Needle:
    """
    What is looked for.

    Args:
        words: in small letters. `every`: whether all of them must stand in a message, or one.
    """

    def __init__(self, words: Iterable[str], every: bool) -> None:
        wanted = [word for word in words if word]
        ends = min if every else max
        self._every = all if every else any
        self._parts = [word.split() for word in wanted]
        self._is_odd = any(BETWEEN in word for word in wanted)
        self._end: Callable[[str], int] = (
            (lambda text: text.rfind(wanted[0])) if len(wanted) == 1 else (lambda text: ends(map(text.rfind, wanted)))
        )

    def newest(self, block: Block) -> int:
        """Return the order above which certainly nothing in a block is meant; below 0 if nothing in it is."""
        text = block.text
        if text is None or self._is_odd:
            return block.high
        end = self._end(text)
        return end if end < 0 else block.orders[text.count(BETWEEN, 0, end)]

    def may_stand(self, vocabulary: str) -> bool:
        """Return whether something may be meant in texts whose words, each once, are these."""
        return self._is_odd or self._every(all(part in vocabulary for part in parts) for parts in self._parts)


class Known:
    """
    What is known of a conversation.

    Attributes:
        blocks: without a gap, from order 0 on. `is_uncertain`: whether anything may stand in one of them.
        tail: how often something has changed beyond the last block.
    """

    __slots__ = ("blocks", "is_uncertain", "tail")

    def __init__(self, blocks: tuple[Block, ...], is_uncertain: bool = False, tail: int = 0) -> None:
        self.blocks = blocks
        self.is_uncertain = is_uncertain
        self.tail = tail


class Volume(NamedTuple):
    """
    Conversations of a user one after another.

    Attributes:
        ids: of the conversations. `channels`: of each.
        known: what was known of each when the volume was made, () if it was not made yet; None for one that is not part of it.
        vocabulary: the words of those that are part of it, each once.
    """

    ids: list[str]
    channels: list[Any]
    known: tuple[Known | None, ...] = ()
    vocabulary: str = ""


class Wordings:
    """The index."""

    __slots__ = ("_known", "_volumes")

    def __init__(self) -> None:
        self._known: dict[Any, Known] = {}
        self._volumes: dict[str, tuple[Volume, ...]] = {}

    def changed(self, key: str, old: Any, new: Any) -> None:
        if not self._known:
            return
        row = old if new is None else new
        known = self._known.get(row.channel)
        if known is None:
            return
        blocks = known.blocks
        at = bisect_left(blocks, row.order, key=lambda block: block.high)
        # a new one each time: another world may have begun with the old one
        if at == len(blocks):
            self._known[row.channel] = Known(blocks, known.is_uncertain, known.tail + 1)
        elif blocks[at].text is not None:
            blocks = (*blocks[:at], blocks[at]._replace(text=None, orders=()), *blocks[at + 1 :])
            self._known[row.channel] = Known(blocks, True, known.tail)

    def added(self, rows: list[tuple[str, Any]]) -> None:
        """Note new messages. As `changed` for each: a world is filled with them before anything is known."""
        if self._known:
            for key, row in rows:
                self.changed(key, None, row)

    def volumes(self, user_id: str, ids: list[str], channel_of: Callable[[str], Any]) -> list[Volume]:
        """
        Return a user's conversations by volumes.

        Args:
            ids: of all of them; a volume in which others stand than before is not made yet.
        """
        parts = [ids[first : first + VOLUME] for first in range(0, len(ids), VOLUME)]
        made = chain(self._volumes.get(user_id, ()), repeat(None))
        return [
            volume if volume and volume.ids == part else Volume(part, [*map(channel_of, part)])
            for part, volume in zip(parts, made, strict=False)
        ]

    def suspects(self, volume: Volume, needle: Needle) -> list[tuple[str, Any]]:
        """Return the id and the channel of each conversation of a volume in which something may be meant, for all that the volume says."""
        of_volume = zip(volume.ids, volume.channels, strict=True)
        if volume.known and not needle.may_stand(volume.vocabulary):
            return [*compress(of_volume, map(is_not, volume.known, map(self._known.get, volume.channels)))]
        return [*of_volume]

    def up_to_date(self, volume: Volume, suspects: int) -> Volume:
        """
        Return a volume, or one made anew for it: if it is not made yet, or if many of its conversations have been noted since.

        Args:
            suspects: how many have just been looked at, and noted where they were not.
        """
        if volume.known and suspects < LOOSE:
            return volume
        known = [self._known.get(channel) for channel in volume.channels]
        part = [None if one is None or one.tail or one.is_uncertain else one for one in known]
        if volume.known and sum(new is not None and new is not old for new, old in zip(part, volume.known, strict=True)) < LOOSE:
            return volume
        words: set[str] = set()
        for one in part:
            for block in one.blocks if one else ():
                words.update((block.text or "").replace(BETWEEN, "\n").split())
        return volume._replace(known=tuple(part), vocabulary=" ".join(words))

    def keep(self, user_id: str, volumes: list[Volume]) -> None:
        """Keep a user's volumes, in place of those of who searched longest ago."""
        self._volumes.pop(user_id, None)
        for longest_ago in [*self._volumes][: 1 - READERS]:
            del self._volumes[longest_ago]
        self._volumes[user_id] = tuple(volumes)

    def spans(self, channel: Any, needle: Needle) -> Spans | None:
        """Return where a conversation must be read; None if it is to be noted first, or much of it anew."""
        known = self._known.get(channel)
        if known is None or known.is_uncertain or known.tail >= LEAST_TAIL:
            return None
        found: Spans = ((known.blocks[-1].high + 1, None),) if known.tail else ()
        for block in reversed(known.blocks):
            newest = needle.newest(block)
            if newest >= 0:
                found += ((block.low, newest),)
        return found

    def note(self, channel: Any, orders: list[int], ids: list[str], text_of: Callable[[str], str]) -> Iterator[None]:
        """
        Note what is not noted yet, a block in each step; the world must not change in between.

        Args:
            orders, ids: of all messages of the conversation, the oldest first.
            text_of: returns what can be searched of a message, in small letters.
        """
        known = self._known.get(channel)
        blocks = [] if known is None else [*known.blocks]
        for at, block in enumerate(blocks):
            if block.text is None:
                part = slice(bisect_left(orders, block.low), bisect_left(orders, block.high + 1))
                blocks[at] = _block(block.low, block.high, orders[part], map(text_of, ids[part]))
                yield
        first = bisect_left(orders, blocks[-1].high + 1) if blocks else 0
        while first < len(orders):
            behind = min(first + BLOCK, len(orders))
            low = blocks[-1].high + 1 if blocks else 0
            blocks.append(_block(low, orders[behind - 1], orders[first:behind], map(text_of, ids[first:behind])))
            first = behind
            yield
        self._known[channel] = Known(tuple(blocks or [Block(0, 0, "", (0,))]))


def _block(low: int, high: int, orders: list[int], texts: Iterable[str]) -> Block:
    return Block(low, high, BETWEEN.join([text.replace(BETWEEN, "\n") for text in texts]), tuple(orders))
