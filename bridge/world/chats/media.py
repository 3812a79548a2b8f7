"""
Media of messages: where they can be had, and fetching them.

Nothing was ever uploaded: an address leads nowhere (its host is one that can not exist), and a fetched file holds the
least that is valid of its kind. Whether there is a file at all is for whoever runs the world to say (`World.files`); a
world by itself touches none. What an app has fetched it keeps, and shows in its messages from then on.
"""

from __future__ import annotations

from attrs import frozen

from bridge.errors import BridgeError, ChatError
from bridge.world.chats import elements, messages, visibility
from bridge.world.chats.elements import Image, Media, Video
from bridge.world.chats.messages import Message
from bridge.world.kernel import codes, devices, facts
from bridge.world.kernel.devices import Device
from bridge.world.kernel.store import Groups, TableSpec
from bridge.world.kernel.world import World

HOST = "https://media.timbridge.invalid"

# the smallest image there is: one grey point
POINT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c636800000082008177cd72b60000000049454e44ae426082"
)
ENDINGS = {"image": ".png", "sound": ".m4a", "video": ".mp4", "file": "", "snapshot": ".png"}


@frozen
class Download:
    """A file that an app has on its device. `part`: the number of an image's variant, "snapshot", or "" for the only file."""

    install: str
    msg_id: str
    part: str
    path: str


@frozen
class RunningDownload:
    """
    A file that a device is fetching.

    Attributes:
        image_type: as `download` has it. `path`: where the file will be. `size`: in bytes.
    """

    device_id: str
    msg_id: str
    is_snapshot: bool
    image_type: int
    part: str
    path: str
    size: int


DOWNLOADS = TableSpec(
    "downloads",
    Download,
    ("install", "msg_id", "part"),
    {"message": lambda: Groups(lambda d: (d.install, d.msg_id))},
    is_local=True,
)
RUNNING = TableSpec("running_downloads", RunningDownload, ("device_id", "msg_id", "is_snapshot"), exported=False, is_local=True)


@frozen
class Address:
    """The media element of a message with addresses in it."""

    elem: Media


def is_media(message: Message) -> bool:
    """Return whether a message's first element has a file."""
    return elements.is_media(message.elems[0])


def addressed(message: Message) -> Address:
    """Return the first element of a media message with the address of everything in it."""
    elem = _of(message)
    if isinstance(elem, Image):
        return Address(elem._replace(images=[one._replace(url=_url(one.uuid or "")) for one in elem.images or ()]))
    url = _url(message.msg_id if elem.uuid is None else elem.uuid)
    if isinstance(elem, Video):
        snapshot = f"{message.msg_id}-snapshot" if elem.snapshot_uuid is None else elem.snapshot_uuid
        return Address(elem._replace(url=url, snapshot_url=_url(snapshot)))
    return Address(elem._replace(url=url))


def _of(message: Message) -> Media:
    """Return the element of a media message."""
    elem = message.elems[0]
    assert elements.is_media(elem)
    return elem


def _url(uuid: str) -> str:
    return f"{HOST}/{uuid}"


def at_address(world: World, user_id: str, install: str, url: str) -> tuple[Message, str] | None:
    """
    Return the message of a user that an address leads to, and which part of it: the number of an image's variant, "snapshot" or "".

    Addresses hold the order in which a message was sent, so that none has to be searched for; None if the user has no such message.
    """
    name = url.removeprefix(f"{HOST}/")
    stem, _, part = name.rpartition("-")
    if part != "snapshot" and not (part.isdecimal() and len(part) == 1 and stem.count("-")):
        stem, part = name, ""
    order = stem.rpartition("-")[2]
    known = messages.get(world, stem)
    if known is None and order and all(char in "0123456789abcdef" for char in order):
        msg_id = world[messages.MESSAGES].index("channel").at(int(order, 16))
        known = None if msg_id is None else messages.get(world, msg_id)
    if known is None or not is_media(known) or not visibility.is_visible(world, user_id, known, install):
        return None
    return known, part


