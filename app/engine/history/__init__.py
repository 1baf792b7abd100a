"""The records of the history."""
