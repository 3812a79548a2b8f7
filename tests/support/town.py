"""
A town: people with devices in one world, who do whatever a number says, and what must hold after each step.

A step is (device, number): the number is used up as the dice that decide what is done, with whom and how. So a script is
a list of pairs, which hypothesis shrinks, and which `tools/explore.py` rolls by the thousand.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from hypothesis import strategies as st

from bridge.emulator import Emulator, Settings
from bridge.world.chats import connections, messages, receipts, visibility
from bridge.world.groups import groups
from bridge.world.kernel.devices import Device
from bridge.world.kernel.world import World
from bridge.world.people import friends
from tests.support.mirror import Mirror, fetched

T = TypeVar("T")
Step = tuple[int, int]

DEVICES = (
    ("alice", "chat-8.2", "android"),
    ("alice", "chat-8.2", "ios"),
    ("bob", "im-5.0", "android"),
    ("carol", "im-5.0", "ios"),
    ("dave", "chat-8.2", "android"),
    ("bob", "chat-8.2", "ios"),
)
PEOPLE = ("alice", "bob", "carol", "dave")
GROUPS = (("pub", "Public"), ("meet", "Meeting"), ("work", "Work"))
LABELS = ("family", "work", "later")
INIT = {"sdkAppID": 1, "logLevel": 0, "listenerUuid": "u", "uiPlatform": 0, "showImLog": False, "plugins": []}
LISTENERS = ("addConversationListener", "addAdvancedMsgListener", "addGroupListener", "addFriendListener")
OUR_BUG = -32603
LAST_DEVICE, MOST = len(DEVICES) - 1, (1 << 40) - 1


def steps(most: int) -> st.SearchStrategy[list[Step]]:
    """Return a strategy for scripts of up to so many steps."""
    one = st.tuples(st.integers(0, LAST_DEVICE), st.integers(0, MOST))
    return st.lists(one, min_size=most // 2, max_size=most)


class Dice:
    """A number that is used up by decisions."""

    def __init__(self, number: int) -> None:
        self.number = number

    def pick(self, options: Sequence[T]) -> T:
        """Return one of some things."""
        self.number, at = divmod(self.number, len(options))
        return options[at]

    def is_one_in(self, many: int) -> bool:
        """Return true once in so many times."""
        return self.pick(range(many)) == many - 1


class Phone:
    """A device in a town: who is logged in, what it knows by listening."""

    def __init__(self, town: Town, number: int) -> None:
        self.town = town
        self.user, self.dialect, self.platform = DEVICES[number]
        self.name = f"phone{number}"
        self.ear = self.hear  # one and the same object, by which the emulator knows who calls
        self.mirror: Mirror | None = None
        self.known: Mirror | None = None  # also while nobody is logged in: the app's own storage
        self.is_cut = False
        self.last_seen = ""
        self.id = ""
        self.start()

    def start(self) -> None:
        """Start the app."""
        self.id = self.town.emulator.open(self.name, self.dialect, self.platform, self.ear)
        self.ask("initSDK", **INIT)
        for listener in LISTENERS:
            self.call(listener, listenerUuid=self.name)

    def kill(self) -> None:
        """Have the app killed; it is started again when somebody logs in."""
        self.town.emulator.close(self.id)
        self.id = ""
        self.mirror = None
        self.is_cut = False

    def call(self, method: str, **arguments: Any) -> Any:
        """Make a call. A refusal must leave everything as it was, a bug of ours fails the test."""
        return self.town.call(self, method, arguments)

    def ask(self, method: str, **arguments: Any) -> Any:
        """Make a call that must succeed, and return its data."""
        reply = self.call(method, **arguments)
        assert reply["code"] == 0, f"{method}: {reply}"
        return reply.get("data")

    def hear(self, event: Any) -> None:
        """Take in an event."""
        arguments = event.arguments
        if arguments["type"] in ("onKickedOffline", "onUserSigExpired"):
            self.mirror = None
        if event.method == "conversationListener" and self.mirror is not None:
            self.mirror.hear(arguments["type"], arguments.get("data"))

    def cut(self) -> None:
        """Lose the network: from now on nobody is heard, and what there is, is what there was, and what the device does itself."""
        before = self.sees()
        self.is_cut = True
        self.town.happen(lambda world, device: connections.lose(world, device), self)
        self.last_seen = self.sees()
        assert self.last_seen.startswith(before.removesuffix("]")), "an app that has lost the network sees something else"

    def mend(self) -> None:
        """Have the network back: the device is told all that it has missed."""
        self.is_cut = False
        self.town.happen(lambda world, device: connections.restore(world, device), self)

    def sees(self) -> str:
        """Return all that the app shows of conversations, as one text; "" while nobody is logged in."""
        if self.mirror is None:
            return ""
        found: list[Any] = [fetched(self.ask), self.ask("getTotalUnreadMessageCount"), self.ask("getConversationGroupList")]
        for name in PEOPLE:
            found.append(self.ask("getC2CHistoryMessageList", userID=name, count=100))
        for name in GROUP_IDS if self.is_cut else ():  # the service shows no history of a group one never was in
            found.append(self.ask("getGroupHistoryMessageList", groupID=name, count=100))
        return json.dumps(found)

    def check_cut(self, is_own: bool) -> None:
        """Without a network an app sees what it saw, unless it has just done something itself."""
        if self.is_cut and self.mirror is not None:
            now = self.sees()
            assert is_own or now == self.last_seen, "an app without a network sees what others do"
            self.last_seen = now

    def enter(self) -> None:
        """Log in, and fetch what there is."""
        if self.mirror is None:
            if not self.id:
                self.start()
            if self.is_cut:
                self.mend()
            self.mirror = self.known
            self.ask("login", userID=self.user, userSig="s")
            if self.mirror is None:
                self.mirror = self.known = Mirror(self.ask, self.dialect == "chat-8.2")
            else:
                self.mirror.come_back()
                self.mirror.check()

    def leave(self) -> None:
        """Log out."""
        self.ask("logout")
        self.mirror = None


class Town:
    """
    One world with people in it.

    Attributes:
        said: of each call: [device id, method, result, events], if it is to be kept.
    """

    def __init__(self, keep: bool = False) -> None:
        members = [{"user_id": "alice", "role": "owner"}, {"user_id": "bob", "role": "admin"}, "carol"]
        seed: Any = {
            "users": list(PEOPLE),
            "groups": [{"group_id": name, "group_type": kind, "members": members} for name, kind in GROUPS],
        }
        self.emulator = Emulator(Settings(world=seed))
        self.world = self.emulator.world
        self.said: list[Any] | None = [] if keep else None
        self.counts: dict[str, int] = {}
        self.taken = 0
        self._far: dict[tuple[str, str], tuple[int, ...]] = {}
        self._receipts: set[Any] = set()
        self.phones = [Phone(self, number) for number in range(len(DEVICES))]
        for phone in self.phones:
            phone.enter()

    def call(self, phone: Phone, method: str, arguments: dict[str, Any]) -> Any:
        """Make a call; hand the events to the devices that hear them."""
        before = self._rows()
        turn = self.emulator.call(phone.id, method, arguments, phone.ear)
        assert turn.error is None, f"{method} {arguments}: {turn.error}"
        result = turn.result
        if isinstance(result, dict) and result.get("code") and "data" not in result:
            assert not turn.events, f"{method} was refused ({result}) and yet {turn.events}"
            assert before == self._rows(), f"{method} was refused and yet changed something"
            self.counts["refused"] = self.counts.get("refused", 0) + 1
        if self.said is not None:
            heard = [[event.device_id, event.method, event.arguments] for event in turn.events]
            self.said.append([phone.id, method, result, heard])
        for event in turn.events:
            if event.device_id == phone.id:
                phone.hear(event)
        return result

    def happen(self, rule: Callable[[World, Device], None], phone: Phone) -> None:
        """Let something happen to a device that it does not do itself."""
        device = self.emulator.engine.device(phone.id)
        self.emulator.run(lambda: rule(self.world, device))

    def _rows(self) -> dict[str, Any]:
        return {name: table.rows.copy() for name, table in self.world.tables.items() if table.rows}

    def step(self, step: Step) -> Phone:
        """Let somebody do something; return who did."""
        device, number = step
        phone, dice = self.phones[device], Dice(number)
        name, action = dice.pick(ACTIONS)
        self.counts[name] = self.counts.get(name, 0) + 1
        if phone.mirror is None and not name.startswith(("enter", "wait")):
            phone.enter()
        action(phone, dice)
        phone.check_cut(is_own=True)
        self.taken += 1
        other = self.phones[self.taken % len(self.phones)]
        if other is not phone:
            other.check_cut(is_own=False)
        return phone

    def message_ids(self) -> list[str]:
        """Return the ids of the latest messages."""
        return sorted(self.world[messages.MESSAGES].rows)[-12:]

    # --- what must hold

    def check(self, phones: Sequence[Phone] = ()) -> None:
        """Check what must hold of people, and the mirrors of some devices (of all, unless some are named)."""
        for phone in phones or self.phones:
            if phone.mirror is not None:
                phone.mirror.check()
        self.check_groups()
        self.check_reading()

    def check_groups(self) -> None:
        """Members and joined groups are two sides of one thing, and groups count right."""
        members = self.world[groups.MEMBERS].rows
        for group_id in self.world[groups.GROUPS].rows:
            ids = groups.member_ids(self.world, group_id)
            assert sorted(name for group, name in members if group == group_id) == sorted(ids)
        assert {group_id for group_id, _ in members} <= self.world[groups.GROUPS].rows.keys()

    def check_reading(self) -> None:
        """What has been read stays read, and a receipt that was given stays given."""
        from bridge.world.chats import conversations

        for key, row in self.world[conversations.CONVERSATIONS].rows.items():
            now = (row.read_ms, row.read_order, row.read_seq)
            group = self.world[groups.GROUPS].rows.get(row.conversation_id.removeprefix("group_"))
            place = (*key, 0 if group is None else group.created_ms)  # a group of the same id begins anew
            then = self._far.get(place, now)
            assert all(new >= old for new, old in zip(now, then, strict=True)), f"{key} was read to {then}, now to {now}"
            self._far[place] = now
        given = set(self.world[receipts.RECEIPTS].rows)
        living = self.world[messages.MESSAGES].rows
        assert all(key in given or key[0] not in living for key in self._receipts), "a receipt was taken back"
        self._receipts = given

    def check_people(self) -> None:
        """Compare what people are told about groups and friends with each other."""
        phones = {phone.user: phone for phone in self.phones if phone.mirror is not None and not phone.is_cut}
        for user, phone in phones.items():
            joined = {one["groupID"]: one for one in phone.ask("getJoinedGroupList")}
            assert sorted(joined) == sorted(group for group, name in self.world[groups.MEMBERS].rows if name == user)
            for group_id, one in joined.items():
                page = phone.ask("getGroupMemberList", groupID=group_id, filter=0, nextSeq="0", count=100, offset=0)
                names = [member["userID"] for member in page["memberInfoList"]]
                assert user in names
                assert one["memberCount"] == len(names) == len(set(names))
            shown = fetched(phone.ask)
            self.emulator.engine.forget_written()
            assert shown == fetched(phone.ask), "a map that was kept is not what would be written now"
            friends_of = [one["userID"] for one in phone.ask("getFriendList")]
            assert friends_of == sorted(name for owner, name in self.world[friends.FRIENDS].rows if owner == user)

    def histories(self) -> dict[str, list[str]]:
        """Return the ids of the messages that each device's history shows, of all that are there."""
        rows = self.world[messages.MESSAGES].rows
        return {
            phone.name: sorted(
                key for key, row in rows.items() if visibility.is_visible(self.world, phone.user, row, phone.name)
            )
            for phone in self.phones
        }

    def written(self) -> str:
        """Return all that was said, and the world, as one text."""
        return json.dumps([self.said, self.emulator.export()], default=repr)


