"""
From the arguments of a call to the world values of its handler.

A module for each module of handlers that needs one; in it a function of the handler's own name. It gets the `Call`, whose `args` have
the schema's Python names, defaults filled in and types checked, and changes them; and the `ChannelAdapter` of the method, for what the
platform's adapter decides before it asks anybody. A handler without such a function gets the arguments as they are.
"""
