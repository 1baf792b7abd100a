"""Passwords of users: how they lock, their policy, and that of the first administrator."""

import pytest

from app.errors import NullValueError, PasswordPolicyError
from app.services import administrators, lists, users
from app.services.users import NoPolicyError, UnknownUserError


@pytest.fixture(scope="module")
def store(engine):
    return engine.store


# -- log-in ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def member(store):
    """A user with a password, who has just logged in or been unlocked."""
    users.create(store, user_id="member", password="right")
    return "member"


def test_a_wrong_password_locks_for_three_seconds(engine, member):
    users.unlock(engine.store, member)

    assert users.verify(engine.store, member, "wrong") is False
    engine.later(milliseconds=2_999)
    assert users.verify(engine.store, member, "right") is False
    engine.later(milliseconds=1)
    assert users.verify(engine.store, member, "right") is True


def test_each_failure_locks_for_twice_as_long_and_the_tenth_for_good(engine, member):
    users.unlock(engine.store, member)

    for seconds in (3, 6, 12, 24, 48, 60, 60, 60, 60):
        assert users.verify(engine.store, member, "wrong") is False
        engine.later(seconds=seconds, milliseconds=-1)
        assert users.kept_password(engine.store, member) is None
        engine.later(milliseconds=1)
        assert users.kept_password(engine.store, member) is not None
    users.verify(engine.store, member, "wrong")
    engine.later(days=365)

    assert users.kept_password(engine.store, member) is None
    users.unlock(engine.store, member)
    assert users.kept_password(engine.store, member) is not None


def test_a_success_forgets_the_failures_before(engine, member):
    users.unlock(engine.store, member)
    users.verify(engine.store, member, "wrong")
    engine.later(seconds=3)
    assert users.verify(engine.store, member, "right") is True

    users.verify(engine.store, member, "wrong")

    # as after a first failure
    engine.later(seconds=3)
    assert users.kept_password(engine.store, member) is not None


def test_a_user_without_a_password_lets_nobody_in(store):
    users.create(store, user_id="silent")

    assert users.verify(store, "silent", "") is False


def test_a_stranger_is_not_locked_and_lets_nobody_in(store):
    assert users.verify(store, "stranger", "right") is False
    assert users.is_known(store, "stranger") is False
    users.unlock(store, "stranger")


def test_no_password_leaves_the_one_that_there_is(engine, member):
    users.unlock(engine.store, member)

    users.set_credentials(engine.store, member, password=None)

    assert users.verify(engine.store, member, "right") is True
    with pytest.raises(UnknownUserError):
        users.set_credentials(engine.store, "nobody", password=None)


# -- policy ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("password", ["short", "Correct-horse-kim", ""])
def test_a_password_that_breaks_the_policy_makes_no_user(store, password):
    with pytest.raises(PasswordPolicyError, match=r"^Password does not match policy$"):
        users.create(store, user_id="kim", password=password, has_policy=True)
    assert users.is_known(store, "kim") is False


def test_a_user_without_a_password_keeps_every_policy(store):
    users.create(store, user_id="none", has_policy=True)

    with pytest.raises(PasswordPolicyError):
        users.set_credentials(store, "none", password="short", has_policy=True)


def test_a_policy_is_told_with_its_numbers_as_texts():
    told = {rule["placeholder"]: rule["parameter"] for rule in users.policy(True)}

    assert told["PASSWORD_POLICY_LENGTH"] == {"minLength": "10"}
    assert told["PASSWORD_POLICY_USER_DATA"] is None


@pytest.mark.parametrize("ask", [users.policy, lambda has: users.judge(has, "a", ())])
def test_without_a_policy_there_is_nothing_to_tell(ask):
    with pytest.raises(NoPolicyError):
        ask(False)


@pytest.mark.parametrize(
    ("password", "broken"),
    [
        ("Correct-horse-7", set()),
        ("correct-horse-7", {"UPPERCASE"}),
        ("CORRECT-HORSE-7", {"LOWERCASE"}),
        ("Correct-horse-x", {"DIGIT"}),
        ("Correcthorse77", {"SPECIAL"}),
        ("Short-7", {"LENGTH"}),
        ("Correct-7", {"LENGTH"}),
        ("Kim-Correct-7", {"USER_DATA"}),
        ("", {"UPPERCASE", "LOWERCASE", "DIGIT", "SPECIAL", "LENGTH"}),
    ],
)
def test_each_rule_is_judged_by_itself(password, broken):
    found = users.judge(True, password, ("kim", None))

    failed = {r["placeholder"].removeprefix("PASSWORD_POLICY_") for r in found["rules"]} - {
        r["placeholder"].removeprefix("PASSWORD_POLICY_") for r in found["rules"] if r["is_valid"]
    }
    assert (failed, found["is_valid"]) == (broken, not broken)


def test_a_password_is_missed():
    with pytest.raises(NullValueError, match=r"^password is null$"):
        users.judge(True, None, ())


# -- the first administrator -----------------------------------------------------------------------


def test_an_administrator_is_made_once_and_keeps_its_password(store):
    assert administrators.ensure(store, "boss", "first") is True
    before = users.kept_password(store, "boss")

    assert administrators.ensure(store, "boss", "second") is False

    assert users.kept_password(store, "boss") == before
    assert [v["id"] for v in lists.find(store, "user", {"member_of_group": "camunda-admin"})] == [
        "boss"
    ]


def test_an_administrator_may_do_everything_with_every_resource(store):
    administrators.ensure(store, "boss", "first")

    granted = lists.find(store, "authorization", {"group_id_in": ["camunda-admin"]})

    assert {view["resource_type"] for view in granted} == set(range(22))
    assert {view["resource_id"] for view in granted} == {"*"}
