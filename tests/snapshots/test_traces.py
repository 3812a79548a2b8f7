"""
Whole traces of the demo's story, byte for byte: on the virtual clock the same calls give the same bytes on every machine.

A change that is meant shows in the diff of a file here, a line per call, reply and event; `pytest --snapshot-update` takes it over.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from bridge.cli.story import Story
from bridge.emulator import Server, Settings
from bridge.testing.client import Client
from bridge.testing.snapshots import ExactTraceExtension, TraceExtension
from tests.support.worlds import RECORDED, TRACED, WORLDS


def played(dialect: str, platform: str, seed: int = 0) -> list[dict[str, Any]]:
    """Return the trace of the story."""
    server = Server(Settings(dialect=dialect, platform=platform, seed=seed))
    with Client.inside(server) as client:
        Story(client, dialect, lambda sentence: None).play()
        client.collect()
        return list(client.trace)


@pytest.mark.parametrize(("dialect", "platform"), TRACED)
def test_story_to_the_byte(snapshot: SnapshotAssertion, dialect: str, platform: str) -> None:
    """The story's calls, replies and events are what they were, ids and times included."""
    assert played(dialect, platform) == snapshot.use_extension(ExactTraceExtension)


def test_snapshots_can_be_reviewed() -> None:
    """No file of a snapshot is longer than what somebody reads through."""
    files = sorted(Path(__file__).parent.glob("__snapshots__/**/*.json"))
    lines = {file.name: file.read_text("utf-8").count("\n") for file in files}
    assert lines
    assert {} == {name: count for name, count in lines.items() if count >= 3000}


@pytest.mark.parametrize(("dialect", "platform"), [world for world in WORLDS if world not in TRACED])
def test_story_is_played_everywhere(dialect: str, platform: str) -> None:
    """The same story comes to its end on every other dialect and platform."""
    told = [entry["call"] for entry in played(dialect, platform) if "call" in entry]
    kept = [entry["call"] for entry in played(*TRACED[0]) if "call" in entry]
    assert len(told) in range(len(kept) - 10, len(kept) + 10)
    assert "getConversationListByFilter" in told


@pytest.mark.parametrize("dialect", RECORDED)
def test_seeds_differ_in_ids_alone(dialect: str) -> None:
    """Under another seed ids are others, and nothing else is."""
    serialize = TraceExtension().serialize
    one, other = played(dialect, "android"), played(dialect, "android", seed=5)
    assert one != other
    assert serialize(one) == serialize(other)
