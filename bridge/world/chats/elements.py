"""
The elements of messages: a class per kind, which alone says what fields there are.

A field that nobody has filled is None, and no document names it. `kind` comes last, so that the fields of a kind stand in the
order in which documents write them; nobody gives it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, TypeGuard


class Text(NamedTuple):
    """A text."""

    text: str | None = None
    kind: Literal["text"] = "text"


class Custom(NamedTuple):
    """What the app alone understands. `desc` is what is searched and pushed."""

    data: str | None = None
    desc: str | None = None
    extension: str | None = None
    kind: Literal["custom"] = "custom"


class Face(NamedTuple):
    """A face: a number, and data of the app's own."""

    index: int | None = None  # type: ignore[assignment]  # a tuple's own `index` is not missed
    data: str | None = None
    kind: Literal["face"] = "face"


class Location(NamedTuple):
    """A place on earth, in degrees."""

    desc: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    kind: Literal["location"] = "location"


class Variant(NamedTuple):
    """
    One size of an image.

    Attributes:
        type: 0 original, 1 thumbnail, 2 large.
        size: in bytes. `url`: where it can be had. `local_url`: the path of what an app has fetched.
    """

    uuid: str | None = None
    type: int | None = None
    size: int | None = None
    url: str | None = None
    local_url: str | None = None
    width: int | None = None
    height: int | None = None


class Image(NamedTuple):
    """An image: the sender's file, and its variants once it is sent. `size` in bytes."""

    path: str | None = None
    size: int | None = None
    images: Sequence[Variant] | None = None
    kind: Literal["image"] = "image"


class Sound(NamedTuple):
    """A sound. `duration` in seconds, `size` in bytes; addresses as in `Variant`."""

    path: str | None = None
    duration: int | None = None
    size: int | None = None
    uuid: str | None = None
    url: str | None = None
    local_url: str | None = None
    kind: Literal["sound"] = "sound"


class Video(NamedTuple):
    """A video and its snapshot. `type`: the ending of the file; the rest as in `Sound`."""

    path: str | None = None
    type: str | None = None
    duration: int | None = None
    snapshot_path: str | None = None
    size: int | None = None
    snapshot_size: int | None = None
    uuid: str | None = None
    snapshot_uuid: str | None = None
    url: str | None = None
    snapshot_url: str | None = None
    local_url: str | None = None
    local_snapshot_url: str | None = None
    snapshot_width: int | None = None
    snapshot_height: int | None = None
    kind: Literal["video"] = "video"


class File(NamedTuple):
    """A file; fields as in `Sound`."""

    path: str | None = None
    name: str | None = None
    size: int | None = None
    uuid: str | None = None
    url: str | None = None
    local_url: str | None = None
    kind: Literal["file"] = "file"


class Merger(NamedTuple):
    """
    Many messages in one.

    Attributes:
        abstracts: lines that a chat shows of them. `compatible_text`: what clients show that know no mergers.
        msg_ids: the messages, the oldest first.
        layers: how many mergers deep it goes; `over_limit` is true if that is too deep to look into.
    """

    title: str | None = None
    abstracts: Sequence[str] | None = None
    compatible_text: str | None = None
    msg_ids: Sequence[str] | None = None
    layers: int | None = None
    over_limit: bool | None = None
    kind: Literal["merger"] = "merger"


class Tips(NamedTuple):
    """
    What has happened in a group, told in the group.

    Attributes:
        type: a number of `group_types`. `op_member`: who did it. `members`: whom it is about; all are user ids.
        changes, member_changes: what has changed about the group, and about members (`group_news`).
    """

    type: int | None = None
    op_member: str | None = None
    member_count: int | None = None
    members: Sequence[str] | None = None
    member_changes: Sequence[dict[str, Any]] | None = None
    changes: Sequence[dict[str, Any]] | None = None
    group_id: str | None = None
    kind: Literal["tips"] = "tips"


class Nothing(NamedTuple):
    """No element: of the message only the key is known."""

    kind: Literal["none"] = "none"


Media = Image | Sound | Video | File
Element = Text | Custom | Face | Location | Image | Sound | Video | File | Merger | Tips | Nothing

KINDS: dict[str, type[Element]] = {
    "text": Text,
    "custom": Custom,
    "image": Image,
    "sound": Sound,
    "video": Video,
    "file": File,
    "location": Location,
    "face": Face,
    "tips": Tips,
    "merger": Merger,
}
"""What a message can have."""

MEDIA = (Image, Sound, Video, File)


def is_media(element: Element) -> TypeGuard[Media]:
    """Return whether an element has files."""
    return isinstance(element, MEDIA)


def texts(element: Element) -> list[str]:
    """Return all texts in an element: what the service counts when it asks how long a message is."""
    return [value for value in element[:-1] if isinstance(value, str)]


def fields(element: Element | Variant) -> dict[str, Any]:
    """Return the fields of an element that are filled, in their order, without its kind."""
    return {name: value for name, value in zip(element._fields, element, strict=True) if value is not None and name != "kind"}
