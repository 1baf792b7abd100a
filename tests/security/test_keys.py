"""The keys of an issuer: what is fetched when, and what its answer may be."""

import json
import threading
from http.client import IncompleteRead

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from app.security.keys import FRESH, PAUSE, STALE, Keys, KeysError
from app.security.tokens import TokenError

pytestmark = pytest.mark.no_database
URL = "https://issuer.example/keys"
PRIVATE = ec.generate_private_key(ec.SECP256R1())


def public(key_id, **more):
    found = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(PRIVATE.public_key()))
    return {**found, "kid": key_id, **more}


class Clock:
    def __init__(self):
        self.now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def keys(clock, fetch):
    return Keys("https://issuer.example", URL, clock=clock, fetch=fetch)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        "text",
        5,
        {},
        {"keys": None},
        {"keys": []},
        {"keys": {}},
        {"keys": [None]},
        {"keys": [{"kty": "unknown"}]},
        {"keys": [{"kty": "EC", "crv": "P-256", "x": "?", "y": "?"}]},
        OSError("away"),
        IncompleteRead(b""),
        ValueError("no JSON"),
        RecursionError(),
    ],
    ids=repr,
)
def test_an_answer_that_is_no_set_of_keys_leaves_nothing_known(clock, answer):
    def fetch(url):
        assert url == URL
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises(KeysError):
        keys(clock, fetch).key("any")


@pytest.mark.parametrize("answer", [None, [], {}, {"jwks_uri": None}, {"jwks_uri": 5}], ids=repr)
def test_a_discovery_document_without_keys_leaves_nothing_known(clock, answer):
    with pytest.raises(KeysError):
        Keys("https://issuer.example", clock=clock, fetch=lambda _: answer).key("any")


def test_only_keys_for_signatures_count(clock):
    secret = {"kty": "oct", "k": "c2VjcmV0", "kid": "secret", "use": "sig"}
    found = keys(
        clock,
        lambda _: {
            "keys": [secret, public("encrypts", use="enc"), public("signs", use="sig"), public("?")]
        },
    )

    assert found.key("signs") is not None
    assert found.key("?") is not None
    for key_id in ("secret", "encrypts"):
        with pytest.raises(TokenError):
            found.key(key_id)


def test_without_an_id_only_an_only_key_is_meant(clock):
    one = keys(clock, lambda _: {"keys": [public("one")]})
    two = keys(clock, lambda _: {"keys": [public("one"), public("two")]})

    assert one.key(None) is not None
    with pytest.raises(TokenError):
        two.key(None)


def test_who_has_a_key_does_not_wait_for_another_that_fetches(clock):
    asked, goes_on = threading.Event(), threading.Event()

    def fetch(_):
        if clock.now > 1_000_000.0:
            asked.set()
            assert goes_on.wait(60)
        return {"keys": [public("one")]}

    found = keys(clock, fetch)
    found.key("one")
    clock.now += FRESH
    other = threading.Thread(target=found.key, args=("one",))
    other.start()
    try:
        assert asked.wait(60)
        # This would not come back before the other thread does.
        assert found.key("one") is not None
        assert other.is_alive()
    finally:
        goes_on.set()
        other.join(60)


def test_known_keys_are_asked_for_again_only_after_a_pause(clock):
    fetched = []

    def fetch(url):
        fetched.append(url)
        if len(fetched) > 1:
            raise OSError
        return {"keys": [public("one")]}

    found = keys(clock, fetch)
    found.key("one")
    clock.now += FRESH
    for _ in range(3):
        found.key("one")
    assert len(fetched) == 2

    clock.now += PAUSE
    found.key("one")
    assert len(fetched) == 3

    clock.now += STALE
    with pytest.raises(KeysError):
        found.key("one")
