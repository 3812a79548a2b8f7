"""Many worlds used at once give what each gives alone."""

from __future__ import annotations

import asyncio

from bridge.testing import Client
from tests.transports.doors import listening
from tools.soak import VARIANTS, alone, script, soak


def test_worlds_in_parallel_are_apart() -> None:
    """Two hundred worlds, forty connections, sixteen scripts: every byte is that of the script run alone."""
    with listening() as address:
        assert [] == asyncio.run(soak(address, 200, 40))


def test_scripts_differ() -> None:
    """What one script hears could be told from what any other hears."""
    assert VARIANTS == len({b"\n".join(alone(script(variant))) for variant in range(VARIANTS)})


def test_difference_is_noticed() -> None:
    """The comparison can fail: a world that was used before, and that somebody still holds, gives something else."""
    with listening() as address:
        assert [] == asyncio.run(soak(address, 1, 1))
        with Client.connect(address, world="world 0") as other:
            other.user("bob").say("hi", to="alice")
            (difference,) = asyncio.run(soak(address, 1, 1))
        assert difference.startswith("world 0:")
