"""No document, however odd, does harm: it is refused, or it is a world in which everything works."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bridge import world_files
from bridge.emulator import Emulator
from bridge.world.documents.persistence import WorldError
from tests.support.plays import SEED, Play, Script

VALUES: list[Any] = [
    *(None, True, 0, -1, 1, 1 << 70, 1.5, float("inf"), "", "x", "c2c_", "group_nope", "alice", "\ud800", "g" * 200),
    *([], [None], ["x"], [[1]], {}, {"a": 1}, {"$tuple": 3}, {"$row": {"x": 1}}, {"$bytes": "!"}),
]
KEYS = ("x", "exact", "members", "order", "read", "arguments")
FORTY_DAYS_MS = 40 * 24 * 3600 * 1000


def _written() -> Any:
    """Return an exact document with a bit of everything."""
    play = Play()
    play.start()
    script: Script = [(n % 5, n * 7919 + n * n) for n in range(250)]
    play.play(script)
    return play.emulator.export()


BASES = [_written(), SEED, world_files.fixture("team")]


def _spots(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every part of a document."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [spot for key in keys for spot in ((*path, key), *_spots(value[key], (*path, key)))]


SPOTS = [_spots(base) for base in BASES]


@st.composite
def odd_documents(draw: st.DrawFn) -> Any:
    """Draw a document of which a part or two are gone, doubled, or something else."""
    which = draw(st.integers(0, len(BASES) - 1))
    document = copy.deepcopy(BASES[which])
    for _ in range(draw(st.integers(1, 2))):
        path = draw(st.sampled_from(SPOTS[which]))
        _spoil(document, path, draw(st.integers(0, 3)), draw(st.sampled_from(VALUES)), draw(st.sampled_from(KEYS)))
    return document


def _spoil(document: Any, path: tuple[Any, ...], how: int, value: Any, key: str) -> None:
    """Change one part; nothing happens if it is gone already."""
    try:
        for step in path[:-1]:
            document = document[step]
        part = document[path[-1]]
    except (KeyError, IndexError, TypeError):
        return
    if isinstance(document, str):
        return
    if how == 0:
        del document[path[-1]]
    elif how == 1 and isinstance(document, dict):
        document[key] = value
    elif how == 2 and isinstance(document, list):
        document.append(copy.deepcopy(part))
    else:
        document[path[-1]] = value


@settings(max_examples=300)
@given(odd_documents())
def test_odd_documents(document: Any) -> None:
    """A refusal says where; what is taken can be written down, looked at by everybody, and lived in for forty days."""
    play = Play(None, ())
    try:
        play.emulator.load(document)
    except WorldError as error:
        assert error.message
        world_files.violations(document)
        return
    text = json.dumps(play.emulator.export())
    again = Emulator()
    again.load(json.loads(text))
    assert text == json.dumps(again.export())
    play.emulator.advance(play.emulator.world.now_ms + FORTY_DAYS_MS)
    for user in ("alice", "bob"):
        play.looks(play.emulator.open(user, "chat-8.2", "android"), user)
