"""
What has changed about a group: the numbers of the native header.

A change is a dict: `type`, one of these, and what it is now: `value` (a text), `bool_value` or `int_value`, and `key` for a field of the
app's own.
"""

from __future__ import annotations

from typing import Any

Change = dict[str, Any]

NAME, INTRODUCTION, NOTIFICATION, FACE_URL, OWNER, CUSTOM = range(1, 7)
ALL_MUTED = 8
RECEIVE_OPTION = 10
"""Only the user's own devices hear of it."""

ADD_OPTION, APPROVE_OPTION, PERMISSION_GROUPS_ON, DEFAULT_PERMISSIONS = range(11, 15)

NOT_ALWAYS_TOLD = (ALL_MUTED, ADD_OPTION)
"""Changes whose event the console switches: everybody muted, how to join (product docs: notify table)."""

POSTED = (NAME, INTRODUCTION, NOTIFICATION, FACE_URL, OWNER, CUSTOM)
"""Changes that the group itself shows as a message (product docs: notify table)."""
