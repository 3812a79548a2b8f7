"""Worlds of a server begin with the rows of one, have their own of what changes, and are used again."""

from __future__ import annotations

from typing import Any

import pytest

from bridge import world_files
from bridge.emulator import Emulator, Server, Settings
from bridge.world.kernel.store import Lent, SharedTable, Table

START = {"sdkAppID": 1400000000, "logLevel": 3, "listenerUuid": "u", "uiPlatform": 0, "showImLog": False, "plugins": [], "tempPath": ""}


def with_installs() -> dict[str, Any]:
    """Return a world in which an app of alice's is away and has kept what it had."""
    emulator = Emulator(Settings(world=world_files.fixture("team")))
    phone, pad = (emulator.open(name) for name in ("phone", "pad"))
    for device in (phone, pad):
        log_in(emulator, device)
    emulator.close(phone)
    use(emulator, pad)
    return emulator.export()


def log_in(emulator: Emulator, device: str, user: str = "alice") -> None:
    """Start an app and log a user in."""
    emulator.call(device, "initSDK", START)
    assert emulator.call(device, "login", {"userID": user, "userSig": "s"}).result["code"] == 0


def use(emulator: Emulator, device: str) -> list[Any]:
    """Do something of every kind that leaves rows behind. Returns all that was answered."""
    answers = [emulator.call(device, "getConversationList", {"nextSeq": "0", "count": 100}).result]
    for number in range(3):
        created = emulator.call(device, "createTextMessage", {"text": f"hi {number}"}).result
        sent = {"id": created["data"]["id"], "receiver": "bob", "groupID": ""}
        answers += [created, emulator.call(device, "sendMessage", sent).result]
    answers += [
        emulator.call(device, "createGroup", {"groupType": "Public", "groupName": "new", "memberList": []}).result,
        emulator.call(device, "pinConversation", {"conversationID": "c2c_bob", "isPinned": True}).result,
        emulator.call(device, "createConversationGroup", {"groupName": "work", "conversationIDList": ["c2c_bob"]}).result,
        emulator.call(device, "deleteConversation", {"conversationID": "c2c_carol"}).result,
        emulator.call(device, "addToBlackList", {"userIDList": ["bob"]}).result,
        emulator.call(device, "getConversationList", {"nextSeq": "0", "count": 100}).result,
    ]
    return answers


@pytest.fixture(params=["team", "installs"])
def document(request: pytest.FixtureRequest) -> Any:
    """Return what worlds hold at first."""
    return with_installs() if request.param == "installs" else world_files.fixture("team")


def lived(emulator: Emulator) -> list[Any]:
    """Return all that can be told of a test in a world: answers, the journal, the world at the end."""
    device = emulator.open("phone")
    log_in(emulator, device)
    emulator.engine.faults.set({"method": "getLoginUser"}, {"code": 9508})
    answers = use(emulator, device)
    journal = [tuple(entry) for entry in emulator.engine.journal._entries]
    emulator.close(device)
    return [device, answers, journal, emulator.export(), emulator.checkpoint(), emulator.world.life]


def test_worlds_side_by_side_are_alike(document: Any) -> None:
    """What happens in a world is what happens in one that was filled for itself, however many there are."""
    alone = lived(Emulator(Settings(world=document)))
    server = Server(Settings(world=document))
    assert [lived(server.world(name)) for name in ("", "a", "b")] == [alone] * 3
    assert server.world("c").export() == Emulator(Settings(world=document)).export()


def test_dropped_worlds_come_back_fresh(document: Any) -> None:
    """A world that was dropped is used again, and nothing of its first life is left."""
    server = Server(Settings(world=document))
    first = server.world("a")
    held = first.world
    told = lived(first)
    server.drop("a")
    again = server.world("b")
    assert again.world is held
    assert lived(again) == told
    assert first.world is not held and first.world.life == 0


def test_old_holders_touch_nobody(document: Any) -> None:
    """Who held a world that was dropped neither reaches the next of that name nor ends it."""
    server = Server(Settings(world=document))
    first = server.world("a")
    server.hold(first)
    server.drop("a")
    second = server.world("a")
    server.hold(second)
    server.release(first)
    assert server.world("a") is second and first is not second
    server.release(second)
    assert server.world("a") is not second


def test_loaded_worlds_are_not_used_again() -> None:
    """A world that has had another loaded, or was emptied, is let go."""
    server = Server(Settings(world=world_files.fixture("team")))
    for document in (None, world_files.fixture("team")):
        emulator = server.world("a")
        held = emulator.world
        emulator.load(document)
        loaded = emulator.world
        server.drop("a")
        assert server.world("b").world not in (held, loaded)
        server.drop("b")
        assert server.world("a").export() == Server(server.settings).world().export()
        server.drop("a")


def test_few_worlds_wait_to_be_used() -> None:
    """However many worlds were open at once, only some of them are kept for others."""
    server = Server(Settings(world=world_files.fixture("team")))
    for number in range(20):
        server.world(f"w{number}")
    for number in range(20):
        server.drop(f"w{number}")
    assert len(server._spare) == 8


def test_tables_separate_at_the_first_change() -> None:
    """Rows are in common until one changes: then the table, its indexes included, is the world's own."""
    server = Server(Settings(world=world_files.fixture("team")))
    one, other = server.world("a").world, server.world("b").world
    name = "conversations"
    assert one.tables[name].__class__ is SharedTable and one.tables[name].rows is other.tables[name].rows
    before = dict(other.tables[name].rows)
    key = next(iter(before))
    one.tables[name].drop(key)
    one.log.undo()
    assert one.tables[name].__class__ is Table
    one.tables[name].drop(key)
    assert other.tables[name].rows == before and key not in one.tables[name].rows
    assert key in other.tables[name].index("user").of(key[0]) and key not in one.tables[name].index("user").of(key[0])


def test_rows_that_came_and_went_leave_nothing() -> None:
    """What is made and goes again behind a mark is not kept for the way back; what stood there before is."""
    emulator = Emulator(Settings(world=world_files.fixture("team")))
    log = emulator.world.log
    sizes = []
    for _ in range(3):
        device = emulator.open("phone")
        emulator.call(device, "initSDK", START)
        emulator.call(device, "createTextMessage", {"text": "hi"})
        emulator.close(device)
        sizes.append(sum(map(len, log.marks)))
    assert sizes[0] == sizes[2]
    table = emulator.world.tables["conversations"]
    key, row = next(iter(table.rows.items()))
    for change in (lambda: table.drop(key), lambda: table.put(key, row), lambda: table.drop(key)):
        change()
        log.commit()
    assert sum(map(len, log.marks)) == sizes[2] + 1
    emulator.reset()
    assert table.rows[key] == row and emulator.export() == Emulator(emulator.settings).export()


def test_lent_lists_are_copied_one_by_one() -> None:
    """What is asked for by its key is another's copy from then on; the rest, and the template's, stay as they are."""
    theirs = {"a": [1], "b": [2], "c": [3], "d": [4]}
    lent = Lent(theirs)
    lent["a"].append(9)
    lent.get("b", []).append(9)
    lent.setdefault("c", []).append(9)
    lent.setdefault("e", []).append(9)
    lent["a"].append(10)

    assert {"a": [1], "b": [2], "c": [3], "d": [4]} == theirs
    assert {"a": [1, 9, 10], "b": [2, 9], "c": [3, 9], "d": [4], "e": [9]} == lent
    assert lent.get("x") is None and dict.get(lent, "d") is theirs["d"]
    again = Lent(lent)
    again["a"].append(11)
    assert [1, 9, 10] == lent["a"]
