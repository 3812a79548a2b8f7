"""timManager: the client itself, login, profiles and status."""

from __future__ import annotations

from typing import Any

from bridge.errors import ChatError
from bridge.handlers import Caller, Refusal, listeners
from bridge.world.chats import sessions
from bridge.world.people import statuses, users
from bridge.world.people.users import User


def init_sdk(caller: Caller, sdk_app_id: int, listener_uuid: str | None, **_: Any) -> bool:
    """Start the client, with a listener for its own events."""
    if (listener_uuid or "") not in caller.device.listeners.get("client", ()):
        listeners.add(caller, "client", listener_uuid or "")
    return sessions.init(caller.world, caller.device, sdk_app_id)


def start_again(caller: Caller) -> None:
    """Take in that the app has started once more without having stopped the client: whoever was logged in is not any more."""
    sessions.uninit(caller.world, caller.device)


def un_init_sdk(caller: Caller) -> None:
    """Stop the client."""
    sessions.uninit(caller.world, caller.device)
    listeners.remove(caller, "client", None)


def login(caller: Caller, user_id: str, user_sig: str) -> Refusal | None:
    """Log in."""
    try:
        sessions.login(caller.world, caller.device, user_id, user_sig)
    except ChatError as refusal:
        caller.world.log.undo()
        sessions.login_failed(caller.world, caller.device, user_id, refusal.code)
        return Refusal(refusal.code, refusal.desc)
    return None


def logout(caller: Caller) -> None:
    """Log out; succeeds without a login as well."""
    sessions.logout(caller.world, caller.device)


def get_login_user(caller: Caller) -> str:
    """Return who is logged in, "" for nobody."""
    return caller.device.user_id or ""


def get_login_status(caller: Caller) -> int:
    """Return 1 logged in, 2 logging in, 3 logged out."""
    return caller.device.login_state


def get_version(caller: Caller) -> str:
    """Return the version of the native client."""
    return caller.device.client.version


def get_server_time(caller: Caller) -> int:
    """Return the service's time in seconds."""
    return caller.world.now_s


def get_users_info(caller: Caller, user_id_list: list[str]) -> list[User]:
    """Return the profiles of users."""
    return users.infos(caller.world, user_id_list)


def set_self_info(caller: Caller, **given: Any) -> None:
    """Change the own profile; what is not given stays."""
    users.set_own(caller.world, caller.user, {name: value for name, value in given.items() if value is not None})


def get_user_status(caller: Caller, user_id_list: list[str]) -> list[User]:
    """Return whether users are online."""
    return statuses.query(caller.world, caller.user, user_id_list)


def set_self_status(caller: Caller, status: str | None) -> None:
    """Put a text to the own status."""
    statuses.set_own(caller.world, caller.user, status or "")


def subscribe_user_status(caller: Caller, user_id_list: list[str]) -> None:
    """Hear when users come and go."""
    statuses.subscribe(caller.world, caller.device, "status", user_id_list)


def unsubscribe_user_status(caller: Caller, user_id_list: list[str]) -> None:
    """Hear no more of users; of nobody with an empty list."""
    statuses.unsubscribe(caller.world, caller.device, "status", user_id_list)


def subscribe_user_info(caller: Caller, user_id_list: list[str]) -> None:
    """Hear when the profiles of users change."""
    statuses.subscribe(caller.world, caller.device, "profile", user_id_list)


def unsubscribe_user_info(caller: Caller, user_id_list: list[str]) -> None:
    """Hear no more of users' profiles."""
    statuses.unsubscribe(caller.world, caller.device, "profile", user_id_list)


def uikit_trace(caller: Caller, trace: str | None) -> None:
    """Take a log line of the UI kit."""


def check_ability(caller: Caller) -> int:
    """Answer that the plan includes whatever was asked for."""
    return 1


def set_apns_listener(caller: Caller) -> None:
    """Answer that the badge listener is set; nothing comes of it."""


def get_platform_version(caller: Caller) -> str:
    """Return the name and version of the operating system."""
    return caller.device.client.system
