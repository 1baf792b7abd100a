"""``python -m tests.pages.screenshots DIR`` takes pictures of every view, of a filled database.

Each is taken light and dark, wide and narrow, and so is what acts show; then the views of an empty
database, and those of a user who may only look. axe-core's rules are checked on the way.
"""

import argparse
import tempfile
from pathlib import Path

from app.pages.sections import SECTIONS
from tests.serving import Server

from . import browser, filling
from .operator import Operator
from .readers import PASSWORD, READER, make_reader
from .scenes import SCENES
from .walk import paths

LOOKS = {  # name: dark, width
    "light": (False, 1280),
    "dark": (True, 1280),
    "narrow": (False, 390),
    "narrow-dark": (True, 390),
}
TALLEST = 2400
OF_READER = ("overview", "definition", "instance", "group", "start", "task", "deploy", "variables")
EMPTY = {f"empty-{name}": f"/ui{path}" for name, _, path in SECTIONS}


def nothing(operator, folder):
    """Do nothing: for a view whose initial state is photographed."""
    del operator, folder


class Photographer:
    """Takes pictures of what a server shows.

    Args:
        looks: the names of `LOOKS` that are wanted.
        wanted: what the names of the pictures have to have.
    """

    def __init__(self, driver, folder, looks, wanted):
        self.driver, self.folder = driver, folder
        self.looks, self.wanted = looks, wanted
        self.found = []

    def take(self, server, name, path, play=nothing):
        """One picture of a view in each look."""
        if self.wanted not in name:
            return
        operator = Operator(self.driver, server)
        for look in self.looks:
            is_dark, width = LOOKS[look]
            browser.look(self.driver, is_dark=is_dark, width=width)
            operator.open(path)
            play(operator, self.folder)
            if look in ("light", "dark"):
                self.found += [(name, look, *one) for one in browser.violations(self.driver)]
            if play is nothing:
                high = self.driver.execute_script("return document.documentElement.scrollHeight")
                browser.look(self.driver, is_dark=is_dark, width=width, height=min(high, TALLEST))
            self.driver.save_screenshot(str(self.folder / f"{name}-{look}.png"))


def take_filled(photographer, url):
    """All views and acts of a filled database; returns the paths of the views."""
    server = Server(url)
    try:
        views = paths(server, filling.fill(server))
        make_reader(server)
        for name, path in views.items():
            photographer.take(server, name, path)
        for name, (view, play) in SCENES.items():
            photographer.take(server, name, views[view], play)
    finally:
        server.stop()
    return views


def take_of_reader(photographer, url, views):
    """The log-in, and what a user sees who may change nothing."""
    server = Server(url, BATON_AUTH="basic", BATON_AUTHORIZATION="on")
    try:
        photographer.take(server, "log-in", "/ui/login")
        operator = Operator(photographer.driver, server)
        operator.log_in("nobody", "wrong")
        photographer.driver.save_screenshot(str(photographer.folder / "log-in-refused.png"))
        operator.log_in(READER, PASSWORD)
        for name in OF_READER:
            photographer.take(server, f"reader-{name}", views[name])
    finally:
        server.stop()


def take_empty(photographer, url):
    """The views of a server on its first day."""
    server = Server(url)
    try:
        for name, path in EMPTY.items():
            photographer.take(server, name, path)
    finally:
        server.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="pictures whose names have this")
    parser.add_argument("--looks", default=",".join(LOOKS))
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, browser.opened() as driver:
        looks = options.looks.split(",")
        photographer = Photographer(driver, options.folder, looks, options.only)
        filled = f"sqlite:///{place}/baton.db"
        views = take_filled(photographer, filled)
        take_of_reader(photographer, filled, views)
        take_empty(photographer, f"sqlite:///{place}/empty.db")
        for one in photographer.found:
            print(*one, sep="\n  ")
        for line in browser.complaints(driver):
            print("console:", line)


if __name__ == "__main__":
    main()
