"""messageManager: creating messages and sending what was created."""

from __future__ import annotations

from typing import Any

from bridge.errors import ChatError
from bridge.handlers import Caller, Refusal
from bridge.world.chats import messages, sending, visibility
from bridge.world.chats.elements import Custom, Element, Face, File, Image, Location, Nothing, Sound, Text, Video
from bridge.world.chats.messages import CreatedMessage, Handled, Message
from bridge.world.kernel import codes
from bridge.world.kernel.clients import Finding
from bridge.world.kernel.evolving import evolve


def create(caller: Caller, *elems: Element, **attributes: Any) -> CreatedMessage:
    """Keep a message on the device until it is sent."""
    return sending.create(caller.world, caller.device, caller.user, sending.blank(caller.world, *elems, **attributes))


def created_by_id(caller: Caller, local_id: str) -> CreatedMessage | None:
    """Return a created message of the device that was not sent, or None."""
    return caller.world[messages.CREATED_MESSAGES].get((caller.device_id, local_id))


# --- elements, also for the one-step sends


def text_elem(text: str | None) -> Text:
    """Return a text element."""
    return Text(text or "")


def custom_elem(data: str | None, desc: str | None = "", extension: str | None = "") -> Custom:
    """Return a custom element."""
    return Custom(data or "", desc or "", extension or "")


def face_elem(index: int, data: str | None) -> Face:
    """Return a face element."""
    return Face(index, data or "")


def location_elem(desc: str | None, longitude: float, latitude: float) -> Location:
    """Return a location element."""
    return Location(desc or "", longitude, latitude)


def image_elem(image_path: str | None) -> Image:
    """Return an image element. No file is read: a path is only remembered."""
    return Image(image_path or "", size=0)


def sound_elem(sound_path: str | None, duration: int) -> Sound:
    """Return a sound element; `duration` in seconds."""
    return Sound(sound_path or "", duration, size=0)


def video_elem(path: str | None, kind: str | None, duration: int, snapshot_path: str | None) -> Video:
    """Return a video element; `kind` is the ending of its file, `duration` in seconds."""
    return Video(path or "", kind or "", duration, snapshot_path or "", size=0)


def file_elem(file_path: str | None, file_name: str | None) -> File:
    """Return a file element."""
    return File(file_path or "", file_name or "", size=0)


# --- creating


def create_text_message(caller: Caller, text: str | None) -> CreatedMessage:
    """Create a text message."""
    return create(caller, text_elem(text))


def create_text_at_message(caller: Caller, text: str, at_users: tuple[str, ...]) -> CreatedMessage:
    """Create a text message that mentions members of a group."""
    return create(caller, text_elem(text), at_users=at_users)


def create_custom_message(
    caller: Caller, data: str | None, desc: str | None = "", extension: str | None = ""
) -> CreatedMessage:
    """Create a message of the app's own making."""
    return create(caller, custom_elem(data, desc, extension))


def create_face_message(caller: Caller, index: int | None, data: str | None) -> CreatedMessage:
    """Create a face message."""
    return create(caller, face_elem(index or 0, data))


def create_location_message(
    caller: Caller, desc: str | None, longitude: float | None, latitude: float | None
) -> CreatedMessage:
    """Create a location message."""
    return create(caller, location_elem(desc, longitude or 0.0, latitude or 0.0))


def create_image_message(caller: Caller, image_path: str | None) -> CreatedMessage:
    """Create an image message; the file need not be there."""
    return create(caller, image_elem(image_path))


def create_sound_message(caller: Caller, sound_path: str | None, duration: int | None) -> CreatedMessage:
    """Create a sound message; the file need not be there."""
    return create(caller, sound_elem(sound_path, duration or 0))


def create_video_message(
    caller: Caller, video_file_path: str | None, type: str | None, duration: int | None, snapshot_path: str | None
) -> CreatedMessage:
    """Create a video message; the files need not be there."""
    return create(caller, video_elem(video_file_path, type, duration or 0, snapshot_path))


def create_file_message(caller: Caller, file_path: str | None, file_name: str | None) -> CreatedMessage:
    """Create a file message; the file need not be there."""
    return create(caller, file_elem(file_path, file_name))


