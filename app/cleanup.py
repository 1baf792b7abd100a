"""``python -m app.cleanup``: removes what is past its time, once, of each engine."""

import argparse
import sys

from config import Config, ConfigError

from .background.cleanup import clean
from .errors import SchemaOutdatedError, UnavailableError
from .runtime import store_of
from .store.connections.schema import require_head


def main() -> None:
    """Clean up once; an engine that cannot be cleaned keeps no other from it."""
    failures = []
    try:
        configs = Config.from_environ().every
    except ConfigError as error:
        sys.exit(f"baton: {error}")
    for config in configs:
        # One engine has no name for people who have never heard of several.
        named = f"{config.engine}: " if len(configs) > 1 else ""
        try:
            store = store_of(config)
            # A schema of another version may keep its times elsewhere: what would be removed is not
            # known.
            require_head(store.engine)
            instances, old = clean(store, config.receipt_time_to_live)
        except (SchemaOutdatedError, UnavailableError) as error:
            failures.append(f"baton: {named}{error}")
            continue
        print(f"{named}Removed the history of {instances} instances, and {old} receipts.")
    if failures:
        sys.exit("\n".join(failures))


if __name__ == "__main__":
    # No options: but who asks for help, or for what there is not, wants nothing removed.
    argparse.ArgumentParser(
        prog="python -m app.cleanup",
        description="Remove, once, the history that is past its time, in the database that "
        "DATABASE_URL names and those of BATON_ENGINES.",
    ).parse_args()
    main()
