"""Baton's settings, read from the environment."""

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, time, timedelta, tzinfo
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import orjson


class ConfigError(Exception):
    """A setting has a value that it cannot have; the message names it."""


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens there."""
    return host in ("localhost", "::1") or host.startswith("127.")


AUTHENTICATIONS = ("none", "basic", "bearer", "both")
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")


_WHOLE = re.compile("[0-9]{1,19}").fullmatch


def _choice(environ: Mapping[str, str], name: str, default: str, *allowed: str) -> str:
    value = environ.get(name, "").strip().lower() or default
    if value not in allowed:
        raise ConfigError(f"{name} must be one of {', '.join(allowed)}, not '{value}'")
    return value


def _flag(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    return _choice(environ, name, "on" if default else "off", "on", "off") == "on"


def _number(
    environ: Mapping[str, str], name: str, default: int, low: int = 0, high: int = 2**40
) -> int:
    text = environ.get(name, "").strip()
    if not text:
        return default
    # Not `isdigit`, which also holds for what `int` does not read, and for digits without end.
    if not _WHOLE(text) or not low <= int(text) <= high:
        raise ConfigError(f"{name} must be a whole number from {low} to {high}, not '{text}'")
    return int(text)


def _number_or_none(environ: Mapping[str, str], name: str, high: int) -> int | None:
    """A number that need not be set."""
    return _number(environ, name, 0, 0, high) if environ.get(name, "").strip() else None


def _database_url(environ: Mapping[str, str]) -> str:
    """The database; its URL may hold a password, which no message repeats."""
    url = environ.get("DATABASE_URL", "").strip() or "sqlite:///baton.db"
    if url.startswith("sqlite:///"):
        if url.removeprefix("sqlite:///").partition("?")[0] in ("", ":memory:"):
            raise ConfigError("DATABASE_URL must name a file: every thread has its own connection")
        return url
    return _postgres_url("DATABASE_URL", url, "sqlite:/// or postgresql://")


def _other_url(environ: Mapping[str, str], name: str) -> str:
    """Another way to the same data, which PostgreSQL alone has; empty where there is none."""
    url = environ.get(name, "").strip()
    if not url:
        return ""
    if environ.get("DATABASE_URL", "sqlite:").strip().startswith("sqlite"):
        raise ConfigError(f"{name} needs a DATABASE_URL of PostgreSQL")
    return _postgres_url(name, url, "postgresql://")


def _postgres_url(name: str, url: str, allowed: str) -> str:
    """The URL of a PostgreSQL, on one host or on several with commas between them."""
    scheme = url.partition(":")[0]
    if scheme == "postgres":
        url = "postgresql" + url.removeprefix("postgres")
    if not url.startswith(("postgresql://", "postgresql+psycopg://")):
        raise ConfigError(f"{name} must begin with {allowed}, not '{scheme}'")
    hosts = re.split("[/?#]", url.partition("://")[2])[0].rpartition("@")[2]
    try:
        for host in hosts.split(","):
            urlsplit(f"//{host}").port  # noqa: B018 - reading it is the check
    except ValueError:
        raise ConfigError(f"{name} has a host or a port that is none") from None
    return url


def _processes(environ: Mapping[str, str], *, is_sqlite: bool) -> int:
    """The processes; on SQLite one, for several would wait for each other's writes."""
    found = _number(environ, "WEB_CONCURRENCY", 1 if is_sqlite else _cores(), 1, 512)
    if is_sqlite and found > 1:
        raise ConfigError(
            f"WEB_CONCURRENCY is {found}: on SQLite there is one process. Raise THREADS, or set "
            "DATABASE_URL to a PostgreSQL"
        )
    return found


def _window(environ: Mapping[str, str]) -> str:
    """The part of each day in which history is removed; none is the whole day."""
    text = environ.get("BATON_CLEANUP_WINDOW", "").strip()
    try:
        is_known = not text or len(set(map(time.fromisoformat, text.split("-")))) == 2
    except ValueError:
        is_known = False
    if not is_known or text.count("-") > 1:
        raise ConfigError(f"BATON_CLEANUP_WINDOW must be two times as 22:00-06:00, not '{text}'")
    return text


def _cores() -> int:
    """The cores that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS
        return os.cpu_count() or 1


def _zone(environ: Mapping[str, str]) -> tzinfo:
    """The time zone that is set, or the machine's where ``TZ`` names it, or UTC."""
    setting = next((n for n in ("BATON_TIME_ZONE", "TZ") if environ.get(n, "").strip()), "")
    name = environ.get(setting, "").strip().removeprefix(":")
    if name in ("", "UTC"):
        return UTC
    try:
        if name.startswith("/"):  # as in TZ=:/etc/localtime
            with Path(name).open("rb") as file:
                return ZoneInfo.from_file(file, key=name)
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):  # ZoneInfoNotFoundError is a KeyError
        raise ConfigError(
            f"{setting} must name a time zone, as Europe/Berlin, not '{name}'"
        ) from None