# --- what people do


def _conversation_ids() -> list[str]:
    return [*(f"c2c_{name}" for name in PEOPLE), *(f"group_{name}" for name, _ in GROUPS), "group_new"]


CONVERSATIONS = _conversation_ids()
GROUP_IDS = (*(name for name, _ in GROUPS), "new")


def rest(phone: Phone, dice: Dice) -> None:
    """Do nothing: what a step shrinks to."""


def send(phone: Phone, dice: Dice) -> None:
    """Send a text, with an option or a mention now and then."""
    method = dice.pick(("createTextMessage", "createTextMessage", "createTextAtMessage"))
    mentions = {"atUserList": [dice.pick((*PEOPLE, "__kImSDK_MesssageAtALL__"))]} if method == "createTextAtMessage" else {}
    created = phone.ask(method, text="hi", **mentions)
    target = dice.pick((*PEOPLE, *GROUP_IDS))
    where = {"receiver": target, "groupID": ""} if target in PEOPLE else {"receiver": "", "groupID": target}
    option = dice.pick(("", "", "", "", "onlineUserOnly", "isExcludedFromUnreadCount", "isExcludedFromLastMessage", "needReadReceipt"))
    phone.call("sendMessage", id=created["id"], **where, **({option: True} if option else {}))


def insert(phone: Phone, dice: Dice) -> None:
    """Put a message into a history of this device alone."""
    target, before = dice.pick((*PEOPLE, *GROUP_IDS)), phone.town.histories()
    sender = dice.pick(PEOPLE)
    if target in PEOPLE:
        phone.call("insertC2CMessageToLocalStorage", data="x", userID=target, sender=sender)
    else:
        phone.call("insertGroupMessageToLocalStorage", data="x", groupID=target, sender=sender)
    _check_others(phone, before)


