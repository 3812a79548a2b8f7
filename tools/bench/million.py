"""A world of a million messages in 10,000 conversations, beside one of 10,000 messages in 100: what its size changes, and what not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from bridge.emulator import Emulator
from tools.bench.measuring import Effort, Row, in_turns, ratio, seconds_each
from tools.bench.worlds import alice_with

SMALL, LARGE, PER_CONVERSATION = 100, 10_000, 100
PEER = "user000050"


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


def asking(emulator: Emulator, device: str, method: str, params: dict[str, Any]) -> Callable[[], object]:
    """Return what makes a call; `lastMsgID: ""` stands for the last message of the newest page."""
    if params.get("lastMsgID") == "":
        newest = emulator.call(device, method, {**params, "lastMsgID": None}).result["data"]
        params = {**params, "lastMsgID": newest[-1]["msgID"]}
    return lambda: emulator.call(device, method, params)


def rows(effort: Effort) -> Iterator[Row]:
    """Measure memory, histories, lists and searches in both worlds."""
    before = resident_mb()
    large = alice_with(LARGE, PER_CONVERSATION)
    taken = resident_mb() - before
    count = LARGE * PER_CONVERSATION
    yield Row("a million messages, memory", taken * 1024 / count, "KB", None, f"each; {taken:,.0f} MB with users and conversations")
    worlds = {"large": large, "small": alice_with(SMALL, PER_CONVERSATION)}
    history = {"userID": PEER, "count": 20, "lastMsgID": None}
    for name, method, params, times in (
        ("a million messages, newest page", "getC2CHistoryMessageList", history, 200),
        ("a million messages, second page", "getC2CHistoryMessageList", {**history, "lastMsgID": ""}, 200),
        ("a million messages, list of 100", "getConversationList", {"nextSeq": "0", "count": 100}, 20),
        ("a million messages, search in one", "searchLocalMessages", search("no such word", f"c2c_{PEER}"), 20),
        ("a million messages, search everywhere", "searchLocalMessages", search("no such word", None), 1),
    ):
        works = {which: seconds_each(asking(*world, method, params), times) for which, world in worlds.items()}
        medians = in_turns(min(5, effort.rounds), works)
        budget = None if "everywhere" in name else 1.3
        yield ratio(name, medians["large"], medians["small"], budget, 1e6, "us", "among 10,000 messages")
