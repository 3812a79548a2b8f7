"""timManager: the experimental call, a door with a list behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bridge.errors import ChatError
from bridge.handlers import Caller
from bridge.world.chats import sessions
from bridge.world.kernel import codes, devices
from bridge.world.people import push_tokens

Experiment = Callable[[Caller, Any], Any]


def _null(caller: Caller, param: Any) -> None:
    return None


def _one(caller: Caller, param: Any) -> int:
    return 1


def _disable_badge(caller: Caller, param: Any) -> None:
    push_tokens.switch_badge(caller.world, caller.device, is_on=not param)


def _init_local_storage(caller: Caller, param: Any) -> None:
    if not isinstance(param, str) or not param:
        raise ChatError(codes.INVALID_PARAMETERS)
    sessions.open_cache(caller.world, caller.device, param)


def _set_push_state(caller: Caller, param: Any) -> None:
    devices.change(caller.world, caller.device, settings={**caller.device.settings, "push_state": int(bool(param))})


def _push_state(caller: Caller, param: Any) -> int:
    state: int = caller.device.settings.get("push_state", 1)
    return state


# names in public material (behaviour: experimental); what has no known effect or answer is taken and answers null
EXPERIMENTS: dict[str, Experiment] = {
    **dict.fromkeys(("set_ui_platform", "set_test_environment", "write_log", "report_tui_component_usage"), _null),
    "is_commercial_ability_enabled": _one,
    "disable_badge_number": _disable_badge,
    "init_local_storage": _init_local_storage,
    **{
        f"internal_operation_{name}": _null
        for name in (
            "set_env",
            "set_ui_platform",
            "set_custom_server_info",
            "enable_quic_channel",
            "set_sm4_gcm_callback",
            "set_packet_request_timeout",
            "set_max_retry_count",
            "set_ipv6_prior",
            "get_message_revoker",
            "write_log",
            "clear_local_history_message",
            "update_proxy_info",
            "report_tuicomponent_usage",
            "send_trtc_custom_data",
            "send_room_custom_data",
            "set_application_id",
            "get_server_config",
            "find_merger_messages",
            "get_brief_group_member_list",
            "userid_tinyid",
            "tinyid_userid",
            "sso_data",
        )
    },
    "internal_operation_is_commercial_ability_enabled": _one,
    "internal_operation_set_offline_push_state": _set_push_state,
    "internal_operation_get_offline_push_state": _push_state,
}


def set_config(caller: Caller, config: Any) -> None:
    """Take how the client is to write its log; nothing comes of it."""


def call_experimental_api(caller: Caller, experiment: str, param: Any = None) -> Any:
    """Carry out an experiment by its name. An unknown name is refused with 6017 (DECISIONS.md: Unknown experiments)."""
    carry_out = EXPERIMENTS.get(experiment)
    if carry_out is None:
        raise ChatError(codes.INVALID_PARAMETERS)
    return carry_out(caller, param)
