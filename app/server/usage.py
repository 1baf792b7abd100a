"""The settings' meanings for ``python wsgi.py --help``, and warnings of variables that are none."""

import difflib
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from operator import attrgetter
from typing import Any

from app.shown_urls import without_password
from config import Config

MASK = "***"

USAGE = """usage: python wsgi.py [--demo | --test | --help]

Migrates the database and serves the REST API. --demo starts an example worker as well, --test
an empty engine for tests. Settings are environment variables; here with their present values:
"""
SETTINGS: dict[str, tuple[str, str]] = {  # name: the field of the configuration, the meaning
    "DATABASE_URL": ("database_url", "sqlite:///file or postgresql://user:password@host/database"),
    "DATABASE_READ_URL": ("read_url", "a standby, which lists and history are read from"),
    "DATABASE_READ_WAIT": ("read_wait", "milliseconds that an answer waits until it is up to date"),
    "DATABASE_POOLER": ("pooler", "transaction: a pooler that gives each another session"),
    "DATABASE_DIRECT_URL": ("direct_url", "past the pooler, for wake-ups and migrations"),
    "BATON_ENGINES": ("engines", "further engines: name=URL,name=URL, or a JSON file"),
    "HOST": ("host", "where to listen; beyond loopback BATON_AUTH has to be set"),
    "PORT": ("port", "where to listen"),
    "BATON_AUTH": ("auth", "whose requests are served: none asks for no credentials"),
    "BATON_JWT_ISSUER": ("tokens.issuer", "whose tokens count"),
    "BATON_JWT_AUDIENCE": ("tokens.audience", "whom they have to be for"),
    "BATON_JWT_JWKS_URL": ("tokens.keys_url", "where its keys are; empty: its own document says"),
    "BATON_JWT_ALGORITHMS": ("tokens.algorithms", "by which they may be signed"),
    "BATON_JWT_LEEWAY_SECONDS": ("tokens.leeway", "by which clocks may differ"),
    "BATON_JWT_USER_CLAIM": ("tokens.user_claim", "what of a token is the user's id"),
    "BATON_JWT_GROUPS_CLAIM": ("tokens.groups_claim", "what of it are groups"),
    "BATON_HOSTS": ("hosts", "names by which clients call this server, in addition to loopback's"),
    "BATON_CORS_ORIGINS": ("origins", "of pages whose scripts may call"),
    "BATON_TRUSTED_PROXIES": ("proxies", "addresses and networks whose forwarded headers count"),
    "BATON_SESSION_HOURS": ("session_hours", "after which a browser has to log in again"),
    "BATON_HTTP_CONNECTOR": ("connector_hosts", "hosts that the HTTP connector may ask"),
    "BATON_HTTP_CONNECTOR_SECONDS": ("connector_seconds", "that one call of it may take"),
    "BATON_METRICS": ("metrics", "GET /metrics: on, open to all clients, off"),
    "BATON_AUTHORIZATION": ("has_authorization", "users see and do what authorizations allow"),
    "BATON_ADMIN_USER": ("admin_user", "the first administrator"),
    "BATON_ADMIN_PASSWORD": ("admin_password", "its password"),
    "BATON_PASSWORD_POLICY": ("has_password_policy", "passwords keep the rules of the policy"),
    "WEB_CONCURRENCY": ("processes", "processes; one on SQLite"),
    "THREADS": ("threads", "of each process, which serve requests; polls that wait hold none"),
    "MAX_POLLS": ("polls", "long polls that may wait in each process"),
    "POOL_SIZE": ("pool_size", "database connections of each process"),
    "POOL_TIMEOUT": ("pool_timeout", "seconds that a request waits for one, then 503"),
    "STATEMENT_TIMEOUT": ("statement_timeout", "seconds of a statement on PostgreSQL; 0: no limit"),
    "MAX_CONNECTIONS": ("connections", "clients' connections of each process"),
    "HEAD_TIMEOUT": ("head_timeout", "seconds for the head of a request"),
    "READ_TIMEOUT": ("read_timeout", "seconds for a body, or 64 KiB more of it"),
    "WRITE_TIMEOUT": ("write_timeout", "seconds for an answer, or 64 KiB more of it"),
    "GRACEFUL_TIMEOUT": ("graceful_timeout", "seconds that requests have after SIGTERM"),
    "LOG_LEVEL": ("log_level", "debug, info, warning, error, critical"),
    "LOG_FORMAT": ("log_format", "text or json"),
    "LOG_REQUESTS": ("logs_requests", "a line for each request; on by default on PostgreSQL"),
    "BATON_TIME_ZONE": ("zone", "of dates and cron texts that name none, and of the clean-up"),
    "TZ": ("zone", "the same where BATON_TIME_ZONE is not set"),
    "BATON_HISTORY_LEVEL": ("history_level", "none, activity, audit, full"),
    "BATON_HISTORY_TTL": ("history_time_to_live", "days that the history of models is kept which "
                          "do not say how long; empty: for ever"),
    "BATON_REQUIRE_HISTORY_TTL": (
        "require_history_time_to_live", "models that do not say how long are refused"
    ),
    "BATON_CLEANUP_WINDOW": ("cleanup_window", "when history is removed, as 22:00-06:00; empty: "
                             "at any time"),
    "BATON_CLEANUP_RATE": ("cleanup_rate", "instances removed a second by all processes of a "
                           "server; 0: no limit"),
    "BATON_JOB_EXECUTOR": ("has_job_executor", "whether jobs run in this server"),
    "BATON_JOB_LOCK_SECONDS": ("job_lock", "after which the jobs of a dead process run"),
    "BATON_DELEGATES": ("delegates", "a JSON file that says what stands in for Java"),
    "BATON_DEPLOY_STRICT": ("is_deploy_strict", "deployments that deserve a warning are refused"),
    "BATON_REPLAY": ("replay", "auto: repeats are known by their body"),
    "BATON_RECEIPT_HOURS": ("receipt_time_to_live", "how long a repeat is known"),
    "BATON_LOCKS": ("locks", "strict: nothing may be done with a lock that has expired"),
    "BATON_UNIQUE_WORKER": ("unique_workers", "a new long poll of a worker ends its older one"),
    "BATON_MAX_MODEL_BYTES": ("max_model_bytes", "larger models are refused"),
    "BATON_MAX_ELEMENTS": ("max_elements", "models with more elements are refused"),
    "BATON_MAX_BODY_BYTES": ("max_body_bytes", "larger bodies are answered 413"),
    "BATON_MAX_BUFFER_BYTES": ("max_buffer_bytes", "kept by a process for slow clients"),
    "BATON_MAX_STEPS": ("max_steps", "of one command"),
    "BATON_MAX_RECORDS": ("max_records", "tokens that one command may make"),
    "BATON_MAX_SECONDS": ("max_seconds", "of the processor that one command may compute"),
}  # fmt: skip
OURS = (
    "BATON_TEST",
    "BATON_DEMO",
    "BATON_MIGRATE",
)  # which `wsgi` sets for the processes that it starts
_SECRET = re.compile("PASSWORD|SECRET|TOKEN|KEY")
_WIDTH = 27


