"""The database: connections, faults, the schema, wake-ups across processes."""
