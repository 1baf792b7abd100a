"""``python -m app.cleanup``: removes what is past its time, once."""

import sys

from config import Config, ConfigError

from .background.cleanup import clean
from .errors import SchemaOutdatedError, UnavailableError
from .runtime import store_of
from .store.connections.schema import require_head


def main() -> None:
    """Clean up once."""
    try:
        config = Config.from_environ()
        store = store_of(config)
        require_head(store.engine)
        instances, old = clean(store, config.receipt_time_to_live)
    except (ConfigError, SchemaOutdatedError, UnavailableError) as error:
        sys.exit(f"baton: {error}")
    print(f"Removed the history of {instances} instances, and {old} receipts.")


if __name__ == "__main__":
    main()