def fetch(world: World, device: Device, url: str, user_id: str) -> None:
    """
    Fetch what an address leads to, for a client that keeps files by itself.

    States message_download_progressed to the device, ahead of the reply: half of it, and all. A file of which nothing is known holds
    one byte, for a client may want more than nothing.

    Raises: ChatError 6017 for an address that leads to nothing the user has.
    """
    found = at_address(world, user_id, device.install, url)
    if found is None:
        raise ChatError(codes.INVALID_PARAMETERS)
    message, part = found
    elem = _of(message)
    is_picture = elem.kind == "image" or part == "snapshot"
    size = len(POINT) if is_picture else 1
    for current in dict.fromkeys((max(size // 2, 1), size)):
        world.state(
            "message_download_progressed",
            facts.device(device.device_id),
            before_reply=True,
            is_finish=False,
            is_error=False,
            current_size=current,
            total_size=size,
            msg_id=message.msg_id,
            type=int(part) if part.isdecimal() else 0,
            is_snapshot=part == "snapshot",
            path="",
            error_code=0,
            error_desc="",
        )


def is_running(world: World, device: Device, message: Message, is_snapshot: bool) -> bool:
    """Return whether a device is fetching a file of a message right now."""
    return (device.device_id, message.msg_id, is_snapshot) in world[RUNNING]


def download(
    world: World, device: Device, message: Message, image_type: int, is_snapshot: bool, says_error: bool = True
) -> None:
    """
    Fetch a file of a media message.

    Args:
        image_type: 0 original, 1 thumbnail, 2 large; for images alone.
        is_snapshot: the picture of a video instead of the video.
        says_error: whether the client's adapter calls a failure one.

    States message_download_progressed to the device: half, all, then the end of it; without a network, or where no file can be
    written, only the end, with its code.
    It takes no time, or as long as the switch "download_ms" says.
    """
    elem = _of(message)
    is_picture = elem.kind == "image" or (elem.kind == "video" and is_snapshot)
    kind = "snapshot" if elem.kind == "video" and is_snapshot else elem.kind
    part = str(image_type) if elem.kind == "image" else "snapshot" if kind == "snapshot" else ""
    type_told = image_type if elem.kind == "image" else 0
    row = RunningDownload(device.device_id, message.msg_id, is_snapshot, type_told, part, "", 0)
    if not device.connected:
        _tell(world, row, 0, is_finish=True, error=codes.NETWORK_DISCONNECTED, says_error=says_error)
        return
    contents = POINT if is_picture else b""
    try:
        path = world.files.store(f"{_file_id(message, elem, image_type, kind)}{ENDINGS[kind]}", contents)
    except BridgeError as problem:  # whoever runs the bridge has no place for files: to the app, a disk that fails
        _tell(world, row, 0, is_finish=True, error=codes.LOCAL_IO_FAILED, says_error=says_error, why=str(problem))
        return
    row = RunningDownload(device.device_id, message.msg_id, is_snapshot, type_told, part, path, len(contents))
    takes_ms = world.policy.switch("download_ms", 0)
    if not takes_ms:
        _tell(world, row, row.size // 2)
        _finish(world, device, row)
        return
    key = (row.device_id, row.msg_id, row.is_snapshot)
    world[RUNNING].put(key, row)
    for due_ms, is_last in ((world.now_ms + takes_ms // 2, False), (world.now_ms + takes_ms, True)):
        world.schedule(
            "media.progress",
            due_ms,
            row.device_id,
            id_of_device=row.device_id,
            msg_id=row.msg_id,
            is_snapshot=is_snapshot,
            says_error=says_error,
            is_last=is_last,
        )


def progress(world: World, id_of_device: str, msg_id: str, is_snapshot: bool, says_error: bool, is_last: bool) -> None:
    """Go on with a download, by the clock; one that lost its network has failed. A timer's rule: see `download` for what it states."""
    key = (id_of_device, msg_id, is_snapshot)
    row, device = world[RUNNING].get(key), world[devices.DEVICES].get(id_of_device)
    if row is None:
        return
    if is_last or device is None or not device.connected:
        world[RUNNING].drop(key)
    if device is None or device.user_id is None:
        return
    if not device.connected:
        _tell(world, row, 0, is_finish=True, error=codes.NETWORK_DISCONNECTED, says_error=says_error)
    elif is_last:
        _finish(world, device, row)
    else:
        _tell(world, row, row.size // 2)


def _finish(world: World, device: Device, row: RunningDownload) -> None:
    world[DOWNLOADS].put(
        (device.install, row.msg_id, row.part), Download(device.install, row.msg_id, row.part, row.path)
    )
    _tell(world, row, row.size)
    _tell(world, row, 0, is_finish=True)


def _tell(
    world: World,
    row: RunningDownload,
    current: int,
    is_finish: bool = False,
    error: int = 0,
    says_error: bool = True,
    why: str = "",
) -> None:
    desc = codes.text(error) if error else ""
    world.state(
        "message_download_progressed",
        facts.device(row.device_id),
        is_finish=is_finish,
        is_error=bool(error) and says_error,
        current_size=current,
        total_size=0 if is_finish else row.size,
        msg_id=row.msg_id,
        type=row.image_type,
        is_snapshot=row.is_snapshot,
        path=row.path,
        error_code=error,
        error_desc=f"{desc} ({why})" if why else desc,
    )


def on_device(world: World, install: str, message: Message) -> Media:
    """Return the element of a media message, with the paths of what an app has fetched of it."""
    elem = _of(message)
    table = world[DOWNLOADS]
    paths = {key[2]: table[key].path for key in table.index("message").of((install, message.msg_id))}
    if not paths:
        return elem
    if isinstance(elem, Image):
        images = [
            one._replace(local_url=path) if (path := paths.get(str(one.type))) else one for one in elem.images or ()
        ]
        return elem._replace(images=images)
    if isinstance(elem, Video):
        return elem._replace(local_url=paths.get(""), local_snapshot_url=paths.get("snapshot"))
    return elem._replace(local_url=paths.get(""))


def _file_id(message: Message, elem: Media, image_type: int, kind: str) -> str:
    if isinstance(elem, Image):
        found = next((one.uuid for one in elem.images or () if one.type == image_type), None)
    else:
        found = elem.snapshot_uuid if isinstance(elem, Video) and kind == "snapshot" else elem.uuid
    return found or message.msg_id
