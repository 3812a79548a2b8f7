"""
Make a large world: `python3 tools/make_world.py [--conversations N] [--per-conversation N] [--seed N] FILE`.

What `make` gives by itself is shipped as `large`: alice with 10,000 conversations, of which 200 are groups. A build of the wheel
makes that one, and a checkout when somebody first asks for it. The same numbers make the same bytes.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from bridge.world_text import rendered  # noqa: E402 - the standard library alone: builds run this with nothing installed

FIRST = ("Ada", "Ben", "Cleo", "Dora", "Emil", "Fay", "Gus", "Hana", "Ivo", "Jun", "Kim", "Lea", "Max", "Noor", "Olga", "Pim")
LAST = ("Adler", "Brook", "Chen", "Diaz", "Evans", "Frank", "Gray", "Hill", "Ito", "Jones", "Klein", "Li", "Moss", "Novak")
WORDS = ("the", "train", "was", "late", "so", "we", "met", "at", "noon", "and", "spoke", "of", "boats", "maps", "cheese", "rain", "bread")
GROUP_SHARE = 50
"""One conversation in so many is a group."""

MINUTES = 60 * 24 * 90
"""How far back the messages reach."""


class Numbers:
    """Numbers that look random and are always the same."""

    def __init__(self, seed: int) -> None:
        self._state = seed * 2 + 1

    def below(self, limit: int) -> int:
        """Return the next number from 0 to `limit` - 1."""
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) & ((1 << 64) - 1)
        return (self._state >> 33) % limit


def make(conversations: int = 10_000, per_conversation: int = 1, seed: int = 0) -> dict[str, Any]:
    """Return a world in which alice has so many conversations of so many messages each."""
    numbers = Numbers(seed)
    peers = [f"user{n:05d}" for n in range(conversations) if n % GROUP_SHARE]
    group_ids = [f"group{n:05d}" for n in range(0, conversations, GROUP_SHARE)]
    users: list[Any] = [{"user_id": "alice", "nick_name": "Alice"}]
    users += [{"user_id": peer, "nick_name": f"{_one(numbers, FIRST)} {_one(numbers, LAST)}"} for peer in peers]
    groups = [_group(numbers, name, peers) for name in group_ids]
    members = {group["group_id"]: group["members"] for group in groups}
    count = conversations * per_conversation
    messages = [_message(numbers, at, count, conversations, members) for at in range(count)]
    labels = [_label(numbers, f"c2c_{peer}", at) for at, peer in enumerate(peers) if not at % 10]
    world: dict[str, Any] = {"version": 1, "users": users, "groups": groups, "conversations": labels, "messages": messages}
    return {name: value for name, value in world.items() if value != []}


def _one(numbers: Numbers, of: tuple[str, ...] | list[str]) -> str:
    return of[numbers.below(len(of))]


def _group(numbers: Numbers, name: str, peers: list[str]) -> dict[str, Any]:
    others = sorted({_one(numbers, peers) for _ in range(1 + numbers.below(8))}) if peers else []
    return {"group_id": name, "group_type": "Public", "name": f"{_one(numbers, LAST)}'s group", "members": ["alice", *others]}


def _message(numbers: Numbers, at: int, count: int, conversations: int, members: dict[str, list[str]]) -> dict[str, Any]:
    number = at % conversations
    minutes_ago = MINUTES - MINUTES * at // count
    text = " ".join(_one(numbers, WORDS) for _ in range(3 + numbers.below(9)))
    if not number % GROUP_SHARE:
        group = f"group{number:05d}"
        return {"from": _one(numbers, members[group]), "group": group, "text": text, "minutes_ago": minutes_ago}
    pair = ("alice", f"user{number:05d}") if not numbers.below(3) else (f"user{number:05d}", "alice")
    return {"from": pair[0], "to": pair[1], "text": text, "minutes_ago": minutes_ago}


def _label(numbers: Numbers, conversation_id: str, at: int) -> dict[str, Any]:
    row: dict[str, Any] = {"user_id": "alice", "conversation_id": conversation_id}
    kind = at // 10 % 4
    if kind == 0:
        row["groups"] = [("Work", "Family", "Customers")[numbers.below(3)]]
    elif kind == 1:
        row["marks"] = 1 << numbers.below(4)
    elif kind == 2:
        row["recv_opt"] = 2
    else:
        row["pinned"] = at < 400
    return row


def write(document: dict[str, Any], file: Path) -> None:
    """Write a world file, with the same bytes on every system."""
    file.write_text(rendered(document), encoding="utf-8", newline="\n")


def main(argv: list[str] | None = None) -> int:
    """Write the file that the command line asks for."""
    parser = argparse.ArgumentParser(description="Make a large world.")
    parser.add_argument("--conversations", type=int, default=10_000)
    parser.add_argument("--per-conversation", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("file", type=Path)
    options = parser.parse_args(argv)
    document = make(options.conversations, options.per_conversation, options.seed)
    write(document, options.file)
    print(f"{options.file.name}: {options.file.stat().st_size} bytes, {len(document['messages'])} messages")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
