"""Documents that people write: every flaw is named with its place, and what is left out is made up in full."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.world.documents import persistence, row_json
from bridge.world.documents.persistence import WorldError
from bridge.world.kernel.world import Policy, World

LONG = "x" * 33
NOW_MS = 1_700_000_000_000


def chat(*said: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a document of messages."""
    return {"messages": list(said), **more}


def to_alice(said: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a document of one message from bob to alice."""
    return chat({"from": "bob", "to": "alice", **said}, **more)


def install(said: dict[str, Any]) -> dict[str, Any]:
    """Return a document of what an install has."""
    return {"installs": [{"user_id": "a", "install": "", "order": 3, **said}]}


def exact_message(**more: Any) -> dict[str, Any]:
    """Return a message of an exact document."""
    text = {"kind": "text", "data": {"text": "x"}}
    return {"msg_id": "x", "order": 1, "channel": ["c2c", "a", "b"], "sender": "a", "time_ms": 1, "elems": [text], **more}


def written(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document as it is written down once a world has been made of it."""
    world = World()
    persistence.fill(world, {"now_ms": NOW_MS, **document})
    return persistence.document(world)


FLAWS: list[tuple[Any, str]] = [
    ([], "a world must be an object"),
    ({"version": 2}, "version: must be 1: this bridge knows no other version of world documents"),
    ({"version": True}, "version: must be 1: this bridge knows no other version of world documents"),
    ({"exact": 1}, "exact: must be true or false"),
    ({"seed": -1}, "seed: must be an integer of at least 0"),
    ({"now_ms": True}, "now_ms: must be an integer of at least 0"),
    ({"counters": []}, "counters: must be an object"),
    ({"counters": {"order": -1}}, "counters.order: must be an integer of at least 0"),
    ({"message": []}, "message: is not known here; did you mean messages?"),
    ({"messages": {}}, "messages: must be a list"),
    ({"exact": True, "messages": {}}, "messages: must be a list"),
    ({"exact": True, "mesages": []}, "mesages: is not known here; did you mean messages?"),
    ({"exact": True, "users": [{}]}, 'users[0]: user_id is missing (without "exact" at the top, what is missing may be made up)'),
    ({"users": [1]}, "users[0]: must be an object"),
    ({"users": [{}]}, "users[0]: user_id is missing"),
    ({"users": ["a", "a"]}, "users[1]: is there twice: user_id 'a'"),
    ({"users": [""]}, "users[0].user_id: must have 1 to 32 bytes, all printable"),
    ({"users": ["x" * 33]}, "users[0].user_id: must have 1 to 32 bytes, all printable"),
    ({"friends": [{"between": ["a", "a"]}]}, "friends[0].between: must be a list of two users"),
    ({"friends": [{"between": ["a"]}]}, "friends[0].between: must be a list of two users"),
    ({"friends": [{"between": ["a", 1]}]}, "friends[0].between: must be a list of two users"),
    ({"friends": [{"between": "ab"}]}, "friends[0].between: must be a list of two users"),
    ({"friends": [{"owner": "a", "user_id": "b", "mutual": 1}]}, "friends[0].mutual: must be true or false"),
    ({"friends": [{"owner": "a"}]}, "friends[0]: user_id is missing"),
    ({"friends": [{"owner": "a", "user_id": "b", "betwen": []}]}, "friends[0].betwen: is not known here; did you mean between?"),
    (
        {"groups": [{"group_id": "g", "group_type": "Publik"}]},
        "groups[0].group_type: is none of Work, Public, Meeting, Community, AVChatRoom",
    ),
    ({"groups": [{"group_id": ""}]}, "groups[0].group_id: must have 1 to 48 printable ASCII characters"),
    ({"groups": [{"group_id": "x" * 49}]}, "groups[0].group_id: must have 1 to 48 printable ASCII characters"),
    ({"groups": [{"group_id": "g", "members": "a"}]}, "groups[0].members: must be a list"),
    (
        {"groups": [{"group_id": "g", "members": [{"user_id": "a", "group_id": "h"}]}]},
        "groups[0].members[0].group_id: stands in the group 'g'",
    ),
    ({"members": [{"user_id": "a", "group_id": "h"}]}, "members[0].group_id: there is no group 'h'"),
    ({"groups": [{"group_id": "g", "members": [1]}]}, "groups[0].members[0]: must be an object"),
    ({"groups": [{"group_id": "g", "members": ["a", "a"]}]}, "groups[0].members[1]: is there twice: group_id 'g', user_id 'a'"),
    ({"groups": [{"group_id": "g", "members": [{"user_id": "a", "role": "chief"}]}]}, "groups[0].members[0].role: must be an integer"),
    ({"members": [{"user_id": "a"}]}, "members[0]: group_id is missing"),
    (
        {"groups": [{"group_id": "g", "members": ["x" * 33]}]},
        f"groups[0].members[0].user_id: {LONG!r} cannot be a user's id: 1 to 32 bytes, all printable",
    ),
    (to_alice({"text": "x", "at_ms": 1, "minutes_ago": 2}), "messages[0]: at_ms and minutes_ago say the same thing"),
    (to_alice({"text": "x", "time_ms": 1, "at_ms": 1}), "messages[0]: time_ms and at_ms say the same thing"),
    (to_alice({"text": "x", "at_ms": -1}), "messages[0].at_ms: must be a number of at least 0"),
    (to_alice({"text": "x", "minutes_ago": "5"}), "messages[0].minutes_ago: must be a number of at least 0"),
    (to_alice({"text": "x", "at_ms": 1 << 53}), "messages[0].at_ms: must be a number of at least 0"),
    (chat({"to": "a", "text": "x"}), "messages[0]: from is missing"),
    (chat({"from": "a", "text": "x"}), "messages[0]: either to or group must say where it was sent"),
    (to_alice({"group": "g", "text": "x"}), "messages[0]: either to or group must say where it was sent"),
    (chat({"from": "", "to": "a", "text": "x"}), "messages[0].from: must be a string, and not empty"),
    (chat({"from": 1, "to": "a", "text": "x"}), "messages[0].from: must be a string, and not empty"),
    (chat({"from": "b", "to": "", "text": "x"}), "messages[0].to: must be a string, and not empty"),
    (chat({"from": "a", "group": "g", "text": "x"}), "messages[0].group: there is no group 'g'"),
    (chat({"from": "a", "group": "", "text": "x"}), "messages[0].group: must be a string, and not empty"),
    (
        {"messages": [{"from": "a", "group": "g", "text": "x"}], "groups": [{"group_id": "g", "group_type": "AVChatRoom"}]},
        "messages[0].group: a group of type AVChatRoom keeps no messages",
    ),
    (chat({"from": ["a"], "to": "b", "text": "x"}), "messages[0].from: must be a string, and not empty"),
    (
        {
            "groups": [{"group_id": "g", "members": ["a"]}],
            "messages": [{"from": "a", "group": "g", "text": "x"}, {"from": "a", "group": "g", "to": None, "text": "x"}],
        },
        "messages[1]: either to or group must say where it was sent",
    ),
    (
        chat(*({"from": "a", "to": "b", "text": "x", "order": 2, "minutes_ago": ago} for ago in (1, 5))),
        "messages[0].order: is the place of another message",
    ),
    (
        chat({"from": "a", "channel": ["c2c", "b", "a"], "text": "x"}),
        'messages[0].channel: must be ["c2c", lower user, higher user] or ["group", group]',
    ),
    (
        chat({"from": "a", "channel": ["c2c", "b"], "text": "x"}),
        'messages[0].channel: must be ["c2c", lower user, higher user] or ["group", group]',
    ),
    (
        chat({"from": "a", "channel": ["group"], "text": "x"}),
        'messages[0].channel: must be ["c2c", lower user, higher user] or ["group", group]',
    ),
    (
        chat({"from": "a", "channel": ["topic", "b"], "text": "x"}),
        'messages[0].channel: must be ["c2c", lower user, higher user] or ["group", group]',
    ),
    (to_alice({}), "messages[0]: what does it say? one of text, custom, face, location, image, sound, video, file is missing"),
    (to_alice({"elems": []}), "messages[0]: what does it say? one of text, custom, face, location, image, sound, video, file is missing"),
    (to_alice({"text": "x", "custom": "y"}), "messages[0]: more than one thing is said; elems takes a list of elements"),
    (
        to_alice({"text": "x", "elems": [{"kind": "text", "data": {"text": "y"}}]}),
        "messages[0]: more than one thing is said; elems takes a list of elements",
    ),
    (to_alice({"text": 1}), "messages[0].text: must be a string or an object"),
    (to_alice({"face": "x"}), "messages[0].face: must be an object"),
    (to_alice({"location": []}), "messages[0].location: must be an object"),
    (to_alice({"text": {"txt": "x"}}), "messages[0].text.txt: is not known here; did you mean text?"),
    (to_alice({"text": {"text": 1}}), "messages[0].text.text: must be a string"),
    (to_alice({"face": {"index": "1"}}), "messages[0].face.index: must be a number"),
    (to_alice({"location": {"latitude": float("inf")}}), "messages[0].location.latitude: must be a number"),
    (to_alice({"face": {"index": True}}), "messages[0].face.index: must be a number"),
    (to_alice({"text": "x", "read": "a"}), "messages[0].read: must be true, false or a list of users"),
    (to_alice({"text": "x", "read": [1]}), "messages[0].read: must be true, false or a list of users"),
    (to_alice({"text": "x", "read": 1}), "messages[0].read: must be true, false or a list of users"),
    (to_alice({"txet": "x"}), "messages[0].txet: is not known here; did you mean text?"),
    (
        {"conversations": [{"user_id": "a", "conversation_id": "bob"}]},
        "conversations[0].conversation_id: must be c2c_ and a user, or group_ and a group",
    ),
    ({"conversations": [{"user_id": "a", "conversation_id": "group_g"}]}, "conversations[0].conversation_id: there is no group 'g'"),
    (
        {"conversations": [{"user_id": "a", "conversation_id": "group_@TGS#_gA@TOPIC#_x"}]},
        "conversations[0].conversation_id: there is no group '@TGS#_gA'",
    ),
    (
        {
            "conversations": [{"user_id": "a", "conversation_id": "group_@TGS#_gA@TOPIC#_x"}],
            "groups": [{"group_id": "@TGS#_gA", "group_type": "Community"}],
        },
        "conversations[0].conversation_id: there is no topic '@TGS#_gA@TOPIC#_x'",
    ),
    (
        {"conversations": [{"user_id": "a", "conversation_id": "c2c_b", "draft": ""}]},
        "conversations[0].draft: must be a string, and not empty",
    ),
    (
        {"conversations": [{"user_id": "a", "conversation_id": "c2c_b", "draft": 1}]},
        "conversations[0].draft: must be a string, and not empty",
    ),
    ({"conversations": [{"user_id": "a", "conversation_id": "c2c_b", "read": 1}]}, "conversations[0].read: must be true or false"),
    (
        {"conversations": [{"user_id": "a", "conversation_id": "c2c_b", "read": True, "unread": 1}]},
        "conversations[0].read: says the opposite of unread",
    ),
    (
        {"conversations": [{"user_id": "a", "conversation_id": "c2c_b"}, {"user_id": "a", "conversation_id": "c2c_b"}]},
        "conversations[1]: is there twice: user_id 'a', conversation_id 'c2c_b'",
    ),
    ({"conversations": [{"user_id": "a"}]}, "conversations[0]: conversation_id is missing"),
    (
        to_alice({"text": "hi"}, conversations=[{"user_id": "alice", "conversation_id": "c2c_bob", "unread": 2}]),
        "conversations[0].unread: only 1 messages can be unread",
    ),
    ({"drafts": [{"user_id": "a"}]}, "drafts[0]: conversation_id is missing"),
    ({"drafts": [1]}, "drafts[0]: must be an object"),
    (install({"order": "x"}), "installs[0].order: must be an integer"),
    (install({"had": {}}), "installs[0].had: must be a list"),
    (install({"had": [["users"]]}), "installs[0].had[0]: must be a list of 2"),
    (install({"had": [["userz", {}]]}), "installs[0].had[0][0]: is not known here; did you mean users?"),
    (install({"had": [["users", {}]]}), "installs[0].had[0][1]: must be a row of its section"),
    (install({"had": [["users", {"$row": {"users.User": {}}}]]}), "installs[0].had[0][1].$row.users.User: user_id is missing"),
    (
        install({"had": [["users", {"$row": {"users.User": {"user_id": 1}}}]]}),
        "installs[0].had[0][1].$row.users.User.user_id: must be a string",
    ),
    (
        install({"had": [["users", {"$row": {"users.Uzer": {}}}]]}),
        "installs[0].had[0][1].$row.users.Uzer: is not known here; did you mean users.User?",
    ),
    (install({"had": [["users", {"$row": {}}]]}), "installs[0].had[0][1].$row: must name one kind of row"),
    (install({"had": [["users", {"$row": 1}]]}), "installs[0].had[0][1].$row: must name one kind of row"),
    (install({"had": [["groups", {"$row": {"users.User": {"user_id": "a"}}}]]}), "installs[0].had[0][1]: must be a row of its section"),
    (
        install({"had": [["drafts", {"$row": {"conversations.Draft": {"user_id": "a", "install": "", "conversation_id": "c2c_b"}}}]]}),
        "installs[0].had[0][1].$row.conversations.Draft: order is missing",
    ),
    (install({"lacked": [["users", 1.5]]}), "installs[0].lacked[0][1]: must be a key of its section"),
    (install({"lacked": [["users", {"$tuple": ["a", "b"]}]]}), "installs[0].lacked[0][1]: must be a key of its section"),
    (install({"lacked": [["conversations", "a"]]}), "installs[0].lacked[0][1]: must be a key of its section"),
    (install({"lacked": [["conversations", {"$tuple": ["a", None]}]]}), "installs[0].lacked[0][1]: must be a key of its section"),
    (
        install({"lacked": [["drafts", {"$tuple": ["a", "", "b"]}]]}),
        "installs[0].lacked[0][0]: is no section of which installs have something of their own",
    ),
    (install({"lacked": [["users", {"$tuple": 1}]]}), "installs[0].lacked[0][1]: must be a list"),
    (install({"lacked": [["users", {"$bytes": "?"}]]}), "installs[0].lacked[0][1].$bytes: is no base64"),
    (install({"lacked": [["users", {"$bytes": 1}]]}), "installs[0].lacked[0][1].$bytes: is no base64"),
    (install({"lacked": [["users", {"$double": "x"}]]}), "installs[0].lacked[0][1].$double: is none of NaN, Infinity, -Infinity"),
    (install({"lacked": [["users", {"$dict": 1}]]}), "installs[0].lacked[0][1].$dict: must be an object"),
    ({"users": [{"user_id": "a", "custom": []}]}, "users[0].custom: must be an object"),
    ({"users": [{"user_id": "a", "custom": {"k": 1}}]}, "users[0].custom.k: must be a string"),
    ({"users": [{"user_id": "a", "gender": True}]}, "users[0].gender: must be an integer"),
    ({"users": [{"user_id": "a", "nick_name": None}]}, "users[0].nick_name: must be a string"),
    ({"users": [{"user_id": "a", "nick_name": 1}]}, "users[0].nick_name: must be a string"),
    (to_alice({"elems": {}}), "messages[0].elems: must be a list"),
    (to_alice({"elems": ["x"]}), "messages[0].elems[0]: must be an object"),
    (to_alice({"elems": [{}]}), "messages[0].elems[0]: kind is missing"),
    (to_alice({"elems": [{"kind": "text"}]}), "messages[0].elems[0]: data is missing"),
    (to_alice({"elems": [{"data": {}}]}), "messages[0].elems[0]: kind is missing"),
    (
        to_alice({"elems": [{"kind": "txt", "data": {}}]}),
        "messages[0].elems[0].kind: is none of custom, face, file, image, location, merger, sound, text, tips, video",
    ),
    (
        to_alice({"elems": [{"kind": 1, "data": {}}]}),
        "messages[0].elems[0].kind: is none of custom, face, file, image, location, merger, sound, text, tips, video",
    ),
    (to_alice({"elems": [{"kind": "text", "data": []}]}), "messages[0].elems[0].data: must be an object"),
    (to_alice({"elems": [{"kind": "text", "data": {"txt": 1}}]}), "messages[0].elems[0].data.txt: is not known here; did you mean text?"),
    (to_alice({"elems": [{"kind": "text", "data": {"text": 1}}]}), "messages[0].elems[0].data.text: must be a string"),
    (
        to_alice({"elems": [{"kind": "text", "data": {"text": "x"}, "dta": 1}]}),
        "messages[0].elems[0].dta: is not known here; did you mean data?",
    ),
    (
        to_alice({"elems": [{"kind": "location", "data": {"latitude": float("nan")}}]}),
        "messages[0].elems[0].data.latitude: must be a number",
    ),
    (
        to_alice({"elems": [{"kind": "image", "data": {"images": [{"type": "x"}]}}]}),
        "messages[0].elems[0].data.images[0].type: must be a number",
    ),
    (to_alice({"elems": [{"kind": "image", "data": {"images": {}}}]}), "messages[0].elems[0].data.images: must be a list"),
    (to_alice({"elems": [{"kind": "image", "data": {"images": [1]}}]}), "messages[0].elems[0].data.images[0]: must be an object"),
    (to_alice({"elems": [{"kind": "merger", "data": {"msg_ids": "ab"}}]}), "messages[0].elems[0].data.msg_ids: must be a list of strings"),
    (to_alice({"elems": [{"kind": "merger", "data": {"msg_ids": [1]}}]}), "messages[0].elems[0].data.msg_ids: must be a list of strings"),
    (
        to_alice({"elems": [{"kind": "merger", "data": {"abstracts": [1]}}]}),
        "messages[0].elems[0].data.abstracts: must be a list of strings",
    ),
    (to_alice({"elems": [{"kind": "tips", "data": {"members": [1]}}]}), "messages[0].elems[0].data.members: must be a list of strings"),
    ({"conversations": [{"user_id": "a", "conversation_id": "c2c_b", "groups": "x"}]}, "conversations[0].groups: must be a list"),
    (
        {"conversations": [{"user_id": "a", "conversation_id": "c2c_b", "at_infos": [1]}]},
        "conversations[0].at_infos[0]: must be an object",
    ),
    ({"conversations": [{"user_id": "a", "conversation_id": "c2c_b", "pinned": 1}]}, "conversations[0].pinned: must be true or false"),
    (
        {"conversations": [{"user_id": "a", "conversation_id": "c2c_b", "last_message": 1}]},
        "conversations[0].last_message: must be a string",
    ),
    ({"messages": [{"from": "a", "to": "b", "text": "x", "channel": ["c2c", 1, 2]}]}, "messages[0].channel[1]: must be a string"),
    (
        {"timers": [{"number": 1, "rule": "statuses.lapse", "due_ms": 1, "arguments": {"user_id": "a"}}] * 2},
        "timers[1]: is there twice: number 1",
    ),
    (
        {"exact": True, "groups": [{"group_id": "g", "group_type": "x"}]},
        "groups[0].group_type: is none of Work, Public, Meeting, Community, AVChatRoom",
    ),
    ({"exact": True, "members": [{"group_id": "g", "user_id": "a", "joined_ms": 1}]}, "members[0].group_id: there is no group 'g'"),
    (
        {"exact": True, "members": [{"group_id": "g"}]},
        'members[0]: user_id is missing (without "exact" at the top, what is missing may be made up)',
    ),
    ({"exact": True, "messages": [exact_message(elems=[])]}, "messages[0].elems: must have an element"),
    (
        {"exact": True, "messages": [exact_message(), exact_message(order=2), exact_message(elems=1)]},
        "messages[1]: is there twice: msg_id 'x'",
    ),
    (
        {"messages": [*({"from": "a", "to": "b", "text": "x", "msg_id": "m"} for _ in range(2)), {"from": "a", "to": "b"}]},
        "messages[1]: is there twice: msg_id 'm'",
    ),
    ({"exact": True, "messages": [exact_message(channel=["group", "g"])]}, "messages[0].channel: there is no group 'g'"),
    ({"exact": True, "messages": [exact_message(), exact_message(msg_id="y")]}, "messages[1].order: is the place of another message"),
    ({"exact": True, "messages": [exact_message(), exact_message(order=2)]}, "messages[1]: is there twice: msg_id 'x'"),
    (
        {"exact": True, "messages": [exact_message(channel=["c2c", "b", "a"])]},
        'messages[0].channel: must be ["c2c", lower user, higher user] or ["group", group]',
    ),
    (
        {
            "exact": True,
            "conversations": [
                {"user_id": "a", "conversation_id": one, "listed": True, "active_order": 1} for one in ("c2c_b", "c2c_c")
            ],
        },
        "conversations[1].active_order: is the place of another conversation of this user",
    ),
]


@pytest.mark.parametrize(("document", "said"), FLAWS, ids=[said[:60] for _, said in FLAWS])
def test_every_flaw_is_named(document: Any, said: str) -> None:
    """What is wrong is said, behind the place where it stands."""
    with pytest.raises(WorldError) as caught:
        persistence.fill(World(), document)
    assert said == str(caught.value)


def test_unknown_attributes_are_named() -> None:
    """An attribute that is like none is answered with all there are, those of the short form too."""
    with pytest.raises(WorldError) as caught:
        persistence.fill(World(), {"groups": [{"group_id": "g", "members": [{"user_id": "a", "zzz": 1}]}]})
    assert str(caught.value).startswith("groups[0].members[0].zzz: is not known here; known are custom, group_id, joined_ms, ")


@pytest.mark.parametrize("name", ["rates", "counters", "timer", "users.User"])
def test_sections_that_there_are_not(name: str) -> None:
    """Tables that are the bridge's own business are no sections."""
    with pytest.raises(WorldError) as caught:
        persistence.fill(World(), {"installs": [{"user_id": "a", "install": "", "order": 1, "lacked": [[name, "a"]]}]})
    assert str(caught.value).startswith("installs[0].lacked[0][0]: is not known here")
    assert all(spec.exported for spec in row_json.specs().values())


def test_accounts_may_be_strict() -> None:
    """Where users are not made by being mentioned, the first mention of one that there is not is refused."""
    for document, where in [
        (to_alice({"text": "hi"}, users=["bob"]), "messages[0].to: there is no user 'alice'"),
        ({"friends": [{"owner": "a", "user_id": "b"}], "users": ["a"]}, "friends[0].user_id: there is no user 'b'"),
        ({"groups": [{"group_id": "g", "owner": "a"}]}, "groups[0].owner: there is no user 'a'"),
        ({"drafts": [{"user_id": "a", "conversation_id": "c2c_b", "text": "t"}]}, "drafts[0].user_id: there is no user 'a'"),
    ]:
        world = World(policy=Policy(strict_accounts=True))
        with pytest.raises(WorldError) as caught:
            persistence.fill(world, document)
        assert f"{where}, and accounts are strict" == str(caught.value)


# --- what is made up


@pytest.mark.parametrize(
    ("kind", "short", "data"),
    [
        ("text", "t", {"text": "t"}),
        ("custom", "c", {"data": "c", "desc": "", "extension": ""}),
        ("face", {"index": 3}, {"index": 3, "data": ""}),
        ("face", {"data": "d"}, {"index": 0, "data": "d"}),
        ("location", {"desc": "here"}, {"desc": "here", "longitude": 0.0, "latitude": 0.0}),
        ("location", {"longitude": 1.5, "latitude": -2}, {"desc": "", "longitude": 1.5, "latitude": -2}),
        ("image", "/a.png", {"path": "/a.png", "size": 0, "images": [{"type": n, "size": 0} for n in (0, 1, 2)]}),
        ("sound", "/a.mp3", {"path": "/a.mp3", "duration": 0, "size": 0}),
        ("video", "/a.mp4", {"path": "/a.mp4", "type": "", "duration": 0, "snapshot_path": "", "size": 0}),
        ("video", {"duration": 9}, {"path": "", "type": "", "duration": 9, "snapshot_path": "", "size": 0}),
        ("file", "a.txt", {"path": "", "name": "a.txt", "size": 0}),
    ],
)
def test_elements_in_short(kind: str, short: Any, data: dict[str, Any]) -> None:
    """A text stands for the whole element where that is natural, and all that is left out is empty; media are uploaded."""
    (message,) = written(to_alice({kind: short}))["messages"]
    (element,) = message["elems"]
    found = element["data"]
    assert kind == element["kind"]
    uploaded = [one.pop("uuid") for one in found.get("images", ())]
    uploaded += [found.pop(name) for name in ("uuid", "snapshot_uuid") if name in found]
    assert data == found
    assert {"image": 3, "sound": 1, "video": 2, "file": 1}.get(kind, 0) == len(set(uploaded))


def test_an_uploaded_element_is_left_alone() -> None:
    """What says under which name it was uploaded was."""
    data = {"path": "/a.mp3", "duration": 1, "size": 2, "uuid": "u-1"}
    (message,) = written(to_alice({"elems": [{"kind": "sound", "data": data}]}))["messages"]
    assert [{"kind": "sound", "data": data}] == message["elems"]


@pytest.mark.parametrize(
    ("said", "times"),
    [
        ([{}], [-1000]),
        ([{}, {}], [-2000, -1000]),
        ([{"minutes_ago": 1}, {}], [-60_000, -59_000]),
        ([{"minutes_ago": 0.5}], [-30_000]),
        ([{"minutes_ago": 0}, {}], [0, 0]),
        ([{"at_ms": NOW_MS - 7}, {}], [-7, 0]),
        ([{"at_ms": 0}], [-NOW_MS]),
        ([{"time_ms": NOW_MS - 70_000}, {}], [-70_000, -69_000]),
        ([{"at_ms": (1 << 53) - 1}], [(1 << 53) - 1 - NOW_MS]),
    ],
)
def test_times_of_messages(said: list[dict[str, Any]], times: list[int]) -> None:
    """A time is said in one of three ways; else a second after the message above, and not in the future."""
    found = written(chat(*({"from": "bob", "to": "alice", "text": "x", **one} for one in said)))["messages"]
    assert times == [one["time_ms"] - NOW_MS for one in found]


def test_messages_of_a_group_are_numbered() -> None:
    """They count on from the number that one has; the group goes on counting there, has been opened and knows when it was last used."""
    said = [{"from": "bob", "group": "g", "text": "x", **one} for one in ({}, {"seq": 7}, {}, {"seq": 3})]
    document = written(chat(*said, groups=[{"group_id": "g", "owner": "bob"}]))
    assert [1, 7, 8, 3] == [one["seq"] for one in document["messages"]]
    (group,) = document["groups"]
    assert (8, True, NOW_MS - 1000) == (group["last_seq"], group["opened"], group["last_message_ms"])


def test_what_a_group_says_of_itself_stays() -> None:
    """Its own counts go before those that follow from messages."""
    said = {"from": "bob", "group": "g", "text": "x"}
    (group,) = written(chat(said, groups=[{"group_id": "g", "owner": "bob", "last_seq": 40, "last_message_ms": 5}]))["groups"]
    assert (40, 5, True) == (group["last_seq"], group["last_message_ms"], group["opened"])


def test_messages_between_two_have_numbers_of_their_own() -> None:
    """The number of one is the end of its random number."""
    found = written(to_alice({"text": "x"}, seed=3))["messages"][0]
    assert found["seq"] == found["random"] % 100_000_000
    (own,) = written(to_alice({"text": "x", "seq": 9, "random": 12}))["messages"]
    assert (9, 12) == (own["seq"], own["random"])


def test_topics_count_their_own_messages() -> None:
    """A topic counts on where its messages end, and its community does not."""
    topic = "@TGS#_gA@TOPIC#_x"
    document = written(
        chat(
            {"from": "bob", "group": topic, "text": "x"},
            {"from": "bob", "group": topic, "text": "y"},
            groups=[{"group_id": "@TGS#_gA", "group_type": "Community", "owner": "bob", "members": ["alice"]}],
            topics=[{"topic_id": topic, "community_id": "@TGS#_gA", "name": "t"}],
        )
    )
    assert 2 == document["counters"][f"seq:{topic}"]
    assert 0 == document["groups"][0].get("last_seq", 0)
    rows = {one["user_id"]: one for one in document["conversations"]}
    assert {"alice", "bob"} == set(rows) and {f"group_{topic}"} == {one["conversation_id"] for one in rows.values()}
    assert (2, 0) == (rows["alice"]["unread"], rows["bob"].get("unread", 0))


def test_receipts_know_how_many_there_were() -> None:
    """A message of a group that wants receipts notes how many members it had; one that wants none, or between two, does not."""
    groups = [{"group_id": "g", "owner": "bob", "members": ["alice", "carol"]}]
    said = {"from": "bob", "text": "x", "needs_receipt": True}
    plain = {"from": "bob", "text": "x", "group": "g"}
    found = written(chat({**said, "group": "g"}, {**said, "to": "alice"}, {**said, "group": "g", "members_then": 9}, plain, groups=groups))
    assert [3, None, 9, None] == [one.get("members_then") for one in found["messages"]]


def test_mentions_follow_from_messages() -> None:
    """Unread messages of a group that mention somebody stand in the conversation, the oldest first."""
    said = {"from": "bob", "group": "g", "text": "x"}
    document = chat(
        {**said, "at_users": ["carol"]},
        {**said, "at_users": ["alice"]},
        said,
        {**said, "at_users": ["alice", "carol"]},
        groups=[{"group_id": "g", "owner": "bob", "members": ["alice", "carol"]}],
    )
    rows = {one["user_id"]: one for one in written(document)["conversations"]}
    seqs = {name: [at["seq"] for at in rows[name].get("at_infos", ())] for name in rows}
    assert {"alice": [2, 4], "bob": [], "carol": [1, 4]} == seqs


ROW = {"user_id": "alice", "conversation_id": "c2c_bob"}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({}, {"listed": None, "active_order": None}),
        ({"draft": "d"}, {"listed": True, "active_order": 1}),
        ({"draft": "d", "listed": False}, {"listed": None, "active_order": None}),
        ({"pinned": True}, {"listed": True, "active_order": 1}),
        ({"pinned": True, "listed": False}, {"listed": None, "active_order": None}),
        ({"listed": True}, {"listed": True, "active_order": 1}),
        ({"listed": True, "active_order": 5}, {"listed": True, "active_order": 5}),
    ],
)
def test_rows_without_messages(row: dict[str, Any], expected: dict[str, Any]) -> None:
    """One that is pinned or has a draft is listed unless it says not; what is listed has a place."""
    (found,) = written({"conversations": [{**ROW, **row}]})["conversations"]
    assert expected == {name: found.get(name) for name in expected}


