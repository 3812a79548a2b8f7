"""A server with the page on its port."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING

from bridge.errors import BridgeError
from bridge.inspector.pages import Pages, address
from bridge.transports import listening
from bridge.transports.descriptors import say

if TYPE_CHECKING:
    from bridge.emulator import Server


def serve(server: Server, listen: listening.Listen, told: Callable[[str], None] = lambda url: say(f"the inspector is at {url}")) -> None:
    """
    Serve as `listening.serve` does, with the page.

    Args:
        told: told the page's address as soon as it can be opened.

    Raises: BridgeError if the address cannot be had, or what WebSockets need is not installed.
    """
    if find_spec("websockets") is None:
        raise BridgeError("--ui needs one more package: pip install 'timbridge[listen]'")
    server.show_all()

    def announced(where: str) -> dict[str, str]:
        url = address(where, listen.token)
        told(url)
        return {"inspector": url}

    listening.serve(server, listen, Pages(), announced)
