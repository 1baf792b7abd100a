"""The example that a new server may show: as whom it asks."""

import pytest

from app.bpmn import reader
from app.demo.worker import MODEL, administrator


@pytest.mark.parametrize(
    ("name", "password", "user"),
    [
        pytest.param("admin", "secret", ("admin", "secret"), id="both"),
        pytest.param(
            " admin ", " se cret ", ("admin", " se cret "), id="blanks, which a password may have"
        ),
        pytest.param("admin", "", None, id="no password"),
        pytest.param("", "secret", None, id="no name"),
        pytest.param("   ", "secret", None, id="a blank name"),
        pytest.param(None, None, None, id="neither"),
    ],
)
def test_the_demo_logs_in_where_the_server_has_an_administrator(monkeypatch, name, password, user):
    for variable, value in (("USER", name), ("PASSWORD", password)):
        monkeypatch.delenv(f"BATON_ADMIN_{variable}", raising=False)
        if value is not None:
            monkeypatch.setenv(f"BATON_ADMIN_{variable}", value)

    assert administrator() == user


def test_the_model_of_the_demo_is_deployed_without_a_warning_and_has_its_two_topics():
    parsed = reader.read("order.bpmn", MODEL.read_bytes(), require_history_time_to_live=True)

    (process,) = parsed.processes
    topics = [n.detail.topic.text for n in process.nodes.values() if hasattr(n.detail, "topic")]
    assert sorted(topics) == ["check", "ship"]
    assert list(parsed.warnings) == []
