"""Messages and what follows from them, as people write them down; see `terse.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from math import isfinite
from operator import attrgetter, itemgetter
from typing import Any

from bridge.slices import MANY, ROWS, Slices, in_order, let_go
from bridge.world.chats import (
    conversation_groups,
    conversations,
    counting,
    delivery,
    elements,
    messages,
    sending,
    visibility,
)
from bridge.world.chats.conversations import AtInfo, Conversation
from bridge.world.chats.elements import is_media
from bridge.world.chats.messages import Channel, Message
from bridge.world.documents.drafts import Draft, Values, read
from bridge.world.documents.loading import Path
from bridge.world.documents.row_json import MOST_SHAPES, Flaw, codec, unknown_key
from bridge.world.documents.tallies import Tally
from bridge.world.groups import communities, groups, topics
from bridge.world.kernel import receiving
from bridge.world.kernel.evolving import evolve
from bridge.world.people import users

GAP_MS = 1000
"""How long after the one before it a message comes that does not say when."""

MOST = 1 << 53
"""No time is as long as this, in whatever unit."""

# what an element of each kind has at least; where a text is natural, it may stand for the whole element
KINDS: dict[str, Values] = {
    "text": {"text": ""},
    "custom": {"data": "", "desc": "", "extension": ""},
    "face": {"index": 0, "data": ""},
    "location": {"desc": "", "longitude": 0.0, "latitude": 0.0},
    "image": {"path": "", "size": 0},
    "sound": {"path": "", "duration": 0, "size": 0},
    "video": {"path": "", "type": "", "duration": 0, "snapshot_path": "", "size": 0},
    "file": {"path": "", "name": "", "size": 0},
}
BY_TEXT = {"text": "text", "custom": "data", "image": "path", "sound": "path", "video": "path", "file": "name"}
TIMES = ("time_ms", "at_ms", "minutes_ago")
PLACE = ("from", "to", "group")
SHORT = (*PLACE, "at_ms", "minutes_ago", "read", *KINDS)
SHORT_CONVERSATION = ("draft", "read")


def _nothing(_extra: Values) -> None:
    """Return what a message says that says neither who wrote it nor where it stands."""


class Form:
    """
    Which keys messages have: found out once for all that have the same ones.

    Attributes:
        is_short: no key is an attribute's own. `times`: those that say when. `kinds`: those that say what.
        is_text: what it says is a text, and nothing else. `place`: returns what says who wrote it, and where it stands.
    """

    def __init__(self, keys: Iterable[str]) -> None:
        names = [*keys]
        self.is_short = all(name in SHORT for name in names)
        self.times = [name for name in TIMES if name in names]
        self.kinds = [name for name in KINDS if name in names]
        self.is_text = self.kinds == ["text"]
        said = [name for name in PLACE if name in names]
        self.place: Callable[[Values], Any] = itemgetter(*said) if said else _nothing


Written = tuple[int, Path, Form, Values, Values]
"""A message as it is written: its time, where it stands, which keys it has, attributes, what else is written."""

Places = dict[tuple[Form, Any], tuple[str, Channel, str]]
"""Sender, channel, and the sender's number in ids, by what is written of them."""


def take_messages(draft: Draft) -> Slices[None]:
    """Take messages in order of their times; those of the same time as they stand."""
    numbers: dict[str, int] = {}
    found = yield from _timed(draft)
    try:
        yield from _take_in_order(draft, found, numbers)
    except Flaw:
        yield from let_go(found)
        raise
    yield from let_go(found)
    _count_groups(draft, numbers)


def _take_in_order(draft: Draft, found: list[Written], numbers: dict[str, int]) -> Slices[None]:
    intake = draft.intake(messages.MESSAGES)
    known: Places = {}
    for at in range(0, len(found), ROWS):
        yield
        rows: list[Message] = []
        try:
            for one in found[at : at + ROWS]:
                rows.append(_made(draft, one, known, numbers))
        finally:  # that an id stands twice is said before what is wrong with a later message
            intake.take_all([(row.msg_id, row) for row in rows], [one[1] for one in found[at : at + len(rows)]])


