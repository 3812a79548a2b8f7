"""
An index of what can be searched: the texts of a conversation's messages, put together.

Nothing is noted of a conversation before a search of all conversations reads it. Then it is noted by blocks of messages. So the index
says in which blocks a word does not stand, and which is the newest message of a block at most in which it does; that one and those
before it are read. What has come since stands in no block and is read; in a block of which a message has changed, anything may stand
until it is noted again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

BLOCK = 512
"""How many messages a block has at most."""

LEAST_TAIL = 64
"""So many messages beyond the last block are worth a block of their own."""

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


class Wordings:
    """The index."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[Any, Known] = {}

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
