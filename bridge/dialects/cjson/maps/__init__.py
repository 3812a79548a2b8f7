"""Objects that are no map of the SDK under other keys: a function each, grouped by what they are about."""
