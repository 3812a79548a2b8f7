"""
Searching messages by word, sender, kind and time.

A search reads the messages that it may find, newest first: those of one conversation if it names one, and those of the time that
it asks for, whose ends are found by halving. Of all conversations it reads each down to its newest hit, and those to the end of
which hits are wanted. The first such search notes all of a user's messages in an index (`wordings.py`); from then on that says in which of
them the words cannot stand, and those are passed. While nobody searches it costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from bridge.errors import ChatError
from bridge.slices import Slices, at_once
from bridge.values import value_class
from bridge.world.chats import conversations, messages, visibility
from bridge.world.chats.messages import Channel, Message
from bridge.world.chats.wordings import Needle, Spans
from bridge.world.kernel import codes
from bridge.world.kernel.world import World

MAX_WORDS = MAX_SENDERS = 5

SEARCHED_AT_ONCE = 512
"""How many messages are looked at in a slice; each costs a few microseconds."""

EVERYTHING: Spans = ((0, None),)

# what of an element is searched, by kind; faces and tips are not (native header)
SEARCHED = {"text": "text", "custom": "desc", "merger": "title", "file": "name", "location": "desc"}


@value_class
class Query:
    """
    What to look for.

    Attributes:
        words: at most five; upper and lower case are the same. Empty only when `senders` or `kinds` say something.
        every_word: whether all of them must stand in a message, or one is enough.
        senders: ids of users, () for everybody. `kinds`: kinds of the first element, () for all.
        conversation_id: in this one, or None for all.
        until_s, period_s: the time to look back from (0: now), and how far (0: to the beginning).
        skip, limit: which part of the hits is wanted: messages if one conversation is searched, conversations if all
        are. limit 0: all.
    """

    words: tuple[str, ...] = ()
    every_word: bool = False
    senders: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    conversation_id: str | None = None
    until_s: int = 0
    period_s: int = 0
    skip: int = 0
    limit: int = 0


@value_class
class Hits:
    """What was found in a conversation: how many messages, and those of them that are shown, newest first."""

    conversation_id: str
    count: int
    shown: tuple[Message, ...]


@value_class
class Found:
    """
    What a search has found.

    Attributes:
        total: how many messages of the one conversation, or how many conversations.
        items: the part that was asked for, the conversation of the newest hit first.
        cursor: where the next part begins; "" if there is none.
    """

    total: int
    items: tuple[Hits, ...]
    cursor: str = ""


def search(world: World, user_id: str, query: Query, install: str | None = None) -> Found:
    """Return what `searching` does, at once; what was found beforehand is not looked for again."""
    asked = (user_id, query, install)
    known: Found | None = world.known(asked)
    return at_once(searching(world, *asked)) if known is None else known


def searching(world: World, user_id: str, query: Query, install: str | None = None) -> Slices[Found]:
    """
    Return the messages that a user has and that meet a query. Deleted and revoked ones are none of them; with `install`, those that this
    app has.

    In a search of all conversations one with more than one hit shows their number alone (native header).

    Raises: ChatError 6017 (nothing to look for, over five words or senders, a malformed conversation id, a negative
        page).
    """
    nothing = not any(query.words) and not query.senders and not query.kinds
    too_many = len(query.words) > MAX_WORDS or len(query.senders) > MAX_SENDERS
    if nothing or too_many or query.skip < 0 or query.limit < 0:
        raise ChatError(codes.INVALID_PARAMETERS)
    if query.conversation_id is not None:
        conversations.check_id(query.conversation_id)
        return (yield from _search_one(world, user_id, query, query.conversation_id, install))
    meets = _matcher(query)
    newest: list[tuple[int, str, Spans]] = []
    for name, spans in (yield from _where(world, user_id, query)):
        hits = yield from _hits(world, user_id, query, name, install, meets, spans, most=1)
        if hits:
            newest.append((hits[0].order, name, spans))
        yield
    newest.sort(reverse=True)
    items = []
    for _, name, spans in newest[query.skip : query.skip + query.limit] if query.limit else newest[query.skip :]:
        hits = yield from _hits(world, user_id, query, name, install, meets, spans)
        items.append(Hits(name, len(hits), tuple(hits) if len(hits) == 1 else ()))
        yield
    return Found(len(newest), tuple(items), _cursor(query, len(newest)))


def search_cloud(world: World, user_id: str, query: Query) -> Found:
    """Search what the service keeps. Raises: as `search`, and ChatError 60020 for a plan without it (switch "cloud_search" is off)."""
    if not world.policy.switch("cloud_search"):
        raise ChatError(codes.FEATURE_NOT_BOUGHT)
    return search(world, user_id, query)


def beforehand(world: World, user_id: str, query: Query, install: str | None = None) -> Slices[None]:
    """Search in slices for a call that comes behind the last. The world must not change in between."""
    found = yield from searching(world, user_id, query, install)
    world.know((user_id, query, install), found)


def _search_one(world: World, user_id: str, query: Query, conversation_id: str, install: str | None) -> Slices[Found]:
    hits = yield from _hits(world, user_id, query, conversation_id, install, _matcher(query))
    part = hits[query.skip : query.skip + query.limit] if query.limit else hits[query.skip :]
    items = (Hits(conversation_id, len(hits), tuple(part)),) if hits else ()
    return Found(len(hits), items, _cursor(query, len(hits)))


def _cursor(query: Query, total: int) -> str:
    end = query.skip + query.limit
    return str(end) if query.limit and end < total else ""


def _conversation_ids(world: World, user_id: str) -> list[str]:
    return [key[1] for key in conversations.of(world, user_id).index("user").each(user_id)]


def _where(world: World, user_id: str, query: Query) -> Slices[list[tuple[str, Spans]]]:
    """Return in which conversations of a user a hit can be, and from which order to which."""
    ids = _conversation_ids(world, user_id)
    if not any(query.words):
        return [(name, EVERYTHING) for name in ids]
    needle = Needle(map(str.casefold, query.words), query.every_word)
    wordings = world[messages.MESSAGES].index("wordings")
    found: list[tuple[str, Spans]] = []
    volumes = wordings.volumes(user_id, ids, lambda name: messages.channel_of(user_id, name))
    for at, volume in enumerate(volumes):
        suspects = wordings.suspects(volume, needle)
        for name, channel in suspects:
            spans = wordings.spans(channel, needle)
            if spans is None:
                yield from _note(world, channel)
                spans = wordings.spans(channel, needle)
            if spans:
                found.append((name, spans))
        volumes[at] = wordings.up_to_date(volume, len(suspects))
        yield
    wordings.keep(user_id, volumes)
    return found


def _note(world: World, channel: Channel) -> Slices[None]:
    """Have the index know a conversation."""
    table = world[messages.MESSAGES]
    rows = table.rows
    yield from table.index("wordings").note(channel, *table.index("channel").all_of(channel), lambda msg_id: _readable(rows[msg_id]))


def _hits(
    world: World,
    user_id: str,
    query: Query,
    conversation_id: str,
    install: str | None,
    meets: Callable[[Message], bool],
    spans: Spans = EVERYTHING,
    most: int = 0,
) -> Slices[list[Message]]:
    """
    Return what meets a query in one conversation, newest first.

    Args:
        meets: `_matcher` of the query. `spans`: from which order to which a hit can be. `most`: so many hits are enough; 0: all of them.
    """
    table = world[messages.MESSAGES]
    rows = table.rows
    channel = messages.channel_of(user_id, conversation_id)
    lowest, above = _bounds(world, user_id, channel, query, install)
    hits: list[Message] = []
    at = 0
    for low, high in spans:
        end = above if high is None else high + 1 if above is None else min(high + 1, above)
        for msg_id in table.index("channel").older(channel, end):
            at += 1
            if not at % SEARCHED_AT_ONCE:
                yield
            message = rows[msg_id]
            if message.order < lowest or message.order < low:
                break
            if not meets(message) or message.status not in (messages.SENT, messages.IMPORTED):
                continue
            if message.elems[0].kind not in ("face", "tips") and visibility.is_visible(world, user_id, message, install):
                hits.append(message)
                if len(hits) == most:
                    return hits
    return hits


def _bounds(
    world: World, user_id: str, channel: Channel, query: Query, install: str | None
) -> tuple[int, int | None]:
    """Return the lowest order that a query can reach in a channel, and the order that it stays below (None: none), found by halving."""
    table = world[messages.MESSAGES]
    rows, timeline = table.rows, table.index("channel")
    lowest = visibility.cleared_until(world, user_id, channel, install) + 1
    if query.period_s:
        from_ms = ((query.until_s or world.now_s) - query.period_s) * 1000
        lowest = max(lowest, timeline.order_at(channel, lambda msg_id: rows[msg_id].time_ms >= from_ms))
    if not query.until_s:
        return lowest, None
    until_ms = query.until_s * 1000 + 999
    return lowest, timeline.order_at(channel, lambda msg_id: rows[msg_id].time_ms > until_ms)


def _matcher(query: Query) -> Callable[[Message], bool]:
    """Return whether a message has the sender, the kind and the words that a query asks for, as a function of the message."""
    words = tuple(word.casefold() for word in query.words if word)
    senders, kinds, every = frozenset(query.senders), frozenset(query.kinds), query.every_word

    def meets(message: Message) -> bool:
        if (senders and message.sender not in senders) or (kinds and message.elems[0].kind not in kinds):
            return False
        if not words:
            return True
        text = _readable(message)
        for word in words:  # quicker than any() and all(), which a search of all messages feels
            if (word in text) != every:
                return not every
        return every

    return meets


def _readable(message: Message) -> str:
    """Return what can be searched of a message, small letters all."""
    elems = message.elems
    if len(elems) > 1:
        return "\n".join(str(getattr(elem, SEARCHED.get(elem.kind, ""), None) or "") for elem in elems).casefold()
    return str(getattr(elems[0], SEARCHED.get(elems[0].kind, ""), None) or "").casefold()
