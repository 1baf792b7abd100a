"""The version of the database, and the time at which its schema was made."""

from datetime import datetime

from sqlalchemy import Connection, func, literal_column, select

from app.models.monitoring import schema_log


def installation(connection: Connection) -> tuple[datetime, str]:
    """When the schema was made, and the version of the database."""
    is_sqlite = connection.dialect.name == "sqlite"
    version = func.sqlite_version() if is_sqlite else literal_column("version()")
    # The first entry is the installation, all later ones are migrations.
    wanted = select(schema_log.c.timestamp, version).order_by(schema_log.c.id).limit(1)
    row = connection.execute(wanted).one()
    return row[0], str(row[1])
