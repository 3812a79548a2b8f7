"""The native library in place of an adapter: it refuses nothing by itself but what the service would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NoReturn

from bridge.dialects.cjson.arguments import Arguments
from bridge.errors import ChatError
from bridge.world.kernel import codes
from bridge.world.kernel.clients import Client, Finding, Habits


class NativeAdapter:
    """
    See `Adapter`; the attributes beside are those that readers ask of any adapter.

    Args:
        method: the name that refusals are told by.
        client: the native client.
        arguments: what reads objects.
        starts_over: a page behind a message that nobody knows is the first one.
    """

    empty_text = ""
    push_defaults: Mapping[str, Any] = MappingProxyType({})
    skips_empty = False
    ends_with: str | None = None
    ends_only_all = False
    misses_all = False
    lists_again = False
    removes_one = False
    keeps_mentions = False
    keys_for_values = False
    only_mention: str | None = None
    reads_as_c = False

    def __init__(self, method: str, client: Client, arguments: Arguments, starts_over: bool = False) -> None:
        self.method = method
        self.client = client
        self.arguments = arguments
        self.habits = Habits(
            takes_some=True,
            keeps_contents=True,
            finds_kept=True,
            compares=("group_id", "from_user", "to_user", "kind"),
            starts_over=starts_over,
        )

    def objects(self, finding: Finding) -> None:
        """See `Adapter.objects`: everything is left to the service."""

    def unfound(self) -> NoReturn:
        """See `Adapter.unfound`."""
        raise ChatError(codes.INVALID_PARAMETERS)

    def refuse(self, name: str) -> None:
        """Refuse what an adapter of the channel may refuse: nothing."""

    def read(self, key: str, value: dict[str, Any]) -> dict[str, Any]:
        """Return of an object what is read: all of it."""
        return value

    def ignores(self, platforms: Sequence[str]) -> bool:
        """Return whether it is one of the adapters named: it is none."""
        return False
