"""
Turn a folder of protocol facts into first drafts of the files in `schemas/`.

Each module drafts one kind of file as plain dictionaries; `tools/draft_schemas.py` writes them. A draft is a start,
not a source: once a file exists, whatever stands in it wins over the draft.
"""
