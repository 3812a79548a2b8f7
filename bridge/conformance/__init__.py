"""
How true the bridge is to the real thing, and how one knows.

* `ledger`: which rules of each method are built and tested, what each rests on, what is assumed.

The rules stand in `schemas/rules/`, an entry per rule with its source and the test that fails without it. Nothing here changes a world.
"""
