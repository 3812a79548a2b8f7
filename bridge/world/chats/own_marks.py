"""
Own marks: what an app keeps about messages by itself. No other app has it, not even one of the same user (native message header).

It belongs to an install, and stays over logouts and restarts. No row, nothing kept: most apps never have any.
"""

from __future__ import annotations

from typing import Any

from bridge.world.chats.messages import Message
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import TableSpec
from bridge.world.kernel.world import World


@row_class
class OwnMark:
    """
    What one install keeps about a message for one of its users.

    Attributes:
        gone: deleted from this install's storage alone.
        custom_data, custom_int: the app's own. Custom data stand before the message's unless None.
    """

    user_id: str
    install: str
    msg_id: str
    gone: bool = False
    custom_data: str | None = None
    custom_int: int = 0
    cloud_custom_data: str | None = None


OWN_MARKS = TableSpec("own_marks", OwnMark, ("user_id", "install", "msg_id"), is_local=True)


def set_mark(world: World, user_id: str, install: str, msg_id: str, **changes: Any) -> None:
    """Change what an install keeps about a message."""
    key = (user_id, install, msg_id)
    table = world[OWN_MARKS]
    table.put(key, evolve(table.get(key) or OwnMark(*key), **changes))


def settle(world: World, user_id: str, install: str, message: Message) -> Message:
    """Let an install keep the own data that a message was created with, now that it stands in a history; return the message without."""
    if not message.local_custom_data:
        return message
    set_mark(world, user_id, install, message.msg_id, custom_data=message.local_custom_data)
    return evolve(message, local_custom_data="")
