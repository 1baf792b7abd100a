"""The example of ``wsgi.py --demo``: a model, and a worker that shows what it does."""
