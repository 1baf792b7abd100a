"""Authentication by bearer tokens; the issuer is a server of this process."""

import base64
import hashlib
import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from structlog.testing import capture_logs

from app import create_app
from app.security.keys import Keys, KeysError, fetched
from app.security.tokens import Claims, TokenError, Tokens
from app.services import administrators
from config import Config, ConfigError, TokenConfig

OLD, NEW = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
CURVE = ec.generate_private_key(ec.SECP256R1())


def public(key, key_id):
    algorithm = jwt.algorithms.ECAlgorithm if key is CURVE else jwt.algorithms.RSAAlgorithm
    return {**json.loads(algorithm.to_jwk(key.public_key())), "kid": key_id, "use": "sig"}


class Issuer:
    """Publishes keys, and signs what it is told to."""

    def __init__(self):
        issuer, self.keys, self.asked, self.is_away = self, {"old": OLD}, 0, False

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                issuer.asked += 1
                self.send_response(503 if issuer.is_away else 200)
                self.end_headers()
                found = {"jwks_uri": f"{issuer.url}/keys"}
                if self.path == "/keys":
                    found = {"keys": [public(key, name) for name, key in issuer.keys.items()]}
                self.wfile.write(json.dumps(found).encode())

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def said(self, **claims):
        now = int(time.time())
        return {"iss": self.url, "aud": "baton", "sub": "kim", "exp": now + 600, **claims}

    def token(self, key=OLD, key_id="old", algorithm="RS256", head=None, **claims):
        said = {name: value for name, value in self.said(**claims).items() if value is not None}
        headers = {**({"kid": key_id} if key_id else {}), **(head or {})}
        return jwt.encode(said, key, algorithm, headers)


@pytest.fixture(scope="module")
def publisher():
    issuer = Issuer()
    yield issuer
    issuer.server.shutdown()
    issuer.server.server_close()


@pytest.fixture
def issuer(publisher):
    publisher.keys, publisher.is_away, publisher.asked = {"old": OLD}, False, 0
    return publisher


@pytest.fixture
def clock():
    return [1000.0]


@pytest.fixture
def tokens(issuer, clock):
    keys = Keys(issuer.url, clock=lambda: clock[0])
    claims = Claims(issuer.url, "baton", ("RS256", "ES256"), groups="realm.roles")
    return Tokens(claims, keys.key, lambda: clock[0])


@pytest.fixture
def app(sqlite_url, issuer):
    config = Config(
        database_url=sqlite_url,
        has_job_executor=False,
        auth="both",
        has_authorization=True,
        is_auth_said=True,
        proxies=("10.0.0.0/8",),
        tokens=TokenConfig(issuer.url, "baton", groups_claim="groups"),
    )
    app = create_app(config)
    administrators.ensure(app.extensions["baton"].store, "admin", "secret")
    yield app
    app.extensions["baton"].store.close()


def ask(app, token, path="/version", scheme="Bearer", **options):
    headers = {"Authorization": f"{scheme} {token}"}
    return app.test_client().open(f"/engine-rest{path}", headers=headers, **options)


def test_a_token_says_who_asks_and_its_groups_count(app, issuer):
    start = ask(app, issuer.token(), "/group/create", method="POST", json={"id": "a"})
    assert (start.status_code, start.json["userId"]) == (403, "kim")

    token = issuer.token(groups=["camunda-admin"])

    assert ask(app, token, "/group/create", method="POST", json={"id": "a"}).status_code == 204
    assert ask(app, token, "/user/count").json == {"count": 1}
    assert ask(app, token, "/history/cleanup/configuration").status_code == 200
    path = "/authorization/check?permissionName=READ&resourceName=USER&resourceType=1"
    assert ask(app, token, path).json["authorized"] is True


