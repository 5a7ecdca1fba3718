"""The append-only record of what happened; a case's timeline is a query over it."""
