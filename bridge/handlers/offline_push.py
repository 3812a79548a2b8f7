"""offlinePushManager: tokens, and whether anybody looks at the app."""

from __future__ import annotations

import math

from bridge.handlers.registry import Caller, method
from bridge.world import push_tokens

INT32 = range(-(1 << 31), 1 << 31)


@method("setOfflinePushConfig", "setAPNS")
def set_offline_push_config(caller: Caller, business_id: float, token: str, is_tpns_token: bool) -> None:
    """Tell the service where to push to; Android cuts the number to an integer, iOS takes no other."""
    number = _number(caller, business_id)
    push_tokens.report(caller.world, caller.device, push_tokens.MESSAGES, number, token, is_tpns_token)


@method("setVOIP")
def set_voip(caller: Caller, business_id: float, token: str, is_tpns_token: bool) -> None:
    """Tell the service where to push calls to."""
    number = _number(caller, business_id)
    if not _is_hexadecimal(token):
        caller.refuse("token")
    push_tokens.report(caller.world, caller.device, push_tokens.CALLS, number, token, is_tpns_token)


def _number(caller: Caller, business_id: float) -> int:
    if not math.isfinite(business_id) or business_id % 1 or int(business_id) not in INT32:
        caller.refuse("fraction")
    return int(business_id) if math.isfinite(business_id) else 0


def _is_hexadecimal(token: str) -> bool:
    return len(token) % 2 == 0 and all(letter in "0123456789abcdefABCDEF" for letter in token)


@method("doBackground")
def do_background(caller: Caller, unread_count: int) -> None:
    """Let the service push although the app runs."""
    push_tokens.go_to_background(caller.world, caller.device, unread_count)


@method("doForeground")
def do_foreground(caller: Caller) -> None:
    """Let the service push no more while the app runs."""
    push_tokens.go_to_foreground(caller.world, caller.device)
