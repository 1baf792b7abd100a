"""The repository: deployments, their files, definitions of processes, decisions and forms.

Source: contract 16.2.
"""

from collections.abc import Iterator
from typing import Any

from app.engine.jobs import definitions as places
from app.engine.state import JobDefinition, snapshot
from app.models import decisions, repository

from .mapping import Mapped, Row, same
from .models import Models
from .source import Source
from .times import timestamps

_VERSIONED = same("id", "key", "version", "deployment_id", "resource_name", "tenant_id")


def _starters(column: str) -> str:
    """Those who may start a process, in one text."""
    return (
        f"(SELECT string_agg(l.{column}, ',' ORDER BY l.{column}) FROM {{act_ru_identitylink}} l"
        f" WHERE l.proc_def_id_ = s.id_ AND l.type_ = 'candidate' AND l.{column} IS NOT NULL)"
    )


DEPLOYMENTS = Mapped(
    repository.deployment,
    "act_re_deployment",
    {
        **same("id", "name", "source", "tenant_id"),
        **timestamps(deployment_time="deploy_time"),
    },
)
RESOURCES = Mapped(
    repository.resource,
    "act_ge_bytearray",
    # An empty file has no bytes in some databases.
    {**same("id", "deployment_id", "name"), "content": "coalesce(s.bytes_, '')"},
    where="s.deployment_id_ IS NOT NULL",
)
DECISIONS = Mapped(
    decisions.decision_definition,
    "act_re_decision_def",
    {
        **_VERSIONED,
        **same(
            "name",
            "category",
            "version_tag",
            history_time_to_live="history_ttl",
            decision_requirements_definition_id="dec_req_id",
            decision_requirements_definition_key="dec_req_key",
        ),
    },
)
REQUIREMENTS = Mapped(
    decisions.decision_requirements_definition,
    "act_re_decision_req_def",
    {**_VERSIONED, **same("name", "category")},
)
FORMS = Mapped(repository.camunda_form, "act_re_camformdef", _VERSIONED)
DEFINITIONS = (DEPLOYMENTS, RESOURCES, DECISIONS, REQUIREMENTS, FORMS)


def processes(models: Models) -> Mapped:
    """The definitions of processes; what only the model says is read there."""

    def refine(row: Row) -> Row:
        model = models.model(row["id"])
        row["description"] = None if model is None else model.description
        return row

    return Mapped(
        repository.process_definition,
        "act_re_procdef",
        {
            **_VERSIONED,
            **same("name", "category", "version_tag", history_time_to_live="history_ttl"),
            "is_suspended": "coalesce(s.suspension_state_ = 2, false)",
            "is_startable_in_tasklist": "coalesce(s.startable_, true)",
            "candidate_starter_users": _starters("user_id_"),
            "candidate_starter_groups": _starters("group_id_"),
            "diagram_resource_name": "s.dgrm_resource_name_",
        },
        refine=refine,
    )


_JOB_DEFINITIONS = (
    "SELECT id_, job_type_, coalesce(job_configuration_, ''), "
    "coalesce(suspension_state_ = 2, false), proc_def_id_, proc_def_key_, act_id_, "
    "job_priority_, tenant_id_, deployment_id_ "
    "FROM {act_ru_jobdef} s WHERE job_type_ <> 'history-cleanup'"
)


def job_definitions(source: Source, models: Models) -> Iterator[tuple[Any, ...]]:
    """The definitions of jobs: with their ids of before, and those under which they are asked for.

    Places of a model that make jobs here, and had no definition, get one.
    """
    known: dict[str | None, list[JobDefinition]] = {}
    for row in source.rows(_JOB_DEFINITIONS):
        known.setdefault(row[4], []).append(JobDefinition(*row))
    for found in known.pop(None, ()):  # of batches
        # As batches here name theirs, so that it is found again by that name.
        found.declared_id = f"{found.job_configuration}:{found.job_type}"
        yield snapshot(found)
    for definition_id, definition in models.definitions.items():
        model = models.model(definition_id)
        brought = known.pop(definition_id, [])
        for found in brought:
            found.process_definition_key = found.process_definition_key or definition.key
        declared = [] if model is None else list(places.declared(model, definition))
        yield from map(snapshot, _matched(brought, declared))
    for orphans in known.values():
        yield from map(snapshot, orphans)


def _matched(
    brought: list[JobDefinition], declared: list[JobDefinition]
) -> Iterator[JobDefinition]:
    """The definitions of one process; the same place has the same activity and kind."""
    left = list(declared)
    for found in brought:
        alike = [d for d in left if _place(d) == _place(found)]
        twin = next((d for d in alike if d.job_configuration == found.job_configuration), None)
        # Configurations differ where a model is read otherwise; a place that is the only one of its
        # kind is still known.
        twin = twin or (alike[0] if len(alike) == 1 else None)
        if twin is not None:
            left.remove(twin)
            found.declared_id = twin.id
        yield found
    yield from left


def _place(definition: JobDefinition) -> tuple[str | None, str]:
    return definition.activity_id, definition.job_type
