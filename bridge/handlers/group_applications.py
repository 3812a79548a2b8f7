"""groupManager: applications to groups."""

from __future__ import annotations

from typing import Any

from bridge.errors import ChatError
from bridge.handlers import Caller
from bridge.world import codes, group_applications
from bridge.world.clients import Finding
from bridge.world.group_applications import Application
from bridge.world.results import Page


def get_group_application_list(caller: Caller) -> Page:
    """Return the applications that the caller has a say in; `total` counts the unread ones."""
    rows = group_applications.of_user(caller.world, caller.user)
    return Page(rows, total=group_applications.unread_count(caller.world, caller.user))


def set_group_application_read(caller: Caller) -> None:
    """Count all applications as read."""
    group_applications.set_read(caller.world, caller.user)


def accept_group_application(caller: Caller, meant: dict[str, Any], reason: str) -> None:
    """Let somebody in."""
    application = _find(caller, meant)
    group_applications.handle(caller.world, caller.device, caller.user, application, True, reason)


def refuse_group_application(caller: Caller, meant: dict[str, Any], reason: str) -> None:
    """Let somebody wait outside."""
    application = _find(caller, meant)
    group_applications.handle(caller.world, caller.device, caller.user, application, False, reason)


def _find(caller: Caller, meant: dict[str, Any]) -> Application:
    """Find an application as the native sides do: in the caller's list, by the attributes that they compare; the last one counts."""
    rows = group_applications.of_user(caller.world, caller.user)
    found = [row for row in rows if all(getattr(row, name) == value for name, value in meant.items())]
    if not found:
        caller.found(Finding.NO_GROUP_APPLICATION)
        raise ChatError(codes.INVALID_PARAMETERS)
    return found[-1]
