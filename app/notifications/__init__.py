"""The outbox: one row per person and channel, written with the act it tells of, delivered later."""
