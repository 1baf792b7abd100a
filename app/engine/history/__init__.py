"""What happened, as records of the history."""
