"""
Media of messages: where they can be had, and fetching them.

Nothing was ever uploaded: an address leads nowhere (its host is one that can not exist), and a fetched file holds the
least that is valid of its kind. Whether there is a file at all is for whoever runs the world to say (`World.files`); a
world by itself touches none. What an app has fetched it keeps, and shows in its messages from then on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote, quote_plus

from bridge.errors import BridgeError
from bridge.values import value_class
from bridge.world.chats import elements, messages, visibility
from bridge.world.chats.elements import File, Image, Media, Variant, Video
from bridge.world.chats.messages import Message
from bridge.world.kernel import codes, devices, facts
from bridge.world.kernel.clients import PLAIN_FETCHING, Fetching
from bridge.world.kernel.devices import Device
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import Groups, TableSpec
from bridge.world.kernel.world import World

HOST = "https://media.timbridge.invalid"

# the smallest image there is: one grey point
POINT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c636800000082008177cd72b60000000049454e44ae426082"
)

@row_class
class Download:
    """A file that an app has on its device. `part`: the number of an image's variant, "snapshot", or "" for the only file."""

    install: str
    msg_id: str
    part: str
    path: str


class Wanted(NamedTuple):
    """
    Which file of a media message is asked for.

    Attributes:
        image_type: 0 original, 1 thumbnail, 2 large; for images alone.
        is_snapshot: the picture of a video instead of the video; of other media it says nothing.
        message_type: the number that the client has for the kind of message.
    """

    image_type: int = 0
    is_snapshot: bool = False
    message_type: int = 0


@row_class
class RunningDownload:
    """
    A file that a device is fetching.

    Attributes:
        asked_snapshot: as `Wanted` has `is_snapshot`, whatever the file is; `is_snapshot`: that it is the picture of a video.
        type: the number that is told of an image's variant, or of the message's kind. `path`: where the file will be. `size`: in bytes.
        size_of_nothing: what is told of the size when it is over, or has failed.
        path_told: the path as long as the file is not there.
        ends: whether it is off the list of what is on its way once it is over.
        says_error: whether the client's adapter calls a failure one.
    """

    device_id: str
    msg_id: str
    asked_snapshot: bool
    is_snapshot: bool
    type: int
    part: str
    path: str
    path_told: str
    ends: bool
    says_error: bool
    size: int = 0
    size_of_nothing: int = 0

    @property
    def key(self) -> tuple[str, str, bool, str]:
        """Return what it is known by."""
        return (self.device_id, self.msg_id, self.asked_snapshot, self.part)


DOWNLOADS = TableSpec(
    "downloads",
    Download,
    ("install", "msg_id", "part"),
    {"message": lambda: Groups(lambda d: (d.install, d.msg_id)), "path": lambda: Groups(lambda d: (d.install, d.path))},
    is_local=True,
)
RUNNING = TableSpec(
    "running_downloads",
    RunningDownload,
    ("device_id", "msg_id", "asked_snapshot", "part"),
    {"asked": lambda: Groups(lambda d: (d.device_id, d.msg_id, d.asked_snapshot)), "path": lambda: Groups(lambda d: (d.device_id, d.path))},
    exported=False,
    is_local=True,
)


@value_class
class Address:
    """The media element of a message with addresses in it."""

    elem: Media


def is_media(message: Message) -> bool:
    """Return whether a message's first element has a file."""
    return elements.is_media(message.elems[0])


def addressed(message: Message, elem: Media | None = None) -> Address:
    """Return the first element of a media message, or what an app has of it (`on_device`), with the address of everything in it."""
    elem = elem or _of(message)
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
    is_part = part == "snapshot" or (part.isdecimal() and len(part) == 1 and stem.count("-"))
    if not is_part or messages.get(world, name) is not None:  # the last number of an id may be a small one
        stem, part = name, ""
    order = stem.rpartition("-")[2]
    known = messages.get(world, stem)
    if known is None and order and all(char in "0123456789abcdef" for char in order):
        msg_id = world[messages.MESSAGES].index("channel").at(int(order, 16))
        known = None if msg_id is None else messages.get(world, msg_id)
    if known is None or not is_media(known) or not visibility.is_visible(world, user_id, known, install):
        return None
    return known, part


