"""The maps that the adapters make of SDK objects: a function each, grouped by what they are about."""
