"""Tests of `app.models`, under a name of their own: `tests.models` builds models of processes."""
