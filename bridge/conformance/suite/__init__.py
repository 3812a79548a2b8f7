"""
The suite: cases as data, played against anything that speaks the channel.

* `cases`: reads `fixtures/{documented,adapters,conformance}`, a line a case, each with its source; `lines` makes scripts of the lines
  about adapters.
* `worlds`: on which dialects and platforms a case is played.
* `expectations`: what an expectation means, and where what came differs from it.
* `actors`: people with devices, over whatever calls of `bridge.*` a target has.
* `player`: plays a script, and says at which step it differs.
* `running`: all cases of a run, and their verdicts; `parity` counts those by method and by rule; `pages` writes JUnit and HTML.

A target is whatever the caller hands in (`actors.Wire`): nothing here starts a process, opens a socket or looks at a clock.
"""
