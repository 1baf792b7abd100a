"""Rows as versions before wrote them, whose history has rows of its own beside them."""

from sqlalchemy import insert, select, text, update

from app.models.history import historic_variable_instance
from app.models.runtime import external_task, variable
from app.store.connections.dialects import CREATION_ID
from app.store.lists.past_variables import LASTING, is_lasting
from app.store.unit.lasting import OF_HISTORY


def part_variables(engine):
    """Give the history of all variables rows of its own."""
    with engine.begin() as connection:
        rows = select(*LASTING.values()).where(is_lasting)
        connection.execute(insert(historic_variable_instance).from_select(list(LASTING), rows))
        connection.execute(update(variable).values(dict.fromkeys(OF_HISTORY)))


def count(engine, table):
    """How many rows a table has."""
    with engine.connect() as connection:
        return connection.execute(text(f"SELECT count(*) FROM {table}")).scalar()


def note_creations(engine):
    """Give the creation of each open task an entry of its own in the log."""
    with engine.begin() as connection:
        columns = (
            "external_task_id, timestamp, state, priority, topic_name, activity_id, "
            "activity_instance_id, execution_id, process_instance_id, tenant_id"
        )
        connection.execute(
            text(
                f"INSERT INTO historic_external_task_log (id, {columns}) "
                f"SELECT {CREATION_ID}, id, create_time, 0, logged_priority, topic_name, "
                "activity_id, activity_instance_id, execution_id, process_instance_id, tenant_id "
                "FROM external_task"
            )
        )
        connection.execute(update(external_task).values(logged_priority=None))