def is_running(world: World, device: Device, message: Message, is_snapshot: bool) -> bool:
    """Return whether a device is fetching a file of a message right now, or what its adapter takes for that: of an image any variant."""
    return bool(world[RUNNING].index("asked").count((device.device_id, message.msg_id, is_snapshot)))


def _meets_another(world: World, row: RunningDownload, message: Message, elem: Media, manner: Fetching) -> bool:
    """Return whether a file is on its way to a device already; of a video, either of its two."""
    parts = ("video", "snapshot") if elem.kind == "video" else ()
    try:
        paths = {row.path, *(world.files.path(_name(message, elem, 0, kind, manner)) for kind in parts)}
    except BridgeError:  # no place for files: none is on its way
        return False
    running = world[RUNNING].index("path")
    return any(running.count((row.device_id, path)) for path in paths)


def is_there(world: World, device: Device, message: Message, wanted: Wanted, manner: Fetching = PLAIN_FETCHING) -> bool:
    """Return whether an app has a file already."""
    elem = _of(message)
    try:
        path = world.files.path(_name(message, elem, wanted.image_type, _kind(elem, wanted), manner))
    except BridgeError:
        return False
    return bool(world[DOWNLOADS].index("path").of((device.install, path)))


def _kind(elem: Media, wanted: Wanted) -> str:
    return "snapshot" if elem.kind == "video" and wanted.is_snapshot else elem.kind


def download(
    world: World, device: Device, message: Message, wanted: Wanted, manner: Fetching = PLAIN_FETCHING
) -> None:
    """
    Fetch a file of a media message.

    Args:
        wanted: which; of a variant that an image does not have nothing is told.
        manner: how the client's adapter tells of it.

    States message_download_progressed to the device: half, all, then the end of it. Of a file that is there already there is
    only the end, and no network is asked; without a network, or where no file can be written, only that it failed, with the code.
    Where a second fetching of what is on its way is told, that is all there is of it. It takes no time, or as
    long as the switch "download_ms" says.
    """
    elem = _of(message)
    image_type, is_snapshot, message_type = wanted
    kind = _kind(elem, wanted)
    name, path, why = _name(message, elem, image_type, kind, manner), "", ""
    try:
        path = world.files.path(name)
    except BridgeError as problem:  # whoever runs the bridge has no place for files: to the app, a disk that fails
        why = str(problem)
    row = RunningDownload(
        device.device_id,
        message.msg_id,
        is_snapshot,
        is_snapshot=kind == "snapshot",
        type=image_type if elem.kind == "image" else message_type if manner.tells_kinds else 0,
        part=str(image_type) if elem.kind == "image" else "snapshot" if kind == "snapshot" else "",
        path=path,
        path_told="" if kind in manner.late_path_of else path,
        ends=not manner.forgets_flag or is_snapshot == (kind == "snapshot"),
        says_error=kind not in manner.hides_errors_of,
        size_of_nothing=int(manner.tells_ones),
    )
    is_there = not isinstance(elem, Image) or any(one.type == image_type for one in elem.images or ())
    if not is_there or not row.ends:
        if manner.forgets_flag:
            world[RUNNING].put(row.key, evolve(row, ends=False))
        if not is_there:
            return
    if manner.tells_running and _meets_another(world, row, message, elem, manner):
        _tell(world, evolve(row, size=0, is_snapshot=False, path_told=""), 0, is_error=True)
        return
    if world[DOWNLOADS].index("path").of((device.install, path)):
        _keep(world, device, row)
        _tell_end(world, evolve(row, is_snapshot=row.is_snapshot and not manner.loses_snapshot))
    elif not device.connected:
        _fail(world, row, codes.NETWORK_DISCONNECTED)
    elif why:
        _fail(world, row, codes.LOCAL_IO_FAILED, why)
    else:
        _fetch(world, device, row, name, POINT if kind in ("image", "snapshot") else b"")


