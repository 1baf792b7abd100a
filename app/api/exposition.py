"""``GET /metrics``: what all processes have counted, and what there is in the database.

Source: docs/operating.md, "Metrics"; Prometheus, "Exposition formats".
"""

import os
from collections.abc import Iterator, Mapping
from typing import cast

from flask import Blueprint, Response, current_app
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from werkzeug.exceptions import NotFound

from app import instruments
from app.services import access
from app.services.gauges import Gauges, Reader, Tasks, read_all

from .application import Application, context
from .descriptions import TEXT, describes

exposition = Blueprint("exposition", __name__)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
MOST_TOPICS = 100  # with a name of their own: each is a few series for ever
OTHER = "other"
ENGINE = "engine"


@exposition.get("/metrics")
@describes(media=TEXT, touches_store=False, problems=((404, "NotFoundException"),))
def metrics() -> Response:
    """The metrics of the server in the text format of Prometheus."""
    wanted = current_app.config["BATON"].metrics
    # As if there were no such path.
    if wanted == "off":
        raise NotFound
    if wanted != "open":
        _require()
    instruments.settle()  # what other processes have noted lately comes with the next scrape
    readers = _readers()
    # Its own for each scrape: in the global one the databases would be asked by whatever collects.
    registry = CollectorRegistry()
    registry.register(_Labelled(_processes(), _Databases(readers), is_labelled=len(readers) > 1))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE)


def _readers() -> dict[str, Reader]:
    """The reader of the database of each engine."""
    config, default = current_app.config["BATON"], current_app.extensions["baton"]
    if not config.engines:
        return {config.engine: default.gauges}
    return {each.engine: baton.gauges for each, baton in current_app.extensions["engines"]}


def _require() -> None:
    """Refuse who may not see what the server tells of itself, where anybody is asked.

    Raises:
        HTTPException: nobody who is known.
        AuthorizationError: a user who may not.
    """
    # By hand, for the path is outside of the base path, below which all others are asked.
    gate = cast("Application", current_app).authentication
    if gate is not None:
        caller = gate.caller(context().request)
        store = current_app.extensions["baton"].store.acting_for(caller)
        # The permission of what tells the same of the server, READ on System, as there is none for
        # metrics.
        access.require(store, "GET /telemetry/data", ())


def _processes() -> CollectorRegistry:
    """The metrics of this process, or with all others of the server where they share files."""
    # Gone where something has emptied the temporary folder: the metrics of one process are better
    # than an error.
    if not os.path.isdir(os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")):
        return REGISTRY
    found = CollectorRegistry()
    MultiProcessCollector(found)  # type: ignore[no-untyped-call]
    return found


class _Labelled(Collector):
    """The metrics of collectors, with the label of the engine only where there are several."""

    def __init__(self, *collectors: Collector, is_labelled: bool) -> None:
        self._collectors = collectors
        self._is_labelled = is_labelled

    def collect(self) -> Iterator[Metric]:
        for family in (one for each in self._collectors for one in each.collect()):
            if not self._is_labelled:
                for number, sample in enumerate(family.samples):
                    # The names of series stay what they were before there were several engines.
                    labels = {n: v for n, v in sample.labels.items() if n != ENGINE}
                    family.samples[number] = sample._replace(labels=labels)
            yield family


class _Databases(Collector):
    """The numbers of each database as metrics; without them it only says that it is down."""

    def __init__(self, readers: Mapping[str, Reader]) -> None:
        self._readers = readers

    def collect(self) -> Iterator[Metric]:
        merged: dict[str, Metric] = {}
        for engine, found in read_all(self._readers).items():
            for family in _families_of(found):
                for number, sample in enumerate(family.samples):
                    labels = {ENGINE: engine, **sample.labels}
                    family.samples[number] = sample._replace(labels=labels)
                # A family stands once in the text format, with the samples of all engines.
                known = merged.setdefault(family.name, family)
                if known is not family:
                    known.samples.extend(family.samples)
        yield from merged.values()


def _families_of(found: Gauges | None) -> Iterator[Metric]:
    up = 0 if found is None else 1
    yield GaugeMetricFamily("baton_database_up", "Whether the database answers.", value=up)
    # Nothing instead of zeros where the database is silent: a graph has to show a gap.
    if found is not None:
        yield from _families(found)


def _families(found: Gauges) -> Iterator[GaugeMetricFamily]:
    tasks = GaugeMetricFamily(
        "baton_external_tasks", "External tasks by topic and state.", labels=("topic", "state")
    )
    oldest = GaugeMetricFamily(
        "baton_external_tasks_oldest_seconds",
        "Age of the oldest open external task of a topic.",
        labels=("topic",),
    )
    for topic, counts in by_topic(found.tasks).items():
        for state in ("open", "locked", "failed"):
            tasks.add_metric((topic, state), getattr(counts, state))
        oldest.add_metric((topic,), counts.oldest)
    yield tasks
    yield oldest
    incidents = GaugeMetricFamily("baton_incidents", "Open incidents by type.", labels=("type",))
    for kind, count in _largest(found.incidents).items():
        incidents.add_metric((kind,), count)
    yield incidents
    for name, text, value in (
        ("baton_jobs_due", "Jobs that are due.", found.jobs.number),
        ("baton_jobs_lag_seconds", "Since when the oldest of them is due.", found.jobs.seconds),
        ("baton_cleanup_backlog", "Instances past their removal time.", found.history.number),
        (
            "baton_cleanup_backlog_seconds",
            "For how long the oldest of them is.",
            found.history.seconds,
        ),
    ):
        yield GaugeMetricFamily(name, text, value=value)


def by_topic(tasks: dict[str, Tasks]) -> dict[str, Tasks]:
    """The numbers of the topics that have most tasks, and those of all others under one name."""
    # By their names where the numbers are equal, or a series would come and go between scrapes.
    found = sorted(tasks.items(), key=lambda one: (-sum(one[1][:3]), one[0]))
    # A topic may be called as the rest is: two series of one name would spoil the whole scrape.
    named = [one for one in found[:MOST_TOPICS] if one[0] != OTHER]
    others = [counts for topic, counts in found if (topic, counts) not in named]
    if not others:
        return dict(named)
    rest = Tasks(
        open=sum(counts.open for counts in others),
        locked=sum(counts.locked for counts in others),
        failed=sum(counts.failed for counts in others),
        oldest=max(counts.oldest for counts in others),
    )
    return {**dict(named), OTHER: rest}


def _largest(counts: dict[str, int]) -> dict[str, int]:
    """The largest of some numbers, and the sum of all others: anybody can name incidents' types."""
    found = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    rest = sum(count for _, count in found[MOST_TOPICS:])
    return {**dict(found[:MOST_TOPICS]), **({OTHER: rest} if rest else {})}
