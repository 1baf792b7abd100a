"""Refusals as the contract tells them, a line each: a request and its answer."""

from . import definitions, events, history, instances, jobs, people, tasks, workers

__all__ = ["CASES"]

CASES = [
    *(*definitions.CASES, *events.CASES, *history.CASES, *instances.CASES),
    *(*jobs.CASES, *people.CASES, *tasks.CASES, *workers.CASES),
]
