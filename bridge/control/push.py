"""`bridge.push.*`: what the service would have pushed."""

from __future__ import annotations

from typing import Any

from bridge.control.registry import P, control
from bridge.control.session import Session
from bridge.world.chats import pushes
from bridge.world.chats.pushes import Push
from bridge.world.people import push_tokens
from bridge.world.people.push_tokens import PushToken


@control(
    "push.list",
    "{pushes: the oldest first, tokens: where each user can be reached}",
    user=P("string", "only those of this user"),
)
def push_list(session: Session, user: str | None) -> dict[str, Any]:
    """List what would have been put on screens by a push, and the tokens that apps have reported."""
    world = session.emulator.world
    tokens = push_tokens.all_tokens(world) if user is None else push_tokens.of_user(world, user)
    return {
        "pushes": [_push(one) for one in pushes.of_user(world, user)],
        "tokens": [_token(one) for one in tokens],
    }


def _push(push: Push) -> dict[str, Any]:
    return {
        "number": push.number,
        "ms": push.ms,
        "user": push.user_id,
        "device": push.install,
        "platform": push.platform,
        "kind": push.kind,
        "businessID": push.business_id,
        "token": push.token,
        "msgID": push.msg_id,
        "conversationID": push.conversation_id,
        "title": push.title,
        "desc": push.text,
        "ext": push.extra,
        "sound": push.sound,
        "badge": push.badge,
    }


def _token(token: PushToken) -> dict[str, Any]:
    return {
        "user": token.user_id,
        "device": token.install,
        "platform": token.platform,
        "kind": token.kind,
        "businessID": token.business_id,
        "token": token.token,
        "badge": token.badge,
    }
