"""The background work of a process: jobs, and the removal of what is past its time."""