def create_targeted_group_message(caller: Caller, id: str, receiver_list: list[str]) -> CreatedMessage:
    """
    Make of a created message one for some members of a group alone; some native sides forget the first.

    Of one that is not there some make an empty message, and others never answer.
    """
    created = created_by_id(caller, id)
    if created is None:
        caller.found(Finding.UNKNOWN_ID)
        return create(caller, Nothing())
    if caller.habits.forgets_source:
        caller.world[messages.CREATED_MESSAGES].drop((caller.device_id, id))
    return _again(caller, created, targets=tuple(dict.fromkeys(receiver_list)))


def create_at_signed_group_message(caller: Caller, at_users: tuple[str, ...], created_msg_id: str) -> CreatedMessage:
    """Make of a created message one that mentions members of a group."""
    created = created_by_id(caller, created_msg_id)
    if created is None:
        caller.unfound()
    return _again(caller, created, at_users=at_users)


def _again(caller: Caller, created: CreatedMessage, **changes: Any) -> CreatedMessage:
    return sending.create(caller.world, caller.device, caller.user, evolve(created.message, **changes))


APPENDABLE = ("text", "custom", "face", "location")
MAX_ELEMS = 50


def append_message(caller: Caller, create_message_base_id: str, create_message_append_id: str) -> Message:
    """Chain the first element of one created message, of a kind that can be chained, behind those of another."""
    added = created_by_id(caller, create_message_append_id)
    if added is None:
        caller.found(Finding.UNKNOWN_APPENDED)
        caller.unfound()
    base = created_by_id(caller, create_message_base_id)
    if base is None:
        caller.found(Finding.UNKNOWN_BASE)
        caller.unfound()
    if added.message.elems[0].kind not in APPENDABLE or len(base.message.elems) >= MAX_ELEMS:
        if caller.habits.hides_refusals:
            return base.message
        raise ChatError(codes.INVALID_PARAMETERS)
    message = evolve(base.message, elems=(*base.message.elems, added.message.elems[0]))
    key = (caller.device_id, create_message_base_id)
    caller.world[messages.CREATED_MESSAGES].put(key, evolve(base, message=message))
    return message


# --- sending


def send_message(
    caller: Caller, local_id: str, receiver: str, group_id: str, options: dict[str, Any]
) -> Handled | Refusal:
    """
    Send a created message; its local id is used up, whatever comes of it.

    Args:
        options: attributes of the message that the send sets; what is not there stays as it was created.
    """
    created = created_by_id(caller, local_id)
    if created is None:
        caller.found(Finding.UNKNOWN_ID)
        caller.unfound()
    caller.world[messages.CREATED_MESSAGES].drop((caller.device_id, local_id))
    return send(caller, created.message, receiver, group_id, local_id, **options)


def send(
    caller: Caller,
    message: Message,
    receiver: str,
    group_id: str,
    local_id: str | None = None,
    given_id: str | None = None,
    **options: Any,
) -> Handled | Refusal:
    """Send a message, and answer it as sent, or the refusal with what stays of it. `given_id`: see `sending.send`."""
    world = caller.world
    try:
        caller.admit()
    except ChatError as refusal:  # the native side shows the message that it has made all the same (adapters)
        return Refusal(refusal.code, refusal.desc, Handled(sending.unsent(message, **options), local_id, sent=True))
    try:
        sent = sending.send(world, caller.device, caller.user, message, receiver, group_id, local_id, given_id, **options)
    except sending.SendRefused as refusal:
        return Refusal(refusal.code, refusal.desc, Handled(refusal.message, local_id, sent=True))
    return Handled(sent, local_id, sent=True)


def re_send_message(caller: Caller, msg_id: str, online_only: bool) -> Handled | Refusal:
    """Send a message again that failed; its id stays, and it moves to the end of the history."""
    message = visibility.held(caller.world, caller.user, msg_id, caller.device.install)
    if message is None:
        caller.unfound()
    if message.status != messages.FAILED or message.sender != caller.user:
        raise ChatError(codes.INVALID_PARAMETERS)
    try:
        sent = sending.resend(caller.world, caller.device, message, online_only)
    except sending.SendRefused as refusal:
        return Refusal(refusal.code, refusal.desc, Handled(refusal.message, sent=True))
    return Handled(sent, sent=True)
