"""Inside one process: pages of conversations, resetting a world, memory of a message, checking arguments."""

from __future__ import annotations

import gc
import json
import time
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

from attrs import evolve

from bridge.codecs import jsonrpc
from bridge.emulator import Emulator
from bridge.world.chats import conversations, elements, messages
from bridge.world.kernel.world import World
from bridge.world.people import users
from tools.bench import bind
from tools.bench.measuring import Effort, Row, in_turns, ratio, seconds_each
from tools.bench.stdio import INIT, LEAST_ROUNDS

FEW, MANY, PAGE = 1000, 100_000, 100
SEEDED, STORED = 10_000, 20_000


def text(words: str) -> messages.Message:
    """Return a text message as it is before it is sent."""
    return messages.Message(
        "", 0, ("c2c", "", ""), "", 0, (elements.Text(words),), status=messages.SENDING
    )


def fill(world: World, peers: int, per_peer: int = 1) -> None:
    """Let many people write to alice, oldest first; nobody hears of it."""
    for turn in range(per_peer):
        for number in range(peers):
            peer = f"user{number:06d}"
            if not turn:
                users.save(world, users.User(peer, nick_name=f"User {number}"))
            order = world.next_number("order")
            message = evolve(
                text(f"message {turn} of {peer}"),
                msg_id=messages.stamp_id(world, peer, world.random32(order)),
                order=order,
                channel=messages.c2c_channel(peer, "alice"),
                sender=peer,
                random=world.random32(order),
                seq=order,
                time_ms=world.now_ms + order,
                status=messages.SENT,
            )
            world[messages.MESSAGES].put(message.msg_id, message)
            conversation_id = f"c2c_{peer}"
            row = conversations.get(world, "alice", conversation_id)
            row = evolve(row, listed=True, active_order=order, last_message=message.msg_id, unread=row.unread + 1)
            conversations.save(world, row)
    users.save(world, users.User("alice", missed_after=world.next_number("order")))  # has had all of that
    world.log.commit()


def alice_with(peers: int, per_peer: int = 1) -> tuple[Emulator, str]:
    """Return a world in which so many have written to alice, and her device, logged in, without listeners."""
    emulator = Emulator()
    fill(emulator.world, peers, per_peer)
    device = emulator.open("")
    for method, params in (("initSDK", INIT), ("login", {"userID": "alice", "userSig": "s"})):
        assert emulator.call(device, method, params).result["code"] == 0
    return emulator, device


def page_rows(effort: Effort) -> Iterator[Row]:
    """Measure a page of 100 conversations, from the call to the bytes of its reply."""
    few, many = alice_with(FEW), alice_with(effort.times(MANY))
    params = {"nextSeq": "0", "count": PAGE}

    def ask(where: tuple[Emulator, str]) -> Callable[[], object]:
        emulator, device = where
        return lambda: jsonrpc.dumps(emulator.call(device, "getConversationList", params).result)

    page = few[0].call(few[1], "getConversationList", params).result
    assert len(page["data"]["conversationList"]) == PAGE
    times = effort.times(50)
    def ask_anew() -> object:
        few[0].engine.forget_written()
        return ask(few)()

    works = {"few": ask(few), "anew": ask_anew, "many": ask(many), "json": lambda: json.dumps(page)}
    medians = in_turns(max(LEAST_ROUNDS, effort.rounds), {name: seconds_each(work, times) for name, work in works.items()}, min)
    yield ratio("page of 100 conversations, to bytes", medians["few"], medians["json"], 1.5, 1e6, "us", "of json.dumps")
    again = f"{medians['anew'] / medians['json']:.2f} x json.dumps, when each of the 100 has changed since it was last fetched"
    yield Row("page of 100 conversations, all changed", medians["anew"] * 1e6, "us", None, again)
    name = f"page from {effort.times(MANY):,} conversations"
    yield ratio(name, medians["many"], medians["few"], 1.3, 1e6, "us", f"from {FEW:,}")


def reset_rows(effort: Effort) -> Iterator[Row]:
    """Measure bridge.world.reset of a world that was given 10,000 messages, after a test has changed some of it."""
    emulator, device = alice_with(500, SEEDED // 500)
    emulator._base = {}
    emulator.world.log.mark()

    def once() -> float:
        for method, params in (("initSDK", INIT), ("login", {"userID": "alice", "userSig": "s"})):
            emulator.call(device, method, params)
        for number in range(100):
            emulator.call(device, "pinConversation", {"conversationID": f"c2c_user{number:06d}", "isPinned": True})
            created = emulator.call(device, "createTextMessage", {"text": "hi"}).result["data"]["id"]
            sent = {"id": created, "receiver": f"user{number:06d}", "groupID": ""}
            emulator.call(device, "sendMessage", sent)
        begin = time.perf_counter()
        emulator.reset()
        return time.perf_counter() - begin

    taken = in_turns(effort.rounds, {"ours": once})["ours"]
    yield Row("world.reset, 10,000 messages", taken * 1e3, "ms", 5.0, "after a test of 300 calls")


def memory_rows(effort: Effort) -> Iterator[Row]:
    """Measure what one stored message takes: the message, its place in the indexes, its note in the undo log."""
    count = effort.times(STORED)
    world = World()
    world.log.mark()
    fill(world, 100)
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    fill(world, 100, count // 100)
    gc.collect()
    taken = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    yield Row("one message stored", taken / count / 1024, "KB", 1.5, f"{count:,} messages in 100 conversations")


def bind_rows(effort: Effort) -> Iterator[Row]:
    """Measure the checking of arguments of usual calls, in microseconds of the machine that the budget was set on."""
    works: dict[str, Any] = {name: bind.binding(*call) for name, call in bind.CALLS.items()}
    times = effort.times(20_000)
    medians = in_turns(
        effort.rounds,
        {name: seconds_each(work, times) for name, work in {**works, "yardstick": bind.yardstick}.items()},
    )
    speed = medians.pop("yardstick") * 1e6 / bind.YARDSTICK_US
    for name, seconds in medians.items():
        here = f"{seconds * 1e6:.2f} us here, where the yardstick takes {speed:.2f} times as long"
        yield Row(f"arguments of {name}", seconds * 1e6 / speed, "us", bind.BUDGET_US, here)
