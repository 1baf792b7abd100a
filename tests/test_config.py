"""Settings: what they mean, and that a wrong one is a line that names it."""

import pytest

from config import Config, ConfigError, is_loopback

POSTGRESQL = "postgresql://user:secret@database.example/baton"


def test_nothing_set_is_one_process_on_sqlite_with_the_whole_history():
    config = Config.from_environ({})

    assert config == Config()
    assert config.database_url == "sqlite:///baton.db"
    assert (config.processes, config.threads, config.history_level) == (1, 64, "full")
    assert config.address == "127.0.0.1:8080"


def test_postgresql_gets_a_process_for_each_core():
    config = Config.from_environ({"DATABASE_URL": POSTGRESQL})
    told = Config.from_environ({"DATABASE_URL": POSTGRESQL, "WEB_CONCURRENCY": "3"})

    assert config.processes >= 1
    assert told.processes == 3


def test_the_short_name_of_postgresql_is_understood():
    config = Config.from_environ({"DATABASE_URL": "postgres://user@host/baton"})

    assert config.database_url == "postgresql://user@host/baton"


def test_several_hosts_a_standby_and_a_pooler_can_be_told():
    several = "postgresql://user@one:5433,two/baton"
    found = {
        "DATABASE_URL": several,
        "DATABASE_READ_URL": POSTGRESQL,
        "DATABASE_READ_WAIT": "50",
        "DATABASE_POOLER": "transaction",
        "DATABASE_DIRECT_URL": several,
    }
    config = Config.from_environ(found)

    assert (config.database_url, config.direct_url) == (several, several)
    assert (config.read_url, config.read_wait.total_seconds()) == (POSTGRESQL, 0.05)
    assert config.is_pooled


@pytest.mark.parametrize("name", ["DATABASE_READ_URL", "DATABASE_DIRECT_URL"])
def test_another_way_to_the_data_needs_postgresql(name):
    for environ in ({name: POSTGRESQL}, {name: "sqlite:///b.db", "DATABASE_URL": POSTGRESQL}):
        with pytest.raises(ConfigError, match=name):
            Config.from_environ(environ)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_POOLER", "session"),
        ("DATABASE_READ_WAIT", "-1"),
        ("DATABASE_URL", "postgresql://one:5432,two:x/baton"),
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("THREADS", "0"),
        ("THREADS", "-1"),
        ("WEB_CONCURRENCY", "all"),
        ("BATON_HISTORY_LEVEL", "most"),
        ("BATON_JOB_EXECUTOR", "yes"),
        ("BATON_REPLAY", "on"),
        ("BATON_LOCKS", "loose"),
        ("BATON_RECEIPT_HOURS", "1.5"),
        ("BATON_SESSION_HOURS", "0"),
        ("BATON_DELEGATES", "/nowhere/delegates.json"),
        ("BATON_MAX_BODY_BYTES", "32MB"),
        ("BATON_MAX_ELEMENTS", "10"),
        ("BATON_MAX_RECORDS", "many"),
        ("BATON_MAX_SECONDS", "0"),
        ("BATON_MAX_SECONDS", "1.5"),
        ("LOG_LEVEL", "loud"),
        ("BATON_TIME_ZONE", "Europe/Atlantis"),
        ("BATON_TIME_ZONE", "../../etc/passwd"),
        ("BATON_TIME_ZONE", "/etc/passwd"),
        ("BATON_TIME_ZONE", "x" * 300),
        ("BATON_TIME_ZONE", "Europe"),
        ("TZ", "Europe/Atlantis"),
        ("DATABASE_URL", "mysql://host/baton"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "postgresql://user:se/cret@host:port/baton"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_the_setting(name, value):
    with pytest.raises(ConfigError) as caught:
        Config.from_environ({name: value})

    assert name in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "cret" not in str(caught.value)


def test_delegates_are_read_from_a_file_of_names_and_topics(tmp_path):
    path = tmp_path / "delegates.json"
    path.write_text('{"com.example.Charge": "charge"}')

    config = Config.from_environ({"BATON_DELEGATES": str(path)})

    assert config.delegates == {"com.example.Charge": "charge"}


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({}, "UTC"),
        ({"TZ": ""}, "UTC"),
        ({"TZ": "UTC"}, "UTC"),
        ({"TZ": "Europe/Berlin"}, "Europe/Berlin"),
        ({"TZ": ":Asia/Tokyo"}, "Asia/Tokyo"),
        ({"BATON_TIME_ZONE": "America/New_York", "TZ": "Europe/Berlin"}, "America/New_York"),
        ({"BATON_TIME_ZONE": "UTC", "TZ": "Europe/Berlin"}, "UTC"),
    ],
)
def test_the_zone_is_the_one_that_is_set_or_the_machines(environ, name):
    assert str(Config.from_environ(environ).zone) == name


def test_an_address_of_ipv6_is_written_in_brackets():
    assert Config(host="::1", port=80).address == "[::1]:80"


def test_loopback_is_told_from_addresses_that_others_reach():
    assert all(map(is_loopback, ("127.0.0.1", "127.0.1.1", "localhost", "::1")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "192.0.2.1", "baton.example")))


def test_the_limits_of_a_run_and_of_a_model_are_settings():
    config = Config.from_environ(
        {"BATON_MAX_ELEMENTS": "100", "BATON_MAX_RECORDS": "500", "BATON_MAX_SECONDS": "3"}
    )

    assert (config.max_elements, config.max_records, config.max_seconds) == (100, 500, 3)


def test_another_address_than_loopback_needs_a_word_on_who_may_come_in():
    with pytest.raises(ConfigError, match="BATON_AUTH"):
        Config.from_environ({"HOST": "0.0.0.0"})

    for auth in ("none", "basic"):
        assert Config.from_environ({"HOST": "0.0.0.0", "BATON_AUTH": auth}).auth == auth
    assert Config.from_environ({"HOST": "127.0.0.1"}).auth == "none"


def test_an_administrator_has_a_name_and_a_password():
    with pytest.raises(ConfigError, match="BATON_ADMIN_PASSWORD"):
        Config.from_environ({"BATON_ADMIN_USER": "admin"})

    config = Config.from_environ({"BATON_ADMIN_USER": "a", "BATON_ADMIN_PASSWORD": " b "})

    assert (config.admin_user, config.admin_password) == ("a", " b ")
    assert " b " not in repr(config)


def test_the_rules_of_passwords_are_off_unless_they_are_asked_for():
    assert not Config.from_environ({}).has_password_policy
    assert Config.from_environ({"BATON_PASSWORD_POLICY": "on"}).has_password_policy


def test_requests_are_logged_by_default_on_postgresql_alone():
    assert not Config.from_environ({}).logs_requests
    assert Config.from_environ({"DATABASE_URL": POSTGRESQL}).logs_requests
    assert not Config.from_environ(
        {"DATABASE_URL": POSTGRESQL, "LOG_REQUESTS": "off"}
    ).logs_requests


@pytest.mark.parametrize("text", ["22:00", "22:00-25:00", "a-b", "1:00-2:00-3:00", "06:00-06:00"])
def test_a_window_of_the_clean_up_is_two_times(text):
    with pytest.raises(ConfigError, match="BATON_CLEANUP_WINDOW"):
        Config.from_environ({"BATON_CLEANUP_WINDOW": text})


def test_history_may_have_a_time_to_live_by_default():
    assert Config.from_environ({}).history_time_to_live is None
    assert Config.from_environ({"BATON_HISTORY_TTL": "0"}).history_time_to_live == 0
