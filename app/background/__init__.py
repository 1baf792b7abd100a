"""What runs beside the requests of a process: jobs, and the removal of what is past its time."""
