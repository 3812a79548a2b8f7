"""groupManager: applications to groups."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bridge.errors import ChatError
from bridge.handlers.registry import Caller, method
from bridge.world import codes, group_applications
from bridge.world.group_applications import Application
from bridge.world.results import Page

ADD_TIME_BITS = 31
"""Android reads a time that fits into a 32-bit integer as 0, and so finds nothing (adapter)."""


@method("getGroupApplicationList")
def get_group_application_list(caller: Caller) -> Page:
    """Return the applications that the caller has a say in; `total` counts the unread ones."""
    rows = group_applications.of_user(caller.world, caller.user)
    return Page(rows, total=group_applications.unread_count(caller.world, caller.user))


@method("setGroupApplicationRead")
def set_group_application_read(caller: Caller) -> None:
    """Count all applications as read."""
    group_applications.set_read(caller.world, caller.user)


@method("acceptGroupApplication")
def accept_group_application(caller: Caller, reason: str | None = None, **wanted: Any) -> None:
    """Let somebody in."""
    application = _find(caller, wanted)
    group_applications.handle(caller.world, caller.device, caller.user, application, True, reason or "")


@method("refuseGroupApplication")
def refuse_group_application(caller: Caller, reason: str | None = None, **wanted: Any) -> None:
    """Let somebody wait outside."""
    application = _find(caller, wanted)
    group_applications.handle(caller.world, caller.device, caller.user, application, False, reason or "")


def _find(caller: Caller, wanted: dict[str, Any]) -> Application:
    """Find an application as the adapter does: in the caller's list, by the fields that the platform compares; the last one counts."""
    compared: tuple[str, ...] = tuple(caller.spec.quirks["comparedFields"][caller.device.platform])
    found = [a for a in group_applications.of_user(caller.world, caller.user) if _is_meant(a, wanted, compared)]
    if not found:
        caller.refuse("notFound")
        raise ChatError(codes.INVALID_PARAMETERS)
    return found[-1]


_FIELDS: dict[str, Callable[[Application], Any]] = {
    "groupID": lambda a: a.group_id,
    "fromUser": lambda a: a.from_user,
    "toUser": lambda a: a.to_user,
    "addTime": lambda a: a.added_ms,
    "type": lambda a: a.kind,
}
_NAMES = {"groupID": "group_id", "fromUser": "from_user", "toUser": "to_user", "addTime": "add_time", "type": "type"}


def _is_meant(application: Application, wanted: dict[str, Any], compared: tuple[str, ...]) -> bool:
    return all(_FIELDS[key](application) == _read(key, wanted.get(_NAMES[key])) for key in compared)


def _read(key: str, value: Any) -> Any:
    """Return an argument as the adapter reads it."""
    if key == "addTime":
        return value if value is not None and abs(value) >> ADD_TIME_BITS else 0
    return "" if key == "toUser" and value is None else value
