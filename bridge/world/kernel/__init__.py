"""
What all rooms of the world stand on: tables with their undo log, clock, timers and ids, facts and their audiences, codes and switches,
and the devices that facts go to.
"""
