"""`rpc.discover`: what can be asked for, for programs."""

from __future__ import annotations

from typing import Any

from bridge import __version__
from bridge.catalogue import dialects, load
from bridge.control import registry
from bridge.control.registry import P, all_specs, control
from bridge.control.session import Session
from bridge.errors import INVALID_PARAMS, ProtocolError
from bridge.slices import Slices


@control(
    "rpc.discover",
    "an OpenRPC document",
    dialect=P("string", "the dialect of the channel methods; the own device's when left out"),
    platform=P("string", "the platform that they are for; the own device's when left out"),
)
def discover(session: Session, dialect: str | None, platform: str | None) -> Slices[dict[str, Any]]:
    """Describe the control plane, and the channel methods of a dialect on a platform."""
    from bridge.conformance import openrpc

    yield
    spoken, on = session.spoken()
    asked = dialect or spoken
    there = load(asked).platforms if asked in (*dialects(), spoken) else ()
    for path, value, known in (("dialect", dialect, dialects()), ("platform", platform, there)):
        if value is not None and value not in known:
            message = f"is none of {', '.join(known)}"
            raise ProtocolError(INVALID_PARAMS, f"rpc.discover: {path} {message}", [{"path": path, "message": message}])
    methods = described()
    shown = platform or (on if on in there else there[0])
    yield
    return (yield from openrpc.writing(asked, shown, __version__, methods))


def described() -> list[dict[str, Any]]:
    """Return the methods of the control plane as OpenRPC has them."""
    from bridge.conformance import openrpc

    return [
        openrpc.control_method(
            registry.full_name(name), spec.summary, spec.result, {key: (p.type, p.what, p.required) for key, p in spec.params.items()}
        )
        for name, spec in all_specs().items()
    ]
