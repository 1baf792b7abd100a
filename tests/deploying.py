"""The files of docs/deploy, and the commands that are documented."""

import configparser
import os
import shutil

import pytest

from .serving import ROOT

DEPLOY = ROOT / "docs" / "deploy"
SERVE = ["gunicorn", "-c", "python:app.server.settings", "wsgi:app"]
MIGRATE = ["alembic", "-c", "migrations/alembic.ini", "upgrade", "head"]


def text_of(name):
    return (DEPLOY / name).read_text()


def needed(name, *folders):
    """The path of a program; without it the test is named at the end of the run."""
    found = shutil.which(name, path=os.pathsep.join([os.environ["PATH"], *map(str, folders)]))
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def unit():
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read_string(text_of("baton.service"))
    return parser
