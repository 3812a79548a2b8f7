"""
Benchmarks for every budget of the project, each against its peer in the same run.

    python -m tools.bench [--quick] [--json] [--only NAME]

Each module measures one thing and yields `Row`s; `__main__` prints them as a table of medians, ratios and budgets. All
of it runs pinned to one
core, the children too, so that a client and a server share it. Machines are noisy: only a row beyond one and a half
times its budget fails the run.

`bind.py` and `codecs.py` also run by themselves and show more than the budgets ask for.
"""
