"""
Peers that have not been let in yet: how long each may take, how much it may say, how many there may be.

A peer is a stranger until it has shown its token, or finished its WebSocket handshake where no token is due. Whoever opens
connections and says nothing, or says half of something, holds a few kilobytes for a few seconds and pushes out others who do
the same; a client that shows what it has in one piece is never among those.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

FIRST_BYTES = 1 << 16
"""How much a stranger may say in all."""

PATIENCE_S = 10.0
"""How long a stranger may take."""

MOST_SILENT = 1024
"""How many strangers there may be that have said nothing; as many as the system lets wait for their connection."""

MOST_BEGUN = 32
"""How many there may be whose first message has begun to come."""


class Stranger(Protocol):
    """A connection."""

    def abort(self) -> None:
        """Close it at once."""


class Strangers:
    """The strangers of one server, in order of arrival."""

    def __init__(self) -> None:
        self._silent: dict[Stranger, asyncio.TimerHandle] = {}
        self._begun: dict[Stranger, asyncio.TimerHandle] = {}

    def __contains__(self, peer: Stranger) -> bool:
        return peer in self._silent or peer in self._begun

    def arrive(self, peer: Stranger) -> None:
        """Begin to be patient with a peer; the one that has been silent for longest may have to go."""
        self._silent[peer] = asyncio.get_running_loop().call_later(PATIENCE_S, peer.abort)
        self._make_room(self._silent, MOST_SILENT)

    def begin(self, peer: Stranger) -> None:
        """Note that a peer's first message has begun and not ended; the one that began first may have to go."""
        timer = self._silent.pop(peer, None)
        if timer is not None:
            self._begun[peer] = timer
            self._make_room(self._begun, MOST_BEGUN)

    def leave(self, peer: Stranger) -> None:
        """Forget a peer: it has been let in, or is gone."""
        timer = self._silent.pop(peer, None) or self._begun.pop(peer, None)
        if timer is not None:
            timer.cancel()

    def _make_room(self, among: dict[Stranger, asyncio.TimerHandle], most: int) -> None:
        if len(among) > most:
            oldest = next(iter(among))
            self.leave(oldest)
            oldest.abort()
