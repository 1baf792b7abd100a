"""Users, log-ins and the rules of passwords.

Source: contract 11.5.
"""

from typing import Any, cast

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from app.errors import NotFoundError, NullValueError, PasswordPolicyError
from app.schemas import identity as schemas
from app.services import groups as group_service
from app.services import lists as list_service
from app.services import users as service
from app.services.users import NoPolicyError, UnknownUserError

from .callers import caller, forget_log_in
from .decorators import accepts, current_store, empty, no_content, returns, wants_json
from .descriptions import Example, describes
from .lookups import listed, sought
from .problems import BAD, INVALID, MISSING, PROBLEMS, Problem, wraps

users = Blueprint("users", __name__, url_prefix="/user")
identity = Blueprint("identity", __name__, url_prefix="/identity")
unknown_is_missing = wraps({NotFoundError: (MISSING, INVALID)}, keeps_code=False)


def _has_policy() -> bool:
    return cast("bool", current_app.config["BATON"].has_password_policy)


@users.post("/create")
@describes(problems=((BAD, INVALID),), raises=(PasswordPolicyError,))
@wants_json
@accepts(schemas.NewUserSchema)
def create(
    profile: dict[str, Any] | None, credentials: dict[str, Any] | None
) -> ResponseReturnValue:
    """Make a user."""
    # The view's own, for the service has an error of another type for an id that is missing.
    if profile is None or profile["new_id"] is None:
        text = "request object must provide profile information with valid id."
        raise Problem(BAD, INVALID, text)
    user_id = profile.pop("new_id")
    service.create(
        current_store(),
        user_id=user_id,
        password=None if credentials is None else credentials["password"],
        has_policy=_has_policy(),
        **profile,
    )
    # The name may have been tried before there was a user, and have to wait.
    forget_log_in(user_id)
    return no_content()


@users.get("/<user_id>/profile")
@describes(answer=schemas.user_profile)
@returns
@unknown_is_missing
def profile(user_id: str) -> dict[str, Any]:
    """The profile of a user."""
    found = list_service.get(current_store(), "user", user_id)
    if found is None:
        raise UnknownUserError(user_id)
    return schemas.user_profile(found)


@users.put("/<user_id>/profile")
@unknown_is_missing
@sought(listed("user", UnknownUserError))
@accepts(schemas.ProfileSchema)
def update_profile(user_id: str, **body: Any) -> ResponseReturnValue:
    """Replace the profile of a user."""
    service.update_profile(current_store(), user_id, **body)
    return no_content()


@users.put("/<user_id>/credentials")
@describes(raises=(PasswordPolicyError,), problems=((BAD, INVALID),))
@unknown_is_missing
@sought(listed("user", UnknownUserError))
@accepts(schemas.PasswordSchema)
def set_credentials(
    user_id: str, password: str | None, authenticated_user_password: str | None
) -> ResponseReturnValue:
    """Change the password of a user; who asks for it has to say its own."""
    asking = caller()
    # a password that is not there is no failed log-in, which would lock whoever asks
    if asking is not None and (
        authenticated_user_password is None
        or not service.verify(current_store(), asking.user_id, authenticated_user_password)
    ):
        raise Problem(BAD, INVALID, "The given authenticated user password is not valid.")
    service.set_credentials(current_store(), user_id, password=password, has_policy=_has_policy())
    forget_log_in(user_id)
    return no_content()


@users.post("/<user_id>/unlock")
def unlock(user_id: str) -> ResponseReturnValue:
    """Let a user log in again at once."""
    service.unlock(current_store(), user_id)
    forget_log_in(user_id)
    return no_content()


@users.delete("/<user_id>")
@wants_json
def delete(user_id: str) -> ResponseReturnValue:
    """Delete a user."""
    service.delete(current_store(), user_id)
    forget_log_in(user_id)
    return no_content()


@identity.get("/groups")
@describes(
    answer=schemas.groups_of_user,
    texts="userId",
    problems=((BAD, INVALID),),
    example=Example(query={"userId": "kim"}),
)
@returns
def groups() -> dict[str, Any]:
    """The groups of a user, and the other users in them."""
    user_id = request.args.get("userId")
    if user_id is None:
        raise Problem(BAD, INVALID, "No user id was supplied")
    return schemas.groups_of_user(group_service.groups_of(current_store(), user_id))


@identity.post("/verify")
@describes(answer=schemas.verified, problems=((BAD, INVALID),))
@returns
@accepts(schemas.CredentialsSchema)
def verify(username: str | None, password: str | None) -> dict[str, Any]:
    """Whether a password is that of a user."""
    if username is None or password is None:
        raise Problem(BAD, INVALID, "Username and password are required")
    # Before the password: a user who may not see another must not try passwords of it either.
    service.require_seen(current_store(), username)
    is_right = service.verify(current_store(), username, password)
    return schemas.verified({"authenticated_user": username, "is_authenticated": is_right})


@identity.get("/password-policy")
@describes(answer=schemas.policy, problems=((MISSING, ""),), touches_store=False)
@returns
def password_policy() -> Any:
    """The rules that passwords have to keep; 404 where there are none."""
    try:
        return schemas.policy({"rules": service.policy(_has_policy())})
    except NoPolicyError:
        return empty(MISSING)


@identity.post("/password-policy")
@describes(
    answer=schemas.judged,
    problems=((MISSING, ""), PROBLEMS[NullValueError]),
    touches_store=False,
)
@returns
@accepts(schemas.JudgedPasswordSchema)
def judge(password: str | None, profile: dict[str, Any] | None) -> Any:
    """Whether a password keeps the rules; 404 where there are none."""
    # The id included: a password may not hold that either.
    names = tuple((profile or {}).values())
    try:
        return schemas.judged(service.judge(_has_policy(), password, names))
    except NoPolicyError:
        return empty(MISSING)
