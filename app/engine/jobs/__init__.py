"""Timers and asynchronous continuations."""
