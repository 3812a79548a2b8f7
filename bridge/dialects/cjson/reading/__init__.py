"""
From what a function was given to the world values of its handler.

A module for each module of handlers that needs one; in it a function of the handler's own name. It gets the `Call`, whose `args` have
what the function's file calls them, and changes them; and the `NativeAdapter`. A handler without one is read as on the method channel.
"""
