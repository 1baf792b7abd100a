"""Passwords: what is kept of them, those of Camunda 7, and the policy."""

import base64
import hashlib

import pytest

from app.security import passwords, sessions

pytestmark = pytest.mark.no_database
PASSWORD, SALT = "s3cret-Wörd", "salt"


def encrypted(prefix, algorithm, text):
    return prefix + base64.b64encode(hashlib.new(algorithm, text.encode()).digest()).decode()


@pytest.fixture(scope="module", autouse=True)
def cheap():
    """A hash that costs nothing: what is tested is the way, not the price."""
    patch = pytest.MonkeyPatch()
    patch.setattr(passwords, "COST", 2)
    yield
    patch.undo()


def test_a_password_is_kept_with_a_salt_of_its_own():
    one, other = passwords.hashed(PASSWORD), passwords.hashed(PASSWORD)

    assert one != other
    assert passwords.matches(PASSWORD, one)
    assert passwords.matches(PASSWORD, other)
    assert not passwords.matches(PASSWORD + " ", one)
    assert not passwords.is_brought_along(one)


def test_letters_that_no_encoding_has_make_a_password_too():
    assert passwords.matches("\ud800", passwords.hashed("\ud800"))


@pytest.mark.parametrize(("prefix", "algorithm"), [("{SHA-512}", "sha512"), ("{SHA}", "sha1")])
@pytest.mark.parametrize("salt", [SALT, "", None])
def test_a_password_of_camunda_is_checked_with_its_salt(prefix, algorithm, salt):
    kept = passwords.brought_along(encrypted(prefix, algorithm, PASSWORD + (salt or "")), salt)

    assert passwords.is_brought_along(kept)
    assert passwords.matches(PASSWORD, kept)
    assert not passwords.matches(PASSWORD + "x", kept)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "{SHA-512}",
        "{SHA-512}no base64",
        encrypted("{MD5}", "md5", PASSWORD),
        encrypted("{SHA}", "sha512", PASSWORD),
        encrypted("{SHA-512}", "sha1", PASSWORD),
    ],
)
def test_a_password_that_cannot_be_checked_is_not_kept(text):
    assert passwords.brought_along(text, SALT) is None


@pytest.mark.parametrize(
    ("password", "names", "broken"),
    [
        ("Abcdefgh1!", (), []),
        ("Abcdefgh1!", ("", "kim"), []),
        ("xKIM-kim1xx", ("kim",), ["USER_DATA"]),
        ("Abcdefg1!", (), ["LENGTH"]),
        ("ABCDEFGH1!", (), ["LOWERCASE"]),
        ("abcdefgh1!", (), ["UPPERCASE"]),
        ("Abcdefghi!", (), ["DIGIT"]),
        ("Abcdefgh12", (), ["SPECIAL"]),
        ("Äbcdefgh1 ", (), []),
        ("", (), ["LENGTH", "LOWERCASE", "UPPERCASE", "DIGIT", "SPECIAL"]),
    ],
)
def test_the_policy_names_each_rule_that_is_broken(password, names, broken):
    found = [rule.placeholder for rule, holds in passwords.judged(password, names) if not holds]

    assert found == [f"PASSWORD_POLICY_{name}" for name in broken]


def test_a_session_is_kept_as_a_digest_and_writes_name_another_text():
    token = sessions.new_token()
    named = sessions.write_token(token)

    assert token not in sessions.digest(token)
    assert token not in named
    assert sessions.may_write(token, named)


@pytest.mark.parametrize("named", ["", "x", "ä", "\ud800", sessions.write_token("another")])
def test_a_write_that_names_another_text_is_refused(named):
    assert not sessions.may_write(sessions.new_token(), named)


def test_each_engine_has_a_cookie_of_its_own():
    assert sessions.cookie_of("default") == sessions.COOKIE
    assert sessions.cookie_of("other") not in (sessions.COOKIE, sessions.cookie_of("third"))