def revoke(phone: Phone, dice: Dice) -> None:
    """Revoke a message."""
    phone.call("revokeMessage", msgID=dice.pick([*phone.town.message_ids(), "none"]))


def delete(phone: Phone, dice: Dice) -> None:
    """Delete messages for oneself, for good or from this device alone: nobody else loses any, no other device either."""
    ids = phone.town.message_ids()
    before = phone.town.histories()
    msg_id = dice.pick([*ids, "none"])
    if dice.is_one_in(3):
        phone.call("deleteMessageFromLocalStorage", msgID=msg_id)
    else:
        phone.call("deleteMessages", msgIDs=[msg_id])
    _check_others(phone, before)


def _check_others(phone: Phone, before: dict[str, list[str]]) -> None:
    """No other device that is logged in has lost or gained anything."""
    after = phone.town.histories()
    others = [one for one in phone.town.phones if one is not phone and one.mirror and not one.is_cut]
    assert all(before[one.name] == after[one.name] for one in others)


def clear(phone: Phone, dice: Dice) -> None:
    """Clear a history."""
    target = dice.pick((*PEOPLE, *GROUP_IDS))
    if target in PEOPLE:
        phone.call("clearC2CHistoryMessage", userID=target)
    else:
        phone.call("clearGroupHistoryMessage", groupID=target)


