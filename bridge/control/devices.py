"""`bridge.device.*` and `bridge.user.*`: more devices on a connection, and other people."""

from __future__ import annotations

from typing import Any

from bridge.catalogue import load
from bridge.control.registry import P, control
from bridge.control.session import Session
from bridge.engine.turn import Turn
from bridge.errors import INVALID_PARAMS, NOT_THERE, ProtocolError
from bridge.world.kernel import devices

USER_SIG = "hidden"


@control(
    "device.open",
    device=P("string", "name of the new device", True),
    dialect=P("string", "its dialect; the own device's when left out"),
    platform=P("string", "its platform; the own device's when left out"),
)
def device_open(session: Session, device: str, dialect: str | None, platform: str | None) -> dict[str, Any]:
    """Start another app on a device of this connection."""
    if device in session.devices:
        raise ProtocolError(NOT_THERE, f"the device name {device!r} is in use")
    session.open(device, *session.kind(dialect, platform))
    return {"device": device}


@control(
    "device.use",
    "{dialect, platform}: what the own device is now",
    dialect=P("string", "its dialect; the present one when left out"),
    platform=P("string", "its platform; the present one when left out"),
)
def device_use(session: Session, dialect: str | None, platform: str | None) -> dict[str, Any]:
    """Say what the connection's own device is, before its app has done anything."""
    if not session.own:
        raise ProtocolError(NOT_THERE, "this connection only looks at its world, and has no device in it")
    if session.is_used():
        raise ProtocolError(NOT_THERE, "the own device is in use: say what it is before its first channel call")
    session.choose(dialect, platform)
    own = session.emulator.engine.device(session.own)
    return {"dialect": own.dialect, "platform": own.platform}


@control("device.close", device=P("string", "name of the device", True))
def device_close(session: Session, device: str) -> dict[str, Any]:
    """Kill the app on a device; its user goes offline at once."""
    device_id = session.device_id(device)
    if device not in session.devices:
        raise ProtocolError(INVALID_PARAMS, f"the device {device!r} is another connection's, and goes with that")
    if device_id == session.own:
        raise ProtocolError(INVALID_PARAMS, "the connection's own device goes with the connection")
    session.close_device(device)
    return {}


@control(
    "device.call",
    "the inner call's result",
    device=P("string", "name of the device", True),
    method=P("string", "a channel method", True),
    arguments=P("object", "its arguments"),
)
def device_call(session: Session, device: str, method: str, arguments: dict[str, Any] | None) -> Turn:
    """Make a channel call on a device of this connection."""
    return _channel_call(session, session.device_id(device), method, arguments)


@control(
    "user.call",
    "the inner call's result",
    user=P("string", "id of the user", True),
    method=P("string", "a channel method", True),
    arguments=P("object", "its arguments"),
)
def user_call(session: Session, user: str, method: str, arguments: dict[str, Any] | None) -> Turn:
    """Make a channel call as another user, on a device that nobody sees."""
    return _channel_call(session, hidden_device(session, user), method, arguments)


def _channel_call(session: Session, device_id: str, method: str, arguments: dict[str, Any] | None) -> Turn:
    return session.emulator.call(device_id, method, arguments or {}, session.hear)


@control(
    "user.say",
    "the message as sent, or the refusal of sendMessage",
    user=P("string", "id of the user who speaks", True),
    to=P("string", "id of the user it is for"),
    group=P("string", "id of the group it is for"),
    text=P("string", "what is said", True),
)
def user_say(session: Session, user: str, to: str | None, group: str | None, text: str) -> Turn:
    """Have another user send a text message to a user or a group."""
    if (to is None) == (group is None):
        raise ProtocolError(INVALID_PARAMS, "bridge.user.say wants one of `to` and `group`")
    device_id = hidden_device(session, user)
    emulator = session.emulator
    created = emulator.call(device_id, "createTextMessage", {"text": text}, exposed=False).result
    arguments = {
        "id": created["data"]["id"],
        "receiver": to or "",
        "groupID": group or "",
        "isExcludedFromUnreadCount": False,
        "isExcludedFromLastMessage": False,
        "isSupportMessageExtension": False,
        "isExcludedFromContentModeration": False,
        "needReadReceipt": False,
        "onlineUserOnly": False,
        "priority": 0,
    }
    method = load(emulator.engine.device(device_id).dialect).method("sendMessage")
    known = () if method is None else {param.key for param in method.params}
    arguments = {key: value for key, value in arguments.items() if key in known}
    turn = emulator.call(device_id, "sendMessage", arguments, session.hear)
    reply = turn.reply
    if reply.error is None and reply.result["code"] == 0:
        reply.result = reply.result["data"]
    return turn


def hidden_device(session: Session, user: str) -> str:
    """Return the hidden device of a user, started and logged in if it is not yet."""
    emulator = session.emulator
    dialect = session.others_dialect()
    name = session.hidden_name(user)
    device_id = emulator.hidden.get(name, "")
    if device_id not in emulator.world[devices.DEVICES]:
        device_id = emulator.hidden[name] = emulator.open(name, dialect, load(dialect).platforms[0], hidden=True)
    device = emulator.engine.device(device_id)
    if not device.initialised:
        emulator.call(device_id, "initSDK", load(dialect).init_arguments, exposed=False)
    if device.user_id != user:
        turn = emulator.call(device_id, "login", {"userID": user, "userSig": USER_SIG}, session.hear, exposed=False)
        if turn.error is not None or turn.result["code"]:
            code = turn.error.message if turn.error else turn.result["desc"]
            raise ProtocolError(
                INVALID_PARAMS, f"user {user!r} cannot log in: {code}", [{"path": "user", "message": code}]
            )
    return device_id
