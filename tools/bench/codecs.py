"""
Measure the codecs against `json` on a small reply, a small call and a page of 100 conversations.

    python tools/bench/codecs.py [--json]

Prints microseconds (median of the rounds), the ratio to `json` in the same run where there is a peer, and MB/s of
encoded bytes. The peer is `json.loads(bytes)`, and `json.dumps` in UTF-8 without whitespace.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bridge.codecs import jsonrpc, platform
from bridge.codecs.framing import ContentLengthFraming, LineFraming
from bridge.codecs.standard import STANDARD

ROUNDS = 15
ROUND_SECONDS = 0.02

CALL = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "createConversationGroup",
    "params": {"TIMManagerName": "conversationManager", "groupName": "g", "conversationIDList": ["c2c_bob"]},
}
REPLY = {"jsonrpc": "2.0", "id": 1, "result": {"code": 0, "desc": "", "data": [{"resultCode": 0, "resultInfo": ""}]}}


class Row(NamedTuple):
    """One measurement: name, microseconds, its peer's microseconds or None, bytes handled or 0."""

    name: str
    us: float
    peer_us: float | None
    size_bytes: int


def conversation(number: int) -> dict[str, Any]:
    """Return something of the size and mix of a conversation's map."""
    message = {
        "msgID": f"144115{number}-1700000000-{number}",
        "timestamp": 1_700_000_000 + number,
        "sender": f"user{number}",
        "elemType": 1,
        "textElem": {"text": "see you at the station"},
        "status": 2,
        "isSelf": False,
        "seq": str(number),
        "random": number * 7919,
        "priority": 1,
    }
    return {
        "conversationID": f"c2c_user{number}",
        "type": 1,
        "userID": f"user{number}",
        "groupID": None,
        "showName": f"User {number}",
        "faceUrl": "https://example.com/face.png",
        "unreadCount": number % 5,
        "lastMessage": message,
        "draftText": None,
        "isPinned": False,
        "recvOpt": 0,
        "groupAtInfoList": [],
        "orderkey": 1_700_000_000_000 + number,
        "markList": [0],
        "customData": "",
        "conversationGroupList": ["work"],
    }


def page() -> dict[str, Any]:
    """Return the envelope of a page of 100 conversations."""
    conversations = [conversation(number) for number in range(100)]
    return {"code": 0, "desc": "", "data": {"nextSeq": "0", "isFinished": True, "conversationList": conversations}}


def timed(*functions: Callable[[], object]) -> list[float]:
    """Return the median microseconds of one run of each, their rounds taken in turns so that noise meets all alike."""
    times: list[list[float]] = [[] for _ in functions]
    counts = [0] * len(functions)
    for _ in range(ROUNDS):
        for index, function in enumerate(functions):
            if not counts[index]:
                start = time.perf_counter()
                function()
                counts[index] = max(1, int(ROUND_SECONDS / (time.perf_counter() - start + 1e-9)))
            start = time.perf_counter()
            for _ in range(counts[index]):
                function()
            times[index].append((time.perf_counter() - start) / counts[index] * 1e6)
    return [median(taken) for taken in times]


def json_dumps(value: Any) -> bytes:
    """Do what a bare loop on `json` does."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def json_rows() -> Iterator[Row]:
    """Measure the JSON codec against `json`."""
    for name, value in (("call", CALL), ("reply", REPLY), ("page", page())):
        text = json_dumps(value)
        ours, peer = timed(lambda v=value: jsonrpc.dumps(v), lambda v=value: json_dumps(v))  # type: ignore[misc]
        yield Row(f"json dumps {name}", ours, peer, len(text))
        ours, peer = timed(lambda t=text: jsonrpc.loads(t), lambda t=text: json.loads(t))  # type: ignore[misc]
        yield Row(f"json loads {name}", ours, peer, len(text))


def standard_rows() -> Iterator[Row]:
    """Measure the standard codec; `json` on the same value is its peer."""
    for name, value in (("reply", REPLY["result"]), ("page", page())):
        envelope, text = STANDARD.encode_result(value), json_dumps(value)
        ours, peer = timed(lambda v=value: STANDARD.encode_result(v), lambda v=value: json_dumps(v))  # type: ignore[misc]
        yield Row(f"standard encode {name}", ours, peer, len(envelope))
        ours, peer = timed(lambda e=envelope: STANDARD.decode_envelope(e), lambda t=text: json.loads(t))  # type: ignore[misc]
        yield Row(f"standard decode {name}", ours, peer, len(envelope))
    blob = STANDARD.encode_result(bytes(1_000_000))
    (ours,) = timed(lambda: STANDARD.decode_envelope(blob))
    yield Row("standard decode 1 MB of bytes", ours, None, len(blob))


def framing_rows() -> Iterator[Row]:
    """Measure a frame per feed, as a client that awaits each reply sends them."""
    line = json_dumps(CALL) + b"\n"
    lines, headers, frames = LineFraming(), ContentLengthFraming(), platform.PlatformFraming(expect_magic=False)
    header = ContentLengthFraming.encode(line)
    frame = platform.encode_frame(platform.MESSAGE, 1, "channel", STANDARD.encode_call("m", CALL["params"]))
    for name, function, size in (
        ("line", lambda: lines.feed(line), len(line)),
        ("Content-Length", lambda: headers.feed(header), len(header)),
        ("platform frame", lambda: frames.feed(frame), len(frame)),
    ):
        (ours,) = timed(function)
        yield Row(f"framing: one {name}", ours, None, size)


def main() -> None:
    """Print the rows."""
    parser = argparse.ArgumentParser(description="Measure the codecs against json.")
    parser.add_argument("--json", action="store_true", help="Print one JSON object per row.")
    as_json = parser.parse_args().json
    for row in (*json_rows(), *standard_rows(), *framing_rows()):
        ratio = None if row.peer_us is None else row.us / row.peer_us
        if as_json:
            print(json.dumps({**row._asdict(), "ratio": ratio}))
        else:
            shown = "" if ratio is None else f"{ratio:5.2f} x json"
            print(f"{row.name:32}{row.us:10.2f} us  {shown:14}{row.size_bytes / row.us:8.0f} MB/s")


if __name__ == "__main__":
    main()
