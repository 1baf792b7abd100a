"""The statements of commands, one module an aggregate."""
