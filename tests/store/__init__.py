"""Tests of the store. Those of one package are in its folder.

The modules at the top test all of it at once: what each service locks, what statements cost, how
they are planned, and commands that come at the same time.
"""
