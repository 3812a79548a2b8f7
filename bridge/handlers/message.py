"""messageManager: creating messages and sending what was created."""

from __future__ import annotations

from typing import Any, NoReturn

from attrs import evolve

from bridge.catalogue.names import snake_case
from bridge.errors import ChatError
from bridge.handlers.registry import Caller, Refusal, method
from bridge.world import messages, sending
from bridge.world.messages import CreatedMessage, Elem, Handled, Message

AT_ALL_ON_THE_WIRE = ("__kImSDK_MessageAtALL__", "__kImSDK_MesssageAtALL__")
"""Both spellings are in use; the adapters map the first that they find (adapter 8.2)."""


def refuse_unfound(caller: Caller) -> NoReturn:
    """Raise the first refusal of the platform's adapter: it looks its message up before it asks anybody."""
    error = caller.spec.adapter_errors[caller.device.platform][0]
    raise ChatError(error["code"], error["desc"])


def create(caller: Caller, *elems: Elem, **attributes: Any) -> CreatedMessage:
    """Keep a message on the device until it is sent."""
    return sending.create(caller.world, caller.device, caller.user, sending.blank(caller.world, *elems, **attributes))


def created_by_id(caller: Caller, local_id: str) -> CreatedMessage | None:
    """Return a created message of the device that was not sent, or None."""
    return caller.world[messages.CREATED_MESSAGES].get((caller.device_id, local_id))


def mentions(user_ids: list[str]) -> tuple[str, ...]:
    """Return whom a list mentions: the first mark of everybody stands last, as the client writes it."""
    for spelling in AT_ALL_ON_THE_WIRE:
        if spelling in user_ids:
            return (*(one for one in user_ids if one != spelling), sending.AT_ALL)
    return tuple(user_ids)


# --- elements, also for the one-step sends


def text_elem(caller: Caller, text: str | None) -> Elem:
    """Return a text element."""
    return Elem("text", {"text": text or ""})


def text_at_elem(caller: Caller, text: str | None) -> Elem:
    """Return a text element that mentions somebody; iOS makes a blank of an empty one (the schema's `quirks.emptyText`)."""
    empty = caller.spec.quirks.get("emptyText", {}).get(caller.device.platform, "")
    return Elem("text", {"text": text or empty})


def custom_elem(data: str | None, desc: str | None = "", extension: str | None = "") -> Elem:
    """Return a custom element."""
    return Elem("custom", {"data": data or "", "desc": desc or "", "extension": extension or ""})


def face_elem(index: int, data: str | None) -> Elem:
    """Return a face element."""
    return Elem("face", {"index": index, "data": data or ""})


def location_elem(desc: str | None, longitude: float, latitude: float) -> Elem:
    """Return a location element."""
    return Elem("location", {"desc": desc or "", "longitude": longitude, "latitude": latitude})


def image_elem(image_path: str | None) -> Elem:
    """Return an image element. No file is read: a path is only remembered."""
    return Elem("image", {"path": image_path or "", "size": 0})


def sound_elem(sound_path: str | None, duration: int) -> Elem:
    """Return a sound element; `duration` in seconds."""
    return Elem("sound", {"path": sound_path or "", "duration": duration, "size": 0})


def video_elem(path: str | None, kind: str | None, duration: int, snapshot_path: str | None) -> Elem:
    """Return a video element; `kind` is the ending of its file, `duration` in seconds."""
    data = {"path": path or "", "type": kind or "", "duration": duration, "snapshot_path": snapshot_path or "", "size": 0}
    return Elem("video", data)


def file_elem(file_path: str | None, file_name: str | None) -> Elem:
    """Return a file element."""
    return Elem("file", {"path": file_path or "", "name": file_name or "", "size": 0})


# --- creating


@method("createTextMessage")
def create_text_message(caller: Caller, text: str | None) -> CreatedMessage:
    """Create a text message."""
    return create(caller, text_elem(caller, text))


@method("createTextAtMessage")
def create_text_at_message(caller: Caller, text: str | None, at_user_list: list[str] | None) -> CreatedMessage:
    """Create a text message that mentions members of a group."""
    return create(caller, text_at_elem(caller, text), at_users=mentions(at_user_list or []))


@method("createCustomMessage")
def create_custom_message(
    caller: Caller, data: str | None, desc: str | None = "", extension: str | None = ""
) -> CreatedMessage:
    """Create a message of the app's own making."""
    return create(caller, custom_elem(data, desc, extension))


@method("createFaceMessage")
def create_face_message(caller: Caller, index: int | None, data: str | None) -> CreatedMessage:
    """Create a face message."""
    return create(caller, face_elem(index or 0, data))


@method("createLocationMessage")
def create_location_message(
    caller: Caller, desc: str | None, longitude: float | None, latitude: float | None
) -> CreatedMessage:
    """Create a location message."""
    return create(caller, location_elem(desc, longitude or 0.0, latitude or 0.0))


@method("createImageMessage")
def create_image_message(caller: Caller, image_path: str | None) -> CreatedMessage:
    """Create an image message; the file need not be there."""
    return create(caller, image_elem(image_path))


@method("createSoundMessage")
def create_sound_message(caller: Caller, sound_path: str | None, duration: int | None) -> CreatedMessage:
    """Create a sound message; the file need not be there."""
    return create(caller, sound_elem(sound_path, duration or 0))


@method("createVideoMessage")
def create_video_message(
    caller: Caller, video_file_path: str | None, type: str | None, duration: int | None, snapshot_path: str | None
) -> CreatedMessage:
    """Create a video message; the files need not be there."""
    return create(caller, video_elem(video_file_path, type, duration or 0, snapshot_path))


