"""
Asking somebody for friendship, and answering.

An application stands in two lists: as sent at the one who asked, as received at the other. Each side can delete its own entry; an answer
takes both away.
"""

from __future__ import annotations

from bridge.errors import ChatError
from bridge.world.kernel import codes, facts, sensitive_words
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.results import Item
from bridge.world.kernel.rows import row_class
from bridge.world.kernel.store import Groups, TableSpec
from bridge.world.kernel.texts import bytes_of
from bridge.world.kernel.world import World
from bridge.world.people import blacklist, friend_groups, friends, users
from bridge.world.people.friends import Friend

RECEIVED, SENT = 1, 2
ANYBODY, CONFIRM, NOBODY = 0, 1, 2

# product docs: friend management, limits
MAX_PENDING = 100
WORDING_BYTES = 120
SOURCE_PREFIX = "AddSource_Type_"
SOURCE_LETTERS = 8

ALREADY_FRIENDS_TEXT = "Err_SNS_FriendAdd_Friend_Exist"
BAD_SOURCE_TEXT = "Err_SNS_FriendAdd_Source_Illegal"
PENDING_TEXT = "the user has to confirm first"


@row_class
class Application:
    """
    An entry in a user's list of applications.

    Attributes:
        owner: whose list it is in. `user_id`: the other party.
        kind: 1 received, 2 sent.
        order: when it was made or last repeated, in the world's order.
        both: whether the one who asked wants to be in the other's list as well.
        remark, group: what the one who asked wants for the own entry, once there is one; known to that side alone.
        unread: whether the owner has not looked at it yet.
    """

    owner: str
    user_id: str
    kind: int
    order: int = 0
    added_ms: int = 0
    source: str = ""
    wording: str = ""
    both: bool = True
    remark: str = ""
    group: str = ""
    unread: bool = False


APPLICATIONS = TableSpec(
    "friend_applications",
    Application,
    ("owner", "user_id", "kind"),
    {
        "owner": lambda: Groups(lambda a: a.owner),
        "unread": lambda: Groups(lambda a: a.owner if a.unread else None),
    },
)


# --- asking


def ask(
    world: World,
    user_id: str,
    target: str,
    *,
    remark: str = "",
    group: str = "",
    wording: str = "",
    source: str = "",
    both: bool = True,
) -> Item:
    """
    Add a user as a friend, or ask for it where the user wants to be asked (`addFriend`).

    Args:
        remark, group: for the own entry; they take effect when there is one. The friend group is made if it is missing.
        both: also enter the caller into the other's list.

    Returns: the outcome: 0 in the list; 30539 the other has to confirm; 30001 oneself, a bad source, or a friend already; 30003
        unknown; 30005 a sensitive word; 30009 forbidden; 30515, 30525 a blacklist; 30516 the other takes nobody; 30010, 30014, 30011,
        30012 limits.

    States friend_list_added to either side whose list grew, or friend_application_list_added to both.

    Raises: ChatError 6017 and 7003 (no or malformed id), 9002 remark, 9003 wording, 9005 group name too long.
    """
    friends.check_one(target)
    friends.check_remark(remark)
    if bytes_of(wording) > WORDING_BYTES:
        raise ChatError(codes.INVALID_ADD_WORDING)
    if group:
        friend_groups.check_name(group)
    wish = Application(user_id, target, SENT, source=source, wording=wording, both=both, remark=remark, group=group)
    refusal = _refusal(world, wish)
    if refusal is not None:
        return refusal
    answer = world[APPLICATIONS].get((user_id, target, RECEIVED))
    if answer is not None and answer.both and both:
        # both have asked for the same (DECISIONS.md: Two who ask each other)
        return _form(world, wish, both=True)
    if users.profile(world, target).allow_type == CONFIRM:
        return _apply(world, wish)
    return _form(world, wish, both)


