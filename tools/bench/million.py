"""A world of a million messages in 10,000 conversations, beside one of 10,000 messages in 100: what its size changes, and what not."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from bridge import garbage
from bridge.emulator import Emulator
from bridge.world_files import WorldFile, parsed
from bridge.world_text import rendered
from tools.bench import bind
from tools.bench.measuring import Effort, Row, in_turns, processor_s, ratio, seconds_each
from tools.bench.stdio import INIT
from tools.make_world import GROUP_SHARE, make

SMALL, LARGE, PER_CONVERSATION = 100, 10_000, 100
PEER = "user00051"
LISTENERS = ("addConversationListener", "addAdvancedMsgListener", "addGroupListener", "addFriendListener")
CALLS = 12_000
LOAD_S, PAUSE_MS, SEARCH_MS = 15.0, 20.0, 20.0
SENDING = {
    "receiver": "",
    "groupID": "",
    "priority": 0,
    "onlineUserOnly": False,
    "isExcludedFromUnreadCount": False,
    "isExcludedFromLastMessage": False,
    "needReadReceipt": False,
    "offlinePushInfo": {},
    "cloudCustomData": "",
    "localCustomData": "",
}


def resident_mb() -> float:
    """Return how much memory this process has, in MB; 0 where the system does not say."""
    try:
        with open("/proc/self/status", encoding="ascii") as file:
            return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmRSS"))
    except OSError:
        return 0.0


def search(word: str, conversation_id: str | None) -> dict[str, Any]:
    """Return the arguments of a search for a word, everywhere or in one conversation."""
    found = {"keywordList": [word], "type": 0, "searchTimePosition": 0, "searchTimePeriod": 0, "pageSize": 20, "pageIndex": 0}
    return {"searchParam": {**found, "conversationID": conversation_id}}


class Phone:
    """
    Alice's app, in a world with so many conversations.

    Attributes:
        read_s, filled_s: the processor's seconds to read the document, and to put it into tables. `taken_s`: that each call took, by name.
    """

    def __init__(self, conversations: int) -> None:
        text = rendered(make(conversations, PER_CONVERSATION))
        began = processor_s()
        file = WorldFile("", text, parsed(text, ""))
        self.read_s = processor_s() - began
        self.emulator = Emulator()
        began = processor_s()
        self.emulator.load(file.document)
        self.filled_s = processor_s() - began
        garbage.leave_alone()  # as a server that was started with such a world
        self.taken_s: defaultdict[str, list[float]] = defaultdict(list)
        self.device = self.emulator.open("")
        self.ask("initSDK", INIT)
        for method in LISTENERS:
            self.ask(method, {"listenerUuid": method})
        self.ask("login", {"userID": "alice", "userSig": "s"}, "first login")

    def ask(self, method: str, params: dict[str, Any], name: str | None = None) -> Any:
        """Make a call, and note how long it took. Returns its data."""
        began = processor_s()
        result = self.emulator.call(self.device, method, params).result
        self.taken_s[name or method].append(processor_s() - began)
        if not isinstance(result, dict):
            return result
        assert result["code"] == 0, result
        return result.get("data")

    def asking(self, method: str, params: dict[str, Any]) -> Callable[[], object]:
        """Return what makes a call; `lastMsgID: ""` stands for the last message of the newest page."""
        if params.get("lastMsgID") == "":
            newest = self.ask(method, {**params, "lastMsgID": None})
            params = {**params, "lastMsgID": newest[-1]["msgID"]}
        return lambda: self.emulator.call(self.device, method, params)

    def sends(self, **to: str) -> None:
        """Create and send a text."""
        made = self.ask("createTextMessage", {"text": "hello"})
        self.ask("sendMessage", {**SENDING, "id": made["id"], **to})

    def uses(self, calls: int) -> None:
        """Do what apps do, here and there, so often."""
        chance = random.Random(1)
        everywhere = [number for number in range(LARGE) if number % GROUP_SHARE]
        for turn in range(calls):
            peer, group = f"user{chance.choice(everywhere):05d}", f"group{chance.randrange(0, LARGE, GROUP_SHARE):05d}"
            for call in (
                lambda: self.sends(receiver=peer),  # noqa: B023 called at once
                lambda: self.sends(groupID=group),  # noqa: B023
                lambda: self.ask("getC2CHistoryMessageList", {"userID": peer, "count": 20, "lastMsgID": None}),  # noqa: B023
                lambda: self.ask("getGroupHistoryMessageList", {"groupID": group, "count": 20, "lastMsgID": None}),  # noqa: B023
                lambda: self.ask("getConversationList", {"nextSeq": "900", "count": 20}),
                lambda: self.ask("getConversation", {"conversationID": f"c2c_{peer}"}),  # noqa: B023
                lambda: self.ask("markC2CMessageAsRead", {"userID": peer}),  # noqa: B023
                lambda: self.ask("markGroupMessageAsRead", {"groupID": group}),  # noqa: B023
                lambda: self.ask("pinConversation", {"conversationID": f"c2c_{PEER}", "isPinned": bool(turn % 2)}),  # noqa: B023
                lambda: self.ask("getTotalUnreadMessageCount", {}),
                lambda: self.ask("searchLocalMessages", search("boats", f"c2c_{peer}")),  # noqa: B023
            ):
                call()


def rows(effort: Effort) -> Iterator[Row]:
    """Measure loading, memory, histories, lists, searches and the longest call, in a process that looks for garbage as a server's does."""
    with garbage.young_only():
        yield from _rows(effort)


