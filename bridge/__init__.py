"""
timbridge: the native side of Tencent Cloud Chat's Flutter plugin, played by a program.

The package is called `bridge`, the distribution and the command `timbridge`. Rooms, from the inside out: `world` (the simulated
chat service), `handlers` (a function per channel method), `dialects` (wire shapes of the plugin's versions and platforms), `engine`
(a call in, a turn out), `control` (the `bridge.*` methods), `transports` and `cli` (doors). `emulator.py` joins them.
"""

__version__ = "0.1.0"