def _refusal(world: World, wish: Application) -> Item | None:
    """Return why the service does not take a wish at all, or None; the first that applies (friendship semantics, order of checks)."""
    user_id, target = wish.owner, wish.user_id
    if not _is_source(wish.source):
        return Item.of(target, codes.FRIEND_INVALID_PARAMETERS, text=BAD_SOURCE_TEXT)
    if sensitive_words.has_sensitive(world, (wish.remark, wish.wording)):
        return Item.of(target, codes.FRIEND_SENSITIVE_TEXT)
    if target == user_id:
        return Item.of(target, codes.FRIEND_INVALID_PARAMETERS, text=friends.OWN_ID_TEXT)
    if users.find(world, target) is None:
        return Item.of(target, codes.FRIEND_ACCOUNT_NOT_FOUND)
    if users.profile(world, user_id).may_not_ask:
        return Item.of(target, codes.FRIEND_REQUESTS_FORBIDDEN)
    code = _block_code(world, user_id, target)
    if code:
        return Item.of(target, code)
    if _is_friend(world, wish):
        return Item.of(target, codes.FRIEND_INVALID_PARAMETERS, text=ALREADY_FRIENDS_TEXT)
    if users.profile(world, target).allow_type == NOBODY:
        return Item.of(target, codes.FRIEND_DENIED_BY_ALLOW_TYPE)
    code = _limit_code(world, user_id, target, wish.both)
    return Item.of(target, code) if code else None


def _is_source(source: str) -> bool:
    """Return whether this says where a wish comes from: nothing, or the prefix and up to 8 letters."""
    letters = source.removeprefix(SOURCE_PREFIX)
    return not source or (letters != source and 1 <= len(letters) <= SOURCE_LETTERS)


def _is_friend(world: World, wish: Application) -> bool:
    mine = friends.get(world, wish.owner, wish.user_id) is not None
    return mine and (not wish.both or friends.get(world, wish.user_id, wish.owner) is not None)


def _block_code(world: World, user_id: str, target: str) -> int:
    if blacklist.holds(world, user_id, target):
        return codes.FRIEND_IN_OWN_BLACKLIST
    return codes.FRIEND_IN_PEER_BLACKLIST if blacklist.holds(world, target, user_id) else 0


def _limit_code(world: World, user_id: str, target: str, both: bool) -> int:
    """Return 30010 or 30014 where a new entry finds a full list, else 0."""
    if friends.get(world, user_id, target) is None and friends.is_full(world, user_id):
        return codes.FRIEND_LIMIT
    if both and friends.get(world, target, user_id) is None and friends.is_full(world, target):
        return codes.PEER_FRIEND_LIMIT
    return 0


def _apply(world: World, wish: Application) -> Item:
    """Keep a wish until the other answers; one that is repeated takes the place of the first."""
    table = world[APPLICATIONS]
    user_id, target = wish.owner, wish.user_id
    is_new = (user_id, target, SENT) not in table
    if is_new and max(table.index("owner").count(user_id), table.index("owner").count(target)) >= MAX_PENDING:
        return Item.of(target, codes.FRIEND_APPLICATION_LIMIT)
    sent = evolve(wish, order=world.next_number("order"), added_ms=world.now_ms)
    received = evolve(sent, owner=target, user_id=user_id, kind=RECEIVED, remark="", group="", unread=True)
    for row in (sent, received):
        table.put((row.owner, row.user_id, row.kind), row)
    for row in (sent, received):
        world.state("friend_application_list_added", facts.user(row.owner), applications=(row,))
    return Item.of(target, codes.FRIEND_NEEDS_CONFIRMATION, text=PENDING_TEXT)


def _form(world: World, wish: Application, both: bool) -> Item:
    """Enter both sides as wished, and take away what they had asked each other."""
    user_id, target = wish.owner, wish.user_id
    try:
        mine = _enter(world, wish)
    except ChatError as full:
        return Item.of(target, full.code)
    answer = world[APPLICATIONS].get((target, user_id, SENT)) or Application(target, user_id, SENT)
    theirs = _enter_at_least(world, answer) if both else None
    friends.tell_added(world, (mine, theirs))
    _settle(world, user_id, target)
    if both:
        _settle(world, target, user_id)
    return Item.of(target)


def _enter(world: World, wish: Application) -> Friend | None:
    """Make the entry that a wish is about. Raises: ChatError 30011 if its friend group would be one too many; nothing is done then."""
    if wish.group:
        friend_groups.ensure(world, wish.owner, wish.group)
    old = friends.get(world, wish.owner, wish.user_id)
    if old is None:
        return friends.link(world, wish.owner, wish.user_id, wish.remark, wish.group, wish.source, wish.wording)
    return None


def _settle(world: World, asker: str, asked: str) -> None:
    """Take an application away on both sides. States friend_application_list_deleted to either that had it."""
    table = world[APPLICATIONS]
    for owner, other, kind in ((asked, asker, RECEIVED), (asker, asked, SENT)):
        if (owner, other, kind) in table:
            table.drop((owner, other, kind))
            world.state("friend_application_list_deleted", facts.user(owner), user_id_list=(other,))


# --- the list


