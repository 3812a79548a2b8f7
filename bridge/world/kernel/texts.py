"""What the service looks at in a text: how long it is."""

from __future__ import annotations


def bytes_of(text: str) -> int:
    """Return how many bytes a text takes on the wire (UTF-8); a lone surrogate, which a device may send, takes three."""
    return len(text.encode("utf-8", "surrogatepass"))
