"""The world as a document: exact ones as they are, terse ones completed."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from bridge.emulator import Emulator
from bridge.world.chats import conversations, elements, messages
from bridge.world.chats.conversations import CONVERSATIONS
from bridge.world.documents import persistence, row_json
from bridge.world.documents.persistence import WorldError
from bridge.world.groups import groups
from bridge.world.kernel import installs, rules
from bridge.world.kernel.world import World
from bridge.world.people.users import USERS


def filled(document: dict[str, Any]) -> World:
    """Return a world with a document's contents."""
    world = World()
    persistence.fill(world, document)
    return world


def refused(document: dict[str, Any]) -> str:
    """Return why a document is no world."""
    with pytest.raises(WorldError) as caught:
        persistence.fill(World(), document)
    return str(caught.value)


def chat(*said: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a document of messages."""
    return {"messages": list(said), **more}


def row_of(world: World, user_id: str, conversation_id: str) -> conversations.Conversation:
    """Return a user's conversation."""
    return world[CONVERSATIONS][(user_id, conversation_id)]


def texts(world: World, channel: tuple[str, ...]) -> list[str]:
    """Return the texts of a channel, the oldest first."""
    table = world[messages.MESSAGES]
    return [elements.fields(table[key].elems[0])["text"] for key in table.index("channel").newer(channel)]


def with_alice_online() -> Emulator:
    """Return an emulator with one device, on which alice is logged in."""
    emulator = Emulator()
    device = emulator.open("")
    emulator.call(device, "initSDK", {"sdkAppID": 1, "logLevel": 0, "listenerUuid": "u", "uiPlatform": 0})
    emulator.call(device, "login", {"userID": "alice", "userSig": "s"})
    return emulator


HI = {"from": "bob", "to": "alice", "text": "hi"}


# --- every table


@pytest.mark.parametrize("name", sorted(row_json.specs()))
def test_every_table_has_a_codec(name: str) -> None:
    """Each attribute of each exported row can be written and read; the key's names are attributes."""
    spec = row_json.specs()[name]
    assert set(spec.key) <= set(row_json.codec(spec.row_type).attributes)


@pytest.mark.parametrize(
    "value",
    [None, True, 1, 1.5, "x", [1, ["y"]], {"a": {"b": None}}, (1, ("x",)), b"\x00\xff", {"$bytes": "x"}, {"$tuple": []}, float("inf")],
)
def test_values_of_any_type(value: Any) -> None:
    """What JSON lacks is tagged, and comes back as what it was."""
    back = row_json.untagged(row_json.tagged(value))
    assert (value, type(value)) == (back, type(back))


# --- exporting


def test_export_leaves_the_world_alone() -> None:
    """For the time of writing apps are killed, and nobody notices."""
    emulator = with_alice_online()
    before = {name: dict(table.rows) for name, table in emulator.world.tables.items() if table.rows}
    heard: list[Any] = []
    emulator.taps.on("events", heard.append)
    first, second = emulator.export(), emulator.export()
    assert first == second
    assert before == {name: dict(table.rows) for name, table in emulator.world.tables.items() if table.rows}
    assert (1, []) == (emulator.world[USERS]["alice"].status, heard)


def test_export_is_as_if_killed() -> None:
    """A user who is online is written down as offline, to be counted as not logged in after seven days."""
    emulator = with_alice_online()
    world = filled(emulator.export())
    alice = world[USERS]["alice"]
    assert (2, True) == (alice.status, alice.missed_after >= 0)
    world.fire_next(world.now_ms + 8 * 24 * 3600 * 1000)
    assert 3 == world[USERS]["alice"].status


# --- messages


def test_messages_by_time() -> None:
    """Messages are ordered by when they were said; without a time one comes after the one above it."""
    world = filled(
        chat(
            {**HI, "text": "third", "minutes_ago": 5},
            {**HI, "text": "fourth"},
            {**HI, "text": "first", "minutes_ago": 90},
            {**HI, "text": "second"},
        )
    )
    assert ["first", "second", "third", "fourth"] == texts(world, ("c2c", "alice", "bob"))
    assert world.now_ms - 90 * 60_000 == min(one.time_ms for one in world[messages.MESSAGES].rows.values())


def test_own_message_reads() -> None:
    """Whoever answers has read what came before."""
    world = filled(chat(HI, HI, {"from": "alice", "to": "bob", "text": "yes?"}, HI))
    assert (1, 0) == (row_of(world, "alice", "c2c_bob").unread, row_of(world, "bob", "c2c_alice").unread)


@pytest.mark.parametrize(("read", "alices", "carols"), [(True, 1, 1), (False, 3, 3), (["alice"], 1, 3)])
def test_read_reaches_back(read: Any, alices: int, carols: int) -> None:
    """A message said to be read is so with all before it, for everybody or for those named."""
    said = [{"from": "bob", "group": "g", "text": str(n)} for n in range(3)]
    said[1]["read"] = read
    world = filled(chat(*said, groups=[{"group_id": "g", "members": ["alice", "bob", "carol"], "owner": "bob"}]))
    assert (alices, carols) == tuple(row_of(world, name, "group_g").unread for name in ("alice", "carol"))


def test_unread_of_a_row() -> None:
    """A row says how many of the newest messages are unread; more than there are is refused."""
    row = {"user_id": "alice", "conversation_id": "c2c_bob"}
    assert 2 == row_of(filled(chat(HI, HI, HI, conversations=[{**row, "unread": 2}])), "alice", "c2c_bob").unread
    assert 0 == row_of(filled(chat(HI, HI, conversations=[{**row, "read": True}])), "alice", "c2c_bob").unread
    assert "only 1 messages can be unread" in refused(chat(HI, conversations=[{**row, "unread": 2}]))


def test_seed_is_no_news() -> None:
    """Everybody has what was written: nobody is to get it at the next login."""
    world = filled(chat(HI, HI))
    newest = max(one.order for one in world[messages.MESSAGES].rows.values())
    assert all(user.missed_after >= newest for user in world[USERS].rows.values())


def test_ids_follow_from_the_seed() -> None:
    """The same document gives the same ids; another seed gives others."""
    ids = [sorted(filled({**chat(HI), "seed": seed})[messages.MESSAGES].rows) for seed in (0, 0, 1)]
    assert ids[0] == ids[1] != ids[2]


# --- conversations, groups, friends


def test_conversation_row_adds() -> None:
    """Marks, groups, pins and drafts stand beside what follows from messages; names of groups exist by being used."""
    row = {"user_id": "alice", "conversation_id": "c2c_bob", "pinned": True, "marks": 5, "groups": ["VIP"], "draft": "well,"}
    world = filled(chat(HI, conversations=[row]))
    found = row_of(world, "alice", "c2c_bob")
    assert (True, 5, ("VIP",), 1) == (found.pinned, found.marks, found.groups, found.unread)
    assert ["VIP"] == [one.name for one in world.tables["conversation_groups"].rows.values()]
    assert "well," == world[conversations.DRAFTS][("alice", "", "c2c_bob")].text


def test_members_of_a_group() -> None:
    """They stand in it as ids or rows; the owner is a member, whoever says so."""
    group = {"group_id": "g", "group_type": "Private", "owner": "carol", "members": ["alice", {"user_id": "bob", "role": "admin"}]}
    world = filled({"groups": [group]})
    roles = {key[1]: row.role for key, row in world[groups.MEMBERS].rows.items()}
    assert {"alice": groups.MEMBER, "bob": groups.ADMIN, "carol": groups.OWNER} == roles
    assert "Work" == world[groups.GROUPS]["g"].group_type


def test_members_come_in_order() -> None:
    """Members came in as they are written, the owner first where the list leaves them out, and before all messages."""
    group = {"group_id": "g", "owner": "olaf", "members": ["zoe", {"user_id": "bob", "marks": [1001]}, "alice"]}
    world = filled(chat({"from": "zoe", "group": "g", "text": "hi"}, groups=[group]))
    assert ["olaf", "zoe", "bob", "alice"] == list(world[groups.MEMBERS].index("joined").after("g"))
    assert max(row.joined_order for row in world[groups.MEMBERS].rows.values()) < next(iter(world[messages.MESSAGES].rows.values())).order
    assert (1001,) == world[groups.GROUPS]["g"].marks


def test_rows_without_a_place_follow_the_document() -> None:
    """Conversations without messages, and the groups that rows name, are as old as their place in the document says."""
    rows = [{"user_id": "me", "conversation_id": f"c2c_{one}", "listed": True, "groups": [one]} for one in ("zoe", "bob")]
    world = filled({"conversations": rows})
    assert row_of(world, "me", "c2c_zoe").active_order < row_of(world, "me", "c2c_bob").active_order
    named = sorted(world.tables["conversation_groups"].rows.values(), key=lambda one: one.order)
    assert ["zoe", "bob"] == [one.name for one in named]


@pytest.mark.parametrize(
    ("row", "owners"),
    [
        ({"owner": "alice", "user_id": "bob"}, ["alice"]),
        ({"owner": "alice", "user_id": "bob", "mutual": True}, ["alice", "bob"]),
        ({"between": ["alice", "bob"]}, ["alice", "bob"]),
    ],
)
def test_friends_of_one_side_or_both(row: dict[str, Any], owners: list[str]) -> None:
    """A friendship is one entry or two."""
    assert owners == [key[0] for key in sorted(filled({"friends": [row]}).tables["friends"].rows)]


# --- exact documents


def exact(**sections: Any) -> dict[str, Any]:
    """Return an exact document of two messages, with some sections replaced."""
    written = persistence.document(filled(chat(HI, HI)))
    return {**written, **sections}


def test_counters_never_lag() -> None:
    """However a document was edited, no number is given away that a row has."""
    world = filled(exact(counters={}))
    assert world.next_number("order") > max(one.order for one in world[messages.MESSAGES].rows.values())


def test_order_that_is_taken() -> None:
    """Two messages in one place are refused."""
    document = exact()
    document["messages"][1]["order"] = document["messages"][0]["order"]
    assert "messages[1].order: is the place of another message" == refused(document)


def test_exact_makes_nothing_up() -> None:
    """A short row is refused, and it is said how to have it completed."""
    assert 'without "exact"' in refused(exact(messages=[{"msg_id": "x"}]))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sender": 7}, "messages[1].sender: must be a string"),
        ({"order": True}, "messages[1].order: must be an integer"),
        ({"channel": ["c2c", "alice", 7]}, "messages[1].channel[2]: must be a string"),
        ({"elems": [{"kind": "text", "data": {"text": 7}}]}, "messages[1].elems[0].data.text: must be a string"),
        ({"elems": [{"kind": "text", "data": {"text": "x", "size": 1}}]}, "messages[1].elems[0].data.size: is not known here"),
        ({"elems": [{"kind": "text", "data": {}, "date": 1}]}, "messages[1].elems[0].date: is not known here"),
        ({"elems": [{"kind": "text"}]}, "messages[1].elems[0]: data is missing"),
    ],
)
def test_rows_behind_a_sound_one_are_looked_at(change: dict[str, Any], said: str) -> None:
    """That a row like it was sound says nothing of the next."""
    document = exact()
    document["messages"][1].update(change)
    for _ in range(2):
        assert refused(document).startswith(said)
    assert 2 == len(filled(exact()).tables["messages"].rows)