@pytest.mark.parametrize(("address", "status"), [("10.1.2.3", 200), ("192.0.2.1", 401)])
def test_the_page_takes_tokens_from_trusted_proxies_alone(app, issuer, address, status):
    headers = {"Authorization": f"Bearer {issuer.token(groups=['camunda-admin'])}"}
    told = {**headers, "X-Forwarded-For": "10.9.9.9"}  # what a client says of itself counts nothing

    answer = app.test_client().get("/ui/", headers=told, environ_overrides={"REMOTE_ADDR": address})

    assert answer.status_code == status
    assert ("the proxy that knows you" in answer.text) == (status == 401)
    assert app.test_client().get("/engine-rest/version", headers=headers).status_code == 200


def test_both_ways_are_asked_for_and_taken(app, issuer):
    basic = base64.b64encode(b"admin:secret").decode()
    assert ask(app, basic, scheme="Basic").status_code == 200
    assert ask(app, issuer.token()).status_code == 200

    answer = ask(app, issuer.token(exp=1))

    assert answer.status_code == 401
    assert answer.data == b""
    assert answer.headers.getlist("WWW-Authenticate") == [
        'Basic realm="default"',
        'Bearer realm="default", error="invalid_token"',
    ]
    assert app.test_client().get("/engine-rest/version").headers.getlist("WWW-Authenticate") == [
        'Basic realm="default"',
        'Bearer realm="default"',
    ]


def test_keys_that_cannot_be_had_are_503_and_known_ones_go_on(app, issuer):
    issuer.is_away = True
    answer = ask(app, issuer.token())
    assert (answer.status_code, answer.json["type"]) == (503, "ServiceUnavailableException")
    assert "Retry-After" in answer.headers


def unsigned(said, head):
    parts = (json.dumps(part).encode() for part in (head, said))
    return b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts).decode()


def with_shared_secret(issuer):
    """Signed with the public key as if it were a secret."""
    secret = OLD.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    body = unsigned(issuer.said(), {"alg": "HS256", "kid": "old"})
    digest = hmac.digest(secret, body.encode(), hashlib.sha256)
    return f"{body}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


BAD = {
    "another audience": lambda i: i.token(aud="other"),
    "no audience": lambda i: i.token(aud=None),
    "another issuer": lambda i: i.token(iss="http://other"),
    "no issuer": lambda i: i.token(iss=None),
    "expired": lambda i: i.token(exp=int(time.time()) - 3600),
    "no end": lambda i: i.token(exp=None),
    "not yet": lambda i: i.token(nbf=int(time.time()) + 3600),
    "no algorithm": lambda i: unsigned(i.said(), {"alg": "none", "kid": "old"}) + ".",
    "no signature": lambda i: i.token().rpartition(".")[0] + ".",
    "the public key as a secret": with_shared_secret,
    "an algorithm that is not allowed": lambda i: i.token(algorithm="RS512"),
    "another key": lambda i: i.token(key=NEW),
    "another kind of key": lambda i: i.token(key=CURVE, algorithm="ES256"),
    "an unknown key": lambda i: i.token(key=NEW, key_id="new"),
    "no user": lambda i: i.token(sub=None),
    "an empty user": lambda i: i.token(sub=""),
    "everybody": lambda i: i.token(sub="*"),
    "a user that is no text": lambda i: i.token(sub=7),
    "a user with a NUL": lambda i: i.token(sub="a\x00b"),
    "a long user": lambda i: i.token(sub="u" * 256),
    "many groups": lambda i: i.token(realm={"roles": ["g"] * 1001}),
    "an infinite end": lambda i: (
        unsigned({**i.said(), "exp": float("inf")}, {"alg": "RS256"}) + "."
    ),
    "a huge token": lambda i: i.token(note="x" * 20_000),
    "a deep header": lambda i: base64.urlsafe_b64encode(b"[" * 9_000).decode() + ".e30.",
    "no token": lambda i: "",
    "words": lambda i: "let me in",
    "dots": lambda i: "..",
    "other letters": lambda i: "ä.ö.ü",
}


@pytest.mark.parametrize("name", BAD)
def test_a_token_that_is_not_right_lets_nobody_in(tokens, issuer, name):
    with pytest.raises(TokenError):
        tokens.caller(BAD[name](issuer))


def test_clocks_may_differ_a_little(tokens, issuer):
    assert tokens.caller(issuer.token(exp=int(time.time()) - 20)).user_id == "kim"


