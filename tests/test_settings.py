"""Every setting: which values it takes, and how it refuses the others."""

from datetime import timedelta
from pathlib import Path

import pytest

from .configuring import read, refusal

pytestmark = pytest.mark.no_database
POSTGRESQL = "postgresql://baton@db/baton"
NUMBERS = {  # name: the field, the smallest and the largest value
    "PORT": ("port", 1, 65_535),
    "THREADS": ("threads", 1, 4_096),
    "POOL_SIZE": ("pool_size", 1, 1_000),
    "POOL_TIMEOUT": ("pool_timeout", 1, 600),
    "STATEMENT_TIMEOUT": ("statement_timeout", 0, 3_600),
    "MAX_CONNECTIONS": ("connections", 16, 2**20),
    "MAX_POLLS": ("polls", 1, 2**20),
    "HEAD_TIMEOUT": ("head_timeout", 1, 3_600),
    "READ_TIMEOUT": ("read_timeout", 1, 3_600),
    "WRITE_TIMEOUT": ("write_timeout", 1, 3_600),
    "GRACEFUL_TIMEOUT": ("graceful_timeout", 1, 3_600),
    "BATON_HISTORY_TTL": ("history_time_to_live", 0, 36_500),
    "BATON_CLEANUP_RATE": ("cleanup_rate", 0, 1_000_000),
    "BATON_SESSION_HOURS": ("session_hours", 1, 8_760),
    "BATON_MAX_BODY_BYTES": ("max_body_bytes", 1_024, 2**40),
    "BATON_MAX_BUFFER_BYTES": ("max_buffer_bytes", 2**20, 2**40),
    "BATON_MAX_MODEL_BYTES": ("max_model_bytes", 1_024, 2**40),
    "BATON_MAX_ELEMENTS": ("max_elements", 100, 10_000_000),
    "BATON_MAX_STEPS": ("max_steps", 100, 2**40),
    "BATON_MAX_RECORDS": ("max_records", 100, 10_000_000),
    "BATON_MAX_SECONDS": ("max_seconds", 1, 3_600),
    "BATON_HTTP_CONNECTOR_SECONDS": ("connector_seconds", 1, 30),
}
SPANS = {  # the same of times, with the unit
    "DATABASE_READ_WAIT": ("read_wait", 0, 60_000, timedelta(milliseconds=1)),
    "BATON_JOB_LOCK_SECONDS": ("job_lock", 1, 86_400, timedelta(seconds=1)),
    "BATON_RECEIPT_HOURS": ("receipt_time_to_live", 1, 8_760, timedelta(hours=1)),
}
FLAGS = {  # name: the field, and what it is where nothing is set
    "BATON_JOB_EXECUTOR": ("has_job_executor", True),
    "BATON_REQUIRE_HISTORY_TTL": ("require_history_time_to_live", False),
    "LOG_REQUESTS": ("logs_requests", False),
    "BATON_PASSWORD_POLICY": ("has_password_policy", False),
    "BATON_UNIQUE_WORKER": ("unique_workers", False),
    "BATON_DEPLOY_STRICT": ("is_deploy_strict", False),
    "BATON_TEST": ("is_test", False),
}
CHOICES = {
    "BATON_HISTORY_LEVEL": ("history_level", "none activity audit full"),
    "LOG_LEVEL": ("log_level", "debug info warning error critical"),
    "LOG_FORMAT": ("log_format", "text json"),
    "BATON_METRICS": ("metrics", "on open off"),
    "BATON_REPLAY": ("replay", "off auto"),
    "BATON_LOCKS": ("locks", "normal strict"),
    "DATABASE_POOLER": ("pooler", "none transaction"),
}
NO_NUMBERS = [
    "x",
    "1.5",
    "-1",
    "+1",
    "1e3",
    "0x10",
    "1_000",
    "1 000",
    "\u00b2",
    "\u0665",
    "9" * 5_000,
]


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_has_a_smallest_and_a_largest_value(name):
    field, low, high = NUMBERS[name]

    assert getattr(read(**{name: str(low)}), field) == low
    assert getattr(read(**{name: str(high)}), field) == high
    for value in (low - 1, high + 1):
        assert refusal(**{name: str(value)}) == (
            f"{name} must be a whole number from {low} to {high}, not '{value}'"
        )


@pytest.mark.parametrize("name", [*NUMBERS, *SPANS])
@pytest.mark.parametrize("value", NO_NUMBERS, ids=lambda value: ascii(value[:9]))
def test_what_is_no_whole_number_is_refused(name, value):
    assert refusal(**{name: value}).startswith(f"{name} must be a whole number from ")


@pytest.mark.parametrize("name", SPANS)
def test_a_time_is_a_number_of_its_unit(name):
    field, low, high, unit = SPANS[name]

    for value in (low, high):
        assert getattr(read(**{name: str(value)}), field) == value * unit
    for value in (low - 1, high + 1):
        assert f"from {low} to {high}" in refusal(**{name: str(value)})


@pytest.mark.parametrize("name", [*NUMBERS, *SPANS, *FLAGS, *CHOICES])
@pytest.mark.parametrize("value", ["", " ", "\t"], ids=repr)
def test_what_is_set_to_nothing_is_as_if_it_were_not_set(name, value):
    assert read(**{name: value}) == read()


@pytest.mark.parametrize("name", NUMBERS)
def test_blanks_around_a_number_are_nothing(name):
    field, low, _ = NUMBERS[name]

    assert getattr(read(**{name: f" {low} "}), field) == low


@pytest.mark.parametrize(("threads", "pool"), [(4, 4), (16, 16), (64, 16)])
def test_there_are_no_more_connections_to_the_database_than_threads(threads, pool):
    assert read(THREADS=str(threads)).pool_size == pool
    assert read(THREADS=str(threads), POOL_SIZE="50").pool_size == 50


