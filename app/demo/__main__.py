"""``python -m app.demo http://127.0.0.1:8080/engine-rest``: the example against a server."""

import argparse

from .worker import main

if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        prog="python -m app.demo", description="Show the example against a server."
    )
    parser.add_argument("url", help="of the server, up to and including /engine-rest")
    try:
        main(parser.parse_args().url)
    except ValueError as error:  # it is no address
        parser.error(str(error))
