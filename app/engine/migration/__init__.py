"""Migration: running instances go over to another definition."""
