"""The elements of messages: their fields, and what documents say of them."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.world.chats.elements import (
    KINDS,
    Custom,
    Element,
    Image,
    Nothing,
    Text,
    Tips,
    Variant,
    Video,
    fields,
    is_media,
    texts,
)
from bridge.world.chats.messages import Message
from bridge.world.documents.row_json import Flaw, codec


def written(element: Element) -> dict[str, Any]:
    """Return what a document says of an element."""
    row = Message("m", 1, ("c2c", "a", "b"), "a", 5, (element,))
    said: dict[str, Any] = codec(Message).encode(row)["elems"][0]
    return said


def read(said: Any) -> Element:
    """Return the element that a document speaks of."""
    row: Message = codec(Message).decode(
        {"msg_id": "m", "order": 1, "channel": ["c2c", "a", "b"], "sender": "a", "time_ms": 5, "elems": [said]}
    )
    return row.elems[0]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_its_class(kind: str) -> None:
    """A class says its kind, has it last, and is empty until something is written into it."""
    cls = KINDS[kind]
    assert (kind, "kind", {}) == (cls().kind, cls._fields[-1], fields(cls()))


def test_elements_of_two_kinds_differ() -> None:
    """Elements with the same fields are not the same where their kinds are not."""
    assert len({Text(), Nothing(), Custom(), Text("a")}) == 4


@pytest.mark.parametrize(
    ("element", "said"),
    [
        (Text("hi"), {"kind": "text", "data": {"text": "hi"}}),
        (Custom("d", "", ""), {"kind": "custom", "data": {"data": "d", "desc": "", "extension": ""}}),
        (
            Image("p", 0, [Variant("u", 0, 3)]),
            {"kind": "image", "data": {"path": "p", "size": 0, "images": [{"uuid": "u", "type": 0, "size": 3}]}},
        ),
        (
            Video("p", "mp4", 1, "s", 0, uuid="u", snapshot_uuid="v"),
            {
                "kind": "video",
                "data": {
                    "path": "p",
                    "type": "mp4",
                    "duration": 1,
                    "snapshot_path": "s",
                    "size": 0,
                    "uuid": "u",
                    "snapshot_uuid": "v",
                },
            },
        ),
        (
            Tips(7, "a", 2, ("b",), changes=({"type": 1, "value": "x"},), group_id="g"),
            {
                "kind": "tips",
                "data": {
                    "type": 7,
                    "op_member": "a",
                    "member_count": 2,
                    "members": {"$tuple": ["b"]},
                    "changes": {"$tuple": [{"type": 1, "value": "x"}]},
                    "group_id": "g",
                },
            },
        ),
    ],
)
def test_documents_have_filled_fields_in_order(element: Element, said: dict[str, Any]) -> None:
    """What nobody has filled stands in no document; the rest is there in the order of the class, and comes back."""
    wire = written(element)
    assert (said, list(said["data"])) == (wire, list(wire["data"]))
    assert element == read(wire)


@pytest.mark.parametrize(
    ("said", "path", "message"),
    [
        ({"kind": "txt", "data": {}}, "kind", "is none of"),
        ({"kind": "text", "data": {"txt": "a"}}, "data.txt", "did you mean text"),
        ({"kind": "text", "data": {"text": 5}}, "data.text", "must be a string"),
        ({"kind": "sound", "data": {"duration": "5"}}, "data.duration", "must be a number"),
        ({"kind": "merger", "data": {"over_limit": 1}}, "data.over_limit", "must be true or false"),
        ({"kind": "merger", "data": {"msg_ids": [1]}}, "data.msg_ids", "must be a list of strings"),
        ({"kind": "image", "data": {"images": [{"uid": "u"}]}}, "data.images.0.uid", "did you mean uuid"),
        ({"kind": "text"}, "", "data is missing"),
        ({"kind": "text", "data": {}, "dat": {}}, "dat", "did you mean data"),
        ([], "", "must be an object"),
    ],
)
def test_malformed_elements_are_refused(said: Any, path: str, message: str) -> None:
    """A flaw names the field and what should stand there."""
    with pytest.raises(Flaw, match=message) as caught:
        read(said)
    assert path == ".".join(map(str, caught.value.path[2:]))


def test_texts_leave_the_kind_out() -> None:
    """Every text that the sender wrote is counted, and nothing else."""
    assert ["d", "", "x"] == texts(Custom("d", "", "x"))
    assert ([], [True, False]) == (texts(Nothing()), [is_media(Image()), is_media(Text())])
