"""
The three families of errors, never mixed. Anything else that escapes is a bug of the bridge and must not be dressed up
as one of these.

* `ChatError`: the chat service says no. Raised by rules in `bridge/world` and by handlers; only the engine turns it
  into an envelope.
* `ProtocolError`: the client sent what no correct plugin sends. Becomes a JSON-RPC error.
* `BridgeError`: the operator erred: a bad world file, an unknown dialect. Names the file and the key.

The numbers of JSON-RPC errors stand here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

MAX_MESSAGE_BYTES: Final = 64 * 1024 * 1024
"""How long a message may be, in either direction."""

PARSE_ERROR: Final = -32700
"""What came is no message."""

INVALID_REQUEST: Final = -32600
"""What came is no request, or one that may not be made here."""

UNKNOWN_METHOD: Final = -32601
"""Nobody answers a method of that name, here or on this platform."""

INVALID_PARAMS: Final = -32602
"""The arguments are none that a correct plugin sends."""

OUR_BUG: Final = -32603
"""The bridge has a bug."""

NOT_THERE: Final = -32000
"""There is no device, checkpoint, world, … of that name, or it is taken."""

UNANSWERED: Final = -32001
"""The real plugin gives no answer to such a call."""

THROWN: Final = -32002
"""A fault makes the plugin throw a PlatformException (DECISIONS.md: A PlatformException on the wire)."""


class ChatError(Exception):
    """
    A refusal by the chat service: an envelope with a code.

    Args:
        code: a number of `bridge.world.kernel.codes`, never 0.
        desc: the text of the envelope. None stands for the code's own text, which the engine looks up when it needs it.

    Attributes:
        is_own: the native side makes it up itself, and does not hear it from the client.
    """

    is_own = False

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
        code: the JSON-RPC error code: one of the numbers above.
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


class UnknownMethod(ProtocolError):
    """A method that nobody answers (-32601). See `ProtocolError` for `message` and `data`."""

    def __init__(self, message: str, data: Any = None) -> None:
        super().__init__(UNKNOWN_METHOD, message, data)


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


def our_bug(name: str, method: str, bug: Exception) -> ProtocolError:
    """
    Log the exception that is being handled, with its traceback: a bug of ours that a call ran into. Returns the error to answer.

    Args:
        name: the module that caught it.
    """
    import logging  # 3 ms, and only ever needed for a mistake of ours

    logging.getLogger(name).exception("%s failed; the world is as it was", method)
    return ProtocolError(OUR_BUG, f"{method}: the bridge has a bug: {type(bug).__name__}: {bug}")


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


MOST_GUESSES = 10
"""How many mistaken names of one call are guessed at; whoever sends thousands has not misspelt them."""


def did_you_mean(near: Sequence[str], otherwise: str = "", quoted: bool = False) -> str:
    """
    Return the end of a sentence about a name that is not known: which one was probably meant.

    Args:
        near: what `nearest` has found.
        otherwise: what to say when it found nothing.
        quoted: for names that people give, rather than words of the protocol.
    """
    if not near:
        return f"; {otherwise}" if otherwise else ""
    return f"; did you mean {near[0]!r}?" if quoted else f"; did you mean {near[0]}?"


def unknown(what: str, name: str, known: Iterable[str]) -> ProtocolError:
    """Return the error for a device, checkpoint, world, … that is not there, with the nearest names."""
    near = nearest(name, known)
    return ProtocolError(NOT_THERE, f"there is no {what} {name!r}{did_you_mean(near, quoted=True)}", {"nearest": near})
