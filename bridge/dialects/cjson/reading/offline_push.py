"""Tokens for pushes."""

from __future__ import annotations

from bridge.dialects.cjson.adapter import NativeAdapter
from bridge.dialects.dialect import Call

OF_TPNS = 1


def set_offline_push_config(call: Call, adapter: NativeAdapter) -> None:
    """Read a certificate's number and a token."""
    wire = call.args["config"] or {}
    call.args = {
        "business_id": wire.get("offline_push_token_business_id") or 0,
        "token": wire.get("offline_push_token_token") or "",
        "is_tpns_token": wire.get("offline_push_token_type") == OF_TPNS,
    }


set_voip = set_offline_push_config
