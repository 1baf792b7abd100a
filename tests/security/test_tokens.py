"""Bearer tokens: whom one lets in, and everything that lets nobody in."""

import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from app.security.callers import Caller
from app.security.tokens import (
    LONGEST,
    LONGEST_NAME,
    MOST_GROUPS,
    SECONDS,
    Claims,
    TokenError,
    Tokens,
)

pytestmark = pytest.mark.no_database
PRIVATE = ec.generate_private_key(ec.SECP256R1())
OTHER = ec.generate_private_key(ec.SECP256R1())
CLAIMS = Claims("https://issuer.example", "baton", algorithms=("ES256",))
HOUR = 3_600


def pem(key):
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def signed(key=PRIVATE, algorithm="ES256", head=None, without=(), **said):
    """A token that is right but for what is said otherwise."""
    claims = {
        "iss": "https://issuer.example",
        "aud": "baton",
        "exp": int(time.time()) + HOUR,
        "sub": "kim",
        **said,
    }
    kept = {name: value for name, value in claims.items() if name not in without}
    return jwt.encode(kept, pem(key), algorithm, headers={"kid": "one", **(head or {})})


def key_of(asked):
    def find(key_id):
        asked.append(key_id)
        if key_id not in (None, "one"):
            raise TokenError("no such key")
        return PRIVATE.public_key()

    return find


class Clock:
    now = 1_000.0

    def __call__(self):
        return self.now


def tokens(clock=None, asked=None, **claims):
    wanted = Claims(**{**CLAIMS.__dict__, **claims})
    return Tokens(wanted, key_of([] if asked is None else asked), clock or Clock())


def test_a_token_that_is_right_lets_its_user_in():
    assert tokens().caller(signed()) == Caller("kim")


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="nothing"),
        pytest.param("x", id="no token"),
        pytest.param("a.b.c", id="no parts"),
        pytest.param("." * 5, id="dots"),
        pytest.param(signed(OTHER), id="another key"),
        pytest.param(signed(head={"kid": "two"}), id="another id of a key"),
        pytest.param(signed(iss="https://other.example"), id="another issuer"),
        pytest.param(signed(aud="other"), id="another audience"),
        pytest.param(signed(aud=["other", "more"]), id="other audiences"),
        pytest.param(signed(exp=int(time.time()) - HOUR), id="over"),
        pytest.param(signed(nbf=int(time.time()) + HOUR), id="not yet"),
        pytest.param(signed(iat="soon"), id="a time that is none"),
        pytest.param(signed(without=["exp"]), id="for ever"),
        pytest.param(signed(without=["iss"]), id="of nobody"),
        pytest.param(signed(without=["aud"]), id="for nobody"),
        pytest.param(signed(without=["sub"]), id="no user"),
        pytest.param(signed() + "x", id="another signature"),
        pytest.param(signed().rpartition(".")[0] + ".", id="no signature"),
        pytest.param(jwt.encode({"sub": "kim"}, "", "none"), id="algorithm none"),
        pytest.param(jwt.encode({"sub": "kim"}, "s" * 32, "HS256"), id="shared secret"),
        pytest.param("\ud800", id="no character"),
    ],
)
def test_whatever_is_not_right_lets_nobody_in(token):
    with pytest.raises(TokenError):
        tokens().caller(token)


def test_an_algorithm_that_is_not_allowed_asks_for_no_key():
    asked = []

    with pytest.raises(TokenError, match="the algorithm is 'ES256'"):
        tokens(asked=asked, algorithms=("RS256",)).caller(signed())

    assert asked == []


@pytest.mark.parametrize(("seconds", "is_right"), [(-29, True), (-31, False)])
def test_clocks_may_differ_a_little(seconds, is_right):
    token = signed(exp=int(time.time()) + seconds)

    if is_right:
        # a second is left before the leeway is over, more than the reading takes
        assert tokens(leeway=60).caller(token) == Caller("kim")
    else:
        with pytest.raises(TokenError):
            tokens(leeway=0).caller(token)


def test_a_token_that_is_too_long_is_not_even_read():
    asked = []

    with pytest.raises(TokenError, match=r"^the token is too long$"):
        tokens(asked=asked).caller("x" * (LONGEST + 1))

    assert asked == []


# -- claims ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "said", "expected"),
    [
        ("sub", {}, "kim"),
        ("preferred_username", {"preferred_username": "bob"}, "bob"),
        ("a.b", {"a": {"b": "bob"}}, "bob"),
        ("https://example.org/user", {"https://example.org/user": "bob"}, "bob"),
        # a claim of the whole name comes before objects in one another
        ("a.b", {"a.b": "lou", "a": {"b": "bob"}}, "lou"),
    ],
)
def test_a_claim_names_the_user(path, said, expected):
    assert tokens(user=path).caller(signed(**said)).user_id == expected


@pytest.mark.parametrize(
    "name", [None, "", "*", 5, True, [], ["kim"], {}, "a\x00b", "x" * (LONGEST_NAME + 1)]
)
def test_what_is_no_name_of_a_user_lets_nobody_in(name):
    with pytest.raises(TokenError, match=r"^the claim user names no user$"):
        tokens(user="user").caller(signed(user=name))


@pytest.mark.parametrize("path", ["a.b", "a.b.c", "sub.x", "unknown", ""])
def test_a_path_that_leads_nowhere_names_nobody(path):
    with pytest.raises(TokenError, match=r"names no user$"):
        tokens(user=path).caller(signed(a={"c": "x"}))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["crew", "staff"], ("crew", "staff")),
        ("crew", ("crew",)),
        (["crew", "crew"], ("crew",)),
        (["*", "", 5, None, "a\x00", ["x"], "crew"], ("crew",)),
        ([], ()),
        (None, ()),
        ({"crew": True}, ()),
        (5, ()),
    ],
)
def test_groups_are_the_names_among_what_a_claim_says(given, expected):
    assert tokens(groups="roles").caller(signed(roles=given)).groups == expected


def test_without_a_claim_there_are_no_groups():
    assert tokens(groups="").caller(signed(groups=["crew"])).groups == ()
    assert tokens(groups="realm.roles").caller(signed(realm={"roles": ["crew"]})).groups == (
        "crew",
    )


def test_too_many_groups_let_nobody_in():
    with pytest.raises(TokenError, match=rf"more than {MOST_GROUPS} groups"):
        tokens(groups="roles").caller(signed(roles=["g"] * (MOST_GROUPS + 1)))


# -- memory ----------------------------------------------------------------------------------------


def test_a_token_is_remembered_for_seconds():
    clock, asked, token = Clock(), [], signed()
    found = tokens(clock, asked)

    for _ in range(3):
        found.caller(token)
    assert asked == ["one"]
    clock.now += SECONDS
    found.caller(token)

    assert asked == ["one", "one"]


def test_a_token_is_not_remembered_beyond_its_end():
    clock, asked = Clock(), []
    found = tokens(clock, asked, leeway=0)
    token = signed(exp=int(time.time()) + 3)

    found.caller(token)
    clock.now += 3.5
    found.caller(token)

    assert len(asked) == 2


def test_a_token_that_was_wrong_is_not_remembered():
    asked = []
    found = tokens(asked=asked)

    for _ in range(2):
        with pytest.raises(TokenError):
            found.caller(signed(aud="other"))

    assert len(asked) == 2


@given(token=st.text(max_size=200))
def test_any_text_lets_nobody_in_and_is_no_fault(token):
    with pytest.raises(TokenError):
        tokens().caller(token)
