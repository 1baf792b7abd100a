"""The statements of commands, by what they are about."""