def list_of(world: World, owner: str) -> list[Application]:
    """Return a user's applications, the newest first, at most 100."""
    table = world[APPLICATIONS]
    rows = [table[key] for key in table.index("owner").of(owner)]
    return sorted(rows, key=lambda row: (-row.order, row.kind))[:MAX_PENDING]


def unread_count(world: World, owner: str) -> int:
    """Return how many received applications a user has not looked at."""
    count: int = world[APPLICATIONS].index("unread").count(owner)
    return count


def find(world: World, owner: str, user_id: str, kind: int | None) -> Application | None:
    """
    Return a user's entry about another.

    Args:
        kind: 1 received, 2 sent; None takes the last in the list of either kind.
    """
    if kind is not None:
        return world[APPLICATIONS].get((owner, user_id, kind))
    matching = [row for row in list_of(world, owner) if row.user_id == user_id]
    return matching[-1] if matching else None


def read(world: World, owner: str) -> None:
    """Count all applications as looked at. States friend_application_list_read to the owner's devices, if one was unread."""
    table = world[APPLICATIONS]
    keys = table.index("unread").of(owner)
    for key in keys:
        table.put(key, evolve(table[key], unread=False))
    if keys:
        world.state("friend_application_list_read", facts.user(owner))


def delete(world: World, owner: str, user_id: str, kind: int | None) -> None:
    """
    Take an entry out of the own list; the other side keeps its own.

    States friend_application_list_deleted to the owner's devices. Raises: ChatError 30614 if there is none.
    """
    row = _require(world, owner, user_id, kind)
    world[APPLICATIONS].drop((owner, row.user_id, row.kind))
    world.state("friend_application_list_deleted", facts.user(owner), user_id_list=(row.user_id,))


# --- answering


def accept(world: World, owner: str, user_id: str, kind: int | None, add: bool) -> Item:
    """
    Agree to an application: the one who asked gets the owner as a friend; with `add` the owner gets them as well.

    Returns: the outcome: 0, or 30614 for one that was not received but sent, 30515 and 30525 (a blacklist), 30010 and 30014 (full lists).

    States friend_list_added to either side whose list grew, and friend_application_list_deleted to both.

    Raises: ChatError 30614 if there is no such application.
    """
    row = _require(world, owner, user_id, kind)
    if row.kind != RECEIVED:
        return Item.of(user_id, codes.FRIEND_APPLICATION_NOT_FOUND)
    code = _block_code(world, owner, user_id) or _answer_limit_code(world, owner, user_id, add)
    if code:
        return Item.of(user_id, code)
    wish = world[APPLICATIONS].get((user_id, owner, SENT)) or evolve(row, owner=user_id, user_id=owner, kind=SENT)
    theirs = _enter_at_least(world, wish)
    mine = friends.link(world, owner, user_id, source=row.source, wording=row.wording) if add else None
    friends.tell_added(world, (theirs, mine))
    _settle(world, user_id, owner)
    if add:
        _settle(world, owner, user_id)
    return Item.of(user_id)


def _answer_limit_code(world: World, owner: str, user_id: str, add: bool) -> int:
    """Return 30014 where the asker's list is full, 30010 where the own one would overflow, else 0."""
    if friends.get(world, user_id, owner) is None and friends.is_full(world, user_id):
        return codes.PEER_FRIEND_LIMIT
    if add and friends.get(world, owner, user_id) is None and friends.is_full(world, owner):
        return codes.FRIEND_LIMIT
    return 0


def _enter_at_least(world: World, wish: Application) -> Friend | None:
    """Make the entry that a wish is about; without its friend group, if that would be one too many by now."""
    try:
        return _enter(world, wish)
    except ChatError:
        return _enter(world, evolve(wish, group=""))


def refuse(world: World, owner: str, user_id: str, kind: int | None) -> Item:
    """
    Say no to an application.

    Returns: the outcome: 0, or 30614 for one that was not received but sent.

    States friend_application_list_deleted to both sides. Raises: ChatError 30614 if there is no such application.
    """
    row = _require(world, owner, user_id, kind)
    if row.kind != RECEIVED:
        return Item.of(user_id, codes.FRIEND_APPLICATION_NOT_FOUND)
    _settle(world, user_id, owner)
    return Item.of(user_id)


def _require(world: World, owner: str, user_id: str, kind: int | None) -> Application:
    row = find(world, owner, user_id, kind)
    if row is None:
        raise ChatError(codes.FRIEND_APPLICATION_NOT_FOUND)
    return row