def _fetch(world: World, device: Device, row: RunningDownload, name: str, contents: bytes) -> None:
    try:
        world.files.store(name, contents)
    except BridgeError as problem:
        _fail(world, row, codes.LOCAL_IO_FAILED, str(problem))
        return
    row = evolve(row, size=len(contents))
    takes_ms = world.policy.switch("download_ms")
    if not takes_ms:
        _tell(world, row, row.size // 2)
        _finish(world, device, row)
        return
    world[RUNNING].put(row.key, row)
    for due_ms, is_last in ((world.now_ms + takes_ms // 2, False), (world.now_ms + takes_ms, True)):
        world.schedule(
            "media.progress",
            due_ms,
            row.device_id,
            id_of_device=row.device_id,
            msg_id=row.msg_id,
            is_snapshot=row.asked_snapshot,
            part=row.part,
            is_last=is_last,
        )


def progress(world: World, id_of_device: str, msg_id: str, is_snapshot: bool, part: str, is_last: bool) -> None:
    """Go on with a download, by the clock; one that lost its network has failed. A timer's rule: see `download` for what it states."""
    row, device = world[RUNNING].get((id_of_device, msg_id, is_snapshot, part)), world[devices.DEVICES].get(id_of_device)
    if row is None:
        return
    if device is None or (row.ends and (is_last or not device.connected)):
        world[RUNNING].drop(row.key)
    if device is None or device.user_id is None:
        return
    if not device.connected:
        _fail(world, row, codes.NETWORK_DISCONNECTED)
    elif is_last:
        _finish(world, device, row)
    else:
        _tell(world, row, row.size // 2)


def _keep(world: World, device: Device, row: RunningDownload) -> None:
    key = (device.install, row.msg_id, row.part)
    world[DOWNLOADS].put(key, Download(*key, row.path))


def _finish(world: World, device: Device, row: RunningDownload) -> None:
    _keep(world, device, row)
    _tell(world, row, row.size)
    _tell_end(world, row)


def _tell_end(world: World, row: RunningDownload) -> None:
    _tell(world, evolve(row, size=row.size_of_nothing), row.size_of_nothing, is_finish=True)


def _fail(world: World, row: RunningDownload, error: int, why: str = "") -> None:
    """State that nothing comes of a download: no adapter calls that its finish."""
    desc = codes.text(error)
    row = evolve(row, size=row.size_of_nothing)
    _tell(world, row, row.size, error=error, desc=f"{desc} ({why})" if why else desc)


def _tell(
    world: World,
    row: RunningDownload,
    current: int,
    is_finish: bool = False,
    is_error: bool = False,
    error: int = 0,
    desc: str = "",
) -> None:
    world.state(
        "message_download_progressed",
        facts.device(row.device_id),
        is_finish=is_finish,
        is_error=is_error or (bool(error) and row.says_error),
        current_size=current,
        total_size=row.size,
        msg_id=row.msg_id,
        type=row.type,
        is_snapshot=row.is_snapshot,
        path=row.path if is_finish else row.path_told,
        error_code=error,
        error_desc=desc,
        ticket=None,
        contents=None,
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


def _name(message: Message, elem: Media, image_type: int, kind: str, manner: Fetching) -> str:
    """Return what a file is called on a device: by its kind and its id, so that a forwarded one is the same."""
    if isinstance(elem, Image):
        found = next((one for one in elem.images or () if one.type == image_type), Variant())
        sizes = f"{image_type}{found.size or 0}{found.width or 0}{found.height or 0}"
        return f"image_{sizes}_{found.uuid or message.msg_id}"
    if isinstance(elem, File):
        return f"file_{elem.uuid or message.msg_id}_{ENCODINGS[manner.encodes_names](elem.name or '')}"
    uuid = elem.snapshot_uuid if isinstance(elem, Video) and kind == "snapshot" else elem.uuid
    return f"{kind}_{uuid or message.msg_id}"


ENCODINGS: dict[str, Callable[[str], str]] = {
    "form": lambda name: quote_plus(name, safe="*").replace("~", "%7E"),
    "query": lambda name: quote(name, safe="!$&'()*+,-./:;=?@_~"),
    "plain": str,
}
"""What becomes of a file's own name in that of what was fetched: as in the body of a web form, as in an address, or nothing."""
