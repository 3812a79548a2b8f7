"""Who may connect: the token, and which web pages a browser may connect for."""

from __future__ import annotations

import hmac
from typing import Any
from urllib.parse import urlsplit

from bridge.errors import BridgeError

LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


class Access:
    """
    The rules of a listening server.

    Args:
        token: what every connection must present; None if none need be.
        origins: web origins that may connect besides those of this machine; "*" allows all.
    """

    def __init__(self, token: str | None = None, origins: tuple[str, ...] = ()) -> None:
        self.token = token
        self._origins = origins

    @property
    def is_open(self) -> bool:
        """Return whether no token is needed."""
        return self.token is None

    def knows(self, token: Any) -> bool:
        """Return whether that is the token; anything is, where none is needed."""
        if self.token is None:
            return True
        if not isinstance(token, str):
            return False
        return hmac.compare_digest(token.encode("utf-8", "replace"), self.token.encode("utf-8", "replace"))

    def welcomes(self, origin: str | None) -> bool:
        """Return whether a browser may connect for a page of that origin; None is no browser."""
        if origin is None or origin in self._origins or "*" in self._origins:
            return True
        try:
            parts = urlsplit(origin)
            return parts.scheme in ("http", "https") and parts.hostname in LOCAL_HOSTS
        except ValueError:
            return False


def address(text: str) -> tuple[str, int]:
    """
    Return (host, port) of `HOST:PORT`, `[HOST]:PORT` or a port alone, which stands for this machine's loopback.

    Raises: BridgeError.
    """
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not port.isdecimal() or int(port) > 65535:
        raise BridgeError(f"{text!r} is no address: expected HOST:PORT, such as 127.0.0.1:7400; port 0 picks one")
    # Both families of `localhost` would be two sockets with two ports.
    return ("127.0.0.1" if host in ("", "localhost") else host), int(port)


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach that host."""
    from ipaddress import ip_address

    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False
