"""``python -m tests.benchmarks.failover`` promotes a standby again and again, under load.

Of what was answered nothing may be lost, for replication is synchronous; and the server is back by
itself. Every second time the old primary is not stopped but refuses writes.
"""

import argparse
import signal
import statistics
import threading
import time

import psycopg

from app.store.connections.database import create_engine
from app.store.connections.schema import migrate
from tests.models import TWO_TASKS
from tests.postgres import Postgres, free_port
from tests.replication import Standby, alone, fence, synchronize
from tests.serving import Server

DRIVERS = 4
PAUSE = 0.01  # seconds between two starts of a driver


class Load:
    """Starts instances, and keeps what was answered."""

    def __init__(self, server):
        self._server = server
        self._is_over = threading.Event()
        self.answered = []
        self._threads = [threading.Thread(target=self._drive) for _ in range(DRIVERS)]
        for thread in self._threads:
            thread.start()

    def _drive(self):
        while not self._is_over.wait(PAUSE):
            status, body = self._server.call("POST", "/process-definition/key/two/start", {})
            assert status in (200, 503), body
            if status == 200:
                self.answered.append((body["id"], time.monotonic()))

    def wait_for(self, count):
        """Wait until so many more were answered; returns when the last one was."""
        wanted = len(self.answered) + count
        deadline = time.monotonic() + 60
        while len(self.answered) < wanted:
            assert time.monotonic() < deadline, "no start is answered"
            time.sleep(0.01)
        return self.answered[wanted - 1][1]

    def stop(self):
        self._is_over.set()
        for thread in self._threads:
            thread.join()


def instances(server):
    with psycopg.connect(server.url("baton")) as connection:
        return {row[0] for row in connection.execute("SELECT id FROM historic_process_instance")}


def promotions(count):
    """Promote so many times; returns how many starts were answered and lost, and the seconds
    after each promotion until one is answered again.
    """
    ports = free_port(), free_port()
    hosts = ",".join(f"127.0.0.1:{port}" for port in ports)
    servers = [Postgres(ports[0], is_durable=True)]
    seconds, lost, server = [], set(), None
    try:
        migrate(create_engine(servers[0].create("baton")))
        servers.append(Standby(servers[0], ports[1]))
        server = Server(f"postgresql://baton@{hosts}/baton", WEB_CONCURRENCY="1")
        server.deploy(TWO_TASKS)
        load = Load(server)
        try:
            for number in range(count):
                primary, standby = servers
                synchronize(primary)
                load.wait_for(20)
                if number % 2:
                    fence(primary)
                else:
                    primary.stop(signal.SIGQUIT)
                began = time.monotonic()
                standby.promote()
                alone(standby)  # until then a commit waits for a standby that is not there
                seconds.append(load.wait_for(DRIVERS) - began)
                primary.close()
                servers = [standby]
                known = {key for key, _ in list(load.answered)}
                lost |= known - instances(standby)
                if number + 1 < count:
                    servers.append(Standby(standby, primary.port))
        finally:
            load.stop()
        return len(load.answered), lost, seconds
    finally:
        if server is not None:
            server.stop()
        for each in servers:
            each.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--promotions", type=int, default=20)
    answered, lost, seconds = promotions(parser.parse_args().promotions)
    print(f"{answered} starts were answered over {len(seconds)} promotions, {len(lost)} are lost")
    print(f"answered again after {statistics.median(seconds):.2f} s, at most {max(seconds):.2f} s")


if __name__ == "__main__":
    main()