def test_rows_say_more_than_messages() -> None:
    """What a row says itself stays, though messages would say otherwise."""
    row = {**ROW, "listed": False, "active_order": 77, "last_message": None}
    found = {one["user_id"]: one for one in written(to_alice({"text": "x"}, conversations=[row]))["conversations"]}["alice"]
    assert (None, 77, None, 1) == (found.get("listed"), found["active_order"], found.get("last_message"), found["unread"])


def test_what_is_not_received_is_not_unread() -> None:
    """A group whose messages a member does not receive has nothing unread, whatever was said there."""
    groups = [{"group_id": "g", "owner": "bob", "members": ["alice", "carol"]}]
    rows = [{"user_id": "alice", "conversation_id": "group_g", "recv_opt": 1}]
    found = written(chat({"from": "bob", "group": "g", "text": "x"}, groups=groups, conversations=rows))["conversations"]
    assert {"alice": 0, "bob": 0, "carol": 1} == {one["user_id"]: one.get("unread", 0) for one in found}


def test_reading_of_the_two_kinds() -> None:
    """How far somebody has read is kept as a time between two, as a number in a group, and in both as a place."""
    groups = [{"group_id": "g", "owner": "bob", "members": ["alice"]}]
    document = written(chat({"from": "bob", "group": "g", "text": "x"}, {"from": "bob", "to": "alice", "text": "y"}, groups=groups))
    found = {one["conversation_id"]: one for one in document["conversations"] if one["user_id"] == "bob"}
    group, two = found["group_g"], found["c2c_alice"]
    first, second = document["messages"]
    assert (first["order"], 1, None) == (group["read_order"], group["read_seq"], group.get("read_ms"))
    assert (second["order"], second["time_ms"], None) == (two["read_order"], two["read_ms"], two.get("read_seq"))


