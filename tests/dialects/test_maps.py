"""
Maps against their schemas: every map that a reply or an event can hold has a function that writes it, with the keys of each platform.

`SAMPLES` has world values for each map. Together they show every key that the schema lists: a key that nobody writes is found here.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from bridge import dialects
from bridge.catalogue import Catalogue, TypeExpr, load
from bridge.dialects.channel.encoding import Encoders
from bridge.dialects.channel.maps.messages import ELEM_KEYS
from bridge.dialects.channel.registry import MAPS
from bridge.dialects.view import View
from bridge.world.chats import conversations, messages
from bridge.world.chats.conversations import AtInfo, Conversation, Draft
from bridge.world.chats.elements import (
    Custom,
    Element,
    Face,
    File,
    Image,
    Location,
    Merger,
    Sound,
    Text,
    Tips,
    Variant,
    Video,
    is_media,
)
from bridge.world.chats.extensions import Extension
from bridge.world.chats.media import Address
from bridge.world.chats.messages import CreatedMessage, Handled, Message
from bridge.world.chats.modification import Outcome
from bridge.world.chats.reactions import Reacted, Summary
from bridge.world.chats.receive_options import AllOption
from bridge.world.chats.search import Found, Hits
from bridge.world.chats.signals import Info
from bridge.world.chats.unread import Filter
from bridge.world.groups import groups, topics
from bridge.world.groups.group_applications import Application as GroupApplication
from bridge.world.groups.groups import Group, Member
from bridge.world.groups.permission_groups import PermissionGroup
from bridge.world.groups.topics import Topic
from bridge.world.kernel import devices
from bridge.world.kernel.results import Item, Page
from bridge.world.people import users
from bridge.world.people.follows import Counts
from bridge.world.people.friend_applications import Application as FriendApplication
from bridge.world.people.friend_groups import FriendGroup
from bridge.world.people.friends import FRIENDS, Friend
from bridge.world.people.official_accounts import OfficialAccount
from bridge.world.people.relations import Related
from bridge.world.people.users import User
from tests.support.checks import Check
from tests.support.stage import Stage

DIALECTS = ("chat-8.2", "im-5.0")
PLATFORMS = ("android", "ios")

INSIDE = {"V2TIMConversation.groupAtInfoList", "V2TIMElem(next)"}
"""Written by the map around them."""


def inner(expr: TypeExpr) -> Iterator[str]:
    """Yield the names of the maps in a type."""
    if expr.kind == "map":
        yield expr.item
    elif expr.kind in ("list", "dict"):
        yield from inner(expr.item)


@cache
def reachable(dialect: str, platform: str) -> tuple[str, ...]:
    """Return the maps that some reply or event of a platform holds, inside others as well."""
    catalogue = load(dialect)
    waiting = list(_first(catalogue, platform))
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(part for key in catalogue.map(name).keys(platform) for part in inner(key.type))
    return tuple(sorted(found - INSIDE))


def _first(catalogue: Catalogue, platform: str) -> Iterator[str]:
    for name in catalogue.method_names:
        spec = catalogue.method(name)
        assert spec is not None
        if platform in spec.platforms and (expr := spec.reply(platform).type) is not None:
            yield from inner(expr)
    for fact in catalogue.facts:
        for event in catalogue.events_for(fact):
            if platform in event.platforms:
                for piece in event.data(platform):
                    yield from inner(piece.type)


CASES = [
    (dialect, platform, name) for dialect in DIALECTS for platform in PLATFORMS for name in reachable(dialect, platform)
]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_map_is_written(dialect: str, platform: str) -> None:
    """Every map that can be in a reply or event has its function."""
    missing = {name for name in reachable(dialect, platform) if MAPS.find(name) is None}
    assert set() == missing


def test_every_written_map_exists() -> None:
    """No function writes a map that no dialect has."""
    known = {name for dialect in DIALECTS for name in load(dialect).map_names}
    assert set() == set(MAPS.names()) - known


# --- samples

ELEMS: dict[str, Element] = {
    "text": Text("hi"),
    "custom": Custom("d", "e", "x"),
    "face": Face(3, "d"),
    "location": Location("d", latitude=1, longitude=2),
    "image": Image("p", images=[Variant("u", url="l", local_url="f", size=1)]),
    "sound": Sound("p", uuid="u", url="l", local_url="f"),
    "video": Video(
        "p",
        snapshot_path="s",
        uuid="u",
        snapshot_uuid="v",
        url="l",
        snapshot_url="m",
        local_url="f",
        local_snapshot_url="g",
    ),
    "file": File("p", "n", uuid="u", url="l", local_url="f"),
    "merger": Merger("t", ["a"]),
    "tips": Tips(
        type=7,
        group_id="g",
        op_member="bob",
        members=("bob",),
        changes=({"type": 6, "key": "k", "value": "v"},),
        member_changes=({"user_id": "bob", "mute_s": 60},),
    ),
}


def message(kind: str = "text", group: str = "", **given: Any) -> Message:
    """Return a message that bob sent, with all that one can have."""
    channel = ("group", group) if group else ("c2c", "alice", "bob")
    elems = (ELEMS[kind], *given.pop("more", ()))
    push = {"desc": "d", "title": "t", "ext": "e"}
    return Message(f"m-{kind}", 5, channel, "bob", 1_700_000_000_000, elems, seq=4, push=push, revoker="bob", **given)


NEXT = (ELEMS["text"],)
MENTIONS = (AtInfo(4, 1),)
GROUP = Group("g", "Public", "G", "n", "i", "f", "alice", custom={"k": "v"})
TOPIC = Topic("c@TOPIC#_t", "c", 1, "T", "f", "i", "n", "c")
MEMBER = Member("g", "bob", name_card="B", custom={"k": "v"})
FRIEND = Friend("alice", "bob", remark="B", groups=("x",), custom={"k": "v"})
ASKED = FriendApplication("alice", "bob", 1, source="s", wording="w")
ASKS = GroupApplication("g", "bob", "alice", 2, 3, 1000, text="t", handler="alice", agreed=True, answer="a")
RIGHTS = PermissionGroup("c", "p", 1, "P", "d", 4)
ACCOUNT = OfficialAccount("@TOA#_a", "A", "f", "alice", "o", "i", "d", 1000)
CHANGE = {"type": 6, "key": "k", "value": "v"}
ITEM = Item("bob", 0, "")
IN_TOPIC = Item(TOPIC.topic_id, 0, "", TOPIC)

REACTED = Reacted("m-text", (Summary("smile", ("bob", "alice"), 1),))

SAMPLES: dict[str, list[Any]] = {
    "MessageOnlineUrl": [Address(one) for one in ELEMS.values() if is_media(one)],
    "V2TIMMessageSearchResult": [Found(1, (Hits("c2c_bob", 1, (message(),)),), "1")],
    "V2TIMMessageSearchResultItem": [Hits("c2c_bob", 1, (message(),))],
    "CreatedMessage": [CreatedMessage("d", "local", message())],
    "MessageChangeInfo": [Outcome(0, "", message())],
    "MessageListResult": [Page([message()])],
    "V2TIMConversation": [
        Conversation(
            "alice", "group_g", True, 5, True, 1, "m-text", at_infos=MENTIONS, marks=1, custom_data="d", groups=("x",)
        ),
        Conversation("alice", "c2c_bob"),
        Conversation("alice", TOPIC.conversation_id),
    ],
    "V2TIMConversation.groupAtInfoList": [MENTIONS[0]],
    "V2TIMConversationListFilter": [Filter("c2c", "x", 1, True, True)],
    "V2TIMConversationOperationResult": [Item("c2c_bob", 6017, "no")],
    "V2TIMConversationResult": [Page([Conversation("alice", "c2c_bob", True)], 3, False)],
    "V2TIMFollowInfo": [Item("bob", 0, "", Counts(1, 2, 1))],
    "V2TIMFollowOperationResult": [ITEM],
    "V2TIMFollowTypeCheckResult": [Item("bob", 0, "", 3)],
    "V2TIMFriendApplication": [ASKED],
    "V2TIMFriendApplicationResult": [[ASKED]],
    "V2TIMFriendApplicationResult.friendApplicationList": [ASKED],
    "V2TIMFriendCheckResult": [Item("bob", 0, "", 3)],
    "V2TIMFriendGroup": [FriendGroup("alice", "x", 1)],
    "V2TIMFriendInfo": [FRIEND, "carol", User("carol")],
    "V2TIMFriendInfoResult": [
        Related("bob", 3, FRIEND),
        Related("carol", 0),
        Related("dave", 0, None, False, 30003, "no"),
    ],
    "V2TIMFriendOperationResult": [ITEM],
    "V2TIMGroupApplication": [ASKS],
    "V2TIMGroupApplicationResult": [Page([ASKS], total=1)],
    "V2TIMGroupAtInfo": [MENTIONS[0]],
    "V2TIMGroupChangeInfo": [CHANGE, {"type": 8, "bool_value": True}, {"type": 11, "int_value": 2}],
    "V2TIMGroupInfo": [GROUP],
    "V2TIMGroupInfoResult": [Item("g", 0, "", GROUP), Item("none", 10010, "no")],
    "V2TIMGroupMemberChangeInfo": [{"user_id": "bob", "mute_s": 60}],
    "V2TIMGroupMemberFullInfo": [MEMBER],
    "V2TIMGroupMemberInfo": [MEMBER],
    "V2TIMGroupMemberInfoResult": [Page([MEMBER])],
    "V2TIMGroupMemberOperationResult": [Item("bob", 1)],
    "V2TIMGroupMessageReadMemberList": [Page([MEMBER], 0)],
    "V2TIMGroupTipsElem.groupChangeInfoList": [CHANGE],
    "V2TIMGroupTipsElem.memberChangeInfoList": [{"user_id": "bob", "mute_s": 60}],
    "V2TIMGroupTipsElem.memberList": [("bob", "g")],
    "V2TIMGroupTipsElem.opMember": [("bob", "g")],
    "V2TIMImageElem.imageList": [Variant("u", url="l", local_url="f", size=1)],
    "V2TIMMessage": [
        *(message(kind) for kind in ELEMS),
        message("text", "g"),
        Handled(message(), "local", 40, uploading=True, text="hi"),
        Handled(message(), "local", sent=True),
    ],
    "V2TIMMessage.offlinePushInfo": [{"desc": "d", "title": "t", "ext": "e", "disable_push": True}],
    "V2TIMMessageExtension": [Extension("m-text", "k", "v", 1), ("k", "")],
    "V2TIMMessageExtensionResult": [Item("k", 0, "", ("k", "v"))],
    "V2TIMMessageReaction": [REACTED.summaries[0]],
    "V2TIMMessageReactionChangeInfo": [REACTED],
    "V2TIMMessageReactionResult": [REACTED],
    "V2TIMMessageReactionUserResult": [Page(["bob"], 2, False)],
    "V2TIMMessageReceipt": [
        {"user_id": "bob", "read_ms": 1000, "group_id": "g", "msg_id": "m-text", "read": 1, "unread": 2}
    ],
    "V2TIMOfficialAccountInfo": [ACCOUNT],
    "V2TIMOfficialAccountInfoResult": [Item(ACCOUNT.account_id, 0, "", ACCOUNT)],
    "V2TIMPermissionGroupInfo": [RIGHTS],
    "V2TIMPermissionGroupInfoResult": [Item("p", 0, "", RIGHTS), Item("none", 10004, "no")],
    "V2TIMPermissionGroupMemberInfoResult": [Page([MEMBER], "3")],
    "V2TIMPermissionGroupMemberOperationResult": [Item("bob", 0, "", "p")],
    "V2TIMPermissionGroupOperationResult": [Item("p", 10004, "no")],
    "V2TIMReceiveMessageOptInfo": [AllOption("alice", 2, 22, 30, duration_s=3600), Item("bob", 0, value=1)],
    "V2TIMSignalingInfo": [Info("i", "g", "bob", ("alice",), "d", 30, 1)],
    "V2TIMTopicInfo": [TOPIC],
    "V2TIMTopicInfoResult": [IN_TOPIC, Item("none", 110003, "no")],
    "V2TIMTopicOperationResult": [IN_TOPIC],
    "V2TIMTopicOperationResult(deletion)": [IN_TOPIC],
    "V2TIMTopicPermissionResult": [Item(TOPIC.topic_id, 0, "", ("p", "c", 9))],
    "V2TIMUserFullInfo": ["bob", User("carol")],
    "V2TIMUserInfo": ["bob"],
    "V2TIMUserInfo(sender)": ["bob"],
    "V2TIMUserInfoResult": [Page(["bob"], "")],
    "V2TIMUserStatus": ["bob"],
}


ELEM_MAPS = {f"V2TIM{'GroupTips' if kind == 'tips' else kind.capitalize()}Elem": kind for kind in ELEMS}
"""Maps of elements; a message writes what follows one into it, so they are looked at there."""


def written(name: str, view: View, writer: dialects.Dialect) -> Iterator[tuple[Any, Any]]:
    """Yield each sample of a map, and what is written of it."""
    kind = ELEM_MAPS.get(name)
    if kind is None:
        for value in SAMPLES[name]:
            yield value, writer.write(name, value, view)
        return
    for value in (message(kind), message(kind, more=NEXT)):
        yield value, writer.write("V2TIMMessage", value, view)[ELEM_KEYS[kind]]


@cache
def scene(dialect: str, platform: str) -> tuple[View, dialects.Dialect]:
    """Return alice's view of a world with bob, a group and a community in it, and what writes it."""
    stage = Stage(dialect, platform)
    phone = stage.enter("alice")
    stage.enter("bob")
    world = stage.world
    world[users.USERS].put("bob", User("bob", "Bob", "f", "s", 1, 0, 1, 1, 1, {"k": "v"}, "busy", 1))
    world[FRIENDS].put(("alice", "bob"), FRIEND)
    world[groups.GROUPS].put("g", GROUP)
    world[groups.GROUPS].put("c", Group("c", "Community", "C", support_topic=True))
    for row in (MEMBER, Member("g", "alice"), Member("c", "alice")):
        world[groups.MEMBERS].put((row.group_id, row.user_id), row)
    world[topics.TOPICS].put(TOPIC.topic_id, TOPIC)
    world[messages.MESSAGES].put("m-text", message(group=TOPIC.topic_id))
    device = devices.get(world, phone.id)
    for conversation_id in ("group_g", TOPIC.conversation_id):
        key = ("alice", device.install, conversation_id)
        world[conversations.DRAFTS].put(key, Draft(*key, text="draft", set_ms=1000, order=1))
    conversations.change(world, "alice", TOPIC.conversation_id, last_message="m-text", at_infos=MENTIONS, unread=1)
    world.log.commit()
    writer = dialects.get(dialect, platform)
    return View(world, "alice", devices.get(world, phone.id), writer), writer


