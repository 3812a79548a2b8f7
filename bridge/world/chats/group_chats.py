"""What happens to groups, in the conversations of those who are in them."""

from __future__ import annotations

from bridge.world.chats import conversation_list, conversations, local_copies, messages, unread
from bridge.world.groups import group_news, groups
from bridge.world.groups.groups import Group
from bridge.world.kernel import facts, receiving
from bridge.world.kernel.world import World


def begin(world: World, group: Group, by: str) -> None:
    """
    State conversation_created, or conversation_changed if it was in the list, to whoever has made a group and is in it.

    A community with topics has none of its own: people talk in its topics (product docs: community guide).
    """
    if group.support_topic:
        return
    row = conversations.get(world, by, f"group_{group.group_id}")
    was_listed = row.listed
    conversation_list.announce(world, facts.user(by), [conversations.enlist(world, row)], new=not was_listed)


def renamed(world: World, group: Group) -> None:
    """
    State conversation_changed to the members whose list has the group: its name or picture is another.

    Those whom the message in the group has just reached have heard it with that.
    """
    is_posted = group_news.tells(world, group, "profile") and groups.type_of(group).stores
    for user_id in groups.member_ids(world, group.group_id):
        row = conversations.find(world, user_id, f"group_{group.group_id}")
        if row is not None and not (is_posted and row.recv_opt not in receiving.SILENT):
            conversation_list.announce(world, facts.user(user_id), [row], listed=True)


def forget(world: World, group_id: str) -> None:
    """
    Drop the messages of a group whose id is used again, and all that members have read and counted of them.

    States conversation_changed to those in whose list it stands, and unread sums.
    """
    conversation_id = f"group_{group_id}"
    kept = world[messages.MESSAGES]
    for msg_id in list(kept.index("channel").newer(("group", group_id))):
        kept.drop(msg_id)
    local_copies.begin_anew(world, conversation_id)
    for row in conversations.with_id(world, conversation_id):
        blank = conversations.Conversation(
            row.user_id,
            row.conversation_id,
            listed=row.listed,
            pinned=row.pinned,
            active_order=row.active_order,
            marks=row.marks,
            custom_data=row.custom_data,
            groups=row.groups,
        )
        conversation_list.announce(world, facts.user(row.user_id), [conversations.save(world, blank)], listed=True)
        unread.tell(world, row.user_id)
