"""What holds of worlds as a whole, whatever clients do: they survive being written down; checkpoints and resets bring all back."""

from __future__ import annotations

import json

from hypothesis import given, settings

from bridge.emulator import Emulator
from tests.support.plays import PEOPLE, Play, Script, scripts


@settings(max_examples=80)
@given(scripts())
def test_export_and_load(script: Script) -> None:
    """A world that was written down and read again is written down as the same bytes."""
    play = Play()
    play.start()
    play.play(script)
    text = play.written()
    again = Emulator()
    again.load(json.loads(text))
    assert text == json.dumps(again.export())


@settings(max_examples=40)
@given(scripts())
def test_loaded_world_shows_the_same(script: Script) -> None:
    """Whoever logs in to a world that was written down and read again sees what they would have seen without that."""
    play = Play()
    play.start()
    play.play(script)
    text = play.written()
    for device in play.ids:
        play.emulator.close(device)
    other = Play(json.loads(text), ())
    for user in PEOPLE:
        here, there = (one.emulator.open(f"new-{user}", "chat-8.2", "android") for one in (play, other))
        assert play.looks(here, user) == other.looks(there, user)


@settings(max_examples=40)
@given(scripts(20), scripts(20), scripts(20))
def test_rollback_brings_all_back(before: Script, between: Script, after: Script) -> None:
    """Rolling back restores every row, also of clock, timers, devices and sessions; again and again, and past later checkpoints."""
    play = Play()
    play.start()
    play.play(before)
    first, rows = play.emulator.checkpoint(), play.rows()
    play.play(between)
    second, later = play.emulator.checkpoint(), play.rows()
    play.play(after)
    play.emulator.rollback(second)
    assert later == play.rows()
    play.play(after)
    play.emulator.rollback(first)
    assert rows == play.rows()
    play.play(between)
    play.emulator.rollback(first)
    assert rows == play.rows()


@settings(max_examples=30)
@given(scripts())
def test_same_script_twice(script: Script) -> None:
    """The same calls get the same answers and events, and leave the same world."""
    plays = [Play(), Play()]
    for play in plays:
        play.start()
        play.play(script)
    assert json.dumps(plays[0].said, default=repr) == json.dumps(plays[1].said, default=repr)
    assert plays[0].written() == plays[1].written()


@settings(max_examples=30)
@given(scripts(20), scripts(20))
def test_reset_is_as_fresh(before: Script, script: Script) -> None:
    """After a reset nothing shows that anything ever happened."""
    fresh, used = Play(), Play()
    used.start()
    used.play(before)
    used.emulator.reset()
    used.said.clear()
    assert fresh.rows() == used.rows()
    for play in (fresh, used):
        play.start()
        play.play(script)
    assert fresh.said == used.said
    assert fresh.written() == used.written()
