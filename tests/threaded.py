"""Serves Baton by a thread of the test's own process: for programs that need an address."""

import threading

from werkzeug.serving import WSGIRequestHandler, make_server

from .local import Local


class _Quiet(WSGIRequestHandler):
    def log(self, *_):
        """A line for each request would be the test's output."""


class Threaded(Local):
    """An application at an address; the test itself asks it without one.

    Attributes:
        base_url: for programs and libraries.
    """

    def __init__(self, app):
        super().__init__(app.test_client())
        self._server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
        self.base_url = f"http://127.0.0.1:{self._server.server_port}/engine-rest"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
