"""
Mutants: a small wrong change to the code at a time, and whether any test notices. `tools/mutate.py` is the command.

`reach` notes which test runs which line, `mutants` makes the changes, `trial` holds the tests against one, `report` says what came of it.
"""