def test_friendships_of_both_sides() -> None:
    """The other entry has the same time and source; one that stands there itself stays as it is. Names of groups exist."""
    friends = [
        {"owner": "a", "user_id": "b", "mutual": True, "added_ms": 5, "source": "s", "remark": "r", "groups": ["G"]},
        {"between": ["a", "c"]},
        {"owner": "c", "user_id": "a", "remark": "mine"},
    ]
    document = written({"friends": friends})
    rows = {(one["owner"], one["user_id"]): one for one in document["friends"]}
    assert {("a", "b"), ("b", "a"), ("a", "c"), ("c", "a")} == set(rows)
    assert {"owner": "b", "user_id": "a", "added_ms": 5, "source": "s"} == rows["b", "a"]
    assert ("mine", NOW_MS) == (rows["c", "a"]["remark"], rows["c", "a"]["added_ms"])
    assert [("a", "G")] == [(one["owner"], one["name"]) for one in document["friend_groups"]]
    assert ["a", "b", "c"] == [one["user_id"] for one in document["users"]]


def test_roles_in_words() -> None:
    """Roles have names; the first owner among the members owns a group that names none; members' marks are the group's."""
    members = [
        {"user_id": "m", "role": "member", "marks": [5]},
        {"user_id": "a", "role": "admin", "marks": [4, 5]},
        {"user_id": "o", "role": "owner"},
        {"user_id": "n", "role": 300},
    ]
    document = written({"groups": [{"group_id": "g", "group_type": "ChatRoom", "members": members}]})
    assert {"m": 200, "a": 300, "o": 400, "n": 300} == {one["user_id"]: one.get("role", 200) for one in document["members"]}
    (group,) = document["groups"]
    assert ("Meeting", "o", [5, 4]) == (group["group_type"], group["owner"], group["marks"])