@pytest.mark.parametrize("name", FLAGS)
def test_a_flag_is_on_or_off(name):
    field, usual = FLAGS[name]

    assert getattr(read(), field) is usual
    assert getattr(read(**{name: "ON"}), field) is True
    assert getattr(read(**{name: " off "}), field) is False
    for value in ("yes", "true", "1", "no"):
        assert refusal(**{name: value}) == f"{name} must be one of on, off, not '{value}'"


@pytest.mark.parametrize("name", CHOICES)
def test_a_choice_is_one_of_its_words(name):
    field, words = CHOICES[name]
    words = words.split()

    assert [getattr(read(**{name: word.upper()}), field) for word in words] == words
    assert refusal(**{name: "other"}) == f"{name} must be one of {', '.join(words)}, not 'other'"


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite:///", "must name a file"),
        ("sqlite:///:memory:", "must name a file"),
        ("sqlite:///?mode=ro", "must name a file"),
        ("sqlite://", "must begin with sqlite:/// or postgresql://, not 'sqlite'"),
        ("baton.db", "must begin with"),
        ("mysql://u:secret@h/b", "not 'mysql'"),
        ("postgresql+asyncpg://u:secret@h/b", "not 'postgresql+asyncpg'"),
        ("postgresql://u:secret@h:port/b", "a host or a port that is none"),
        ("postgresql://u:secret@h:99999/b", "a host or a port that is none"),
        ("postgresql://u:secret@one,two:x/b", "a host or a port that is none"),
        ("postgresql://u:sec/ret@h/b", "a host or a port that is none"),
        ("postgresql://u:secret@[::1/b", "a host or a port that is none"),
    ],
)
def test_a_url_of_no_database_is_refused_and_its_password_is_not_repeated(url, says):
    found = refusal(DATABASE_URL=url)

    assert found.startswith("DATABASE_URL ")
    assert says in found
    assert "sec" not in found


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:p%40x@h/b",
        "postgresql+psycopg://u@h:5432/b?sslmode=require",
        "postgresql:///b?host=/run/postgresql",
        "postgresql://u@[::1]:5432/b",
        "postgresql://one:1,two:2,three/b?target_session_attrs=read-write",
        "sqlite:////srv/baton.db",
        "sqlite:///baton.db?timeout=3",
    ],
)
def test_a_url_stays_as_it_is(url):
    assert read(DATABASE_URL=url).database_url == url


@pytest.mark.parametrize("name", ["DATABASE_READ_URL", "DATABASE_DIRECT_URL"])
@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite:///b.db", "must begin with postgresql://, not 'sqlite'"),
        ("postgresql://u:secret@h:x/b", "a host or a port that is none"),
    ],
)
def test_another_way_to_the_data_is_one_to_postgresql(name, url, says):
    found = refusal(DATABASE_URL=POSTGRESQL, **{name: url})

    assert found.startswith(name)
    assert says in found
    assert "secret" not in found


@pytest.mark.parametrize("text", ["22:00-06:00", "00:00-23:59", "06:00-22:00"])
def test_a_window_is_two_different_times(text):
    assert read(BATON_CLEANUP_WINDOW=text).cleanup_window == text


@pytest.mark.parametrize(
    "text", ["22:00-", "-", "-06:00", "22:00-24:01", "22:00 06:00", "now-then"]
)
def test_a_window_of_less_is_refused(text):
    assert refusal(BATON_CLEANUP_WINDOW=text) == (
        f"BATON_CLEANUP_WINDOW must be two times as 22:00-06:00, not '{text}'"
    )


@pytest.mark.parametrize("name", ["BATON_TIME_ZONE", "TZ"])
@pytest.mark.parametrize("zone", ["Atlantis", "../UTC", "/etc/hostname", "/", "Europe", "CET\x00"])
def test_a_zone_that_is_none_is_refused(name, zone):
    assert refusal(**{name: zone}).startswith(f"{name} must name a time zone, as Europe/Berlin")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "cannot be read: No such file or directory"),
        ("{", "is no JSON"),
        ("[]", "must hold an object of names and topics"),
        ('{"a": 5}', "a"),
        ('{"a": {"unknown": 1}}', "a"),
    ],
    ids=str,
)
def test_a_file_of_delegates_that_cannot_be_used_is_refused(tmp_path: Path, content, says):
    path = tmp_path / "delegates.json"
    if content is not None:
        path.write_text(content)

    found = refusal(BATON_DELEGATES=str(path))

    assert found.startswith(f"BATON_DELEGATES: {path}")
    assert says in found


def test_on_sqlite_there_is_one_process_whatever_the_machine_has():
    assert read().processes == 1
    assert "on SQLite there is one process" in refusal(WEB_CONCURRENCY="2")


def test_on_postgresql_there_are_as_many_as_cores_or_as_are_set(monkeypatch):
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {1, 3, 5}, raising=False)

    assert read(DATABASE_URL=POSTGRESQL).processes == 3
    assert read(DATABASE_URL=POSTGRESQL, WEB_CONCURRENCY="512").processes == 512
    assert "from 1 to 512" in refusal(DATABASE_URL=POSTGRESQL, WEB_CONCURRENCY="513")


def test_a_system_that_knows_no_affinity_is_asked_for_its_cores(monkeypatch):
    monkeypatch.delattr("os.sched_getaffinity", raising=False)
    monkeypatch.setattr("os.cpu_count", lambda: None)

    assert read(DATABASE_URL=POSTGRESQL).processes == 1


def test_a_server_for_tests_may_take_any_port():
    assert read(BATON_TEST="on").port == 0
    assert read(BATON_TEST="on", PORT="0").port == 0
    assert "from 1 to 65535" in refusal(PORT="0")
