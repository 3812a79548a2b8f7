"""The index of what can be searched: it never hides a message, and passes what certainly holds no word."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.world.chats import search, wordings
from bridge.world.chats.wordings import Needle, Wordings
from tests.support.line import Line

PEERS = ("bob", "cid", "dot")
TEXTS = st.text("abAB你好ß \0", max_size=6)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.sampled_from(PEERS), TEXTS),
        st.tuples(st.just("search"), st.lists(TEXTS, min_size=1, max_size=3), st.booleans()),
        st.tuples(st.sampled_from(["modify", "revoke", "delete"]), st.integers(0, 9), TEXTS),
        st.tuples(st.sampled_from(["mark", "back", "load"])),
    ),
    max_size=40,
)


@contextmanager
def small_blocks(block: int, tail: int) -> Iterator[None]:
    """Let blocks be short."""
    before = wordings.BLOCK, wordings.LEAST_TAIL
    wordings.BLOCK, wordings.LEAST_TAIL = block, tail
    try:
        yield
    finally:
        wordings.BLOCK, wordings.LEAST_TAIL = before


class Chat:
    """Alice, who searches, and what she is told."""

    def __init__(self) -> None:
        self.line = Line()
        self.line.start("alice")
        self.sent: list[dict[str, Any]] = []
        self.marks: list[str] = []

    def take(self, what: str, *about: Any) -> None:
        """Take a step."""
        getattr(self, f"do_{what}")(*about)

    def do_say(self, peer: str, text: str) -> None:
        """Let a message come."""
        if text:
            self.sent.append(self.line.ask("bridge.user.say", user=peer, to="alice", text=text))

    def do_modify(self, at: int, text: str) -> None:
        """Change a message."""
        if text and at < len(self.sent):
            changed = {**self.sent[at], "textElem": {"text": text}}
            self.line.ask("bridge.user.call", user=self.sent[at]["sender"], method="modifyMessage", arguments={"message": changed})

    def do_revoke(self, at: int, _: str) -> None:
        """Take a message back."""
        if at < len(self.sent):
            one = self.sent[at]
            self.line.ask("bridge.user.call", user=one["sender"], method="revokeMessage", arguments={"msgID": one["msgID"]})

    def do_delete(self, at: int, _: str) -> None:
        """Delete a message."""
        if at < len(self.sent):
            self.line.ask("deleteMessages", msgIDs=[self.sent[at]["msgID"]])

    def do_mark(self) -> None:
        """Set a checkpoint."""
        self.marks.append(self.line.ask("bridge.world.checkpoint")["checkpoint"])

    def do_back(self) -> None:
        """Go back to the last checkpoint."""
        if self.marks:
            self.line.ask("bridge.world.rollback", checkpoint=self.marks[-1])

    def do_load(self) -> None:
        """Go on in a world of the same document."""
        self.line.ask("bridge.world.load", world=self.line.ask("bridge.world.export"))
        self.marks.clear()
        self.line.start("alice")

    def do_search(self, words: list[str], every: bool) -> None:
        """Search; what is found is what a search without an index finds."""
        query = search.Query(words=tuple(words), every_word=every)
        if any(words):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(Wordings, "spans", lambda *_: ((0, None),))
                expected = search.search(self.line.world, "alice", query)
            assert expected == search.search(self.line.world, "alice", query)


@settings(max_examples=80, deadline=None)
@given(STEPS, st.sampled_from([(1, 1), (2, 3), (3, 2), (512, 64)]))
def test_index_hides_nothing(steps: list[tuple[Any, ...]], sizes: tuple[int, int]) -> None:
    """However messages come, change and go, a search finds what reading all of them finds."""
    with small_blocks(*sizes):
        chat = Chat()
        for step in steps:
            chat.take(*step)


def test_conversations_without_a_word_are_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second search reads those conversations alone in which the word may stand."""
    line = Line()
    line.start("alice")
    for peer, text in (("bob", "a needle in it"), ("cid", "hay"), ("dot", "straw"), ("eve", "更多的干草")):
        line.ask("bridge.user.say", user=peer, to="alice", text=text)
    read: set[str] = set()
    hits = search._hits

    def noted(*about: Any, **more: Any) -> Any:
        read.add(about[3])
        return hits(*about, **more)

    monkeypatch.setattr(search, "_hits", noted)
    for words, every, expected in (
        (("needle",), False, ["c2c_bob"]),
        (("Needle", "hay"), False, ["c2c_bob", "c2c_cid"]),
        (("needle", "hay"), True, []),
        (("干草",), False, ["c2c_eve"]),
        (("草",), False, ["c2c_eve"]),
        (("nothing",), False, []),
    ):
        read.clear()
        search.search(line.world, "alice", search.Query(words=words, every_word=every))
        assert set(expected) == read


def test_long_conversations_are_read_in_part() -> None:
    """Of many messages those blocks are read in which a word may stand, and what came since."""
    index = Wordings()
    texts = {f"m{order}": "needle" if order == 700 else "hay" for order in range(1, 1601)}
    assert index.spans("c", Needle(["needle"], False)) is None
    for _ in index.note("c", [*range(1, 1601)], [*texts], texts.__getitem__):
        pass
    assert ((513, 700),) == index.spans("c", Needle(["needle"], False))
    assert ((1537, 1600), (1025, 1536), (513, 1024), (0, 512)) == index.spans("c", Needle(["hay"], False))
    assert () == index.spans("c", Needle(["straw"], False))


@pytest.mark.parametrize(("order", "expected"), [(1601, ((1601, None),)), (5, None)])
def test_changes_are_read(order: int, expected: tuple[Any, ...] | None) -> None:
    """What comes behind the blocks is read, and a block that has changed is noted anew before anything is passed."""
    index = Wordings()
    for _ in index.note("c", [*range(1, 1601)], ["m"] * 1600, lambda _: "hay"):
        pass
    index.changed("m", None, type("Row", (), {"channel": "c", "order": order}))
    assert expected == index.spans("c", Needle(["needle"], False))
