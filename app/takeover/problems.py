"""Why a takeover does not begin, and why single rows do not come along."""


class TakeoverError(Exception):
    """The takeover cannot be done; nothing was written."""


class LeftOutError(Exception):
    """One row does not come along; the message is the reason, the same for all that are alike."""
