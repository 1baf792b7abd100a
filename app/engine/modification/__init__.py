"""Modification: tokens of a running instance are taken away and put elsewhere by hand."""
