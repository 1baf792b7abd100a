"""gunicorn: its settings and hooks, and the connections of a worker."""