def test_groups_are_where_the_setting_says(tokens, issuer):
    groups = ["crew", "*", "", 7, "crew", "camunda-admin"]

    assert tokens.caller(issuer.token(realm={"roles": groups})).groups == ("crew", "camunda-admin")
    assert tokens.caller(issuer.token(realm={"roles": "crew"})).groups == ("crew",)
    assert tokens.caller(issuer.token(realm=["crew"])).groups == ()


def test_a_token_of_the_only_key_needs_no_id(tokens, issuer):
    assert tokens.caller(issuer.token(key_id=None)).user_id == "kim"


def test_rotated_keys_are_fetched_when_a_token_names_one(tokens, issuer, clock):
    tokens.caller(issuer.token())
    clock[0] += 60
    issuer.keys = {"old": OLD, "new": NEW, "curve": CURVE}

    assert tokens.caller(issuer.token(NEW, "new")).user_id == "kim"
    assert tokens.caller(issuer.token(CURVE, "curve", "ES256")).user_id == "kim"
    clock[0] += 3600
    issuer.keys = {"new": NEW}

    assert tokens.caller(issuer.token(NEW, "new")).user_id == "kim"
    with pytest.raises(TokenError):
        tokens.caller(issuer.token())


def test_unknown_keys_do_not_make_us_ask_the_issuer_again_and_again(tokens, issuer):
    tokens.caller(issuer.token())
    asked = issuer.asked

    for number in range(20):
        with pytest.raises(TokenError):
            tokens.caller(issuer.token(key_id=f"new-{number}"))

    assert issuer.asked == asked


def test_keys_stay_in_use_for_a_day_while_the_issuer_is_away(tokens, issuer, clock):
    tokens.caller(issuer.token())
    issuer.is_away = True
    clock[0] += 3600

    assert tokens.caller(issuer.token(nonce=1)).user_id == "kim"
    clock[0] += 90_000
    with pytest.raises(KeysError):
        tokens.caller(issuer.token(nonce=2))


def test_a_right_token_is_not_verified_again_for_seconds(tokens, issuer, clock, monkeypatch):
    token, verified = issuer.token(), []
    decode = jwt.decode
    monkeypatch.setattr(jwt, "decode", lambda *a, **k: verified.append(1) or decode(*a, **k))

    for _ in range(3):
        tokens.caller(token)
    clock[0] += 10
    tokens.caller(token)

    assert len(verified) == 2


def test_a_log_in_with_a_token_is_logged_once(tokens, issuer, clock):
    token = issuer.token()

    with capture_logs() as logs:
        tokens.caller(token)
        clock[0] += 10
        tokens.caller(token)

    assert [(e["event"], e["user"], e["by"]) for e in logs] == [("log-in", "kim", "bearer")]
    assert token not in str(logs)


def test_an_answer_that_is_too_large_is_no_key_set(monkeypatch, issuer):
    monkeypatch.setattr("app.security.keys.LARGEST", 10)

    with pytest.raises(ValueError, match="too large"):
        fetched(f"{issuer.url}/keys")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BATON_JWT_AUDIENCE", ""),
        ("BATON_JWT_ISSUER", ""),
        ("BATON_JWT_ISSUER", "issuer"),
        ("BATON_JWT_ALGORITHMS", "HS256"),
        ("BATON_JWT_ALGORITHMS", "RS256,none"),
        ("BATON_JWT_JWKS_URL", "file:///etc/passwd"),
        ("BATON_JWT_LEEWAY_SECONDS", "-1"),
    ],
)
def test_a_setting_of_tokens_that_cannot_be_is_refused_by_name(name, value):
    known = {"BATON_JWT_ISSUER": "https://issuer", "BATON_JWT_AUDIENCE": "baton"}
    assert Config.from_environ({"BATON_AUTH": "bearer", **known}).tokens.issuer == "https://issuer"

    with pytest.raises(ConfigError, match=name):
        Config.from_environ({"BATON_AUTH": "bearer", **known, name: value})
