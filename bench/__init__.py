"""Measurements, each a ratio within one run: `python -m bench pages --size 100000`."""
