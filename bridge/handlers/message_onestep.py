"""messageManager: the old sends that create and send in one step. Those of timManager stand in tim_messages.py."""

from __future__ import annotations

from typing import Any

from bridge.handlers import Caller, Refusal
from bridge.handlers import message as created
from bridge.handlers.message import send
from bridge.world import sending
from bridge.world.messages import Elem, Handled


def _send(
    caller: Caller, elem: Elem, receiver: str, group_id: str, options: dict[str, Any], **attributes: Any
) -> Handled | Refusal:
    """Create a message and send it with the few options of an old call."""
    message = sending.blank(caller.world, elem, **attributes)
    return send(caller, message, receiver, group_id, **options)


def send_text_message(
    caller: Caller, text: str | None, receiver: str, group_id: str, options: dict[str, Any]
) -> Handled | Refusal:
    """Send a text."""
    return _send(caller, created.text_elem(text), receiver, group_id, options)


def send_text_at_message(
    caller: Caller,
    text: str | None,
    at_users: tuple[str, ...],
    receiver: str,
    group_id: str,
    options: dict[str, Any],
) -> Handled | Refusal:
    """Send a text that mentions members."""
    return _send(caller, created.text_elem(text), receiver, group_id, options, at_users=at_users)


def send_custom_message(
    caller: Caller,
    data: str | None,
    receiver: str,
    group_id: str,
    options: dict[str, Any],
    desc: str | None = "",
    extension: str | None = "",
) -> Handled | Refusal:
    """Send a message of the app's own making."""
    return _send(caller, created.custom_elem(data, desc, extension), receiver, group_id, options)


def send_face_message(
    caller: Caller, index: int | None, data: str | None, receiver: str, group_id: str, options: dict[str, Any]
) -> Handled | Refusal:
    """Send a face."""
    return _send(caller, created.face_elem(index or 0, data), receiver, group_id, options)


def send_location_message(
    caller: Caller,
    desc: str | None,
    longitude: float | None,
    latitude: float | None,
    receiver: str,
    group_id: str,
    options: dict[str, Any],
) -> Handled | Refusal:
    """Send a location."""
    return _send(caller, created.location_elem(desc, longitude or 0.0, latitude or 0.0), receiver, group_id, options)


def send_image_message(
    caller: Caller, image_path: str | None, receiver: str, group_id: str, options: dict[str, Any]
) -> Handled | Refusal:
    """Send an image; its progress is told before the answer."""
    return _send(caller, created.image_elem(image_path), receiver, group_id, options)


def send_sound_message(
    caller: Caller,
    sound_path: str | None,
    duration: int | None,
    receiver: str,
    group_id: str,
    options: dict[str, Any],
) -> Handled | Refusal:
    """Send a sound; its progress is told before the answer."""
    return _send(caller, created.sound_elem(sound_path, duration or 0), receiver, group_id, options)


def send_video_message(
    caller: Caller,
    video_file_path: str | None,
    snapshot_path: str | None,
    duration: int | None,
    type: str | None,
    receiver: str,
    group_id: str,
    options: dict[str, Any],
) -> Handled | Refusal:
    """Send a video; its progress is told before the answer."""
    elem = created.video_elem(video_file_path, type, duration or 0, snapshot_path)
    return _send(caller, elem, receiver, group_id, options)


def send_file_message(
    caller: Caller,
    file_path: str | None,
    file_name: str | None,
    receiver: str,
    group_id: str,
    options: dict[str, Any],
) -> Handled | Refusal:
    """Send a file; its progress is told before the answer."""
    return _send(caller, created.file_elem(file_path, file_name), receiver, group_id, options)
