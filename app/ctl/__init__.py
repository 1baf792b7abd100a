"""The command line for operators: ``python -m app.ctl``, against any server of this API."""
