"""``python -m app.job_executor``: runs jobs in a process of its own, which serves no requests."""

import argparse
import signal
import sys

from config import Config, ConfigError

from .background.job_executor import JobExecutor
from .errors import SchemaOutdatedError, UnavailableError
from .runtime import store_of
from .store.connections.schema import require_head


def main() -> None:
    """Run an executor for each engine, until a signal ends them."""
    executors = []
    try:
        for config in Config.from_environ().every:
            store = store_of(config)
            # Before any executor starts: one that is refused later would leave the others running.
            require_head(store.engine)
            executors.append(JobExecutor(store, config.job_lock))
    except (ConfigError, SchemaOutdatedError, UnavailableError) as error:
        sys.exit(f"baton: {error}")

    def stop(*_: object) -> None:
        for executor in executors:
            executor.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    # All of them, then wait: one after the other would take as long as all together.
    for executor in executors:
        executor.start()
    for executor in executors:
        executor.wait()


if __name__ == "__main__":
    argparse.ArgumentParser(
        prog="python -m app.job_executor",
        description="Run the jobs of the database that DATABASE_URL names and those of "
        "BATON_ENGINES, until a signal ends it.",
    ).parse_args()
    main()