@pytest.mark.parametrize(
    ("group", "members"),
    [
        ({"owner": "o"}, {"o": 400}),
        ({"owner": "o", "members": ["a"]}, {"o": 400, "a": 200}),
        ({"owner": "o", "members": ["a", "o"]}, {"a": 200, "o": 400}),
        ({"owner": "o", "members": [{"user_id": "o", "name_card": "x"}]}, {"o": 400}),
        ({"owner": "o", "dismissed": True}, {}),
        ({"members": ["a"]}, {"a": 200}),
    ],
)
def test_owners_are_members(group: dict[str, Any], members: dict[str, int]) -> None:
    """The owner comes in first unless the list has them; of a group that was dismissed nobody does."""
    document = written({"groups": [{"group_id": "g", **group}]})
    found = sorted(document.get("members", ()), key=lambda one: one["joined_order"])
    assert list(members.items()) == [(one["user_id"], one.get("role", 200)) for one in found]


def test_members_in_a_section_of_their_own() -> None:
    """They come in as they stand there, an owner among them where the section has it."""
    members = [{"group_id": "g", "user_id": name} for name in ("a", "o", "b")]
    document = written({"groups": [{"group_id": "g", "owner": "o"}], "members": members})
    found = sorted(document["members"], key=lambda one: one["joined_order"])
    assert [("a", 200), ("o", 400), ("b", 200)] == [(one["user_id"], one.get("role", 200)) for one in found]


def test_drafts_are_the_own_devices() -> None:
    """A draft that names no install is the app's on the connection's own device."""
    (found,) = written({"drafts": [{"user_id": "a", "conversation_id": "c2c_b", "text": "t"}]})["drafts"]
    assert ("", "t", NOW_MS) == (found.get("install", ""), found["text"], found.get("set_ms", NOW_MS))


def test_everybody_has_what_was_written() -> None:
    """Users have missed nothing, unless their row says since when."""
    document = written(to_alice({"text": "x"}, users=[{"user_id": "alice", "missed_after": 0}]))
    assert {"alice": 0, "bob": document["counters"]["order"]} == {one["user_id"]: one.get("missed_after", 0) for one in document["users"]}
