"""Doors of the worker: each job takes an id and calls one action."""
