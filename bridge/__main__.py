"""`python -m bridge` is the command `timbridge`."""

from bridge.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
