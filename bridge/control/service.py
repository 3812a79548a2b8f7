"""
`bridge.service.*`: what the service, the network, the app's own server or an administrator does by itself.

Each of these changes the world by a rule of it; whoever is concerned hears what follows. None just emits an event: what no
adapter ever sends (`onLog`) is not to be had.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bridge.control.registry import P, control
from bridge.control.session import Session
from bridge.engine.turn import Turn
from bridge.errors import INVALID_PARAMS, NOT_THERE, ChatError, ProtocolError, did_you_mean, nearest
from bridge.world.chats import connections, sessions
from bridge.world.kernel import codes
from bridge.world.kernel.devices import Device
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.world import World

DEVICE = P("string", "name of a device of this connection; the own one when left out")
USER = P("string", "id of the user", True)


def _happen(session: Session, name: str, rule: Callable[[World], Any]) -> Turn:
    """Let a rule change the world. Raises ProtocolError -32602 with the code where the service itself would refuse."""
    try:
        turn = session.emulator.run(lambda: rule(session.emulator.world), session.hear)
    except ChatError as refusal:
        text = codes.text(refusal.code) if refusal.desc is None else refusal.desc
        message = f"bridge.service.{name}: {text} ({refusal.code})"
        raise ProtocolError(INVALID_PARAMS, message, [{"path": "", "message": f"{text} ({refusal.code})"}]) from None
    turn.reply.result = {}
    return turn


def _device(session: Session, name: str | None) -> Device:
    device_id = session.device_id(name or "")
    return session.emulator.engine.device(device_id)


# --- networks and sessions


@control("service.connectionLost", device=DEVICE)
def connection_lost(session: Session, device: str | None) -> Turn:
    """Cut a device's network: calls that need the service fail with 9508, nothing reaches it, and in 400 s others see it."""
    row = _device(session, device)
    return _happen(session, "connectionLost", lambda world: connections.lose(world, row))


@control("service.connectionRestored", device=DEVICE)
def connection_restored(session: Session, device: str | None) -> Turn:
    """Give a device its network back: it connects, and gets what was missed."""
    row = _device(session, device)
    return _happen(session, "connectionRestored", lambda world: connections.restore(world, row))


@control("service.syncFails")
def sync_fails(session: Session) -> Turn:
    """Let every sync with the service fail from now on, at logins and when networks come back."""
    return _happen(session, "syncFails", connections.break_sync)


@control("service.syncWorks")
def sync_works(session: Session) -> Turn:
    """Let syncs work again; devices that were failed are synchronised now."""
    return _happen(session, "syncWorks", connections.mend_sync)


@control("service.kick", device=DEVICE)
def kick(session: Session, device: str | None) -> Turn:
    """End the session of one device, as a login elsewhere does: onKickedOffline."""
    row = _logged_in(session, "kick", device)
    return _happen(session, "kick", lambda world: sessions.kick(world, row))


@control("service.kickUser", user=USER)
def kick_user(session: Session, user: str) -> Turn:
    """End all sessions of a user, as an administrator can; signatures made until now are refused with 70052."""
    return _happen(session, "kickUser", lambda world: sessions.kick_by_admin(world, user))


@control("service.expireUserSig", device=DEVICE)
def expire_user_sig(session: Session, device: str | None) -> Turn:
    """Let the UserSig of a device run out now: onUserSigExpired."""
    row = _logged_in(session, "expireUserSig", device)
    return _happen(session, "expireUserSig", lambda world: sessions.expire(world, row))


def _logged_in(session: Session, name_of_call: str, name: str | None) -> Device:
    row = _device(session, name)
    if row.user_id is None:
        raise _refused(name_of_call, "device", "is one on which nobody is logged in")
    return row


@control(
    "service.experimentalNotify",
    user=USER,
    key=P("string", "what the notice is about", True),
    param=P("any", "what it says"),
)
def experimental_notify(session: Session, user: str, key: str, param: Any) -> Turn:
    """Send a user's devices an experimental notice: onExperimentalNotify."""
    return _happen(session, "experimentalNotify", lambda world: connections.notify(world, user, key, param))


# --- groups


@control("service.groupRecycled", group=P("string", "id of the group", True))
def group_recycled(session: Session, group: str) -> Turn:
    """Take a group back that nobody used: onGroupRecycled, and it is gone."""
    from bridge.world.groups import memberships

    return _happen(session, "groupRecycled", lambda world: memberships.recycle(world, group))


