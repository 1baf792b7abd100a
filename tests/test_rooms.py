"""Each package of `app` has a folder of tests, and what the fast lane leaves out is there."""

from pathlib import Path

import pytest

from . import conftest

ROOT = Path(__file__).resolve().parents[1]
APP, TESTS = ROOT / "app", ROOT / "tests"
LARGE = 100  # lines of a package that needs a folder of its own
OTHERWISE = {"models": "tables"}  # `tests.models` builds models of processes


def folders():
    """The folders of `app` that have modules, each with how many lines they are."""
    for folder in sorted({path.parent for path in APP.rglob("*.py")} - {APP}):
        lines = sum(path.read_text().count("\n") for path in folder.glob("*.py"))
        yield folder.relative_to(APP).as_posix(), lines


LARGE_ONES = [name for name, lines in folders() if lines > LARGE]


def test_most_packages_are_large_enough_to_need_a_folder():
    assert len(LARGE_ONES) > 35


@pytest.mark.parametrize("name", LARGE_ONES)
def test_a_package_has_its_tests_in_the_folder_of_its_name(name):
    room = TESTS / OTHERWISE.get(name, name)

    assert list(room.glob("test_*.py")), f"tests/{OTHERWISE.get(name, name)} has no tests"


def test_every_folder_of_tests_is_a_package():
    """Or two modules of one name would be one to pytest."""
    folders = {path.parent for path in TESTS.rglob("test_*.py")}

    assert [str(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_what_the_fast_lane_leaves_out_is_there():
    """A module that has moved would be in it unseen, and make it slow."""
    names = {part for path in TESTS.rglob("*") if path.is_dir() for part in path.parts}

    assert sorted(name for name in conftest.LONG if not (TESTS / name).is_file()) == []
    assert sorted(conftest.SLOW - names) == []
    assert [name for name in conftest.NEED_PROGRAMS if not (ROOT / name).exists()] == []