def test_document_is_not_kept() -> None:
    """Changing a document afterwards changes no world."""
    document = exact()
    world = filled(document)
    document["messages"][0]["elems"][0]["data"]["text"] = "changed"
    assert ["hi", "hi"] == texts(world, ("c2c", "alice", "bob"))


# --- documents of clients who mean no good


def scheduled() -> dict[str, set[str]]:
    """Return the rules that the world's source schedules, with the names of their arguments."""
    found: dict[str, set[str]] = {}
    for path in sorted(Path(persistence.__file__).parents[1].rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "schedule":
                rule = node.args[0]
                assert isinstance(rule, ast.Constant), f"{path.name}:{node.lineno}: the rule of a timer must be a literal"
                found[str(rule.value)] = {str(one.arg) for one in node.keywords} - {"device_id", "due_ms"}
    return found


def test_timers_of_documents_are_the_worlds() -> None:
    """A document's timers run the rules that the world itself schedules, with their arguments."""
    assert scheduled() == {rule: set(wanted) for rule, wanted in rules.TIMED.items()}


@pytest.mark.parametrize(
    ("timer", "said"),
    [
        ({"rule": "rows.modules"}, "timers[0].rule: is none of"),
        ({"rule": "users.save", "arguments": {}}, "timers[0].rule: is none of"),
        ({"rule": "statuses.lapse"}, "timers[0].arguments: must have user_id alone"),
        ({"rule": "statuses.lapse", "arguments": {"user_id": 1}}, "timers[0].arguments: must have user_id alone"),
        ({"rule": "statuses.lapse", "arguments": {"user_id": "a", "world": "b"}}, "timers[0].arguments: must have user_id alone"),
    ],
)
@pytest.mark.parametrize("is_exact", [True, False])
def test_timer_that_is_none(timer: dict[str, Any], said: str, is_exact: bool) -> None:
    """No document has anything called that is no rule of a timer."""
    assert refused({"exact": is_exact, "timers": [{"number": 1, "due_ms": 1, **timer}]}).startswith(said)


@pytest.mark.parametrize(
    "document",
    [
        {"groups": [{"group_id": "g", "members": [{"user_id": "a", "role": {}}]}]},
        chat({**HI, "minutes_ago": float("inf")}),
        chat({**HI, "minutes_ago": float("nan")}),
        chat({**HI, "channel": []}),
        chat({"from": "a", "to": "b", "elems": [{"kind": "image", "data": {"images": [None]}}]}),
        chat({"from": "a", "to": "b", "elems": [{"kind": "location", "data": {"latitude": "x"}}]}),
        chat({"from": "a", "to": "b", "elems": [{"kind": "tips", "data": {"group_id": []}}]}),
        {"exact": True, "messages": [{"msg_id": "x", "order": 1, "channel": [], "sender": "a", "time_ms": 1, "elems": []}]},
    ],
)
def test_odd_values_are_refused(document: dict[str, Any]) -> None:
    """What would make a bug of ours later is refused at the start."""
    refused(document)


@pytest.mark.parametrize(("order", "mark"), [(-1, installs.NOTHING), (0, 0), (7, 0)])
def test_install_that_left_before_anything_happened_has_been_there(order: int, mark: int) -> None:
    """An order of 0 is one: only -1 says that an app has nothing yet."""
    world = filled({"version": 1, "exact": True, "installs": [{"user_id": "alice", "install": "phone", "order": order}]})
    assert mark == world[installs.STORES][("alice", "phone")].mark
