"""Every kind of batch that jobs may belong to.

A kind is declared where its work is done, and has to be named here: its jobs are found by it.
"""

from collections.abc import Mapping

from . import (
    decision_history,
    history,
    instance_batches,
    job_retries,
    removal_times,
    repair_batches,
    retries,
)
from .batches import Kind

BATCHES: Mapping[str, Kind] = {
    kind.type: kind
    for kind in (
        retries.SET_RETRIES,
        *instance_batches.KINDS,
        job_retries.RETRIES,
        history.DELETION,
        decision_history.DELETION,
        removal_times.OF_INSTANCES,
        removal_times.OF_DECISIONS,
        removal_times.OF_BATCHES,
        *repair_batches.KINDS,
    )
}