def _rows(effort: Effort) -> Iterator[Row]:
    before = resident_mb()
    large = Phone(LARGE)
    count = LARGE * PER_CONVERSATION
    loaded, speed = large.read_s + large.filled_s, bind.slowness(effort.rounds)
    detail = f"{loaded:.1f} s here, where the yardstick takes {speed:.2f} times as long;"
    detail += f" to read {large.read_s:.1f} s, to put into tables {large.filled_s:.1f} s"
    yield Row("a million messages, loaded", loaded / speed, "s", LOAD_S, detail)
    taken = resident_mb() - before
    yield Row("a million messages, memory", taken * 1024 / count, "KB", None, f"each; {taken:,.0f} MB with users and conversations")
    phones = {"large": large, "small": Phone(SMALL)}
    history = {"userID": PEER, "count": 20, "lastMsgID": None}
    for name, method, params, times in (
        ("a million messages, newest page", "getC2CHistoryMessageList", history, 200),
        ("a million messages, second page", "getC2CHistoryMessageList", {**history, "lastMsgID": ""}, 200),
        ("a million messages, list of 100", "getConversationList", {"nextSeq": "0", "count": 100}, 20),
        ("a million messages, search in one", "searchLocalMessages", search("no such word", f"c2c_{PEER}"), 20),
    ):
        works = {which: seconds_each(phone.asking(method, params), times) for which, phone in phones.items()}
        medians = in_turns(min(5, effort.rounds), works)
        yield ratio(name, medians["large"], medians["small"], 1.3, 1e6, "us", "among 10,000 messages")
    yield from _searches(large)
    yield from _pauses(large, effort.times(CALLS))


def _searches(phone: Phone) -> Iterator[Row]:
    """Measure searches of all conversations."""
    for word, name, budget in (
        ("no such word", "the first search everywhere", None),
        ("none like that", "a later one, nothing found", SEARCH_MS),
        ("boats", "a later one, found in each conversation", None),
        ("met at noon", "a later one, of three words", None),
    ):
        began = processor_s()
        found = phone.ask("searchLocalMessages", search(word, None), "search everywhere")
        taken = (processor_s() - began) * 1e3
        yield Row(f"a million messages, {name}", taken, "ms", budget, f"{found['totalCount']:,} of {LARGE:,} conversations")


def _pauses(phone: Phone, calls: int) -> Iterator[Row]:
    """Measure the longest of many calls, as a server makes them, and a look for garbage in between."""
    phone.uses(2)  # what a first call loads has nothing to do with messages
    phone.taken_s.clear()
    phone.uses(calls // 11)
    name, worst = max(((name, max(taken)) for name, taken in phone.taken_s.items()), key=lambda one: one[1])
    made = sum(map(len, phone.taken_s.values()))
    yield Row("a million messages, the longest call", worst * 1e3, "ms", PAUSE_MS, f"of {made:,}: {name}")
