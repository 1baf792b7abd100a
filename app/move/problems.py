"""Why a tenant is not moved."""


class MoveError(Exception):
    """The tenant cannot be moved, or not removed; the step that failed has changed nothing."""
