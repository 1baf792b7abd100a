"""The telemetry data of the product. It collects nothing, and sends nothing anywhere.

Source: contract 10.7.
"""

import uuid
from importlib.metadata import version
from typing import Any

from app.store import Store
from app.store.lists import monitoring

EDITION = "community"


def data(store: Store, product_version: str) -> dict[str, Any]:
    """The product, the database and the server, as views."""
    with store.reading() as connection:
        installed, database_version = monitoring.installation(connection)
        vendor = connection.dialect.name
    return {
        # the same for all processes over one database, and nothing can be told from it
        "installation": str(uuid.uuid5(uuid.NAMESPACE_OID, installed.isoformat())),
        "product": {
            "name": "Baton",
            "version": product_version,
            "edition": EDITION,
            "internals": {
                "database": {"vendor": vendor, "version": database_version},
                "application_server": {"vendor": "gunicorn", "version": version("gunicorn")},
                "start_date": installed,
            },
        },
    }
