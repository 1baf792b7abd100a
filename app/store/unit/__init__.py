"""The unit of work of one command: locks, loading, writing."""