def test_samples_are_of_maps() -> None:
    """There is a sample for every map that has a function, and none for another."""
    written_maps, sampled = set(MAPS.names()), {*SAMPLES, *ELEM_MAPS}
    assert set() == sampled - written_maps
    assert set() == written_maps - sampled


@pytest.mark.parametrize(
    ("dialect", "platform", "name"), [case for case in CASES if MAPS.find(case[2]) is not None]
)
def test_map_has_its_keys(dialect: str, platform: str, name: str) -> None:
    """Written samples are what the platform sends and the client takes, and together they show every key of the map."""
    view, writer = scene(dialect, platform)
    seen: set[str] = set()
    for value, wire in written(name, view, writer):
        check = Check(load(dialect), platform)
        check.value(TypeExpr("map", name), wire, name)
        assert [] == [flaw for flaw in check.problems if "belongs only where" not in flaw], value
        seen |= set(wire)
    assert {key.key for key in load(dialect).map(name).keys(platform)} == seen


@pytest.mark.parametrize(("dialect", "platform"), [(dialect, platform) for dialect in DIALECTS for platform in PLATFORMS])
def test_blank_tips(dialect: str, platform: str) -> None:
    """Tips that say nothing have every key, and nothing in it."""
    view, _ = scene(dialect, platform)
    lists = ("memberList", "groupChangeInfoList", "memberChangeInfoList")
    blank = {"groupID": "", "type": 0, "memberCount": 0, "opMember": {}, **{name: [] for name in lists}}
    function = MAPS.find("V2TIMGroupTipsElem")
    assert function is not None
    assert blank == function(Tips(), view)


def test_handlers_of_names() -> None:
    """A method goes by its handler where the platform has it; a name that the dialect or the platform does not have goes by none."""
    found = {name: dialects.get("chat-8.2", name).handler_of("initSDK") for name in PLATFORMS}
    assert 1 == len(set(found.values())) and all(found.values())
    for name in PLATFORMS:
        assert dialects.get("chat-8.2", name).handler_of("noSuchMethod") is None
    catalogue = load("chat-8.2")
    alone = next(spec for method in catalogue.method_names if (spec := catalogue.method(method)) and "ios" not in spec.platforms)
    assert dialects.get("chat-8.2", "ios").handler_of(alone.name) is None


def test_nothing_is_null_on_windows() -> None:
    """A plain value that is not there is an empty one on Windows, and null elsewhere."""
    for platform in ("windows", "android", "ios"):
        view, _ = scene("chat-8.2", "android")
        made = [Encoders(load("chat-8.2"), platform).of(TypeExpr(kind, None))(None, view) for kind in ("string", "int", "bool")]
        assert (["", 0, False] if platform == "windows" else [None] * 3) == made
        assert "x" == Encoders(load("chat-8.2"), platform).of(TypeExpr("string", None))("x", view)
