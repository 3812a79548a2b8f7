"""
Searching messages by word, sender, kind and time.

There is no index of words: a search reads every message that the user has (of one conversation, if it names one) once,
and words are compared before
anything else is asked of a message. It grows in proportion to the number of messages read: about a second for a
million.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from bridge.errors import ChatError
from bridge.world import codes, conversations, messages
from bridge.world.messages import Message
from bridge.world.world import World

MAX_WORDS = MAX_SENDERS = 5

# what of an element is searched, by kind; faces and tips are not (native header)
SEARCHED = {"text": ("text",), "custom": ("desc",), "merger": ("title",), "file": ("name",), "location": ("desc",)}


@frozen
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


@frozen
class Hits:
    """What was found in a conversation: how many messages, and those of them that are shown, newest first."""

    conversation_id: str
    count: int
    shown: tuple[Message, ...]


@frozen
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


def search(world: World, user_id: str, query: Query) -> Found:
    """
    Return the messages that a user has and that meet a query. Deleted and revoked ones are none of them.

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
        return _search_one(world, user_id, query, query.conversation_id)
    every = [
        Hits(name, len(hits), tuple(hits))
        for name in _conversation_ids(world, user_id)
        if (hits := list(_hits(world, user_id, query, name)))
    ]
    every.sort(key=lambda item: item.shown[0].order, reverse=True)
    part = every[query.skip : query.skip + query.limit] if query.limit else every[query.skip :]
    items = tuple(item if item.count == 1 else Hits(item.conversation_id, item.count, ()) for item in part)
    return Found(len(every), items, _cursor(query, len(every)))


def search_cloud(world: World, user_id: str, query: Query) -> Found:
    """Search what the service keeps. Raises: as `search`, and ChatError 60020 for a plan without it (switch "cloud_search" is off)."""
    if not world.policy.switch("cloud_search", True):
        raise ChatError(codes.FEATURE_NOT_BOUGHT)
    return search(world, user_id, query)


def _search_one(world: World, user_id: str, query: Query, conversation_id: str) -> Found:
    hits = list(_hits(world, user_id, query, conversation_id))
    part = hits[query.skip : query.skip + query.limit] if query.limit else hits[query.skip :]
    items = (Hits(conversation_id, len(hits), tuple(part)),) if hits else ()
    return Found(len(hits), items, _cursor(query, len(hits)))


def _cursor(query: Query, total: int) -> str:
    end = query.skip + query.limit
    return str(end) if query.limit and end < total else ""


def _conversation_ids(world: World, user_id: str) -> list[str]:
    return [key[1] for key in world[conversations.CONVERSATIONS].index("user").of(user_id)]


def _hits(world: World, user_id: str, query: Query, conversation_id: str) -> Iterator[Message]:
    """Yield what meets the query in one conversation, newest first."""
    table = world[messages.MESSAGES]
    rows = table.rows
    until_ms = query.until_s * 1000 + 999 if query.until_s else world.now_ms
    from_ms = (query.until_s or world.now_s) * 1000 - query.period_s * 1000 if query.period_s else 0
    words = tuple(word.casefold() for word in query.words if word)
    for msg_id in table.index("channel").older(messages.channel_of(user_id, conversation_id)):
        message = rows[msg_id]
        if words and not _has(message, words, query.every_word):
            continue
        if not from_ms <= message.time_ms <= until_ms or message.status not in (messages.SENT, messages.IMPORTED):
            continue
        if query.senders and message.sender not in query.senders:
            continue
        if query.kinds and message.elems[0].kind not in query.kinds:
            continue
        if message.elems[0].kind not in ("face", "tips") and messages.is_visible(world, user_id, message):
            yield message


def _has(message: Message, words: tuple[str, ...], every: bool) -> bool:
    """Return whether words stand in what can be searched of a message."""
    text = "\n".join(
        str(elem.data.get(name) or "") for elem in message.elems for name in SEARCHED.get(elem.kind, ())
    ).casefold()
    return all(word in text for word in words) if every else any(word in text for word in words)
