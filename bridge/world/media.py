"""
Media of messages: where they can be had, and fetching them.

Nothing was ever uploaded: an address leads nowhere (its host is one that can not exist), and a fetched file holds the
least that is valid of
its kind. Whether there is a file at all is for whoever runs the world to say (`World.files`); a world by itself
touches none.
"""

from __future__ import annotations

from typing import Any

from attrs import frozen

from bridge.world import facts
from bridge.world.devices import Device
from bridge.world.messages import Elem, Message
from bridge.world.world import World

KINDS = ("image", "sound", "video", "file")
HOST = "https://media.timbridge.invalid"

# the smallest image there is: one grey point
POINT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c636800000082008177cd72b60000000049454e44ae426082"
)
ENDINGS = {"image": ".png", "sound": ".m4a", "video": ".mp4", "file": "", "snapshot": ".png"}


@frozen
class Address:
    """The media element of a message with addresses in it."""

    elem: Elem


def is_media(message: Message) -> bool:
    """Return whether a message's first element has a file."""
    return message.elems[0].kind in KINDS


def addressed(message: Message) -> Address:
    """Return the first element of a media message with the address of everything in it."""
    elem = message.elems[0]
    data = dict(elem.data)
    if elem.kind == "image":
        data["images"] = [{**variant, "url": _url(variant["uuid"])} for variant in data.get("images", ())]
    else:
        data["url"] = _url(data.get("uuid", message.msg_id))
    if elem.kind == "video":
        data["snapshot_url"] = _url(data.get("snapshot_uuid", f"{message.msg_id}-snapshot"))
    return Address(Elem(elem.kind, data))


def _url(uuid: str) -> str:
    return f"{HOST}/{uuid}"


def download(world: World, device: Device, message: Message, image_type: int, is_snapshot: bool) -> None:
    """
    Fetch a file of a media message.

    Args:
        image_type: 0 original, 1 thumbnail, 2 large; for images alone.
        is_snapshot: the picture of a video instead of the video.

    States message_download_progressed to the device: half, all, then the end of it.
    """
    elem = message.elems[0]
    is_picture = elem.kind == "image" or (elem.kind == "video" and is_snapshot)
    kind = "snapshot" if elem.kind == "video" and is_snapshot else elem.kind
    uuid = _file_id(message, elem, image_type, kind)
    contents = POINT if is_picture else b""
    path = world.files.store(f"{uuid}{ENDINGS[kind]}", contents)
    told: dict[str, Any] = {
        "is_error": False,
        "msg_id": message.msg_id,
        "type": image_type if elem.kind == "image" else 0,
        "is_snapshot": is_snapshot,
        "path": path,
        "error_code": 0,
        "error_desc": "",
    }
    size = len(contents)
    to = facts.device(device.device_id)
    for current in (size // 2, size):
        world.state("message_download_progressed", to, is_finish=False, current_size=current, total_size=size, **told)
    world.state("message_download_progressed", to, is_finish=True, current_size=0, total_size=0, **told)


def _file_id(message: Message, elem: Elem, image_type: int, kind: str) -> str:
    if elem.kind == "image":
        for variant in elem.data.get("images", ()):
            if variant.get("type") == image_type:
                return str(variant["uuid"])
    name = "snapshot_uuid" if kind == "snapshot" else "uuid"
    return str(elem.data.get(name) or message.msg_id)
