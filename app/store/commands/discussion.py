"""Comments and attachments: rows that are added, changed and deleted one by one.

They belong to the history, so that no call hierarchy has to be locked for them.

Source: contract 11.1; Camunda 7 ``CommentManager``, ``AttachmentManager``.
"""

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Text, and_, bindparam, delete, insert, select, update

from app.models.base import Timestamp
from app.models.tasks import attachment, comment
from app.store.connections.dialects import Compiled

if TYPE_CHECKING:
    from datetime import datetime

    from app.store.unit.transaction import Transaction

_ID, _OWNER = bindparam("id", type_=Text), bindparam("owner", type_=Text)
OF_TASK, OF_INSTANCE = "task_id", "named_instance_id"  # whose comment it is


def _insert(table: Any) -> Compiled:
    return Compiled(
        lambda: insert(table).values({c.name: bindparam(c.name, type_=c.type) for c in table.c})
    )


# Each adds one row.
_ADD_COMMENT, _ADD_ATTACHMENT = _insert(comment), _insert(attachment)


# With the owner, so that the id of another task's comment finds nothing.
def _one(table: Any, owner: str) -> ColumnElement[bool]:
    return and_(table.c.id == _ID, table.c[owner] == _OWNER)


# By the primary key.
_CHANGE_COMMENT = {
    owner: Compiled(
        lambda owner=owner: (  # type: ignore[misc]
            update(comment)
            .where(_one(comment, owner))
            .values(
                message=bindparam("message", type_=Text), time=bindparam("time", type_=Timestamp())
            )
        )
    )
    for owner in (OF_TASK, OF_INSTANCE)
}
# By the primary key.
_DELETE_COMMENT = {
    owner: Compiled(lambda owner=owner: delete(comment).where(_one(comment, owner)))  # type: ignore[misc]
    for owner in (OF_TASK, OF_INSTANCE)
}
# By ix_comment_task, or ix_comment_named_instance.
_DELETE_COMMENTS = {
    owner: Compiled(lambda owner=owner: delete(comment).where(comment.c[owner] == _OWNER))  # type: ignore[misc]
    for owner in (OF_TASK, OF_INSTANCE)
}
# By the primary key.
_MESSAGE_OF_COMMENT = Compiled(lambda: select(comment.c.message).where(comment.c.id == _ID))
# By the primary key.
_NAME_OF_ATTACHMENT = Compiled(lambda: select(attachment.c.name).where(attachment.c.id == _ID))
# By the primary key.
_DELETE_ATTACHMENT = Compiled(lambda: delete(attachment).where(_one(attachment, OF_TASK)))


def add_comment(tx: "Transaction", **values: object) -> None:
    """Add a comment, of which every column has a value."""
    tx.sql.run(_ADD_COMMENT, **values)


def add_attachment(tx: "Transaction", **values: object) -> None:
    """Add an attachment, of which every column has a value."""
    tx.sql.run(_ADD_ATTACHMENT, **values)


def change_comment(
    tx: "Transaction", owner: str, owner_id: str, comment_id: str, message: str, time: "datetime"
) -> bool:
    """Change what a comment says; whether there is such a comment."""
    return bool(
        tx.sql.run(
            _CHANGE_COMMENT[owner], owner=owner_id, id=comment_id, message=message, time=time
        )
    )


def message_of(tx: "Transaction", comment_id: str) -> str | None:
    """The message of a comment; None where there is none."""
    rows = tx.sql.rows(_MESSAGE_OF_COMMENT, id=comment_id)
    return rows[0][0] if rows else None


def delete_comments(tx: "Transaction", owner: str, owner_id: str, comment_id: str | None) -> None:
    """Delete one comment of a task or an instance, or all of them."""
    if comment_id is None:
        tx.sql.run(_DELETE_COMMENTS[owner], owner=owner_id)
    else:
        tx.sql.run(_DELETE_COMMENT[owner], owner=owner_id, id=comment_id)


def attachment_name(tx: "Transaction", attachment_id: str) -> str | None:
    """The name of an attachment."""
    rows = tx.sql.rows(_NAME_OF_ATTACHMENT, id=attachment_id)
    return rows[0][0] if rows else None


def delete_attachment(tx: "Transaction", task_id: str, attachment_id: str) -> bool:
    """Delete an attachment of a task; whether there was one."""
    return bool(tx.sql.run(_DELETE_ATTACHMENT, owner=task_id, id=attachment_id))
