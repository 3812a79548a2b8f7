"""
Many worlds in one process, used at once: does any of them hear of another?

    python3 -m tools.soak --worlds 2000 --connections 200

Each connection takes one world after the other, plays a script in it and compares all that comes with what the same
script gives alone, in memory. 1 if anything differs.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections import deque
from typing import Any

from bridge.codecs import jsonrpc
from bridge.control.messages import RpcClient
from bridge.emulator import Server, Settings
from bridge.testing.wires import ServerProcess

VARIANTS = 16
END = "the end"
Script = list[bytes]


def script(variant: int) -> Script:
    """Return the lines of a script; each variant has other people, names and numbers in it."""
    user, friend, group = f"alice{variant}", f"bob{variant * 7 % 5}", f"work{variant}"
    calls: list[tuple[str, dict[str, Any]]] = [
        ("initSDK", {"sdkAppID": variant + 1, "logLevel": 6, "uiPlatform": 0, "listenerUuid": ""}),
        ("addConversationListener", {"listenerUuid": f"c{variant}"}),
        ("addAdvancedMsgListener", {"listenerUuid": f"m{variant}"}),
        ("login", {"userID": user, "userSig": "x"}),
        ("bridge.device.open", {"device": "tablet", "platform": "ios"}),
        ("bridge.user.say", {"user": friend, "to": user, "text": f"hello {variant}"}),
        ("createConversationGroup", {"groupName": group, "conversationIDList": [f"c2c_{friend}"]}),
        ("createConversationGroup", {"groupName": group * 20, "conversationIDList": [f"c2c_{friend}"]}),
        ("noSuchMethod", {"variant": variant}),
        *(("bridge.user.say", {"user": f"u{n}", "to": user, "text": f"{variant} {n}"}) for n in range(variant + 1)),
        ("getConversationListByFilter", {"filter": {"conversationGroup": group}, "nextSeq": 0, "count": 10}),
        ("getConversationList", {"nextSeq": "0", "count": 50}),
        ("bridge.clock.advance", {"ms": 1000 * variant}),
        ("bridge.world.export", {}),
        ("deleteConversationGroup", {"groupName": group}),
        ("logout", {}),
    ]
    lines = [
        {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        for number, (method, params) in enumerate(calls)
    ]
    lines.append({"jsonrpc": "2.0", "id": END, "method": "bridge.clock.now", "params": {}})
    return [jsonrpc.dumps(line) for line in lines]


def alone(lines: Script) -> list[bytes]:
    """Return what a script gives in a world of its own, without any door."""
    said: deque[bytes] = deque()
    client = RpcClient(Server(Settings()), lambda message: said.append(jsonrpc.dumps(message)))
    for line in lines:
        client.receive(jsonrpc.loads(line))
    return list(said)


async def connection(address: str, worlds: deque[int], expected: list[list[bytes]]) -> list[str]:
    """Play scripts in one world after the other over one connection. Returns what differed."""
    differences = []
    host, _, port = address.removeprefix("tcp://").rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=1 << 26)
    while worlds:
        world = worlds.popleft()
        variant = world % VARIANTS
        use = {"jsonrpc": "2.0", "id": -1, "method": "bridge.world.use", "params": {"world": f"world {world}"}}
        writer.write(jsonrpc.dumps(use) + b"\n")
        await reader.readline()
        for line in script(variant):
            writer.write(line + b"\n")
            await asyncio.sleep(0)
        for wanted in expected[variant]:
            line = (await reader.readline()).rstrip(b"\n")
            if line != wanted:
                differences.append(f"world {world}:\n  alone    {wanted[:300]!r}\n  together {line[:300]!r}")
                break
        else:
            continue
        break  # what follows cannot be told apart any more
    writer.close()
    return differences


async def soak(address: str, worlds: int, connections: int) -> list[str]:
    """Use so many worlds over so many connections at once. Returns what differed."""
    expected = [alone(script(variant)) for variant in range(VARIANTS)]
    waiting = deque(range(worlds))
    found = await asyncio.gather(*(connection(address, waiting, expected) for _ in range(connections)))
    return [difference for differences in found for difference in differences]


def main() -> int:
    """Start a server, soak it, tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=2000, help="how many worlds")
    parser.add_argument("--connections", type=int, default=200, help="how many connections use them at once")
    options = parser.parse_args()
    server = ServerProcess(command=[sys.executable, "-m", "bridge"])
    began = time.perf_counter()
    try:
        differences = asyncio.run(soak(server.address, options.worlds, options.connections))
        took = time.perf_counter() - began
        memory = resident_kb(server.process.pid)
    finally:
        server.stop()
    calls = sum(len(script(world % VARIANTS)) for world in range(options.worlds))
    print(f"{options.worlds} worlds, {options.connections} connections, {calls} calls in {took:.1f} s", end="")
    print(f" ({calls / took:.0f} calls/s); the server holds {memory // 1024} MB" if memory else "")
    for difference in differences[:10]:
        print(difference)
    print(f"{len(differences)} worlds differ")
    return 1 if differences else 0


def resident_kb(pid: int) -> int:
    """Return the memory that a process holds; 0 where the system does not tell."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS:"))
    except (OSError, StopIteration):
        return 0


if __name__ == "__main__":
    raise SystemExit(main())
