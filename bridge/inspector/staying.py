"""A server that outlives the command it was started for, as long as somebody looks at it."""

from __future__ import annotations

import signal
import sys
from threading import Event

from bridge.testing.client import Client
from bridge.testing.errors import Lost
from bridge.transports.descriptors import say

LOOK_S = 0.25
"""How often it is asked whether somebody looks."""

GONE_S = 3.0
"""How long nobody may look before it is over: a page that is loaded anew is gone for a moment."""


def stay(address: str, url: str, signals: tuple[str, ...]) -> None:
    """
    Wait until nobody looks any more. Who sits at a terminal may take the time to come; whatever else asks is not kept waiting.

    Args:
        signals: names of those that end the waiting.
    """
    over = Event()
    for name in signals:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda *_: over.set())
    comes = sys.stderr is not None and sys.stderr.isatty()
    try:
        with Client.connect(address) as client:
            client.request("bridge.inspector.attach", {})
            if not comes and not _is_watched(client):
                return
            say(f"the command has ended; the inspector stays at {url} until its page is closed, or Ctrl+C")
            waited = 0.0
            while (comes or waited < GONE_S) and not over.wait(LOOK_S):
                if _is_watched(client):
                    comes, waited = False, 0.0
                else:
                    waited += LOOK_S
    except Lost as gone:
        say(f"the inspector is gone: {gone}")


def _is_watched(client: Client) -> bool:
    worlds = client.request("bridge.worlds.list", {})["worlds"]
    return any(world["watched"] for world in worlds)