@method("createFileMessage")
def create_file_message(caller: Caller, file_path: str | None, file_name: str | None) -> CreatedMessage:
    """Create a file message; the file need not be there."""
    return create(caller, file_elem(file_path, file_name))


@method("createTargetedGroupMessage")
def create_targeted_group_message(caller: Caller, id: str, receiver_list: list[str]) -> CreatedMessage:
    """Make of a created message one for some members of a group alone. iOS forgets the first, Android keeps it."""
    created = created_by_id(caller, id)
    if created is None:
        raise ChatError(-1, "created message not found")
    if caller.device.platform in caller.spec.quirks.get("forgetsSource", ()):
        caller.world[messages.CREATED_MESSAGES].drop((caller.device_id, id))
    return _again(caller, created, targets=tuple(dict.fromkeys(receiver_list)))


@method("createAtSignedGroupMessage")
def create_at_signed_group_message(
    caller: Caller, at_user_list: list[str] | None, created_msg_id: str
) -> CreatedMessage:
    """Make of a created message one that mentions members of a group."""
    created = created_by_id(caller, created_msg_id)
    if created is None:
        refuse_unfound(caller)
    return _again(caller, created, at_users=mentions(at_user_list or []))


def _again(caller: Caller, created: CreatedMessage, **changes: Any) -> CreatedMessage:
    return sending.create(caller.world, caller.device, caller.user, evolve(created.message, **changes))


APPENDABLE = ("text", "custom", "face", "location")
MAX_ELEMS = 50


@method("appendMessage")
def append_message(caller: Caller, create_message_base_id: str, create_message_append_id: str) -> Message:
    """Chain the first element of one created message behind those of another."""
    added = created_by_id(caller, create_message_append_id)
    if added is None:
        refuse_unfound(caller)
    base = created_by_id(caller, create_message_base_id)
    if base is None:
        caller.refuse("unknownBase")
        refuse_unfound(caller)
    if added.message.elems[0].kind not in APPENDABLE or len(base.message.elems) >= MAX_ELEMS:
        raise ChatError(6017)
    message = evolve(base.message, elems=(*base.message.elems, added.message.elems[0]))
    key = (caller.device_id, create_message_base_id)
    caller.world[messages.CREATED_MESSAGES].put(key, evolve(base, message=message))
    return message


# --- sending


@method("sendMessage")
def send_message(
    caller: Caller, id: str | None, receiver: str | None, group_id: str | None, **options: Any
) -> Handled | Refusal:
    """Send a created message; its local id is used up, whatever comes of it."""
    created = None if id is None else created_by_id(caller, id)
    if created is None or id is None:
        caller.refuse("noId" if id is None else "unknownId")
        refuse_unfound(caller)
    caller.world[messages.CREATED_MESSAGES].drop((caller.device_id, id))
    return send(caller, created.message, receiver, group_id, id, **_options(caller, created.message, options))


def send(
    caller: Caller,
    message: Message,
    receiver: str | None,
    group_id: str | None,
    local_id: str | None = None,
    **options: Any,
) -> Handled | Refusal:
    """Send a message, and answer it as sent, or the refusal with what stays of it."""
    world = caller.world
    try:
        sent = sending.send(
            world, caller.device, caller.user, message, receiver or "", group_id or "", local_id, **options
        )
    except sending.SendRefused as refusal:
        return Refusal(refusal.code, refusal.desc, Handled(refusal.message, local_id, sent=True))
    return Handled(sent, local_id, sent=True)


_NAMES = {
    "online_user_only": "online_only",
    "is_excluded_from_unread_count": "excluded_from_unread",
    "is_excluded_from_last_message": "excluded_from_last",
    "is_excluded_from_content_moderation": "excluded_from_moderation",
    "is_support_message_extension": "supports_extension",
    "need_read_receipt": "needs_receipt",
}


def _options(caller: Caller, message: Message, given: dict[str, Any]) -> dict[str, Any]:
    """Return the attributes that the options of a send set; what is not given leaves those of the created message."""
    options: dict[str, Any] = {ours: True for name, ours in _NAMES.items() if given.get(name)}
    for name in ("priority", "cloud_custom_data", "local_custom_data"):
        if given.get(name):
            options[name] = given[name]
    if given.get("offline_push_info") is not None:
        options["push"] = push_of(caller, given["offline_push_info"])
    return options


def push_of(caller: Caller, given: dict[str, Any]) -> dict[str, Any]:
    """Return what the adapter hands on of push settings: the keys it reads, what it fills in for some that are not there."""
    read = caller.read("offlinePushInfo", given)
    kept = {name: value for name, value in read.items() if value is not None}
    filled = caller.spec.quirks.get("pushDefaults", {}).get(caller.device.platform, {})
    return {**{snake_case(key): value for key, value in filled.items()}, **kept}


@method("reSendMessage")
def re_send_message(
    caller: Caller, msg_id: str, online_user_only: bool | None = False, **_: Any
) -> Handled | Refusal:
    """Send a message again that failed; its id stays, and it moves to the end of the history."""
    message = messages.held(caller.world, caller.user, msg_id, caller.device.install)
    if message is None:
        refuse_unfound(caller)
    if message.status != messages.FAILED or message.sender != caller.user:
        raise ChatError(6017)
    try:
        sent = sending.resend(caller.world, caller.device, message, bool(online_user_only))
    except sending.SendRefused as refusal:
        return Refusal(refusal.code, refusal.desc, Handled(refusal.message, sent=True))
    return Handled(sent, sent=True)
