"""Moves a tenant from one engine to another: ``python -m app.move``."""
