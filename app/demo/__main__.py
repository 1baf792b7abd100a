"""``python -m app.demo http://127.0.0.1:8080/engine-rest``: the example against a server."""

import sys

from .worker import main

main(sys.argv[1])
