"""The conversations that members have with topics."""

from __future__ import annotations

from typing import Any

from bridge.world.chats import backlog, conversations, labels, local_copies, messages
from bridge.world.kernel.devices import Device
from bridge.world.kernel.world import World


def set_draft(world: World, device: Device, user_id: str, topic_id: str, text: str) -> None:
    """Keep an unfinished text for a topic on this device alone; no text forgets it. States topic_info_changed to the device."""
    labels.set_draft(world, device, user_id, f"group_{topic_id}", text)


def forget(world: World, topic_id: str) -> None:
    """Drop the messages of a topic that is gone, and everybody's state of it. States nothing."""
    conversation_id = f"group_{topic_id}"
    for spec, index in (
        (conversations.CONVERSATIONS, "with"),
        (conversations.DRAFTS, "conversation"),
        (local_copies.LOCAL_COPIES, "with"),
    ):
        table: Any = world[spec]
        for key in table.index(index).of(conversation_id):
            table.drop(key)
    if "backlog" in world.tables:
        backlog.forget(world, conversation_id)
    kept = world[messages.MESSAGES]
    for msg_id in list(kept.index("channel").newer(("group", topic_id))):
        kept.drop(msg_id)
