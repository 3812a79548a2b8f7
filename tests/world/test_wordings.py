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
def small_blocks(block: int, tail: int, volume: int, loose: int) -> Iterator[None]:
    """Let blocks be short, and volumes small."""
    with pytest.MonkeyPatch.context() as patch:
        for name, size in (("BLOCK", block), ("LEAST_TAIL", tail), ("VOLUME", volume), ("LOOSE", loose)):
            patch.setattr(wordings, name, size)
        yield


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
                patch.setattr(Wordings, "suspects", lambda _, volume, __: [*zip(volume.ids, volume.channels, strict=True)])
                patch.setattr(Wordings, "spans", lambda *_: ((0, None),))
                patch.setattr(Wordings, "keep", lambda *_: None)
                expected = search.search(self.line.world, "alice", query)
            assert expected == search.search(self.line.world, "alice", query)


@settings(max_examples=80, deadline=None)
@given(STEPS, st.sampled_from([(1, 1, 1, 1), (2, 3, 2, 1), (3, 2, 2, 2), (512, 64, 64, 16)]))
def test_index_hides_nothing(steps: list[tuple[Any, ...]], sizes: tuple[int, int, int, int]) -> None:
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


TEXTS_OF = {"a": ["Tall ships", "at noon"], "b": ["ships at sea"], "c": ["海上的船"], "d": ["tall\ttales"]}


class Shelf:
    """An index of four conversations in volumes of two, and what of them is looked at."""

    def __init__(self) -> None:
        self.index = Wordings()
        self.texts = {name: [text.casefold() for text in texts] for name, texts in TEXTS_OF.items()}

    def say(self, name: str, text: str) -> None:
        """Let a text come in a conversation."""
        self.texts[name].append(text)
        self.index.changed("m", None, type("Row", (), {"channel": name, "order": len(self.texts[name])}))

    def looked_at(self, *words: str, every: bool = False, reader: str = "alice", ids: str = "abcd") -> str:
        """Return the conversations that a search looks at."""
        looked = ""
        needle = Needle(words, every)
        volumes = self.index.volumes(reader, [*ids], str)
        for at, volume in enumerate(volumes):
            suspects = self.index.suspects(volume, needle)
            for name, channel in suspects:
                looked += name
                if self.index.spans(channel, needle) is None:
                    texts = self.texts[name]
                    for _ in self.index.note(channel, [*range(1, len(texts) + 1)], texts, str):
                        pass
            volumes[at] = self.index.up_to_date(volume, len(suspects))
        self.index.keep(reader, volumes)
        return looked


@pytest.mark.parametrize(
    ("words", "every", "expected"),
    [
        (["boat"], False, ""),
        (["hip"], False, "ab"),
        (["ll sh"], False, "ab"),
        (["\ttales"], False, "cd"),
        (["的船", "noon"], False, "abcd"),
        (["的船", "noon"], True, ""),
        (["ships", "sea"], True, "ab"),
        ([" "], False, "abcd"),
        (["ships\0at"], False, "abcd"),
    ],
)
def test_volumes_are_passed(words: list[str], every: bool, expected: str) -> None:
    """Of a volume whose words hold nothing that is looked for no conversation is looked at, however a word lies across blanks."""
    with small_blocks(512, 64, 2, 1):
        shelf = Shelf()
        assert shelf.looked_at("boat") == "abcd"
        assert expected == shelf.looked_at(*words, every=every)


def test_what_changes_is_looked_at_until_its_volume_is_made_anew() -> None:
    """A message that comes since makes its conversation alone looked at; noted again, it is part of its volume again."""
    with small_blocks(512, 2, 4, 1):
        shelf = Shelf()
        shelf.looked_at("boat")
        shelf.say("b", "a boat")
        assert [shelf.looked_at("boat"), shelf.looked_at("raft")] == ["b", "b"]
        shelf.say("b", "a raft")  # as much as is worth a block of its own
        assert [shelf.looked_at("boat"), shelf.looked_at("boat"), shelf.looked_at("oar")] == ["b", "abcd", ""]


def test_other_conversations_make_other_volumes() -> None:
    """Where one is gone the volumes from there on are made anew; one that comes is looked at."""
    with small_blocks(512, 64, 2, 1):
        shelf = Shelf()
        assert shelf.looked_at("boat", ids="abc") == "abc"
        assert shelf.looked_at("boat") == "cd"
        assert shelf.looked_at("boat", ids="acd") == "acd"
        assert shelf.looked_at("boat", ids="acd") == ""


def test_volumes_of_few_readers_are_kept() -> None:
    """What those say who searched longest ago is forgotten."""
    with small_blocks(512, 64, 2, 1):
        shelf = Shelf()
        readers = [f"r{number}" for number in range(wordings.READERS + 1)]
        assert [shelf.looked_at("boat", reader=reader) for reader in readers] == ["abcd"] * len(readers)
        assert [shelf.looked_at("boat", reader=reader) for reader in reversed(readers)] == [""] * wordings.READERS + ["abcd"]
