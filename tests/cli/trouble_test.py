"""Full disks, read-only file systems, a second pizwg: a clear error, and nothing half-written."""

import fcntl
import os
import subprocess

import pytest

from lab.program import BIN
from lab.roots import BACKUP, Tmpfs, everything, pizwg, refused


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A root with an identity of two clients; read it only."""
    folder = tmp_path_factory.mktemp("made")
    pizwg(folder, "setup")
    pizwg(folder, "client", "add", "ha")
    return folder


COMMANDS = {
    "setup": (None, ["setup"]),
    "restore": (None, ["restore", BACKUP]),
    "restore over another": ("identity", ["restore", "--force", BACKUP]),
    "backup": ("identity", ["backup"]),
    "client add": ("identity", ["client", "add", "hall"]),
    "client revoke": ("identity", ["client", "revoke", "pizwg-client"]),
}


def command_line(name, made):
    before, arguments = COMMANDS[name]
    return before, [str(made / BACKUP) if word == BACKUP else word for word in arguments]


def prepared(disk, before):
    if before:
        pizwg(disk.path, "setup")
        (disk.path / BACKUP).unlink()  # so that backup has something to write
    return everything(disk.path)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_disk_that_fills_up_at_any_point_leaves_all_or_nothing(made, tmp_path, name):
    """With one page of space more each time, until it is enough: every write fails once."""
    before, arguments = command_line(name, made)
    failures = 0
    with Tmpfs(tmp_path / "disk", "size=1m") as disk:
        untouched = prepared(disk, before)
        for pages in range(1, 60):
            used = os.statvfs(disk.path)
            disk.remount(f"size={(used.f_blocks - used.f_bfree + pages) * used.f_frsize}")
            result = pizwg(disk.path, *arguments, check=False)
            if result.returncode == 0:
                break
            failures += 1
            assert "No space left" in result.stderr and "hint: the disk is full" in result.stderr
            assert everything(disk.path) == untouched
        assert result.returncode == 0 and everything(disk.path) != untouched
    assert failures >= 2


@pytest.mark.parametrize("name", ["setup", "restore", "client add"])
def test_running_out_of_inodes_leaves_all_or_nothing(made, tmp_path, name):
    before, arguments = command_line(name, made)
    failures = 0
    with Tmpfs(tmp_path / "disk", "size=1m,nr_inodes=100") as disk:
        untouched = prepared(disk, before)
        for more in range(1, 60):
            used = os.statvfs(disk.path)
            disk.remount(f"nr_inodes={used.f_files - used.f_ffree + more}")
            result = pizwg(disk.path, *arguments, check=False)
            if result.returncode == 0:
                break
            failures += 1
            assert "No space left" in result.stderr
            assert everything(disk.path) == untouched
        assert result.returncode == 0
    assert failures >= 4


@pytest.mark.parametrize("name", COMMANDS)
def test_a_read_only_file_system_is_a_clear_error(made, tmp_path, name):
    before, arguments = command_line(name, made)
    with Tmpfs(tmp_path / "disk", "size=1m") as disk:
        untouched = prepared(disk, before)
        disk.remount("ro")
        message = refused(disk.path, *arguments)
        assert "Read-only file system" in message and "hint: the file system is read-only: type rw" in message
        assert everything(disk.path) == untouched


def test_what_only_reads_works_on_a_read_only_file_system(tmp_path):
    with Tmpfs(tmp_path / "disk", "size=1m") as disk:
        pizwg(disk.path, "setup")
        disk.remount("ro")
        assert "pizwg-client  allowed" in pizwg(disk.path, "client", "list").stdout
        assert "in place already" in pizwg(disk.path, "restore").stdout
        pizwg(disk.path, "backup", "--output", tmp_path / "elsewhere.tar")


def test_two_at_once_do_not_mix(tmp_path):
    folder = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    assert "another pizwg is at work" in refused(tmp_path, "setup")
    os.close(folder)
    pizwg(tmp_path, "setup")


def test_results_that_cannot_be_said_are_a_failure(made):
    with open("/dev/full", "w", encoding="ascii") as full:
        result = subprocess.run([BIN / "pizwg", "--root", made, "client", "list"], stdout=full,
                                stderr=subprocess.PIPE, text=True, check=False, timeout=30)
    assert result.returncode == 1 and "cannot write to standard output" in result.stderr
