"""
The three families of errors, never mixed. Anything else that escapes is a bug of the bridge and must not be dressed up
as one of these.

* `ChatError`: the chat service says no. Raised by rules in `bridge/world` and by handlers; only the engine turns it
  into an envelope.
* `ProtocolError`: the client sent what no correct plugin sends. Becomes a JSON-RPC error.
* `BridgeError`: the operator erred: a bad world file, an unknown dialect. Names the file and the key.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class ChatError(Exception):
    """
    A refusal by the chat service: an envelope with a code.

    Args:
        code: a number of `bridge.world.kernel.codes`, never 0.
        desc: the text of the envelope. None stands for the code's own text, which the engine looks up when it needs it.
    """

    def __init__(self, code: int, desc: str | None = None) -> None:
        super().__init__(code, desc)
        self.code = code
        self.desc = desc

    def __str__(self) -> str:
        return str(self.code) if self.desc is None else f"{self.code}: {self.desc}"


class ProtocolError(Exception):
    """
    A call that no correct plugin would make, or that the real plugin never answers.

    Args:
        code: the JSON-RPC error code (-32700, -32600, -32601, -32602, -32000, -32001).
        message: one sentence for the person who wrote the client.
        data: what a program may act on (violations, nearest names, …); JSON values only, None for nothing.
    """

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(code, message, data)
        self.code = code
        self.message = message
        self.data = data

    def __str__(self) -> str:
        return f"{self.message} ({self.code})"


class BridgeError(Exception):
    """
    A mistake of whoever runs the bridge. Shown without a traceback.

    Args:
        message: what is wrong and, where it helps, what would be right.
        file: the file at fault, as the operator named it.
        path: where in that file: a key path such as `groups[2].members`, or a line.
    """

    def __init__(self, message: str, *, file: str | None = None, path: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.path = path

    def __str__(self) -> str:
        where = ": ".join(part for part in (self.file, self.path) if part)
        return f"{where}: {self.message}" if where else self.message


def log_bug(name: str, method: str) -> None:
    """
    Log the exception that is being handled, with its traceback: a bug of ours that a call ran into.

    Args:
        name: the module that caught it.
    """
    import logging  # 3 ms, and only ever needed for a mistake of ours

    logging.getLogger(name).exception("%s failed; the world is as it was", method)


def nearest(name: str, names: Iterable[str]) -> list[str]:
    """
    Return at most three of `names` that `name` may have been meant for, the likeliest first; [] when nothing is close.

    Letter case does not count. A name longer than 100 characters is close to nothing: comparing costs time that grows
    with length.
    """
    if len(name) > 100:
        return []
    from difflib import get_close_matches  # 3 ms, and only ever needed for a mistake

    by_folded = {known.casefold(): known for known in names}
    return [by_folded[folded] for folded in get_close_matches(name.casefold(), by_folded, n=3, cutoff=0.6)]
