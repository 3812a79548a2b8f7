"""Words that the service does not let through: none, unless the switch "sensitive_words" lists some (DECISIONS.md: Sensitive words)."""

from __future__ import annotations

from collections.abc import Iterable

from bridge.world.kernel.world import World


def has_sensitive(world: World, texts: Iterable[str | None]) -> bool:
    """Return whether one of the texts contains a listed word, upper and lower case alike; None is no text."""
    words = [word.casefold() for word in world.policy.switch("sensitive_words")]
    return bool(words) and any(word in text.casefold() for text in texts if text for word in words)
