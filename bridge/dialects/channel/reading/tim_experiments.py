"""timManager: the names of experiments."""

from __future__ import annotations

from bridge.catalogue.names import snake_case
from bridge.dialects.channel.adapter import ChannelAdapter
from bridge.dialects.dialect import Call

INTERNAL = "internal_operation_"
PUBLIC = frozenset(
    (
        "setUIPlatform",
        "setTestEnvironment",
        "writeLog",
        "reportTUIComponentUsage",
        "isCommercialAbilityEnabled",
        "disableBadgeNumber",
        "initLocalStorage",
    )
)
"""Those that have a name of their own; the others begin with `INTERNAL`."""


def call_experimental_api(call: Call, adapter: ChannelAdapter) -> None:
    """Read the name of an experiment: "" for one that nobody knows."""
    api = call.args.pop("api")
    if api in PUBLIC:
        call.args["experiment"] = snake_case(api)
    else:
        call.args["experiment"] = api if api.startswith(INTERNAL) else ""
