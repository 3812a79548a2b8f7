"""`timbridge replay`: a server that knows nothing but a recording."""

from __future__ import annotations

from typing import Any

from bridge.cli.options import Verb
from bridge.codecs import jsonrpc
from bridge.codecs.errors import Refused
from bridge.codecs.framing import LineFraming
from bridge.conformance.recordings import load
from bridge.conformance.replay import Replay
from bridge.errors import INVALID_REQUEST, BridgeError, ProtocolError
from bridge.transports.descriptors import read_some, write_all

VERB = Verb(
    "replay",
    "Answers a client out of a recording, on stdin and stdout by lines: each call by the recorded one that is most like it,\n"
    "with the events that followed it. What is not in the recording is refused, with the nearest name that is.",
    (),
    "FILE",
    1,
    1,
    examples=("timbridge replay story.jsonl < calls.jsonl",),
)


def run(options: dict[str, Any], arguments: list[str]) -> int:
    """Serve until the input ends."""
    from bridge.transports.stdio import claim_stdout

    recording = load(arguments[0])
    if not recording.has_replies:
        raise BridgeError("has calls, but not one reply: there is nothing to answer with", file=arguments[0])
    replay = Replay(recording)
    target = claim_stdout()
    framing = LineFraming()
    try:
        while chunk := read_some(0):
            for frame in framing.feed(chunk):
                _answer(replay, frame, target)
        for frame in framing.finish():
            _answer(replay, frame, target)
    except BrokenPipeError:
        pass  # the client has gone
    return 0


def _answer(replay: Replay, frame: bytes | bytearray | Refused, target: int) -> None:
    try:
        if isinstance(frame, Refused):
            raise ProtocolError(frame.code, frame.message)
        request = jsonrpc.loads(frame)
        if not isinstance(request, dict):
            raise ProtocolError(INVALID_REQUEST, "the request is no object")
    except ProtocolError as error:
        refusal = {"jsonrpc": "2.0", "id": None, "error": {"code": error.code, "message": error.message}}
        write_all(target, LineFraming.encode(jsonrpc.dumps(refusal)))
        return
    for message in replay.answer(request):
        write_all(target, LineFraming.encode(jsonrpc.dumps(message)))
