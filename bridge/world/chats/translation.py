"""
Stand-ins for the service's translation and speech recognition: no language is known here, so that answers only say what
was asked.

They are made up, and declared so (`timbridge explain translateText`), but the same every time, so that an app's
handling of them can be tested.
"""

from __future__ import annotations

from bridge.errors import ChatError
from bridge.world.chats.messages import Message
from bridge.world.kernel import codes
from bridge.world.kernel.world import World

MAX_CHARACTERS = 2000
"""Of all texts of one call (product docs: translation)."""


def translate(world: World, texts: list[str], target: str, source: str) -> dict[str, str]:
    """
    Return a stand-in translation by text: `[en] 你好`.

    Raises: ChatError 6017 (no text, no target language, over 2,000 characters in all), 60020 (switch "translation" is off).
    """
    if not texts or not target or sum(map(len, texts)) > MAX_CHARACTERS:
        raise ChatError(codes.INVALID_PARAMETERS)
    _require_service(world)
    return {text: f"[{target}] {text}" for text in texts}


def recognise(world: World, message: Message, language: str) -> str:
    """Return a stand-in for what a voice message says. Raises: ChatError 60020 (switch "translation" is off)."""
    _require_service(world)
    spoken = f"voice of {getattr(message.elems[0], 'duration', None) or 0} s"
    return f"[{language}] {spoken}" if language else spoken


def _require_service(world: World) -> None:
    if not world.policy.switch("translation"):
        raise ChatError(codes.FEATURE_NOT_BOUGHT)