def _auth(environ: Mapping[str, str], host: str) -> str:
    """Whether requests need credentials; on an address that others reach that has to be said."""
    found = _choice(environ, "BATON_AUTH", "none", *AUTHENTICATIONS)
    if not is_loopback(host) and not environ.get("BATON_AUTH", "").strip():
        raise ConfigError(
            f"HOST is {host}, which other machines reach: set BATON_AUTH to basic or bearer, or "
            "to none if everybody may do everything"
        )
    has_user = bool(environ.get("BATON_ADMIN_USER", "").strip())
    if has_user != bool(environ.get("BATON_ADMIN_PASSWORD", "")):
        raise ConfigError("BATON_ADMIN_USER and BATON_ADMIN_PASSWORD are set together, or not")
    return found


def _authorization(environ: Mapping[str, str]) -> bool:
    """Whether users are asked what they may do; that needs to know who they are."""
    found = _flag(environ, "BATON_AUTHORIZATION", default=False)
    if found and _choice(environ, "BATON_AUTH", "none", *AUTHENTICATIONS) == "none":
        raise ConfigError("BATON_AUTHORIZATION=on needs BATON_AUTH=basic, to know who asks")
    return found


@dataclass(frozen=True)
class TokenConfig:
    """The requirements on bearer tokens, and their issuer; `app.security.tokens.Claims`.

    Attributes:
        keys_url: where the issuer publishes its keys; its own document says it where it is empty.
    """

    issuer: str = ""
    audience: str = ""
    keys_url: str = ""
    algorithms: tuple[str, ...] = ("RS256",)
    leeway: int = 30
    user_claim: str = "sub"
    groups_claim: str = ""

    @classmethod
    def from_environ(cls, environ: Mapping[str, str], auth: str) -> "TokenConfig":
        """Read the environment.

        Raises:
            ConfigError: a setting is missing, or has a value that it cannot have.
        """

        def text(name: str, default: str = "") -> str:
            return environ.get(f"BATON_JWT_{name}", "").strip() or default

        issuer, audience, url = text("ISSUER"), text("AUDIENCE"), text("JWKS_URL")
        if auth in ("bearer", "both") and not (issuer and audience):
            raise ConfigError(f"BATON_AUTH={auth} needs BATON_JWT_ISSUER and BATON_JWT_AUDIENCE")
        for name, value in (("JWKS_URL", url), ("ISSUER", "" if url else issuer)):
            if value and not value.startswith(("https://", "http://")):
                raise ConfigError(f"BATON_JWT_{name} must begin with https:// or http://")
        algorithms = tuple(text("ALGORITHMS", "RS256").replace(",", " ").split())
        for name in algorithms:
            if name not in ALGORITHMS:  # a shared secret would be the issuer's public key
                known = ", ".join(ALGORITHMS)
                raise ConfigError(f"BATON_JWT_ALGORITHMS: {name} is none of {known}")
        leeway = _number(environ, "BATON_JWT_LEEWAY_SECONDS", 30, 0, 600)
        claims = text("USER_CLAIM", "sub"), text("GROUPS_CLAIM")
        return cls(issuer, audience, url, algorithms, leeway, *claims)


