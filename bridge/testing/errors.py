"""What a call of the client raises."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """
    The chat service refused a call: an envelope with a code.

    Attributes:
        method: the channel method.
        code, desc: of the envelope.
        data: what a failed call carries nonetheless (the message of a failed send), else None.
    """

    def __init__(self, method: str, code: int, desc: str, data: Any = None) -> None:
        super().__init__(f"{method}: {code} {desc}")
        self.method = method
        self.code = code
        self.desc = desc
        self.data = data


class RpcError(Exception):
    """
    A call that no correct plugin would make, or a mistake in using the control plane.

    Attributes:
        method: what was called.
        code: -32601 unknown method, -32602 wrong arguments, -32001 never answered, -32000 no such device, world or
            checkpoint, -32600 no request, -32603 a bug of the bridge.
        data: the nearest names, or every violation as {path, message}.
    """

    def __init__(self, method: str, code: int, message: str, data: Any = None) -> None:
        details = "".join(
            f"\n  {item['path']} {item['message']}" for item in data or () if isinstance(item, dict) and "path" in item
        )
        super().__init__(f"{message} ({code}){details}")
        self.method = method
        self.code = code
        self.message = message
        self.data = data


class Unanswered(Exception):
    """The call was carried out and has no reply: a fault, `--faithful`, or a reply that is delayed."""

    def __init__(self, method: str) -> None:
        super().__init__(f"{method} was not answered")
        self.method = method


class Lost(ConnectionError):
    """There is no connection to a bridge: none could be made, or it is gone."""
