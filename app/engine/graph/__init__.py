"""The compiled, immutable model of a process definition."""