def _names(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    """The words of a setting, separated by commas or blanks."""
    return tuple(environ.get(name, "").replace(",", " ").split())


def _hosts(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The names by which clients call us, in small letters and without ports."""
    found = tuple(name.lower() for name in _names(environ, "BATON_HOSTS"))
    for name in found:
        if name != "*" and not re.fullmatch(r"[\w.-]+", name):
            raise ConfigError(
                "BATON_HOSTS has names without ports, .example.org for all below it, or *, not "
                f"'{name}'"
            )
    return found


def _origins(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The origins of the pages that may call us from a browser."""
    found = tuple(name.lower().rstrip("/") for name in _names(environ, "BATON_CORS_ORIGINS"))
    for name in found:
        if not _is_origin(name):
            raise ConfigError(
                f"BATON_CORS_ORIGINS has origins, as https://tasks.example.org, not '{name}'"
            )
    return found


def _is_origin(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:  # a bracket that no address of IPv6 closes
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not parts.path


def _proxies(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The addresses and networks of the proxies whose forwarded headers count."""
    found = []
    for name in _names(environ, "BATON_TRUSTED_PROXIES"):
        try:
            found.append(str(ipaddress.ip_network(name, strict=False)))
        except ValueError:
            raise ConfigError(
                f"BATON_TRUSTED_PROXIES has addresses or networks, as 10.0.0.0/8, not '{name}'"
            ) from None
    return tuple(found)


def object_in(path: str, members: str) -> dict[str, Any]:
    """The JSON object that a file holds.

    Args:
        members: what the object is of, for the error.

    Raises:
        ValueError: in one line, why there is none.
    """
    try:
        found = orjson.loads(Path(path).read_bytes())
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from error
    except orjson.JSONDecodeError as error:
        raise ValueError(f"{path} is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise ValueError(f"{path} must hold an object of {members}")
    return found


def _delegates(path: str) -> dict[str, Any]:
    """The substitutes for Java code, by name, from a JSON object in a file."""
    if not path:
        return {}
    try:
        found = object_in(path, "names and topics")
    except ValueError as error:
        raise ConfigError(f"BATON_DELEGATES: {error}") from error
    from app.bpmn.delegates import Delegates, DelegatesError  # a start without it is faster
    from app.errors import EngineError

    try:
        Delegates(found)
    except (DelegatesError, EngineError) as error:
        raise ConfigError(f"BATON_DELEGATES: {path}: {error}") from error
    return found


def _connector_hosts(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The hosts that the HTTP connector may ask; it is off without any."""
    text = environ.get("BATON_HTTP_CONNECTOR", "").strip()
    entries = tuple(entry.strip() for entry in text.split(",") if entry.strip())
    if entries:
        from app.connectors import Hosts  # a start without it is faster

        try:
            Hosts(entries)
        except ValueError as error:
            raise ConfigError(f"BATON_HTTP_CONNECTOR: {error}") from error
    return entries


def _engines(environ: Mapping[str, str]) -> tuple["Config", ...]:
    """The configurations of the engines beside the default one."""
    text = environ.get("BATON_ENGINES", "").strip()
    if not text:
        return ()
    from app.server import engines  # most servers have one engine

    try:
        read = engines.read(text)
    except ValueError as error:
        raise ConfigError(f"BATON_ENGINES: {error}") from error
    found = []
    for name, own in read.items():
        try:
            config = Config.from_environ(engines.environment(environ, own))
        except ConfigError as error:
            raise ConfigError(f"BATON_ENGINES: {name}: {error}") from error
        found.append(replace(config, engine=name))
    return tuple(found)


def _require_different(configs: tuple["Config", ...]) -> None:
    """Refuse two engines over one database: each would do the other's work."""
    known: dict[str, str] = {}
    for config in configs:
        scheme, _, rest = config.database_url.partition("://")
        place = rest.rpartition("@")[2]
        if not place.startswith("/") or scheme == "sqlite":  # hosts may stand in the query
            place = place.partition("?")[0]
        if scheme == "sqlite":
            place = os.path.realpath(rest.partition("?")[0].removeprefix("/"))
        other = known.setdefault(place, config.engine)
        if other != config.engine:
            raise ConfigError(f"BATON_ENGINES: {other} and {config.engine} have one database")


@dataclass(frozen=True)
class Config:
    """Every setting; docs/settings.md has the table of them.

    Attributes:
        processes: gunicorn workers.
        threads: of each worker.
        pool_size: database connections of each worker.
        pool_timeout: seconds to wait for a free one.
        read_url: a standby, whose lists and history are asked in place of the primary's.
        read_wait: how long an answer waits until the standby has what was committed before.
        pooler: ``transaction`` where a pooler gives each transaction another session.
        direct_url: the way past the pooler, for wake-ups and migrations.
        connections: of each worker; beyond, the one that has idled longest is closed.
        polls: that may wait in each worker.
        head_timeout: seconds in which the head of a request must have arrived.
        statement_timeout: seconds that a statement may take on PostgreSQL; 0 for no limit.
        read_timeout: seconds in which a body must end, or 64 KiB more of it arrive.
        write_timeout: seconds in which an answer must be taken, or 64 KiB more of it.
        max_buffer_bytes: requests and answers that a worker keeps for slow clients.
        max_elements: of BPMN in one model.
        max_steps: what one command may do at most before every token waits.
        max_records: how many tokens it may make meanwhile: branches, parallel instances, called
            processes; and ten times as many records of any kind, history included.
        max_seconds: how long it may compute meanwhile, in seconds of the processor.
        auth: ``none``, or what each request has: ``basic`` the credentials of a user, ``bearer``
            the token of an issuer, ``both`` one of them.
        is_auth_said: it was set; or else only this machine may call.
        tokens: which tokens.
        hosts: names by which clients call us, beside those of this machine and addresses.
        origins: of pages whose scripts may call us.
        proxies: addresses and networks whose forwarded headers count.
        has_authorization: users see and do what authorizations say.
        admin_user: who may do everything from the start, with `admin_password`.
        session_hours: after which a browser that has logged in has to do so again.
        has_password_policy: passwords keep the rules of the identity API's policy.
        zone: of the dates and cron texts of models that name none.
        is_deploy_strict: a deployment that deserves a warning is refused.
        metrics: ``on``, ``open`` where nobody has to say who scrapes, or ``off``.
        log_format: ``text`` or ``json``.
        logs_requests: each has a line at ``info``.
        history_time_to_live: days, for what is deployed without; None for ever.
        cleanup_window: when history past its time is removed, in `zone`; empty at any time.
        cleanup_rate: instances a second of all processes of the server; 0 for no limit.
        connector_hosts: that the HTTP connector may ask; it is off without any.
        connector_seconds: how long a call of it may take, while its instance is locked.
        is_test: an engine for tests: its clock can be moved, and it can be emptied.
        engine: the name of the engine that has this database.
        engines: the configurations of further ones, which a server has beside it.
    """

    database_url: str = "sqlite:///baton.db"
    host: str = "127.0.0.1"
    port: int = 8080
    processes: int = 1
    threads: int = 64
    pool_size: int = 16
    pool_timeout: int = 10
    statement_timeout: int = 15
    read_url: str = ""
    read_wait: timedelta = timedelta(milliseconds=200)
    pooler: str = "none"
    direct_url: str = ""
    connections: int = 8192
    polls: int = 2000
    head_timeout: int = 20
    read_timeout: int = 60
    write_timeout: int = 60
    graceful_timeout: int = 20
    history_level: str = "full"
    has_job_executor: bool = True
    job_lock: timedelta = timedelta(minutes=5)
    require_history_time_to_live: bool = False
    log_level: str = "info"
    metrics: str = "on"
    log_format: str = "text"
    logs_requests: bool = False
    history_time_to_live: int | None = None
    cleanup_window: str = ""
    cleanup_rate: int = 500
    replay: str = "off"
    receipt_time_to_live: timedelta = timedelta(hours=24)
    locks: str = "normal"
    auth: str = "none"
    is_auth_said: bool = False
    tokens: TokenConfig = field(default_factory=TokenConfig)
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    has_authorization: bool = False
    admin_user: str = ""
    admin_password: str = field(default="", repr=False)
    session_hours: int = 12
    has_password_policy: bool = False
    unique_workers: bool = False
    max_body_bytes: int = 32 * 2**20
    max_buffer_bytes: int = 128 * 2**20
    max_model_bytes: int = 8 * 2**20
    max_elements: int = 50_000
    max_steps: int = 1_000_000
    max_records: int = 20_000
    max_seconds: int = 10
    zone: tzinfo = UTC
    is_test: bool = False
    is_deploy_strict: bool = False
    delegates: dict[str, Any] = field(default_factory=dict)
    connector_hosts: tuple[str, ...] = ()
    connector_seconds: int = 5
    engine: str = "default"
    engines: tuple["Config", ...] = ()

    @property
    def every(self) -> tuple["Config", ...]:
        """The configurations of all engines of the server; the default one is the first."""
        return (self, *self.engines)

    @property
    def is_pooled(self) -> bool:
        """Whether a pooler gives each transaction another session of PostgreSQL."""
        return self.pooler == "transaction"

    @property
    def address(self) -> str:
        """Host and port as URLs and gunicorn write them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> "Config":
        """Read the environment.

        Raises:
            ConfigError: a setting has a value that it cannot have.
        """
        env = os.environ if environ is None else environ
        found = cls._from_environ(env)
        engines = _engines(env)
        if not engines or found.is_test:
            return found
        _require_different((found, *engines))
        processes = min(engine.processes for engine in (found, *engines))
        return replace(found, engines=engines, processes=processes)

    @classmethod
    def _from_environ(cls, env: Mapping[str, str]) -> "Config":
        """The configuration of one engine."""
        url = _database_url(env)
        is_sqlite = url.startswith("sqlite")
        host = env.get("HOST", "").strip() or "127.0.0.1"
        is_test = _flag(env, "BATON_TEST", default=False)  # of ``--test``, not of users
        threads = _number(env, "THREADS", 64, 1, 4096)
        return cls(
            database_url=url,
            host=host,
            port=_number(env, "PORT", 0 if is_test else 8080, 0 if is_test else 1, 65535),
            processes=_processes(env, is_sqlite=is_sqlite),
            threads=threads,
            pool_size=_number(env, "POOL_SIZE", min(16, threads), 1, 1000),
            pool_timeout=_number(env, "POOL_TIMEOUT", 10, 1, 600),
            statement_timeout=_number(env, "STATEMENT_TIMEOUT", 15, 0, 3600),
            read_url=_other_url(env, "DATABASE_READ_URL"),
            read_wait=timedelta(milliseconds=_number(env, "DATABASE_READ_WAIT", 200, 0, 60_000)),
            pooler=_choice(env, "DATABASE_POOLER", "none", "none", "transaction"),
            direct_url=_other_url(env, "DATABASE_DIRECT_URL"),
            connections=_number(env, "MAX_CONNECTIONS", 8192, 16, 2**20),
            polls=_number(env, "MAX_POLLS", 2000, 1, 2**20),
            head_timeout=_number(env, "HEAD_TIMEOUT", 20, 1, 3600),
            read_timeout=_number(env, "READ_TIMEOUT", 60, 1, 3600),
            write_timeout=_number(env, "WRITE_TIMEOUT", 60, 1, 3600),
            graceful_timeout=_number(env, "GRACEFUL_TIMEOUT", 20, 1, 3600),
            history_level=_choice(
                env, "BATON_HISTORY_LEVEL", "full", "none", "activity", "audit", "full"
            ),
            has_job_executor=_flag(env, "BATON_JOB_EXECUTOR", default=True),
            job_lock=timedelta(seconds=_number(env, "BATON_JOB_LOCK_SECONDS", 300, 1, 86_400)),
            require_history_time_to_live=_flag(env, "BATON_REQUIRE_HISTORY_TTL", default=False),
            log_level=_choice(
                env, "LOG_LEVEL", "info", "debug", "info", "warning", "error", "critical"
            ),
            metrics=_choice(env, "BATON_METRICS", "on", "on", "open", "off"),
            log_format=_choice(env, "LOG_FORMAT", "text", "text", "json"),
            logs_requests=_flag(env, "LOG_REQUESTS", default=not is_sqlite),
            history_time_to_live=_number_or_none(env, "BATON_HISTORY_TTL", 36_500),
            cleanup_window=_window(env),
            cleanup_rate=_number(env, "BATON_CLEANUP_RATE", 500, 0, 1_000_000),
            replay=_choice(env, "BATON_REPLAY", "off", "off", "auto"),
            receipt_time_to_live=timedelta(hours=_number(env, "BATON_RECEIPT_HOURS", 24, 1, 8760)),
            locks=_choice(env, "BATON_LOCKS", "normal", "normal", "strict"),
            auth=_auth(env, host),
            is_auth_said=bool(env.get("BATON_AUTH", "").strip()),
            tokens=TokenConfig.from_environ(env, _auth(env, host)),
            hosts=_hosts(env),
            origins=_origins(env),
            proxies=_proxies(env),
            has_authorization=_authorization(env),
            admin_user=env.get("BATON_ADMIN_USER", "").strip(),
            admin_password=env.get("BATON_ADMIN_PASSWORD", ""),
            session_hours=_number(env, "BATON_SESSION_HOURS", 12, 1, 8760),
            has_password_policy=_flag(env, "BATON_PASSWORD_POLICY", default=False),
            unique_workers=_flag(env, "BATON_UNIQUE_WORKER", default=False),
            max_body_bytes=_number(env, "BATON_MAX_BODY_BYTES", 32 * 2**20, 1024),
            max_buffer_bytes=_number(env, "BATON_MAX_BUFFER_BYTES", 128 * 2**20, 2**20),
            max_model_bytes=_number(env, "BATON_MAX_MODEL_BYTES", 8 * 2**20, 1024),
            max_elements=_number(env, "BATON_MAX_ELEMENTS", 50_000, 100, 10_000_000),
            max_steps=_number(env, "BATON_MAX_STEPS", 1_000_000, 100),
            max_records=_number(env, "BATON_MAX_RECORDS", 20_000, 100, 10_000_000),
            max_seconds=_number(env, "BATON_MAX_SECONDS", 10, 1, 3600),
            zone=_zone(env),
            is_test=is_test,
            is_deploy_strict=_flag(env, "BATON_DEPLOY_STRICT", default=False),
            delegates=_delegates(env.get("BATON_DELEGATES", "").strip()),
            connector_hosts=_connector_hosts(env),
            connector_seconds=_number(env, "BATON_HTTP_CONNECTOR_SECONDS", 5, 1, 30),
        )
