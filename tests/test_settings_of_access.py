"""Settings that say who may come in, and from which hosts."""

import pytest

from .configuring import read, refusal

pytestmark = pytest.mark.no_database
TOKENS = {"BATON_JWT_ISSUER": "https://id.example.org", "BATON_JWT_AUDIENCE": "baton"}


@pytest.mark.parametrize("auth", ["bearer", "both"])
@pytest.mark.parametrize("missing", TOKENS)
def test_tokens_need_an_issuer_and_an_audience(auth, missing):
    given = {name: value for name, value in TOKENS.items() if name != missing}

    assert refusal(BATON_AUTH=auth, **given) == (
        f"BATON_AUTH={auth} needs BATON_JWT_ISSUER and BATON_JWT_AUDIENCE"
    )


def test_tokens_are_as_they_are_set():
    found = read(
        BATON_AUTH="both",
        **TOKENS,
        BATON_JWT_JWKS_URL="https://id.example.org/keys",
        BATON_JWT_ALGORITHMS="RS256, ES256 EdDSA",
        BATON_JWT_LEEWAY_SECONDS="5",
        BATON_JWT_USER_CLAIM="email",
        BATON_JWT_GROUPS_CLAIM="roles",
    ).tokens

    assert found.keys_url == "https://id.example.org/keys"
    assert found.algorithms == ("RS256", "ES256", "EdDSA")
    assert (found.leeway, found.user_claim, found.groups_claim) == (5, "email", "roles")


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        ({"BATON_JWT_ALGORITHMS": "HS256"}, "BATON_JWT_ALGORITHMS: HS256 is none of RS256"),
        ({"BATON_JWT_ALGORITHMS": "RS256 none"}, "BATON_JWT_ALGORITHMS: none is none of"),
        ({"BATON_JWT_JWKS_URL": "file:///keys"}, "BATON_JWT_JWKS_URL must begin with https://"),
        ({"BATON_JWT_ISSUER": "id.example.org"}, "BATON_JWT_ISSUER must begin with https://"),
        ({"BATON_JWT_LEEWAY_SECONDS": "601"}, "from 0 to 600"),
        ({"BATON_AUTH": "digest"}, "BATON_AUTH must be one of none, basic, bearer, both"),
        ({"BATON_AUTHORIZATION": "on"}, "BATON_AUTHORIZATION=on needs BATON_AUTH=basic"),
        ({"BATON_AUTHORIZATION": "on", "BATON_AUTH": "none"}, "to know who asks"),
        ({"BATON_ADMIN_PASSWORD": "x"}, "are set together, or not"),
        ({"BATON_ADMIN_USER": "x"}, "are set together, or not"),
        ({"HOST": "192.0.2.1"}, "HOST is 192.0.2.1, which other machines reach"),
    ],
    ids=str,
)
def test_what_would_let_anybody_in_by_mistake_is_refused(environ, says):
    assert says in refusal(**environ)


def test_an_issuer_that_names_its_keys_may_be_any_text():
    given = {**TOKENS, "BATON_JWT_ISSUER": "id", "BATON_JWT_JWKS_URL": "https://id/keys"}

    assert read(BATON_AUTH="bearer", **given).tokens.issuer == "id"


def test_no_secret_is_in_what_is_printed_of_a_configuration():
    config = read(BATON_ADMIN_USER="kim", BATON_ADMIN_PASSWORD="s3cret")

    assert "s3cret" not in repr(config)


@pytest.mark.parametrize(
    ("name", "field", "value", "expected"),
    [
        ("BATON_HOSTS", "hosts", "A.example.org, .b.org  *", ("a.example.org", ".b.org", "*")),
        (
            "BATON_CORS_ORIGINS",
            "origins",
            "https://A.example.org/ http://localhost:3000",
            ("https://a.example.org", "http://localhost:3000"),
        ),
        (
            "BATON_TRUSTED_PROXIES",
            "proxies",
            "10.0.0.1,10.1.2.3/8 ::1",
            ("10.0.0.1/32", "10.0.0.0/8", "::1/128"),
        ),
        (
            "BATON_HTTP_CONNECTOR",
            "connector_hosts",
            "api.example.org:8443, *.example.com,,10.0.0.0/8",
            ("api.example.org:8443", "*.example.com", "10.0.0.0/8"),
        ),
    ],
)
def test_a_list_is_separated_by_commas_or_blanks(name, field, value, expected):
    assert getattr(read(**{name: value}), field) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BATON_HOSTS", "example.org:8080"),
        ("BATON_HOSTS", "http://example.org"),
        ("BATON_HOSTS", "*.example.org"),
        ("BATON_CORS_ORIGINS", "*"),
        ("BATON_CORS_ORIGINS", "example.org"),
        ("BATON_CORS_ORIGINS", "https://example.org/path"),
        ("BATON_CORS_ORIGINS", "file:///x"),
        ("BATON_CORS_ORIGINS", "https://"),
        ("BATON_CORS_ORIGINS", "https://[::1"),
        ("BATON_TRUSTED_PROXIES", "proxy.example.org"),
        ("BATON_TRUSTED_PROXIES", "10.0.0.0/33"),
        ("BATON_TRUSTED_PROXIES", "10.0.0.1:80"),
        ("BATON_HTTP_CONNECTOR", "https://example.org"),
        ("BATON_HTTP_CONNECTOR", "example.org:http"),
        ("BATON_HTTP_CONNECTOR", "10.0.0.1/8"),
        ("BATON_HTTP_CONNECTOR", "example.org:\u00b2"),
        ("BATON_HTTP_CONNECTOR", "example.org:99999"),
    ],
)
def test_a_list_with_something_else_is_refused_by_its_name(name, value):
    assert refusal(**{name: value}).startswith(name)
