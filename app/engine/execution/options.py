"""The options of a run, set by its command: parts to leave out or do differently."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Chosen once, by the service that starts the run.

    Attributes:
        skips_listeners: no listener is called.
        skips_mappings: neither inputs nor outputs are mapped.
        leaves_no_history: the instance goes with its history, as with its deployment. Outputs of
            a sub-process would be computed in vain, and fail where they read what its last
            task leaves.
    """

    skips_listeners: bool = False
    skips_mappings: bool = False
    leaves_no_history: bool = False


USUAL = RunOptions()
