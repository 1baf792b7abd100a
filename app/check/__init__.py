"""A check of a folder of models without a server: which run, need a mapping, are refused."""
