"""
An index of what can be searched: which runs of one, two and three letters stand in the messages of a conversation.

Nothing is noted of a conversation before a search of all conversations reads it. Then it is noted by blocks of messages, in bits of one
number, about eight for each run. So the index says for certain in which blocks a word does not stand; the others are read.
What has come since stands in no block and is read; in a block of which a message has changed, anything may stand until it is noted again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

BLOCK = 512
"""How many messages a block has at most."""

LEAST_TAIL = 64
"""So many messages beyond the last block are worth a block of their own."""

BITS_OF_RUN, LEAST_BITS = 8, 1 << 10


class Block(NamedTuple):
    """Messages from an order to another (both included), and the bits of the runs in them; None: anything may stand there."""

    low: int
    high: int
    bits: bytes | None


class Needle:
    """
    What is looked for.

    Args:
        words: in small letters. `every`: whether all of them must stand in a message, or one.
    """

    def __init__(self, words: Iterable[str], every: bool) -> None:
        runs = [_runs_of(word) for word in words if word]
        self._choices = [set().union(*runs)] if every else runs
        self._places: dict[int, list[list[tuple[int, int]]]] = {}

    def may_stand(self, bits: bytes | None) -> bool:
        """Return false if certainly nothing in a block with these bits is meant."""
        if bits is None:
            return True
        places = self._places.get(len(bits))
        if places is None:
            places = self._places[len(bits)] = [[_place(run, len(bits)) for run in runs] for runs in self._choices]
        for choice in places:
            for at, bit in choice:
                if not bits[at] & bit:
                    break
            else:
                return True
        return False


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


class Grams:
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
        elif blocks[at].bits is not None:
            blocks = (*blocks[:at], blocks[at]._replace(bits=None), *blocks[at + 1 :])
            self._known[row.channel] = Known(blocks, True, known.tail)

    def spans(self, channel: Any, needle: Needle) -> list[tuple[int, int | None]] | None:
        """
        Return from which order to which (both included, None: to the end) a conversation must be read, newest first.

        None if it is to be noted first, or much of it anew.
        """
        known = self._known.get(channel)
        if known is None or known.is_uncertain or known.tail >= LEAST_TAIL:
            return None
        found: list[tuple[int, int | None]] = []
        if known.tail:
            found.append((known.blocks[-1].high + 1, None))
        for low, high, bits in reversed(known.blocks):
            if needle.may_stand(bits):
                found.append((low, high))
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
        for at, (low, high, bits) in enumerate(blocks):
            if bits is None:
                blocks[at] = _block(low, high, map(text_of, ids[bisect_left(orders, low) : bisect_left(orders, high + 1)]))
                yield
        first = bisect_left(orders, blocks[-1].high + 1) if blocks else 0
        while first < len(orders):
            behind = min(first + BLOCK, len(orders))
            low = blocks[-1].high + 1 if blocks else 0
            blocks.append(_block(low, orders[behind - 1], map(text_of, ids[first:behind])))
            first = behind
            yield
        self._known[channel] = Known(tuple(blocks or [Block(0, 0, b"\0")]))


def _block(low: int, high: int, texts: Iterable[str]) -> Block:
    text = "\n".join(texts)
    runs = {*zip(text), *pairwise(text), *zip(text, text[1:], text[2:])}  # noqa: B905 the shortest says when it ends
    size = LEAST_BITS // 8
    while size * 8 < BITS_OF_RUN * len(runs):
        size *= 2
    bits = bytearray(size)
    for run in runs:
        at, bit = _place(run, size)
        bits[at] |= bit
    return Block(low, high, bytes(bits))


def _runs_of(word: str) -> set[tuple[str, ...]]:
    """Return the longest runs of a word: what holds them may hold the word."""
    length = min(3, len(word))
    return {tuple(word[at : at + length]) for at in range(len(word) - length + 1)}


def _place(run: tuple[str, ...], size: int) -> tuple[int, int]:
    """Return in which byte a run is noted, and the bit."""
    at = hash(run) % (size * 8)
    return at >> 3, 1 << (at & 7)
