"""How a user wants the messages of a chat to arrive: the numbers that conversations keep, and the native header gives."""

RECEIVE, NOT_RECEIVE, NOT_NOTIFY, NOT_NOTIFY_EXCEPT_AT, NOT_RECEIVE_EXCEPT_AT = range(5)
"""As they come; not at all; without a push; with a push only where they mention the user; only those that mention the user."""

SILENT = (NOT_RECEIVE, NOT_RECEIVE_EXCEPT_AT)
"""With these nothing arrives that mentions nobody."""

UNPUSHED = (NOT_RECEIVE, NOT_NOTIFY)
"""With these nothing is ever pushed."""

PUSHED_IF_MENTIONED = (NOT_NOTIFY_EXCEPT_AT, NOT_RECEIVE_EXCEPT_AT)
"""With these only mentions are pushed."""
