"""Looking back, and going back: what a world was before a call, whatever happened since."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.emulator import Server, Settings
from bridge.engine import past
from bridge.errors import NOT_THERE
from tests.inspector.looking import STORY, WORLD, by, played, say, stage
from tests.support.line import Line


def before(line: Line, seq: int) -> Any:
    """Return the world as it was before an entry."""
    return line.ask("bridge.world.view", at=seq)["world"]


def test_every_state_can_be_seen_again() -> None:
    """Each is what an export was then, devices that were away and their drafts included; looking leaves no trace."""
    line = stage()
    then = dict(played(line))  # where time alone has passed, no entry is there to go back to
    now, whole, last = line.ask("bridge.world.export"), line.snapshot(), line.session.emulator.engine.journal.last
    changes = line.world.log.changes
    for seq, document in then.items():
        assert document == before(line, seq)
    assert now == line.ask("bridge.world.export") == line.ask("bridge.world.view")["world"]
    assert whole == line.snapshot()
    assert (last, changes) == (line.session.emulator.engine.journal.last, line.world.log.changes)


@pytest.mark.parametrize("step", [0, 4, 8, 11, 16, len(STORY) - 1])
def test_going_back_leads_to_that_state(step: int) -> None:
    """The world is what it was; what is called then has the same answers and the same events as it had the first time."""
    line = stage()
    seqs, documents = zip(*played(line), strict=True)
    first = [(entry["kind"], entry["method"]) for entry in line.ask("bridge.journal.list", since=seqs[step] - 1)["entries"]]
    line.ask("bridge.travel.to", seq=seqs[step])
    assert documents[step] == line.ask("bridge.world.export")
    since = line.session.emulator.engine.journal.last
    for method, params in STORY[step:]:
        line.ask(method, **params)
    again = [(entry["kind"], entry["method"]) for entry in line.ask("bridge.journal.list", since=since)["entries"]]
    assert first == again


def test_later_states_are_gone_then() -> None:
    """Earlier ones are still there; so is a checkpoint that is no later."""
    line = stage()
    line.ask("bridge.world.checkpoint")
    then = list(played(line))
    line.ask("bridge.world.checkpoint")
    line.ask("bridge.travel.to", seq=then[6][0])
    assert ["checkpoint-1"] == list(line.session.emulator.checkpoints)
    for seq, document in dict(then[:5]).items():
        assert document == before(line, seq)
    line.ask("bridge.world.rollback", checkpoint="checkpoint-1")
    assert then[0][1] == line.ask("bridge.world.export")
    assert then[0][1] == before(line, then[9][0])


@pytest.mark.parametrize("again", ["bridge.world.reset", "bridge.world.load"])
def test_another_world_has_another_past(again: str) -> None:
    """What was before a reset or a load is not led back to."""
    line = stage()
    then = list(played(line))
    line.ask(again, **({"world": "team"} if again.endswith("load") else {}))
    assert NOT_THERE == line.error("bridge.world.view", at=then[0][0])["code"]
    assert NOT_THERE == line.error("bridge.travel.to", seq=then[0][0])["code"]
    seq, document = next(played(line, (say("bob", "hi", to="alice"),)))
    line.ask("bridge.user.say", user="bob", to="alice", text="hi")
    assert document == before(line, seq)


def test_old_states_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many are kept, and rows in them; the rest is as exact as ever, a checkpoint among them, too."""
    monkeypatch.setattr(past, "MOST_MARKS", 8)
    line = stage()
    then = list(played(line, STORY[:10]))
    line.ask("bridge.world.checkpoint")
    middle = line.ask("bridge.world.export")
    then += list(played(line, STORY[10:]))
    marks = [mark["seq"] for mark in line.ask("bridge.travel.list")["marks"]]
    assert 8 == len(marks)
    for seq, document in dict(then).items():
        if seq >= marks[0]:
            assert document == before(line, seq)
        else:
            assert NOT_THERE == line.error("bridge.world.view", at=seq)["code"]
    line.ask("bridge.world.rollback", checkpoint="checkpoint-1")
    assert middle == line.ask("bridge.world.export")


def test_rows_of_old_states_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """States that hold much go sooner."""
    monkeypatch.setattr(past, "MOST_ROWS", 20)
    line = stage()
    for _ in played(line):
        pass
    found = line.session.emulator.past
    assert found is not None
    assert 1 <= len(found.marks()) < 8
    held = sum(len(mark) for mark in line.world.log.marks[found.marks()[0].number :])
    assert held <= 20 + len(line.world.log.marks[-1])


def test_marks_tell_what_was_called() -> None:
    """The number of the entry, the time, and the first call behind; what changes nothing has no mark."""
    line = stage()
    line.call("getVersion")
    line.ask("bridge.user.call", user="bob", method="getLoginUser")
    line.call("pinConversation", conversationID="c2c_bob", isPinned=True)
    line.error("nonsense")
    line.call("pinConversation", conversationID="c2c_bob", isPinned=False)
    marks = line.ask("bridge.travel.list")["marks"]
    assert ["getLoginUser", "nonsense"] == [mark["method"] for mark in marks][-3:-1]
    assert [mark["seq"] for mark in marks] == sorted({mark["seq"] for mark in marks})


def test_changes_of_a_call_are_named() -> None:
    """The rows before and behind, as an export has them, section by section."""
    line = stage()
    line.ask("bridge.user.say", user="bob", to="alice", text="hi")
    seq = line.session.emulator.engine.journal.last + 1
    line.call("pinConversation", conversationID="c2c_bob", isPinned=True)
    line.call("pinConversation", conversationID="c2c_bob", isPinned=False)
    (change,) = line.ask("bridge.world.changed", seq=seq)["changes"]
    assert "conversations" == change["section"]
    assert change["before"] == {key: value for key, value in change["after"].items() if key != "pinned"}
    assert change["after"]["pinned"] is True


def test_nothing_is_kept_unless_wanted() -> None:
    """A server that nobody looks at has no marks beyond its own, and says so."""
    line = Line()
    line.start("alice")
    assert [] == line.world.log.marks
    assert NOT_THERE == line.error("bridge.travel.list")["code"]
    assert NOT_THERE == line.error("bridge.world.view", at=1)["code"]
    assert NOT_THERE == line.error("bridge.world.changed", seq=1)["code"]


def test_states_end_with_the_last_who_watches() -> None:
    """Then a world costs what it costs when nobody looks; a reset leads back as ever."""
    line = stage()
    other = Line(line.server)
    other.ask("bridge.journal.watch")
    line.ask("bridge.journal.unwatch")
    line.call("pinConversation", conversationID="c2c_bob", isPinned=True)
    assert line.ask("bridge.travel.list")["marks"]
    other.client.close()
    assert NOT_THERE == line.error("bridge.travel.list")["code"]
    line.ask("bridge.world.reset")
    fresh = Line()
    fresh.ask("bridge.world.load", world=WORLD)
    assert fresh.ask("bridge.world.export") == line.ask("bridge.world.export")


def test_worlds_of_a_server_that_shows_all() -> None:
    """Each remembers from its beginning on; ending it leaves the log as it would be."""
    server = Server(Settings())
    server.show_all()
    line = Line(server)
    for method, params in (say("bob", "hi", to="alice"), by("bob", "getLoginUser")):
        line.ask(method, **params)
    assert 1 == line.ask("bridge.travel.list")["marks"][0]["seq"]
    line.session.emulator.forget_past()
    assert line.session.emulator.past is None
    assert all(not mark for mark in line.world.log.marks[:-1])
