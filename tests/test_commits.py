"""Messages of commits have the form that `.pre-commit-config.yaml` asks for.

A hook runs only where it is installed; here the patterns of the hooks are asked of all commits
since the last one that none of them had seen.
"""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
SINCE = 1_795_921_800  # 2026-11-29 03:10 UTC, in seconds; committed before that: in any form
HOOKS = [
    hook
    for repository in yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    for hook in repository["hooks"]
    if hook.get("stages") == ["commit-msg"]
]
WHY = "\n\nIt has a reason.\n"


def complaints(message):
    """The names of the hooks that refuse a message, as pre-commit's pygrep looks for patterns."""
    found = []
    for hook in HOOKS:
        assert (hook["language"], hook["args"]) == ("pygrep", ["--multiline"])
        if re.search(hook["entry"].encode(), message.encode(), re.MULTILINE | re.DOTALL):
            found.append(hook["id"])
    return found


def git(*words):
    """The output of git for this repository, also where another user owns it."""
    command = ["git", "-c", "safe.directory=*", "-C", str(ROOT), *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def commits():
    """Id and message of each commit since then, but for merges."""
    entries = git("log", "--no-merges", "--format=%h%x00%ct%x00%B%x01").split("\x01")
    for entry in filter(str.strip, entries):
        name, seconds, message = entry.strip("\n").split("\x00")
        if int(seconds) >= SINCE:
            yield name, message


@pytest.mark.parametrize(
    ("message", "hooks"),
    [
        ("store: count once" + WHY, []),
        ("api/lists, docs: a page's bounds are read once" + WHY, []),
        ('Revert "store: count once"' + WHY, []),
        (f"store: {'x' * 65}{WHY}", []),
        (f"store: {'x' * 66}{WHY}", ["commit-subject"]),
        ("count once" + WHY, ["commit-form"]),
        ("store:count once" + WHY, ["commit-form"]),
        (": count once" + WHY, ["commit-form"]),
        ("store: count once", ["commit-body"]),
        ("store: count once\n\n", ["commit-body"]),
        ("store: count once\n\n# a comment of git's\n#\n", ["commit-body"]),
        ("wip", ["commit-form", "commit-body"]),
    ],
    ids=range(12),
)
def test_a_message_has_a_package_an_imperative_and_a_reason(message, hooks):
    assert sorted(complaints(message)) == sorted(hooks)


def test_every_new_commit_has_the_form():
    """A tree without its history (an archive, an image) has no commits that could be wrong."""
    made = list(commits()) if (ROOT / ".git").exists() else None

    assert made != [], "the history is there, and has no commit of this time"
    wrong = [(name, complaints(text), text.partition("\n")[0]) for name, text in made or ()]
    assert [entry for entry in wrong if entry[1]] == []
