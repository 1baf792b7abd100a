"""A TCP proxy before PostgreSQL that loses the answers of commits."""

import contextlib
import itertools
import socket
import threading
from urllib.parse import urlsplit


class Proxy:
    """Forwards to the server of a URL, and cuts connections in place of the answer to a COMMIT.

    Args:
        url: of a database.

    Attributes:
        url: of the same database, by way of the proxy.
        every: of so many commits one is carried out and its answer lost; 0 is none.
        lost: how many were.
    """

    def __init__(self, url):
        parts = urlsplit(url)
        self._target = parts.hostname, parts.port
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = self._listener.getsockname()[1]
        self.url = parts._replace(netloc=f"{parts.username}@127.0.0.1:{port}").geturl()
        self.every = self.lost = 0
        self._commits = itertools.count(1)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._listener.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._target)
                for one in (client, server):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for work in (self._ask, self._answer):
                    threading.Thread(target=work, args=(client, server), daemon=True).start()

    def _ask(self, client, server):
        with contextlib.suppress(OSError):
            while data := client.recv(65_536):
                server.sendall(data)
        end(client, server)

    def _answer(self, client, server):
        with contextlib.suppress(OSError):
            while data := server.recv(65_536):
                if self.every and b"COMMIT\0" in data and next(self._commits) % self.every == 0:
                    self.lost += 1  # it is carried out, and this says so
                    break
                client.sendall(data)
        end(client, server)


def end(*connections):
    """Close connections that another thread may be reading from."""
    for connection in connections:
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()
