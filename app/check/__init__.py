"""What of a folder of models runs here, what needs a mapping, what is refused; without a server."""
