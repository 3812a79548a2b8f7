"""groupManager: attributes and counters of groups."""

from __future__ import annotations

from bridge.errors import ChatError
from bridge.handlers import Caller
from bridge.world import codes, group_attributes, group_counters


def init_group_attributes(caller: Caller, group_id: str, attributes: dict[str, str] | None) -> None:
    """Set these attributes and no others."""
    if attributes is None:
        raise ChatError(codes.INVALID_PARAMETERS)
    group_attributes.replace(caller.world, caller.device, caller.user, group_id, attributes)


def set_group_attributes(caller: Caller, group_id: str, attributes: dict[str, str] | None) -> None:
    """Set these attributes and leave the others."""
    group_attributes.put(caller.world, caller.device, caller.user, group_id, attributes or {})


def delete_group_attributes(caller: Caller, group_id: str, keys: list[str] | None) -> None:
    """Take attributes away; no key means all."""
    group_attributes.delete(caller.world, caller.device, caller.user, group_id, keys or [])


def get_group_attributes(caller: Caller, group_id: str, keys: list[str] | None = None) -> dict[str, str]:
    """Return attributes by key; no key means all."""
    return group_attributes.read(caller.world, caller.device, caller.user, group_id, keys or [])


def set_group_counters(caller: Caller, group_id: str, counters: dict[str, int] | None) -> dict[str, int]:
    """Set counters and leave the others; return all."""
    return group_counters.put(caller.world, caller.user, group_id, counters or {})


def get_group_counters(caller: Caller, group_id: str, keys: list[str] | None = None) -> dict[str, int]:
    """Return counters by key; no key means all."""
    return group_counters.read(caller.world, caller.user, group_id, keys or [])


def increase_group_counter(caller: Caller, group_id: str, key: str, value: int | None) -> dict[str, int]:
    """Add to a counter; return it."""
    return group_counters.add(caller.world, caller.user, group_id, key, value or 0)


def decrease_group_counter(caller: Caller, group_id: str, key: str, value: int | None) -> dict[str, int]:
    """Take from a counter; return it."""
    return group_counters.add(caller.world, caller.user, group_id, key, -(value or 0))
