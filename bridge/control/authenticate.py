"""`bridge.authenticate`: the token of `serve --token`, from clients that have no header to put it into."""

from __future__ import annotations

from typing import Any

from bridge.control.registry import P, control
from bridge.control.session import Session


@control("authenticate", token=P("string", "what `serve --token` was given"))
def authenticate(session: Session, token: str | None) -> dict[str, Any]:
    """Present the server's token, which the door has checked when this is a connection's first message; taken and ignored elsewhere."""
    return {}
