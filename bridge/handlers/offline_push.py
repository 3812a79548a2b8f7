"""offlinePushManager: tokens, and whether anybody looks at the app."""

from __future__ import annotations

from bridge.handlers import Caller
from bridge.world import push_tokens


def set_offline_push_config(caller: Caller, business_id: int, token: str, is_tpns_token: bool) -> None:
    """Tell the service where to push to."""
    push_tokens.report(caller.world, caller.device, push_tokens.MESSAGES, business_id, token, is_tpns_token)


def set_voip(caller: Caller, business_id: int, token: str, is_tpns_token: bool) -> None:
    """Tell the service where to push calls to."""
    push_tokens.report(caller.world, caller.device, push_tokens.CALLS, business_id, token, is_tpns_token)


def do_background(caller: Caller, unread_count: int) -> None:
    """Let the service push although the app runs."""
    push_tokens.go_to_background(caller.world, caller.device, unread_count)


def do_foreground(caller: Caller) -> None:
    """Let the service push no more while the app runs."""
    push_tokens.go_to_foreground(caller.world, caller.device)