def drop(phone: Phone, dice: Dice) -> None:
    """Delete conversations, which stay as they are on other devices."""
    before = phone.town.histories()
    ids = [dice.pick(CONVERSATIONS), dice.pick(CONVERSATIONS)]
    if phone.dialect == "im-5.0" or dice.is_one_in(2):
        phone.call("deleteConversation", conversationID=ids[0])
    else:
        phone.call("deleteConversationList", conversationIDList=ids, clearMessage=dice.is_one_in(2))
    _check_others(phone, before)


def pin(phone: Phone, dice: Dice) -> None:
    """Pin or unpin."""
    phone.call("pinConversation", conversationID=dice.pick(CONVERSATIONS), isPinned=dice.is_one_in(2))


def mark(phone: Phone, dice: Dice) -> None:
    """Set or clear a mark."""
    kind = dice.pick((1, 2, 4, 8, 1 << 33))
    number = kind if phone.dialect == "chat-8.2" else kind.bit_length() - 1
    names = [dice.pick(CONVERSATIONS), dice.pick(CONVERSATIONS)]
    phone.call("markConversation", markType=number, enableMark=dice.is_one_in(2), conversationIDList=names)


def draft(phone: Phone, dice: Dice) -> None:
    """Set or remove a draft."""
    phone.call("setConversationDraft", conversationID=dice.pick(CONVERSATIONS), draftText=dice.pick(("half a", "", None)))


def note(phone: Phone, dice: Dice) -> None:
    """Set custom data."""
    phone.call("setConversationCustomData", conversationIDList=[dice.pick(CONVERSATIONS)], customData=dice.pick(("x", "y", "")))


def label(phone: Phone, dice: Dice) -> None:
    """Do something with groups of conversations."""
    name, ids = dice.pick((*LABELS, "x" * 33)), [dice.pick(CONVERSATIONS), dice.pick(CONVERSATIONS)]
    method = dice.pick(("create", "create", "add", "remove", "rename", "delete"))
    if method == "create":
        phone.call("createConversationGroup", groupName=name, conversationIDList=ids)
    elif method == "add":
        phone.call("addConversationsToGroup", groupName=name, conversationIDList=ids)
    elif method == "remove":
        phone.call("deleteConversationsFromGroup", groupName=name, conversationIDList=ids)
    elif method == "rename":
        phone.call("renameConversationGroup", oldName=name, newName=dice.pick(LABELS))
    else:
        phone.call("deleteConversationGroup", groupName=name)


def read(phone: Phone, dice: Dice) -> None:
    """Read a conversation, all of a kind, or all; wholly or up to a point."""
    conversation_id = dice.pick((*CONVERSATIONS, *CONVERSATIONS, "c2c", "group", ""))
    if phone.dialect == "im-5.0":
        kind, _, target = conversation_id.partition("_")
        if not target:
            phone.call("markAllMessageAsRead")
        elif kind == "c2c":
            phone.call("markC2CMessageAsRead", userID=target)
        else:
            phone.call("markGroupMessageAsRead", groupID=target)
        return
    ago = dice.pick((0, 0, 0, 20, 60))
    until_s = phone.town.world.now_s - ago if ago and conversation_id.startswith("c2c_") else 0
    until = dice.pick((0, 0, 3, 9)) if conversation_id.startswith("group_") else 0
    phone.call("cleanConversationUnreadMessageCount", conversationID=conversation_id, cleanTimestamp=until_s, cleanSequence=until)


