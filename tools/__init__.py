"""
Tools of the checkout: set-up, checks, generators, benchmarks. Nothing in `bridge/` imports them, no wheel carries them.
"""
