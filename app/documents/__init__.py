"""Stored files: what may be stored, under which name, and their immutable versions. Knows no case and no rights."""