def receipt(phone: Phone, dice: Dice) -> None:
    """Send a receipt."""
    phone.call("sendMessageReadReceipts", messageIDList=[dice.pick([*phone.town.message_ids(), "none"])])


def mute(phone: Phone, dice: Dice) -> None:
    """Choose how to receive."""
    target, opt = dice.pick((*PEOPLE, *GROUP_IDS)), dice.pick((0, 0, 1, 2))
    if target in PEOPLE:
        phone.call("setC2CReceiveMessageOpt", userIDList=[target], opt=opt)
    else:
        phone.call("setGroupReceiveMessageOpt", groupID=target, opt=opt)


def join(phone: Phone, dice: Dice) -> None:
    """Join, leave, invite, kick, make or dismiss groups."""
    group_id, other = dice.pick(GROUP_IDS), dice.pick(PEOPLE)
    what = dice.pick(("join", "join", "quit", "kick", "invite", "invite", "role", "name", "create", "create", "dismiss"))
    if what == "join":
        phone.call("joinGroup", groupID=group_id, message="", groupType="")
    elif what == "quit":
        phone.call("quitGroup", groupID=group_id)
    elif what == "kick":
        phone.call("kickGroupMember", groupID=group_id, memberList=[other], reason="")
    elif what == "invite":
        phone.call("inviteUserToGroup", groupID=group_id, userList=[other])
    elif what == "role":
        phone.call("setGroupMemberRole", groupID=group_id, userID=other, role=dice.pick((200, 300)))
    elif what == "name":
        phone.call("setGroupInfo", groupID=group_id, groupType="Public", groupName=dice.pick(("Band", "Choir")))
    elif what == "create":
        phone.call("createGroup", groupID=group_id, groupType=dice.pick(("Public", "Work", "Meeting")), groupName="g")
    elif group_id == "new" or dice.is_one_in(4):
        phone.call("dismissGroup", groupID=group_id)


def befriend(phone: Phone, dice: Dice) -> None:
    """Add, change or delete friends."""
    other = dice.pick(PEOPLE)
    what = dice.pick(("add", "add", "remark", "delete", "block", "unblock", "profile"))
    town, me = phone.town, phone.user
    if what == "add":
        phone.call("addFriend", userID=other, remark="", friendGroup="", addWording="", addSource="", addType=2)
        if (me, other) in town.world[friends.FRIENDS].rows:
            assert (other, me) in town.world[friends.FRIENDS].rows, "a friendship both ways stands one way"
    elif what == "remark":
        phone.call("setFriendInfo", userID=other, friendRemark=dice.pick(("old pal", "")), friendCustomInfo=None)
    elif what == "delete":
        phone.call("deleteFromFriendList", userIDList=[other], deleteType=2)
        both = {(me, other), (other, me)}
        assert not both & town.world[friends.FRIENDS].rows.keys() or me == other or phone.is_cut
    elif what == "block":
        phone.call("addToBlackList", userIDList=[other])
    elif what == "unblock":
        phone.call("deleteFromBlackList", userIDList=[other])
    else:
        phone.call("setSelfInfo", nickName=dice.pick(("Al", "Bo", "")))


def enter(phone: Phone, dice: Dice) -> None:
    """Log out, or in again."""
    if phone.mirror is None:
        phone.enter()
    elif dice.is_one_in(3):
        phone.leave()
    elif dice.is_one_in(3):
        phone.kill()


def network(phone: Phone, dice: Dice) -> None:
    """Lose the network, or have it back."""
    if phone.is_cut:
        phone.mend()
    else:
        phone.cut()


def wait(phone: Phone, dice: Dice) -> None:
    """Let time pass: mostly seconds, now and then an hour."""
    emulator = phone.town.emulator
    emulator.advance(emulator.world.now_ms + dice.pick((1, 1000, 30_000, 150_000, 3_600_000)))


Action = Callable[[Phone, Dice], None]
ACTIONS: list[tuple[str, Action]] = [
    ("rest", rest),
    *[("send", send)] * 6,
    *[("read", read)] * 2,
    *((action.__name__, action) for action in (insert, revoke, delete, clear, drop, pin, mark, draft, note, label, receipt)),
    *((action.__name__, action) for action in (mute, join, join, befriend, enter, wait, label, network)),
]