@control("service.groupNotice", group=P("string", "id of the group", True), data=P("string", "what is said", True))
def group_notice(session: Session, group: str, data: str) -> Turn:
    """Have the app's server tell a group's members something: onReceiveRESTCustomData. Nothing is kept."""
    from bridge.world.groups import group_news

    return _happen(session, "groupNotice", lambda world: group_news.notify(world, group, data))


@control("service.topicNotice", topic=P("string", "id of the topic", True), data=P("string", "what is said", True))
def topic_notice(session: Session, topic: str, data: str) -> Turn:
    """Have the app's server tell a topic something: onReceiveTopicRESTCustomData. Nothing is kept."""
    from bridge.world.groups import topic_rules

    return _happen(session, "topicNotice", lambda world: topic_rules.receive_custom_data(world, topic, data))


@control("service.broadcast", text=P("string", "what is said", True), user=P("string", "who says it; administrator when left out"))
def broadcast(session: Session, text: str, user: str | None) -> Turn:
    """Have the app's server say something in all live rooms at once: onRecvNewMessage, isBroadcastMessage. Nothing is kept."""
    from bridge.world.chats import broadcasts

    return _happen(session, "broadcast", lambda world: broadcasts.to_live_rooms(world, user or "administrator", text))


# --- official accounts


ACCOUNT = P("string", "id of the official account", True)
TEXTS = {
    "name": P("string", "its name"),
    "faceUrl": P("string", "address of its picture"),
    "owner": P("string", "id of the user it belongs to"),
    "organization": P("string", "who is behind it"),
    "introduction": P("string", "what it is about"),
    "customData": P("string", "whatever the app keeps there"),
}
_ATTRIBUTES = {"faceUrl": "face_url", "customData": "custom_data"}


def _attributes(texts: dict[str, str | None]) -> dict[str, str]:
    return {_ATTRIBUTES.get(key, key): value for key, value in texts.items() if value is not None}


@control("service.officialAccountPublished", account=ACCOUNT, **TEXTS)
def official_account_published(session: Session, account: str, **texts: str | None) -> Turn:
    """Make an official account that users can subscribe to; one of that id is replaced, its subscribers stay."""
    from bridge.world.people import official_accounts

    given = _attributes(texts)
    return _happen(session, "officialAccountPublished", lambda world: official_accounts.publish(world, account, **given))


@control("service.officialAccountChanged", account=ACCOUNT, **TEXTS)
def official_account_changed(session: Session, account: str, **texts: str | None) -> Turn:
    """Change an official account: onOfficialAccountInfoChanged to its subscribers."""
    from bridge.world.people import official_accounts

    _require_account(session, account)
    given = _attributes(texts)
    return _happen(session, "officialAccountChanged", lambda world: official_accounts.change(world, account, **given))


@control("service.officialAccountDeleted", account=ACCOUNT)
def official_account_deleted(session: Session, account: str) -> Turn:
    """Delete an official account: onOfficialAccountDeleted to its subscribers."""
    from bridge.world.people import official_accounts

    _require_account(session, account)
    return _happen(session, "officialAccountDeleted", lambda world: official_accounts.delete(world, account))


def _require_account(session: Session, account: str) -> None:
    from bridge.world.people.official_accounts import OFFICIAL_ACCOUNTS

    known = session.emulator.world[OFFICIAL_ACCOUNTS].rows
    if account not in known:
        near = nearest(account, known)
        raise ProtocolError(NOT_THERE, f"there is no official account {account!r}", {"nearest": near})


# --- the console


@control(
    "service.switch",
    "{switches: those that are set, by name}",
    name=P("string", "name of a switch of the console or the plan; only lists them when left out"),
    value=P("any", "its value; the default one when left out"),
)
def switch(session: Session, name: str | None, value: Any) -> dict[str, Any]:
    """Set a switch of the service's console, until the world is reset or loaded."""
    from bridge.world.kernel.switches import SWITCHES, fits

    policy = session.emulator.world.policy
    if name is not None:
        if name not in SWITCHES:
            hint = did_you_mean(nearest(name, SWITCHES), f"there are {', '.join(SWITCHES)}")
            raise _refused("switch", "name", f"there is no switch {name!r}{hint}")
        if value is not None and not fits(name, value):
            raise _refused("switch", "value", f"must be of type {SWITCHES[name].type}: {SWITCHES[name].what}")
        kept = {key: one for key, one in policy.switches.items() if key != name}
        policy = evolve(policy, switches=kept if value is None else {**kept, name: value})
        session.emulator.world.policy = policy
    return {"switches": dict(sorted(policy.switches.items()))}


def _refused(name: str, path: str, message: str) -> ProtocolError:
    return ProtocolError(INVALID_PARAMS, f"bridge.service.{name}: {path} {message}", [{"path": path, "message": message}])