def of(config: Config) -> str:
    """The settings with their values; secrets are not shown."""
    lines = [
        f"  {name:{_WIDTH}} {_shown(name, attrgetter(field)(config))}\n  {'':{_WIDTH}}   {meaning}"
        for name, (field, meaning) in SETTINGS.items()
    ]
    return "\n".join([USAGE, *lines])


def _shown(name: str, value: Any) -> str:
    """A value as one would set it."""
    if _SECRET.search(name):
        return "(set)" if value else ""
    if name.endswith("_URL"):
        return without_password(value, MASK)
    if isinstance(value, bool):
        return "on" if value else "off"
    if name == "BATON_ENGINES":
        return ",".join(
            f"{each.engine}={without_password(each.database_url, MASK)}" for each in value
        )
    if isinstance(value, tuple):
        return ",".join(value)
    if isinstance(value, timedelta):
        unit = 3600 if name.endswith("HOURS") else 0.001 if name == "DATABASE_READ_WAIT" else 1
        return f"{value.total_seconds() / unit:g}"
    return "" if value is None else "(set)" if isinstance(value, dict) and value else _text(value)


def _text(value: Any) -> str:
    return "" if value == {} else str(value)


def warnings(environ: Mapping[str, str]) -> Iterator[str]:
    """Warnings of variables that look like our settings and are none, with the likely name."""
    for name in sorted(environ):
        if name.startswith("BATON_") and name not in SETTINGS and name not in OURS:
            meant = difflib.get_close_matches(name, SETTINGS, n=1, cutoff=0.7)
            hint = f"; is {meant[0]} meant?" if meant else ""
            yield f"{name} is no setting{hint}"
