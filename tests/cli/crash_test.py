"""What no user can arrange: a rename that fails, and a power cut between two renames. strace arranges both."""

import itertools
import os

import pytest

from lab.program import BIN, run
from lab.roots import BACKUP, files, pizwg

# The leak check of a sanitized build cannot work under strace.
ENVIRONMENT = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}
WRITES, REMOVALS = "renameat2", "renameat"  # the system calls by which files appear and disappear


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    pizwg(folder, "setup")
    return folder


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "root"
    folder.mkdir()
    return folder


def injected(fault, call, number, root, *arguments):
    """Runs pizwg with `fault` at the system call with this number, from 1."""
    return run("strace", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:{fault}:when={number}",
               BIN / "pizwg", "--root", root, *arguments, check=False, env=ENVIRONMENT)


def was_killed(result):
    return result.returncode in (-9, 137)


def prepare(root, name, made):
    """What precedes the command under test, and its command line."""
    before, arguments = {
        "setup": ([], ["setup"]),
        "restore": ([["setup"], ["client", "add", "ha"]], ["restore", "--force", made / BACKUP]),
        "revoke": ([["setup"], ["client", "add", "ha"]], ["client", "revoke", "ha"]),
    }[name]
    for command in before:
        pizwg(root, *command)
    return arguments


@pytest.mark.parametrize("name, call, renames", [("setup", WRITES, 5), ("restore", WRITES, 6), ("restore", REMOVALS, 2),
                                                 ("revoke", WRITES, 2), ("revoke", REMOVALS, 2)])
def test_a_rename_that_fails_undoes_those_before_it(made, root, name, call, renames):
    arguments = prepare(root, name, made)
    untouched = files(root)
    for number in range(1, renames + 1):
        result = injected("error=EIO", call, number, root, *arguments)
        assert result.returncode == 1 and "Input/output error" in result.stderr, result
        assert files(root) == untouched, number
    pizwg(root, *arguments)
    assert files(root) != untouched


@pytest.mark.parametrize("call", [WRITES, REMOVALS])
def test_killed_between_any_two_renames_a_restore_is_finished_by_the_next(made, root, tmp_path, call):
    arguments = prepare(root, "restore", made)
    old, new = files(root), files(made)
    (tmp_path / "old.tar").write_bytes(old[BACKUP][1])
    for number in itertools.count(1):
        result = injected("signal=KILL", call, number, root, *arguments)
        if not was_killed(result):
            break
        left = {path: entry for path, entry in files(root).items() if not os.path.basename(path).startswith(".")}
        replaced = left.pop("root/backup.tar.replaced", None)
        assert all(entry in (old.get(path), new.get(path)) for path, entry in left.items())
        assert replaced in (None, old[BACKUP])
        pizwg(root, *arguments)
        now = files(root)
        assert {path: now[path] for path in new} == new
        assert now["root/backup.tar.replaced"] == old[BACKUP]
        pizwg(root, "restore", "--force", tmp_path / "old.tar")
        (root / "root/backup.tar.replaced").unlink()
    assert result.returncode == 0 and number > 2


@pytest.mark.parametrize("call", [WRITES, REMOVALS])
def test_killed_between_any_two_renames_a_revocation_is_finished_by_the_next(made, root, call):
    prepare(root, "revoke", made)
    for number in itertools.count(1):
        result = injected("signal=KILL", call, number, root, "client", "revoke", "ha")
        if not was_killed(result):
            break
        if (call, number) != (WRITES, 1):  # that one makes the revoked copy
            assert "ha  allowed" not in pizwg(root, "client", "list").stdout
        again = pizwg(root, "client", "revoke", "ha", check=False)
        assert again.returncode == 0 or "revoked already" in again.stderr
        assert "ha  allowed" not in pizwg(root, "client", "list").stdout
        pizwg(root, "client", "add", "ha")
    assert result.returncode == 0 and number > 2
