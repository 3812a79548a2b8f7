"""timManager: joining, quitting and dismissing groups."""

from __future__ import annotations

from bridge.handlers import Caller
from bridge.world import memberships


def join_group(caller: Caller, group_id: str, message: str | None, group_type: str | None = None) -> None:
    """Join a group, or ask for it; neither platform reads the type (adapters)."""
    memberships.join(caller.world, caller.device, caller.user, group_id, message or "")


def quit_group(caller: Caller, group_id: str) -> None:
    """Leave a group."""
    memberships.quit_group(caller.world, caller.user, group_id)


def dismiss_group(caller: Caller, group_id: str) -> None:
    """End a group."""
    memberships.dismiss(caller.world, caller.device, caller.user, group_id)
