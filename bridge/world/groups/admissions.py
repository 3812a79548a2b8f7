"""Answering applications, and what comes of that."""

from __future__ import annotations

from bridge.errors import ChatError
from bridge.world.groups import group_applications, group_news, groups, memberships, rights
from bridge.world.groups.group_applications import APPLICATIONS, INVITE_ASKED, INVITE_PROPOSED, JOIN, Application
from bridge.world.kernel import codes, facts
from bridge.world.kernel.devices import Device
from bridge.world.kernel.evolving import evolve
from bridge.world.kernel.world import World
from bridge.world.people import users


def handle(
    world: World, device: Device, user_id: str, application: Application, agreed: bool, reason: str
) -> None:
    """
    Answer an application. Who has said yes to an invitation that the invited one is to be asked of first asks that one.

    States application_processed to who has made it; if agreed, member_entered (or member_invited) to the members, the new one too.

    Raises: ChatError 10010 (no such group), 10007 (no say in it), 10024 (answered already), 10014 (full).
    """
    if application.kind == INVITE_ASKED and application.to_user == user_id:
        group = groups.require(world, application.group_id)
    else:
        group = rights.require_right(world, application.group_id, user_id, "handle_applications", device.client)
    if application.handler is not None:
        raise ChatError(codes.GROUP_REQUEST_ALREADY_HANDLED)
    newcomer = application.to_user or application.from_user
    is_in = groups.member(world, group.group_id, newcomer) is not None
    if agreed and not is_in and memberships.room_left(world, group) <= 0:
        raise ChatError(codes.GROUP_FULL)
    done = evolve(application, handler=user_id, agreed=agreed, answer=reason)
    world[APPLICATIONS].put(APPLICATIONS.key_of(application), done)
    world.state(
        "application_processed",
        facts.user(application.from_user),
        group_id=group.group_id,
        op_user=group_news.person(world, group.group_id, user_id),
        is_agree_join=agreed,
        op_reason=reason,
        invited=application.kind != JOIN,
    )
    if not agreed or is_in:
        return
    if application.kind == INVITE_PROPOSED and users.profile(world, newcomer).asked_first:
        group_applications.ask_invited(world, group, application.from_user, newcomer)
        return
    member = memberships.take_in(world, group, newcomer)
    if application.kind == JOIN:
        memberships.entered(world, group, member)
    else:
        memberships.invited_in(world, group, application.from_user, [member])