def _made(draft: Draft, written: Written, known: Places, numbers: dict[str, int]) -> Message:
    """Return the message that is written so. Raises Flaw."""
    time_ms, path, form, values, extra = written
    if form.is_short:
        sender, channel, number = _known_place(draft, known, form, extra, path)
        order = draft.next_order()
        random = draft.world.fresh32(order)
        seq = _number(channel, random, numbers)
        elems = (_element(form, extra, path),)
        row = Message(f"{number}-{time_ms // 1000}-{random}", order, channel, sender, time_ms, elems, seq, random)
    else:
        values["time_ms"] = time_ms
        row = draft.intake(messages.MESSAGES).completed(_completed(draft, values, form, extra, path, numbers), path)
    if "read" in extra:
        draft.given[("read", row.msg_id)] = {"by": _readers(draft, extra["read"], (*path, "read"))}
    return row if form.is_text else _uploaded(row)  # it may be a file


def _completed(draft: Draft, values: Values, form: Form, extra: Values, path: Path, numbers: dict[str, int]) -> Values:
    """Complete the attributes of a message that has some of its own. Raises Flaw."""
    world = draft.world
    sender, channel = values["sender"], values["channel"] = _place(draft, values, extra, path)
    order = values["order"] = draft.take_order(values["order"]) if "order" in values else draft.next_order()
    random = values.setdefault("random", world.fresh32(order))
    values["seq"] = _number(channel, random, numbers, values.get("seq"))
    if "msg_id" not in values:
        values["msg_id"] = messages.stamp_id(world, sender, random, values["time_ms"] // 1000)
    if form.kinds and "elems" in values:
        raise Flaw(TOO_MUCH, path)
    if form.kinds or not values.get("elems"):
        values["elems"] = (_element(form, extra, path),)
    if values.get("needs_receipt") and channel[0] == "group":
        values.setdefault("members_then", groups.member_count(world, communities.community_of(channel[1])))
    return values


def _uploaded(row: Message) -> Message:
    """Say where the service keeps the files of a message, unless the document does."""
    uploads = any(is_media(elem) and getattr(elem, "uuid", None) is None for elem in row.elems)
    if not uploads or getattr(row.elems[0], "images", None) is not None:
        return row
    return evolve(row, elems=tuple(sending.uploaded(elem, row) if is_media(elem) else elem for elem in row.elems))


def _timed(draft: Draft) -> Slices[list[Written]]:
    """Return all messages, the oldest first."""
    columns = codec(Message)
    found: list[Written] = []
    forms: dict[tuple[str, ...], Form] = {}
    written = draft.document.get("messages", [])
    before_ms = draft.now_ms - GAP_MS * ((len(written) if written.__class__ is list else 0) + 1)
    try:
        for at, (path, wire) in enumerate(draft.rows("messages")):
            if not at % ROWS:
                yield
            form = _form(forms, wire, path)
            values, extra = ({}, wire) if form.is_short else read(columns, wire, path, SHORT)
            before_ms = _time(draft, form.times, values, extra, path, before_ms)
            found.append((before_ms, path, form, values, extra))
    except Flaw:
        yield from let_go(found)
        raise
    return (yield from in_order(found, itemgetter(0)))


def _form(known: dict[tuple[str, ...], Form], wire: Any, path: Path) -> Form:
    """Return which keys a message has. Raises Flaw."""
    if wire.__class__ is not dict:
        raise Flaw("must be an object", path)
    keys = (*wire,)
    form = known.get(keys)
    if form is None:
        form = Form(keys)
        if len(known) < MOST_SHAPES:
            known[keys] = form
    return form


def _readers(draft: Draft, said: Any, path: Path) -> frozenset[str] | None:
    """Return who has read a message and all before it; None stands for everybody."""
    if said is True:
        return None
    if said is False:
        return frozenset()
    if said.__class__ is not list or not all(one.__class__ is str for one in said):
        raise Flaw("must be true, false or a list of users", path)
    for at, one in enumerate(said):
        draft.mention(one, *path, at)
    return frozenset(said)


def _known_place(draft: Draft, known: Places, form: Form, extra: Values, path: Path) -> tuple[str, Channel, str]:
    """Find out the same of a message that says it in short, once for all that say the same. Raises Flaw."""
    whence = (form, form.place(extra))
    try:
        place = known.get(whence)
    except TypeError:  # somebody is a list; it is told where it stands
        place = None
    if place is None:
        sender, channel = _place(draft, {}, extra, path)
        place = known[whence] = (sender, channel, messages.number_of(sender))
    return place


def _place(draft: Draft, values: Values, extra: Values, path: Path) -> tuple[str, Channel]:
    """Find out who wrote a message, and where it stands. Raises Flaw."""
    if "from" in extra:
        values["sender"] = _text(extra["from"], (*path, "from"))
    sender = values.get("sender")
    if sender is None:
        raise Flaw("from is missing", path)
    draft.mention(sender, *path, "from")
    if "channel" not in values:
        if ("to" in extra) == ("group" in extra):
            raise Flaw("either to or group must say where it was sent", path)
        if "to" in extra:
            values["channel"] = messages.c2c_channel(sender, _text(extra["to"], (*path, "to")))
        else:
            values["channel"] = ("group", _text(extra["group"], (*path, "group")))
    channel = values["channel"]
    if channel[:1] == ("c2c",) and len(channel) == 3 and channel[1] <= channel[2]:
        for user_id in channel[1:]:
            draft.mention(user_id, *path, "to")
    elif channel[:1] == ("group",) and len(channel) == 2:
        group = draft.world[groups.GROUPS].get(communities.community_of(channel[1]))
        if group is None:
            raise Flaw(f"there is no group {channel[1]!r}", (*path, "group"))
        if not groups.type_of(group).stores:
            raise Flaw(f"a group of type {group.group_type} keeps no messages", (*path, "group"))
    else:
        raise Flaw('must be ["c2c", lower user, higher user] or ["group", group]', (*path, "channel"))
    return sender, channel


def _text(value: Any, path: Path) -> str:
    if value.__class__ is not str or not value:
        raise Flaw("must be a string, and not empty", path)
    text: str = value
    return text


def _time(draft: Draft, given: list[str], values: Values, extra: Values, path: Path, before_ms: int) -> int:
    """Return when a message was sent. `given`: the keys that say it. Raises Flaw."""
    if len(given) > 1:
        raise Flaw(f"{' and '.join(given)} say the same thing", path)
    if not given:
        return min(before_ms + GAP_MS, draft.now_ms)
    if given[0] == "time_ms":
        time_ms: int = values["time_ms"]
        return time_ms
    value = extra[given[0]]
    if value.__class__ not in (int, float) or not 0 <= value < MOST:
        raise Flaw("must be a number of at least 0", (*path, given[0]))
    return int(value) if given[0] == "at_ms" else draft.now_ms - int(value * 60_000)


def _number(channel: Channel, random: int, numbers: dict[str, int], given: int | None = None) -> int:
    """Return the number of a message, and count on in its group."""
    if channel[0] == "c2c":
        return random % 100_000_000 if given is None else given
    last = numbers.get(channel[1], 0)
    seq = last + 1 if given is None else given
    numbers[channel[1]] = max(seq, last)
    return seq


TOO_MUCH = "more than one thing is said; elems takes a list of elements"


def _element(form: Form, extra: Values, path: Path) -> elements.Element:
    """Return the element of a message. Raises Flaw."""
    if form.is_text and extra["text"].__class__ is str:  # as most of a million are
        return elements.Text(extra["text"])
    kinds = form.kinds
    if not kinds:
        raise Flaw(f"what does it say? one of {', '.join(KINDS)} is missing", path)
    if len(kinds) > 1:
        raise Flaw(TOO_MUCH, path)
    kind = kinds[0]
    said = extra[kind]
    usual = KINDS[kind]
    if said.__class__ is str and kind in BY_TEXT:
        said = {BY_TEXT[kind]: said}
        return elements.KINDS[kind](**(said if len(usual) == 1 else {**usual, **said}))
    if said.__class__ is not dict:
        raise Flaw("must be a string or an object" if kind in BY_TEXT else "must be an object", (*path, kind))
    for name, value in said.items():
        if name not in usual:
            raise unknown_key(name, usual).at(*path, kind)
        is_text = isinstance(usual[name], str)
        if value.__class__ is not str if is_text else value.__class__ not in (int, float) or not isfinite(value):
            raise Flaw(f"must be {'a string' if is_text else 'a number'}", (*path, kind, name))
    return elements.KINDS[kind](**{**usual, **said})


def _count_groups(draft: Draft, numbers: dict[str, int]) -> None:
    """Let groups and topics go on counting where the messages end."""
    table = draft.world[groups.GROUPS]
    newest = draft.world[messages.MESSAGES]
    for group_id, last in numbers.items():
        group = table.get(group_id)
        if group is None:
            draft.numbers[f"seq:{group_id}"] = last
            continue
        given = draft.given[("groups", group_id)]
        last_id = next(newest.index("channel").older(("group", group_id)))
        made: Values = {"last_seq": last, "opened": True, "last_message_ms": newest[last_id].time_ms}
        draft.replace(groups.GROUPS, evolve(group, **{n: v for n, v in made.items() if n not in given}))


# --- conversations


def take_conversations(draft: Draft) -> Slices[None]:
    """Make the conversations that messages and rows speak of."""
    columns = codec(Conversation)
    drafts: list[tuple[Path, Values]] = []
    for path, wire in draft.rows("conversations"):
        if draft.is_due():
            yield
        values, extra = read(columns, wire, path, SHORT_CONVERSATION)
        if _is_read(values, extra, path):
            values["unread"] = 0
        given = {**values, "": path}
        if columns.required <= values.keys():
            values.setdefault("recv_opt", conversations.get(draft.world, values["user_id"], values["conversation_id"]).recv_opt)
        row = draft.put(conversations.CONVERSATIONS, values, path)
        draft.given[("conversations", (row.user_id, row.conversation_id))] = given
        draft.mention(row.user_id, *path, "user_id")
        _check_target(draft, row, path)
        if "draft" in extra:
            text = _text(extra["draft"], (*path, "draft"))
            kept = {"user_id": row.user_id, "install": "", "conversation_id": row.conversation_id, "text": text}
            drafts.append((path, kept))
            values.setdefault("listed", True)
            draft.replace(conversations.CONVERSATIONS, evolve(row, listed=values["listed"]))
    for channel in (yield from _channels(draft)):
        tally = None
        if channel[0] == "group":
            tally = Tally(draft.world, channel)
            yield from tally.count(lambda msg_id: _readers_of(draft, msg_id))
        for user_id in _parties(draft, channel):
            yield from _derive(draft, user_id, messages.conversation_id_of(user_id, channel), tally)
    for row in draft.in_order(conversations.CONVERSATIONS):
        if draft.is_due():
            yield
        given = draft.given.get(("conversations", (row.user_id, row.conversation_id)), {})
        if row.pinned and not row.listed and "listed" not in given:
            row = draft.replace(conversations.CONVERSATIONS, evolve(row, listed=True, active_order=draft.next_order()))
        elif row.listed and not row.active_order:
            draft.replace(conversations.CONVERSATIONS, evolve(row, active_order=draft.next_order()))
    for path, values in drafts:
        draft.put(conversations.DRAFTS, values, (*path, "draft"))


def _channels(draft: Draft) -> Slices[list[Channel]]:
    """Return where messages are, in the order of the oldest."""
    found: dict[Channel, None] = {}
    waiting = map(attrgetter("channel"), draft.world[messages.MESSAGES].rows.values())
    while part := dict.fromkeys(islice(waiting, MANY)):
        found |= part
        yield
    return list(found)


def _is_read(values: Values, extra: Values, path: Path) -> bool:
    """Return whether a row says that all is read."""
    said = extra.get("read", False)
    if not isinstance(said, bool):
        raise Flaw("must be true or false", (*path, "read"))
    if said and values.get("unread"):
        raise Flaw("says the opposite of unread", (*path, "read"))
    return said


def _check_target(draft: Draft, row: Conversation, path: Path) -> None:
    where = (*path, "conversation_id")
    if not conversations.is_well_formed(row.conversation_id):
        raise Flaw("must be c2c_ and a user, or group_ and a group", where)
    if not row.is_group:
        draft.mention(row.target, *where)
        return
    group_id = communities.community_of(row.target)
    if group_id not in draft.world[groups.GROUPS]:
        raise Flaw(f"there is no group {group_id!r}", where)
    if group_id != row.target and row.target not in draft.world[topics.TOPICS]:
        raise Flaw(f"there is no topic {row.target!r}", where)


def _parties(draft: Draft, channel: tuple[str, ...]) -> Iterable[str]:
    if channel[0] == "c2c":
        return dict.fromkeys(channel[1:])
    return groups.member_ids(draft.world, communities.community_of(channel[1]))


def _derive(draft: Draft, user_id: str, conversation_id: str, tally: Tally | None) -> Slices[None]:
    """Complete a conversation by its messages; `tally`: what is unread in it, if it is a group's."""
    world = draft.world
    if draft.is_due():
        yield
    last = visibility.newest_visible(world, user_id, conversation_id)
    if last is None:
        return
    key = (user_id, conversation_id)
    given = draft.given.get(("conversations", key), {})
    row = conversations.get(world, user_id, conversation_id)
    made: Values = {"listed": True, "active_order": last.order, "last_message": last.msg_id}
    row = evolve(row, **{name: value for name, value in made.items() if name not in given})
    reading = None if tally is None or given else tally.reading(row)
    if reading is None:
        reading = yield from _reading(draft, row, given)
    row = evolve(row, **{n: v for n, v in reading.items() if n not in given or n == "unread"})
    draft.replace(conversations.CONVERSATIONS, row)


def _reading(draft: Draft, row: Conversation, given: Values) -> Slices[Values]:
    """Return how far a user has read: to the own last message, to one said to be read, or so that as many are unread as was asked for."""
    world, user_id = draft.world, row.user_id
    table = world[messages.MESSAGES]
    wanted = given.get("unread")
    count = 0
    mentions: list[AtInfo] = []
    if wanted is None and row.recv_opt == receiving.NOT_RECEIVE:
        wanted = 0
    made: Values = {}
    for msg_id in table.index("channel").older(messages.channel_of(user_id, row.conversation_id)):
        if draft.is_due():
            yield
        message = table.rows[msg_id]
        is_known = message.sender == user_id or _has_read(draft, user_id, msg_id)
        if (is_known and wanted is None) or count == wanted:
            made = {"read_order": message.order}
            if row.is_group:
                made["read_seq"] = message.seq
            else:
                made["read_ms"] = message.time_ms
            break
        if counting.is_unread(world, row, message):
            count += 1
            kind = delivery.mention_of(message, user_id) if message.at_users else 0
            if kind and row.is_group:
                mentions.insert(0, AtInfo(message.seq, kind))
    if wanted is not None and count < wanted:
        raise Flaw(f"only {count} messages can be unread", (*given[""], "unread"))
    return {**made, "unread": count, "at_infos": tuple(mentions)}


def _has_read(draft: Draft, user_id: str, msg_id: str) -> bool:
    by = _readers_of(draft, msg_id)
    return by is None or user_id in by


def _readers_of(draft: Draft, msg_id: str) -> frozenset[str] | None:
    """Return who is said to have read a message and all before it; None stands for everybody."""
    said = draft.given.get(("read", msg_id))
    by: frozenset[str] | None = NOBODY if said is None else said["by"]
    return by


NOBODY: frozenset[str] = frozenset()


def finish(draft: Draft) -> Slices[None]:
    """Make up the conversation groups that rows name, and let everybody have what was written."""
    world = draft.world
    known = world[conversation_groups.CONVERSATION_GROUPS]
    for row in draft.in_order(conversations.CONVERSATIONS):
        if draft.is_due():
            yield
        for name in row.groups:
            if (row.user_id, name) not in known:
                values = {"user_id": row.user_id, "name": name}
                draft.put(conversation_groups.CONVERSATION_GROUPS, values, ("conversations",))
    for user in (yield from in_order(world[users.USERS].rows.values(), lambda row: row.user_id)):
        if draft.is_due():
            yield
        if "missed_after" not in draft.given.get(("users", user.user_id), {}):
            draft.replace(users.USERS, evolve(user, missed_after=draft.order))
