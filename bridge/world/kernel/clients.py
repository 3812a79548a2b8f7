"""What the client in an app is like: what its version can do, and how its native side meets what a call finds."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple, NoReturn, Protocol


class Client(NamedTuple):
    """
    What the native client of a device can do, by its version and platform (`schemas/clients.json` says which and why).

    Attributes:
        tells_invitations: being invited is told apart from joining in every type of group.
        marks_community_members: members of a community can be marked.
        has_community_attributes: communities have attributes.
        kicks_from_live_rooms: somebody can be thrown out of a live room.
        sets_roles_in_live_rooms: a live room can have administrators.
        marks_live_room_members: members of a live room can be marked.
        counts_members_online: members who are online can be counted in every type of group.
        tells_revoker: whoever revokes a message hears of it on that device, too.
        keeps_groups: a conversation that is deleted stays in its conversation groups.
        tells_late_kick: a device that was kicked while it had no network hears of it on its return.
        replays_groups: at a login the group messages of the last seconds are told again.
        replaces_set_listener: a listener that is set takes the place of the one that was set before.
        shifts_marks: apps name a mark by its bit's number.
        shifts_filter_marks: the same where conversations are asked for by a mark.
        cuts_marks: marks are shown in 32 bits.
        has_short_local_ids: the id of a created message begins with milliseconds, else with nanoseconds.
        has_random_local_ids: the id of a created message is letters and digits alone.
        has_badge: the system keeps a badge for the app, which pushes move.
        version: what the client says its version is. `system`: the name and version of the system under it.
    """

    tells_invitations: bool = True
    marks_community_members: bool = True
    has_community_attributes: bool = True
    kicks_from_live_rooms: bool = True
    sets_roles_in_live_rooms: bool = True
    marks_live_room_members: bool = True
    counts_members_online: bool = True
    tells_revoker: bool = True
    keeps_groups: bool = True
    tells_late_kick: bool = True
    replays_groups: bool = True
    replaces_set_listener: bool = False
    shifts_marks: bool = False
    shifts_filter_marks: bool = False
    cuts_marks: bool = False
    has_short_local_ids: bool = False
    has_random_local_ids: bool = False
    has_badge: bool = False
    version: str = ""
    system: str = ""


TODAY = Client()
"""The client of today's plugin on a platform without oddities."""


class Finding(Enum):
    """Something a call finds out that some native sides answer by themselves, and others leave to the service."""

    NO_GROUP_APPLICATION = "not_found"
    UNKNOWN_APPENDED = "unknown_appended"
    UNKNOWN_APPLICATION = "unknown_application"
    UNKNOWN_BASE = "unknown_base"
    UNKNOWN_GROUP = "unknown_group"
    UNKNOWN_ID = "unknown_id"
    UNKNOWN_MEMBER = "unknown_member"
    UNKNOWN_MESSAGE = "unknown_message"
    UNKNOWN_TOPIC = "unknown_topic"
    UNKNOWN_START = "unknown_last"
    UNSUITABLE_MESSAGE = "unsuitable_message"
    NO_MEDIA = "no_media"
    NO_MERGER = "no_merger"
    NO_SOUND = "no_sound"
    NO_TEXT = "no_text_elem"
    NO_CUSTOM = "no_custom_elem"
    NOT_SENT = "not_sent"
    IS_IMAGE = "is_image"
    IS_THERE = "is_there"
    KEEPS_MERGERS = "keeps_mergers"
    RUNNING = "running"


class Fetching(NamedTuple):
    """
    How a native side tells of the files that it fetches.

    Attributes:
        hides_errors_of: kinds of files whose failure is told with a code, but as no error.
        late_path_of: kinds whose path is told only once they are there.
        encodes_names: how the name of a file gets into the path: as in a web "form", a "query" of an address, or "plain".
        loses_snapshot: the picture of a video that is there already is told as a video.
        forgets_flag: what was asked for as a snapshot and is none, or a size that is not there, is taken to be on its way for ever.
        tells_running: of a file that is on its way a second fetching is told as an error without a code, and does not happen.
        tells_ones: the end and a failure say that 1 byte of 1 is there; else 0 of 0.
        tells_kinds: of what is no image, the kind of the message as the call had it is told for the size; else 0.
    """

    hides_errors_of: tuple[str, ...] = ()
    late_path_of: tuple[str, ...] = ()
    encodes_names: str = "plain"
    loses_snapshot: bool = False
    forgets_flag: bool = False
    tells_running: bool = False
    tells_ones: bool = False
    tells_kinds: bool = False


PLAIN_FETCHING = Fetching()


class Habits(NamedTuple):
    """
    What a native side does with what a handler has found, where the platforms differ.

    Attributes:
        takes_some: content with those of many messages that are found; else every one must be.
        takes_none: it goes on with none of many messages.
        forgets_source: a created message is gone once another was made of it.
        keeps_source: a created message that was put into a history stays there to be sent.
        keeps_contents: the messages in a merger stay where later calls find them.
        finds_kept: it looks a message up among those of live rooms and mergers that it keeps itself, before it asks the client.
        fetching: how it tells of downloads.
        compares: by which attributes an application is looked up.
        reports: what a send shows: "sent" as it is; "forced", success whatever came of it; "unsent", the message as created.
        answers: a text in place of the refusal, by what was found.
        decides_first: it looks at what it keeps itself before the client is asked whether it takes the call (`Caller.admit`).
        hides_refusals: it has no way to a code: what the client refuses is answered like a success, and nothing is done.
        starts_over: a page behind a message that nobody knows is the first page.
    """

    takes_some: bool = False
    takes_none: bool = False
    forgets_source: bool = False
    keeps_source: bool = False
    keeps_contents: bool = False
    finds_kept: bool = False
    fetching: Fetching = PLAIN_FETCHING
    compares: tuple[str, ...] = ()
    reports: str = "sent"
    answers: Mapping[str, str] = MappingProxyType({})
    decides_first: bool = False
    hides_refusals: bool = False
    starts_over: bool = False


class Adapter(Protocol):
    """How the native side of the plugin meets what a call finds."""

    habits: Habits

    def objects(self, finding: Finding) -> None:
        """
        Refuse, or fall silent, where this native side does so by itself; go on where it leaves it to the service.

        Raises: ChatError or ProtocolError -32001.
        """

    def unfound(self) -> NoReturn:
        """Refuse because what the call is about is not there: native sides look it up before they ask anybody. Raises: ChatError."""
