"""``python -m tests.pages.screenshots DIR`` takes pictures of every view, of a filled database.

Each is taken light and dark, wide and narrow; axe-core's rules are checked on the way.
"""

import argparse
import tempfile
from pathlib import Path

from tests.serving import Server

from . import browser, filling
from .walk import paths

LOOKS = {  # name: dark, width
    "light": (False, 1280),
    "dark": (True, 1280),
    "narrow": (False, 390),
    "narrow-dark": (True, 390),
}
TALLEST = 2400


def take(driver, root, folder, views, looks=LOOKS):
    """One picture of each view in each look; returns what axe-core has found."""
    found = []
    for name, path in views.items():
        for look, (is_dark, width) in looks.items():
            browser.look(driver, is_dark=is_dark, width=width)
            driver.get(root + path)
            if look in ("light", "dark"):
                found += [(name, look, *one) for one in browser.violations(driver)]
            height = driver.execute_script("return document.documentElement.scrollHeight")
            browser.look(driver, is_dark=is_dark, width=width, height=min(height, TALLEST))
            driver.save_screenshot(str(folder / f"{name}-{look}.png"))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="views whose names have this")
    parser.add_argument("--looks", default=",".join(LOOKS))
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    looks = {name: LOOKS[name] for name in options.looks.split(",")}
    with tempfile.TemporaryDirectory() as place:
        server = Server(f"sqlite:///{place}/baton.db")
        try:
            views = paths(server, filling.fill(server))
            wanted = {name: path for name, path in views.items() if options.only in name}
            with browser.opened() as driver:
                for one in take(driver, server.root, options.folder, wanted, looks):
                    print(*one, sep="\n  ")
                for line in browser.complaints(driver):
                    print("console:", line)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
