"""
A call in, a turn out.

`Engine.call` asks the fault plan, then the catalogue (known method? arguments?), runs the handler, and writes the reply and every fact for
every device that listens, in the device's own dialect. The outcome is a `Turn`: an ordered list of events with exactly one reply in it.
`Engine.advance` does the same for time: due timers fire, and there is no reply but the clock.

No I/O, no wall clock, no state but the world, the journal and the fault plan. One call at a time: an engine is not for two threads.
"""
