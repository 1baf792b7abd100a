"""``python -m app.job_executor``: runs jobs in a process of its own, which serves nobody."""

import signal
import sys

from config import Config, ConfigError

from .background.job_executor import JobExecutor
from .errors import SchemaOutdatedError, UnavailableError
from .runtime import store_of
from .store.connections.schema import require_head


def main() -> None:
    """Run an executor alone, until a signal ends it."""
    try:
        config = Config.from_environ()
        store = store_of(config)
        require_head(store.engine)
    except (ConfigError, SchemaOutdatedError, UnavailableError) as error:
        sys.exit(f"baton: {error}")
    executor = JobExecutor(store, config.job_lock)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: executor.stop())
    executor.start()
    executor.wait()


if __name__ == "__main__":
    main()
