"""
Files for clients that keep them by themselves: what they ask for they get, and how far that is; where it goes is their business.

A client knows a fetch by a ticket of its own. One that takes time is answered by the last thing that is told of it.
"""

from __future__ import annotations

from bridge.errors import ChatError
from bridge.world.chats import media
from bridge.world.kernel import codes, devices, facts
from bridge.world.kernel.devices import Device
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import TableSpec
from bridge.world.kernel.world import World

UNKNOWN = bytes(2)
"""What is in a file of which nothing is known: a client may want more than nothing, and half of it is less than all."""


@row_class
class Fetch:
    """
    A file that a client is fetching.

    Attributes:
        ticket: what the client knows it by; None for one that is told nothing.
        msg_id, image_type, is_snapshot: what it is of. `contents`: what is in it.
    """

    device_id: str
    number: int
    ticket: str | None
    msg_id: str
    image_type: int
    is_snapshot: bool
    contents: bytes

    @property
    def key(self) -> tuple[str, int]:
        """Return what it is kept by."""
        return (self.device_id, self.number)


FETCHES = TableSpec("fetches", Fetch, ("device_id", "number"), exported=False, is_local=True)


def begin(world: World, device: Device, user_id: str, url: str, ticket: str | None) -> Fetch | None:
    """
    Fetch what an address leads to.

    States message_download_progressed to the device, ahead of the reply: half of it, then all, with what is in it. With the switch
    "download_ms" it takes time: then half and all are told by the clock, and behind them the end.

    Returns: the fetch if it is still going on. Raises: ChatError 6017 for an address that leads to nothing the user has, 9508 without a
    network.
    """
    found = media.at_address(world, user_id, device.install, url)
    if found is None:
        raise ChatError(codes.INVALID_PARAMETERS)
    if not device.connected:
        raise ChatError(codes.NETWORK_DISCONNECTED)
    message, part = found
    is_picture = message.elems[0].kind == "image" or part == "snapshot"
    row = Fetch(
        device.device_id,
        0,
        ticket,
        message.msg_id,
        image_type=int(part) if part.isdecimal() else 0,
        is_snapshot=part == "snapshot",
        contents=media.POINT if is_picture else UNKNOWN,
    )
    takes_ms = world.policy.switch("download_ms")
    if not takes_ms:
        for is_all in (False, True):
            _progress(world, row, is_all, before_reply=True)
        return None
    row = evolve(row, number=world.next_number("fetch"))
    world[FETCHES].put(row.key, row)
    for due_ms, is_last in ((world.now_ms + takes_ms // 2, False), (world.now_ms + takes_ms, True)):
        world.schedule(
            "fetches.go_on", due_ms, row.device_id, id_of_device=row.device_id, number=row.number, is_last=is_last
        )
    return row


def go_on(world: World, id_of_device: str, number: int, is_last: bool) -> None:
    """Go on with a fetch, by the clock; one that lost its network or its user has failed. A timer's rule: see `begin`."""
    row, device = world[FETCHES].get((id_of_device, number)), world[devices.DEVICES].get(id_of_device)
    if row is None:
        return
    why = 0
    if device is None or device.user_id is None:
        why = codes.NOT_LOGGED_IN
    elif not device.connected:
        why = codes.NETWORK_DISCONNECTED
    if why or is_last:
        world[FETCHES].drop(row.key)
    if device is None:
        return
    if not why:
        _progress(world, row, is_last)
    if why or is_last:
        _tell(world, row, 0, is_over=True, error=why)


def _progress(world: World, row: Fetch, is_all: bool, before_reply: bool = False) -> None:
    size = len(row.contents)
    _tell(world, row, size if is_all else size // 2, before_reply=before_reply, contents=row.contents if is_all else None)


def _tell(
    world: World,
    row: Fetch,
    current: int,
    is_over: bool = False,
    error: int = 0,
    before_reply: bool = False,
    contents: bytes | None = None,
) -> None:
    world.state(
        "message_download_progressed",
        facts.device(row.device_id),
        before_reply,
        is_finish=is_over,
        is_error=bool(error),
        current_size=current,
        total_size=len(row.contents),
        msg_id=row.msg_id,
        type=row.image_type,
        is_snapshot=row.is_snapshot,
        path="",
        error_code=error,
        error_desc=codes.text(error) if error else "",
        ticket=row.ticket,
        contents=contents,
    )
