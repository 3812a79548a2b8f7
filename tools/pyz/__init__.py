"""What `timbridge.pyz` has besides an installation; `tools/make_pyz.py` puts it there."""
